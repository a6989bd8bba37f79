# A comparison of EventID with another field is not settled by the kind of event: plan and coverage say so.
cat >rule.yml <<'Y'
title: Same Number
id: 5f3b6f0e-1111-4a52-9a5e-3f5f0a3f0201
logsource: {product: windows, service: security}
detection: {same: {EventID|fieldref: Number}, condition: same}
Y
cat >log.yml <<'Y'
defaults: {provider: P, channel: Security, computer: c, time: 2026-11-03T02:14:09Z}
events:
  - {event_id: 4688, data: {Number: '4688'}}
Y
"$EVTXSCAN" synth log.yml -o log.evtx || exit 9
"$EVTXSCAN" explain -r rule.yml 5f3b6f0e-1111-4a52-9a5e-3f5f0a3f0201 | grep 'event id'
"$EVTXSCAN" explain --coverage -t jsonl -r rule.yml log.evtx
"$EVTXSCAN" search -t csv --columns RecordID --detection '{same: {EventID|fieldref: Number}, condition: same}' log.evtx
