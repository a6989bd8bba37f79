# Nothing to dump, a format of another command, an unwritable output.
"$EVTXSCAN" dump; echo $?
"$EVTXSCAN" dump -t table x.evtx; echo $?
"$EVTXSCAN" dump --strict x.evtx; echo $?
"$EVTXSCAN" synth "$(dirname "$CASE")/events.yml" -o log.evtx || exit 9
"$EVTXSCAN" dump log.evtx >/dev/full; echo $?
"$EVTXSCAN" dump -o log.evtx log.evtx; echo $?
"$EVTXSCAN" dump -C -o log.evtx log.evtx; echo $?
"$EVTXSCAN" verify -C -o log.evtx log.evtx; echo $?
"$EVTXSCAN" dump log.evtx | wc -l | tr -d ' '
