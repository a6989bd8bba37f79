# A regular expression that does not compile: the place, and where in it.
cp "${CASE%/*}/../transfer.yml" good.yml
cat >bad.yml <<'Y'
title: Bad Expression
logsource: {product: windows, category: process_creation}
detection:
  selection:
    CommandLine|re: 'axfr(\s'
  condition: selection
Y
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
"$EVTXSCAN" -r . -t jsonl log.evtx >hits
echo "status $?"
jq -r .RecordID hits
