# An interrupted search counts the bytes that it went through, and no others.
cp "$SAMPLES/zone_transfer_success.evtx" image
truncate -s 64G image
"$EVTXSCAN" -t csv --carve image -o hits.csv --ledger ledger.json 2>messages &
scan=$!
while [ -z "$(find . -name 'hits.csv?*')" ]; do
	sleep 0.05
done
sleep 1
kill -TERM $scan
wait $scan
echo "status $?"
sed -n 's/1 file, .* read, 1 file/1 file, SIZE, 1 file/; /INCOMPLETE/,/partly/p' messages
jq -c '.Totals.Bytes < 34359738368, .Files[].Size' ledger.json
