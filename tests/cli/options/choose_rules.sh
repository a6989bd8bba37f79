# Rules by level, status, tag and name; correlations keep what they need.
sum() {
	"$EVTXSCAN" rules "$@" -t jsonl | jq -r .Role | sort | uniq -c | tr -s ' \n' ' '
	echo "$*"
}
sum
sum --rule 'subdomain sweep'
sum --tag 'attack.t1590*'
sum --exclude-tag 'attack.t1596.001'
sum --status stable
sum --exclude-status stable
sum --exclude-rule "*subdomain*"
sum -m critical
"$EVTXSCAN" -t csv --rule 'Subdomain Sweep' "$SAMPLES" | cut -d , -f 2 | sort | uniq -c | tr -s ' '
"$EVTXSCAN" -q -t jsonl "$SAMPLES" | jq -r 'select(.RuleTitle == "Subdomain Sweep")' >all
"$EVTXSCAN" -q -t jsonl --rule 'Subdomain Sweep' "$SAMPLES" | jq -r . | cmp all -
