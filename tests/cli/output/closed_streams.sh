# Results for a closed standard output never end up in another file, and are missed.
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
cp "${CASE%/*}/../transfer.yml" rule.yml
"$EVTXSCAN" -q -r rule.yml -t csv --ledger ledger.json log.evtx >&-
echo "status $?"
jq -c '.Complete, .Hits.Total' ledger.json
"$EVTXSCAN" -r rule.yml -t csv -o hits.csv log.evtx 2>&-
echo "status $?"
wc -l <hits.csv | tr -d ' '
