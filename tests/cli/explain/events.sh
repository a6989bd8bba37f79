# Which events a rule looked at and why it hit or not: closest first, filters, the cap, correlations.
"$EVTXSCAN" synth "${CASE%/*}/events.yml" -o log.evtx || exit 1
cp "${CASE%/*}/rule.yml" "${CASE%/*}/rule.filter.yml" .
rules=rule.yml
filter=rule.filter.yml
"$EVTXSCAN" explain -r "$rules" --filters "$filter" tool log.evtx | sed '1,/^Allowlist/d'
echo "exit $?"
"$EVTXSCAN" explain -r "$rules" 00000000-0000-4000-8000-000000000002 log.evtx | sed '1,/^Allowlist/d'
"$EVTXSCAN" explain -r "$rules" --most 1 00000000-0000-4000-8000-000000000003 log.evtx | sed -n '/^Its/p; $p'
# The same events are hits in a scan.
"$EVTXSCAN" -q -r "$rules" --filters "$filter" -t jsonl log.evtx | jq -c '[.RuleTitle, .RecordID]'
"$EVTXSCAN" explain -r "$rules" tool log.evtx nowhere.evtx >/dev/null
echo "exit $?"
