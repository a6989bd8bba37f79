# A correlation in words: its string condition, percentile, thresholds to the last digit, aliases.
cat >rules.yml <<'Y'
title: A
name: a
logsource: {product: windows, service: security}
detection: {one: {EventID: 1}, condition: one}
---
title: B
name: b
logsource: {product: windows, service: security}
detection: {one: {EventID: 2}, condition: one}
---
title: Share
name: share
correlation: {type: value_percentile, rules: a, group-by: [u, Computer], aliases: {u: {a: G}, v: {a: X, b: Y}}, timespan: 1m, condition: {field: N, percentile: 95, gte: 16777217, lt: 20000000.5}}
---
title: Rare
name: rare
correlation: {type: value_percentile, rules: a, timespan: 1m, condition: {field: N, lt: 5}}
---
title: Text
name: text
correlation: {type: temporal, rules: [a, b, share], timespan: 1m, condition: a and (not b or b and not (a or share))}
---
title: Twice
name: twice
correlation: {type: temporal, rules: [a, a, b], timespan: 1m}
Y
for rule in share rare text twice; do
	"$EVTXSCAN" explain -r rules.yml $rule | sed -n '/^Correlation: /,/^Corr.*s/p'
done
"$EVTXSCAN" explain dns_name_not_found | grep '^Correlation: '
