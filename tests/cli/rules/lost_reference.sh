# A correlation that names no rule.
cp "${CASE%/*}/../transfer.yml" good.yml
cat >bad.yml <<'Y'
title: Counts Nothing
correlation:
  type: event_count
  rules: [zone_given_awy]
  group-by: [Computer]
  timespan: 1h
  condition: {gte: 2}
Y
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
"$EVTXSCAN" -r . -t jsonl log.evtx >hits
echo "status $?"
jq -r .RecordID hits
