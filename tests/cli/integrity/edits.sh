# Each edit of edit.py is hinted at, and nothing else is; what is normal is not.
"$EVTXSCAN" synth "${CASE%/*}/log.yml" -o log.evtx || exit 9
mkdir logs
for edit in $(python3 -B "${CASE%/*}/edit.py"); do
	python3 -B "${CASE%/*}/edit.py" "$edit" log.evtx "logs/$edit.evtx" || exit 8
done
"$EVTXSCAN" -q -t csv --ledger ledger.json logs >hits
echo "status $?"
jq -r '.Files[] | .Path, (.Integrity.Hints[] | "  \(.Kind) \(.Count): \(.Text)")' ledger.json
# The threads do not matter.
"$EVTXSCAN" -q -t csv --threads 1 --ledger one.json logs >hits
cmp one.json ledger.json
