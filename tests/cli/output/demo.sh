# What make demo shows: hits of all three branches, all samples read completely.
"$EVTXSCAN" -t jsonl --ledger ledger.json "$SAMPLES" 2>messages | jq -r '.RuleAttributes.branch' | sort -u
"$EVTXSCAN" -t table "$SAMPLES" >demo.table 2>messages
echo "status $?"
jq -c '.Complete, .Totals.RecordsFailed, .Rules.Refused' ledger.json
grep -c "^Complete: 41 files" messages
