# A Sigma filter silences; --show-suppressed prints what, and by whom.
cp "${CASE%/*}/../transfer.yml" rule.yml
cat >filter.yml <<'Y'
title: The Domain Data Zone
logsource: {product: windows, service: dns-server-analytic}
filter:
  rules: [5f3b6f0e-1111-4a52-9a5e-3f5f0a3f0001]
  selection:
    Zone: _msdcs.corp.example
  condition: not selection
Y
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
"$EVTXSCAN" -r rule.yml --filters filter.yml -t jsonl log.evtx | jq -c '[.RecordID, .SuppressedBy]'
"$EVTXSCAN" -q -r rule.yml --filters filter.yml --show-suppressed -t jsonl log.evtx |
	jq -c '[.RecordID, .SuppressedBy]'
