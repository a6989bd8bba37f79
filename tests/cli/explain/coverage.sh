# Could each rule have hit: statuses as a table and as JSONL; what fired is what a scan reports.
"$EVTXSCAN" synth "${CASE%/*}/events.yml" -o log.evtx || exit 1
cat >more.yml <<'Y'
title: Other Channel
logsource: {product: windows, service: dns-server}
detection: {selection: {EventID: 6001}, condition: selection}
---
title: Other Event Id By Its View
logsource: {product: windows, category: dns_query}
detection: {selection: {QueryName: x}, condition: selection}
---
title: Other Event Id By Its Condition
logsource: {product: windows, service: security}
detection: {selection: {EventID: [4688, 4689]}, condition: selection}
---
title: Field That Never Comes
logsource: {product: windows, category: process_creation}
detection: {selection: {Imphash: x, Image: y}, condition: selection}
---
title: Field That May Be Absent
logsource: {product: windows, category: process_creation}
detection: {selection: {OriginalFileName: null, Image: y}, filter: {Imphash: x}, condition: selection and not filter}
---
title: Nowhere
logsource: {product: linux}
detection: {selection: {a: b}, condition: selection}
Y
"$EVTXSCAN" explain --coverage -r "${CASE%/*}/rule.yml" -r more.yml log.evtx
"$EVTXSCAN" explain --coverage -r more.yml -t jsonl log.evtx | jq -c '[.RuleTitle, .Status, .Hits, .Missing]' | sed 2q
"$EVTXSCAN" explain --coverage -t jsonl "$SAMPLES" | jq -r 'select(.Status == "fired") | .RuleTitle' | sort >fired
"$EVTXSCAN" -q -t jsonl "$SAMPLES" | jq -r .RuleTitle | sort -u >reported
# Rules that are only counted by correlations fire without being reported.
comm -13 fired reported
"$EVTXSCAN" explain --coverage
echo "exit $?"
