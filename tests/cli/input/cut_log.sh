# A log cut in the middle of a record says where it ends; its whole chunks and the rest are scanned.
cp "$SAMPLES/zone_transfer_success.evtx" good.evtx
head -c 100000 "$SAMPLES/sweep_burst.evtx" >cut.evtx
"$EVTXSCAN" -r "${CASE%/*}/../transfer.yml" -t jsonl --ledger ledger.json cut.evtx good.evtx >hits
echo "status $?"
jq -r .RecordID hits
jq -c '.Complete, (.Files[] | [.Path, .State, .RecordsRead > 0])' ledger.json
