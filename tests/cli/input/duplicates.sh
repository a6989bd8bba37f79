# A log that is there twice is scanned once, and said so; wherever the second one is.
mkdir a
cp "$SAMPLES/zone_transfer_success.evtx" a/one.evtx
cp "$SAMPLES/zone_transfer_success.evtx" a/two.evtx
python3 -c 'import zipfile; zipfile.ZipFile("b.zip", "w").write("a/one.evtx", "three.evtx")'
"$EVTXSCAN" -r "${CASE%/*}/../transfer.yml" -t csv a b.zip | wc -l | tr -d ' '
"$EVTXSCAN" --keep-duplicates -q -r "${CASE%/*}/../transfer.yml" -t csv a b.zip | wc -l | tr -d ' '
"$EVTXSCAN" dump b.zip a | wc -l | tr -d ' '
"$EVTXSCAN" -q -t jsonl --ledger ledger.json a b.zip >hits
jq -c '.Complete, .Totals.FilesDuplicate, (.Files[] | [.Path, .State, .RecordsRead])' ledger.json
