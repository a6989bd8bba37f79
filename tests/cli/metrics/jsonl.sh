# An object a row, its section first; both readers count the same.
for log in security system; do
	"$EVTXSCAN" synth "${CASE%/*}/$log.yml" -o $log.evtx || exit 9
done
"$EVTXSCAN" metrics -q -t jsonl --only steps,clears,logons -o out.jsonl . || exit 8
jq -c . out.jsonl
"$EVTXSCAN" metrics -q -t jsonl -o native . && "$EVTXSCAN" metrics -q -t jsonl --reader libevtx . | cmp native -
jq -r .Section native | uniq -c | sed 's/^ *//'
