# --strict: one refused rule and nothing is scanned, nothing written.
cp "${CASE%/*}/../transfer.yml" good.yml
printf 'title: Empty\ndetection:\n  condition: selection\n' >bad.yml
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
"$EVTXSCAN" --strict -r . -o out.csv log.evtx
echo "status $?"
test ! -e out.csv && echo 'no out.csv'
"$EVTXSCAN" --strict -q -r good.yml -t jsonl log.evtx | wc -l | tr -d ' '
"$EVTXSCAN" rules --strict -r .
echo "status $?"
