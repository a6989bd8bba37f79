# A flood costs its own correlations and those above them, which are named, and not the memory;
# floods of three rules cost all. Which ones does not depend on threads.
printf 'defaults: {provider: P, channel: Application, computer: c}\nevents:\n' >log.yml
for id in 1 2 3; do
	echo "  - {time: 2026-11-23T10:00:00Z, event_id: $id, repeat: 3000, every: 1s, data: {A: 'x\${n}'}}" >>log.yml
done
echo "  - {time: 2026-11-23T10:00:00Z, event_id: 4, repeat: 10, every: 1s, data: {A: y}}" >>log.yml
"$EVTXSCAN" synth log.yml -o log.evtx
for id in 1 2 3 4; do
	printf '%s\n' '---' "title: Base $id" "name: base$id" 'logsource: {product: windows, service: application}' \
		"detection: {s: {EventID: $id}, condition: s}" 'level: low'
	printf '%s\n' '---' "title: Count $id" "name: count$id" \
		"correlation: {type: event_count, rules: [base$id], group-by: [Computer], timespan: 1d, condition: {gte: 10}}" \
		'level: high'
done >all.yml
python3 - <<'E2'
parts = open("all.yml").read().split("---\n")[1:]
outer = ("title: Both\ncorrelation: {type: temporal, rules: [count1, count4], group-by: [Computer], timespan: 1d}\n"
         "level: high\n")
open("one.yml", "w").write("---\n".join(p for p in parts if "1\n" in p.split("name")[0] or "4\n" in p.split("name")[0]))
open("above.yml", "w").write("---\n".join([open("one.yml").read(), outer]))
E2
for rules in one above all; do
	for threads in 1 3; do
		"$EVTXSCAN" -r $rules.yml -t csv --columns RuleTitle,Details --memory 1M --threads $threads log.evtx \
			>out.$threads 2>account.$threads
		echo "$rules: status $?"
	done
	cat out.1
	grep -e '^[IC].*MPLETE' -e '^Complete' -e EVALUATED account.1
	cmp out.1 out.3
	cmp account.1 account.3
done
"$EVTXSCAN" -q -r all.yml -t csv --memory 32M --columns RuleTitle,Details log.evtx
echo "status $?"
"$EVTXSCAN" -q -r one.yml -t csv --memory 1M --ledger ledger.json -o /dev/null log.evtx
jq -c '.Complete, .Rules.CorrelationsNotEvaluated' ledger.json
