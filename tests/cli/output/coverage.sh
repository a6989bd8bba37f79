# --coverage: which records were there, for how many rules, and which rules could not have hit.
"$EVTXSCAN" -q -t csv -o hits --coverage --ledger ledger.json "$SAMPLES"
# Records by kind are what dump shows.
jq -r '.Coverage.Records[] | [.Channel, .Provider, .EventID, .Records] | @tsv' ledger.json | sort >kinds
"$EVTXSCAN" dump "$SAMPLES" | jq -r '.Event.System | [.Channel, .Provider["#attributes"].Name,
	(.EventID | if type == "object" then .["#text"] else . end)] | @tsv' | sort | uniq -c |
	sed 's/^ *\([0-9]*\) \(.*\)/\2\t\1/' | sort >dumped
cmp kinds dumped && wc -l <kinds | tr -d ' '
# What fired is what was reported, and what only correlations count.
jq -r '.Coverage.Rules[] | select(.Hits > 0) | .RuleTitle' ledger.json | sort -u >fired
cut -d , -f 2 hits | sort -u | comm -13 fired - | grep -v RuleTitle
jq -c '[.Coverage.Rules[] | .Status] | group_by(.) | map([.[0], length])' ledger.json
jq -c '[.Coverage.Rules[] | select(.Status != "fired" and .Hits > 0)]' ledger.json
# The same for any number of threads and without the index, and it changes no hit.
for more in '--threads 1' '--threads 3' --no-index; do
	# shellcheck disable=SC2086 # one option or two words
	"$EVTXSCAN" -q -t csv -C -o other --coverage --ledger other.json -C $more "$SAMPLES"
	cmp hits other
	jq .Coverage other.json | cksum
done | sort -u | wc -l | tr -d ' '
"$EVTXSCAN" -q -t csv "$SAMPLES" | cmp - hits
"$EVTXSCAN" -t csv -o /dev/null --coverage "$SAMPLES/zone_transfer_success.evtx"
# A silenced hit fired, and is no hit.
sed 's/198.51.100.66/192.0.2.54/' "$RULES/allowlist.example.yml" >allow.yml
"$EVTXSCAN" -q -t csv -o /dev/null --coverage --ledger other.json -C --allowlist allow.yml "$SAMPLES/zone_transfer_secondary.evtx"
jq -c '.Coverage.Rules[] | select(.Status == "fired") | [.RuleTitle, .Hits]' other.json
