# A regular expression that gives up is told in each account: words, JSON, SARIF, HTML.
cat >rule.yml <<'Y'
title: Too Much
id: 5f3b6f0e-1111-4a52-9a5e-3f5f0a3f0201
logsource: {product: windows, service: application}
detection: {one: {F|re: '^(a+)+$'}, condition: one}
Y
cat >events.yml <<'Y'
defaults: {provider: P, channel: Application, computer: H, event_id: 7, time: 2026-11-12T09:00:01Z}
events:
  - data: {F: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab}
  - data: {F: aaaa}
Y
"$EVTXSCAN" synth events.yml -o log.evtx || exit 1
"$EVTXSCAN" -r rule.yml -t csv --columns RecordID log.evtx
echo "status $?"
"$EVTXSCAN" -q -r rule.yml --ledger ledger.json -t sarif log.evtx |
	jq -r '.runs[0].invocations[0].toolExecutionNotifications[] | .level + ": " + .message.text'
jq -c '.Rules.RegexLimits' ledger.json
"$EVTXSCAN" -q -r rule.yml -t html log.evtx | grep -e 'INCOMPLETE' -e 'gave up' | sed 's/<[^>]*>/ /g'
"$EVTXSCAN" explain rule.yml log.evtx | grep 'matches'
# A test that this keeps from seeing a hit does not pass.
cat >tests.yml <<'Y'
name: silent
rules: rule.yml
evtx: log.evtx
expect: [{rule: Too Much, records: [2]}]
exact: true
Y
"$EVTXSCAN" test tests.yml
echo "status $?"
