# What is missing is named and counted; the rest is scanned.
cp "$SAMPLES/zone_transfer_success.evtx" good.evtx
"$EVTXSCAN" -r "${CASE%/*}/../transfer.yml" -t jsonl good.evtx nowhere.evtx >hits
echo "status $?"
jq -r .RecordID hits
