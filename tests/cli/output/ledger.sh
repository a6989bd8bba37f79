# The ledger as JSON says what was read, refused and hit.
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
cp "${CASE%/*}/../transfer.yml" rule.yml
: >empty.evtx
"$EVTXSCAN" -q -r rule.yml -t jsonl -o hits --ledger ledger.json log.evtx empty.evtx
echo "status $?"
jq -S 'del(.Version)' ledger.json
