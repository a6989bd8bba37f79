# Every section of two logs, 80 columns; the order of the paths does not matter.
for log in security system; do
	"$EVTXSCAN" synth "${CASE%/*}/$log.yml" -o $log.evtx || exit 9
done
"$EVTXSCAN" metrics security.evtx system.evtx
echo $?
"$EVTXSCAN" metrics -q security.evtx system.evtx >one
"$EVTXSCAN" metrics -q system.evtx security.evtx | cmp - one
"$EVTXSCAN" metrics -q --only events --most 1 .
