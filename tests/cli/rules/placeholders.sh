# %placeholders% get their values from a file; without it the rule is refused.
cat >rule.yml <<'Y'
title: From A Known Client
logsource: {product: windows, service: dns-server-analytic}
detection:
  selection:
    EventID: 271
    Destination|expand: '%clients%'
  condition: selection
level: low
Y
printf 'clients:\n  - 198.51.100.66\n' >values.yml
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
"$EVTXSCAN" -q -r rule.yml -t jsonl log.evtx
echo "status $?"
"$EVTXSCAN" -q -r rule.yml --placeholders values.yml -t jsonl log.evtx | jq -r .RecordID
# A second document would go unread.
printf -- '---\nservers: [x]\n' >>values.yml
"$EVTXSCAN" -q -r rule.yml --placeholders values.yml -t jsonl log.evtx
echo "status $?"
