# What is not proposed, and why.
add() {
	"$EVTXSCAN" allowlist add --from "$@"
	echo "exit $?"
}
"$EVTXSCAN" -q -t jsonl -o hits.jsonl "$SAMPLES/zone_transfer_refused.evtx"
add hits.jsonl --hit 1 --class external_scanners
add hits.jsonl --hit 1 --expires 2020-01-01 --class monitoring_tools
add hits.jsonl --hit 1 --expires never --class monitoring_tools
add hits.jsonl --hit 1000
add hits.jsonl
add nowhere.jsonl --hit 1
# A zone that is a public suffix, an account that stands for many, no facts, no time.
sed 1q hits.jsonl >one.jsonl
jq -c '.AllowFacts.ZoneName = ["com"]' one.jsonl >zone.jsonl
add zone.jsonl --hit 1 --class monitoring_tools
jq -c '.AllowFacts.ClientAddress = [] | .AllowFacts.ActorSid = ["S-1-5-18"]' one.jsonl >account.jsonl
add account.jsonl --hit 1
jq -c '.AllowFacts.ClientAddress = []' one.jsonl >facts.jsonl
add facts.jsonl --hit 1
jq -c '.Timestamp = null' one.jsonl >time.jsonl
add time.jsonl --hit 1
jq -c '.SuppressedBy = "somebody"' one.jsonl >silenced.jsonl
add silenced.jsonl --hit 1
jq -c 'del(.AllowFacts) | .MatchedOn = [{Selection: "s", Field: "EventID", Value: "270", Pattern: "270"}]' one.jsonl >blind.jsonl
add blind.jsonl --hit 1
jq -c 'del(.AllowFacts) | .Correlation = {}' one.jsonl >alert.jsonl
add alert.jsonl --hit 1
printf 'no JSON\n{"RuleTitle": [1,\n' >none.jsonl
add none.jsonl --hit 1
add none.jsonl --hit 2
