# A condition with a name that is not there: the place, and the names that are.
cp "${CASE%/*}/../transfer.yml" good.yml
cat >bad.yml <<'Y'
title: Unknown Name
logsource: {product: windows, category: process_creation}
detection:
  selection_img:
    Image|endswith: '\dig.exe'
  filter_main:
    User: nobody
  condition: selection and not filter_main
Y
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
"$EVTXSCAN" -r . -t jsonl log.evtx >hits
echo "status $?"
jq -r .RecordID hits
