# What can be read is counted, what cannot is named, the status says so; a hole in a damaged log
# proves nothing.
"$EVTXSCAN" synth "${CASE%/*}/security.yml" -o log.evtx || exit 9
size=$(wc -c <log.evtx)
head -c $((size - 9000)) log.evtx >short.evtx
printf 'no log' >text.evtx
"$EVTXSCAN" metrics --only channels,gaps,steps short.evtx text.evtx missing.evtx
