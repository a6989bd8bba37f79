# An unknown modifier: the place, and the modifier that was meant.
cp "${CASE%/*}/../transfer.yml" good.yml
cat >bad.yml <<'Y'
title: Unknown Modifier
logsource: {product: windows, category: process_creation}
detection:
  selection:
    Image|endswiht: '\dig.exe'
  condition: selection
Y
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
"$EVTXSCAN" -r . -t jsonl log.evtx >hits
echo "status $?"
jq -r .RecordID hits
