# What can be read is printed; what cannot is named, and the status says so.
"$EVTXSCAN" synth "$(dirname "$CASE")/events.yml" -o log.evtx || exit 9
head -c 40000 log.evtx >short.evtx
printf 'no log' >text.evtx
"$EVTXSCAN" dump short.evtx text.evtx missing.evtx >out
status=$?
wc -l <out | tr -d ' '
exit $status
