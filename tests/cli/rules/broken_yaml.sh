# A file that is no YAML is refused with its place; the other rules run.
cp "${CASE%/*}/../transfer.yml" good.yml
cat >bad.yml <<'Y'
title: Broken
detection:
  selection:
    - [a
  condition: selection
Y
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
"$EVTXSCAN" -r . -t jsonl log.evtx >hits
echo "status $?"
jq -r .RecordID hits
