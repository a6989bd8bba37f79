# A section a file, all of its rows.
for log in security system; do
	"$EVTXSCAN" synth "${CASE%/*}/$log.yml" -o $log.evtx || exit 9
done
for section in channels events computers providers gaps steps clears logons; do
	"$EVTXSCAN" metrics -q -t csv --only $section --most 1 security.evtx system.evtx || exit 8
done | tr -d '\r'
