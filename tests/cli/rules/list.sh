# The list of rules, for people and for jq.
"$EVTXSCAN" rules list | sed -n 1p
"$EVTXSCAN" rules | wc -l >lines
"$EVTXSCAN" rules list -t jsonl >rules.jsonl
wc -l <rules.jsonl | cmp - lines && echo 'as many'
jq -r 'select(.Level == "critical") | [.Kind, .Title, .Branch] | @tsv' rules.jsonl
jq -r .Branch rules.jsonl | sort -u
jq -es 'all(.ID | test("^[0-9a-f-]{36}$"))' rules.jsonl
jq -es '[.[] | select(.Branch == "zone_transfer" and .Kind == "rule") | .RiskScore] | max' rules.jsonl
jq -es 'all(.Kind == "filter" or (.Tags | index("attack.t1596.001")))' rules.jsonl
"$EVTXSCAN" rules list -t csv
echo "status $?"
