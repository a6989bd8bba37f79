# Event ids that a rule names in any spelling, and those that it asks for in another way: what the
# plan says of an id agrees with what a scan hits.
cat >events.yml <<'Y'
defaults: {provider: Microsoft-Windows-Security-Auditing, channel: Security, computer: H}
events:
  - {time: 2026-11-12T09:00:01Z, event_id: 4688}
Y
"$EVTXSCAN" synth events.yml -o log.evtx || exit 1
while read -r item; do
	cat >ids.yml <<Y
title: Ids
logsource: {product: windows, service: security}
detection: {one: {$item}, condition: one}
Y
	echo "$item: $("$EVTXSCAN" -q -r ids.yml -t jsonl log.evtx | wc -l)"
	"$EVTXSCAN" explain ids.yml | grep 'event id .*:'
done <<'I'
EventID: 0x1250
EventID: 4_688
EventID: 4688.0
EventID: '4688'
EventID: [4688, 70000, -3, 1.5, true, logon]
EventID|neq: 4688
EventID: null
EventID|exists: true
EventID: '46*'
EventID: [1, '46*']
EventID|re: '^46'
EventID|startswith: '46'
EventID|contains: '68'
EventID|gte: 4688
I
