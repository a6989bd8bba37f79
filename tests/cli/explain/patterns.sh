# A test of each kind, on an event that satisfies them all and on one that satisfies none.
cat >rule.yml <<'Y'
title: Every Test
logsource: {product: windows, service: application}
detection:
  first:
    Plain: dig
    Cased|cased|contains: Dig
    Expression|re|i: '^D.g'
    Address|cidr: 192.0.2.0/24
    Port|gte: 53
    Flag: true
    When|hour: 9
    Same|fieldref: Plain
  second:
    Ends|fieldref|endswith: Plain
    Dashes|windash|contains: ' -type '
    Coded|base64offset|contains: transfer
    Nothing: null
    There|exists: true
    Gone|exists: false
    Not|neq: dig
    Many|contains: [a1, a2, a3, a4, a5, a6, a7, a8, a9]
  words: [axfr, 10.0.0, 7777]
  condition: first and second or words
---
title: Any Test
logsource: {product: windows, service: application}
detection:
  first:
    - Plain: dig
    - Cased|cased|contains: Dig
    - Expression|re|i: '^D.g'
    - Address|cidr: 192.0.2.0/24
    - Port|gte: 53
    - Flag: true
    - When|hour: 9
    - Same|fieldref: Plain
  second:
    - Ends|fieldref|endswith: Plain
    - Dashes|windash|contains: ' -type '
    - Coded|base64offset|contains: transfer
    - Nothing: null
    - There|exists: true
    - Gone|exists: false
    - Not|neq: dig
    - Many|contains: [a1, a2, a3, a4, a5, a6, a7, a8, a9]
  condition: first or second
Y
cat >events.yml <<'Y'
defaults: {provider: P, channel: Application, computer: H, event_id: 7}
events:
  - time: 2026-11-12T09:00:01Z
    data:
      Plain: dig
      Cased: a Dig
      Expression: dug
      Address: 192.0.2.7
      Port: 53
      Flag: 'true'
      When: '2026-11-12T09:30:00Z'
      Same: DIG
      Ends: run dig
      Dashes: 'x /type any'
      Coded: dHJhbnNmZXI=
      There: x
      Not: dug
      Many: a9
  - time: 2026-11-12T09:00:02Z
    data:
      Plain: x
      Cased: a dig
      Expression: x
      Address: 198.51.100.7
      Port: 52
      Flag: 'false'
      When: '2026-11-12T10:30:00Z'
      Same: y
      Ends: x run
      Dashes: 'x type any'
      Coded: x
      Nothing: y
      Gone: y
      Not: dig
      Many: b
Y
"$EVTXSCAN" synth events.yml -o log.evtx || exit 1
"$EVTXSCAN" explain rule.yml log.evtx | sed -n '/record [0-9]/,$p'
# A scan says the same, with the index and without.
"$EVTXSCAN" -q -r rule.yml -t jsonl log.evtx | jq -c '[.RuleTitle, .RecordID]'
"$EVTXSCAN" -q --no-index -r rule.yml -t jsonl log.evtx | jq -c '[.RuleTitle, .RecordID]'
# Why no literal can tell whether the rule is to be evaluated.
n=0
while read -r items; do
	n=$((n + 1))
	cat >always.yml <<Y
title: Always $n
logsource: {product: windows, service: application}
detection: {one: {$items}, three: {F: abc}, condition: one or not three}
Y
	"$EVTXSCAN" explain always.yml | sed -n 's/.*event id all: //p'
	sed 's/one or not three/one/' always.yml >one.yml
	"$EVTXSCAN" explain one.yml | sed -n 's/.*event id all: //p'
done <<'I'
F: '***'
F|re: 'a.b'
F|base64offset|contains: 'a'
F|windash|contains: '-a'
F: null
F|exists: true
F|fieldref: G
F|gte: 7
F|cidr: 192.0.2.0/24
F|day: 7
I
