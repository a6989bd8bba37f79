# An entry for hits at a server and on a host, a filter for a rule without classes; each silences its
# hit in a scan, and is only printed.
"$EVTXSCAN" -q -t jsonl -o hits.jsonl "$SAMPLES/zone_transfer_secondary.evtx"
"$EVTXSCAN" allowlist add --from hits.jsonl --hit 1 --owner dns@corp.example --expires 2027-06-30 >list.yml
echo "server $?"
cat list.yml
"$EVTXSCAN" allowlist check list.yml
"$EVTXSCAN" -q -t jsonl "$SAMPLES/zone_transfer_secondary.evtx" | wc -l | tr -d ' '
"$EVTXSCAN" -q -t jsonl --allowlist list.yml "$SAMPLES/zone_transfer_secondary.evtx" | wc -l | tr -d ' '

"$EVTXSCAN" -q -t jsonl -o host.jsonl "$SAMPLES/operators.evtx"
for class in authorised_operators assessments; do
	"$EVTXSCAN" allowlist add --from host.jsonl --hit 1 --class $class >list.yml
	echo "$class $?"
	cat list.yml
	"$EVTXSCAN" -q -t jsonl --allowlist list.yml --show-suppressed "$SAMPLES/operators.evtx" |
		jq -r .SuppressedBy | sed 1q
done

cat >rule.yml <<'Y'
title: Program
id: 00000000-0000-4000-8000-000000000009
logsource: {product: windows, category: process_creation}
detection: {selection: {Image|startswith: 'C:\'}, condition: selection}
Y
"$EVTXSCAN" synth "${CASE%/*}/add.yml" -o log.evtx || exit 1
"$EVTXSCAN" -q -r rule.yml -t jsonl -o rule.jsonl log.evtx
for hit in 1 3 4; do
	"$EVTXSCAN" allowlist add --from rule.jsonl --hit $hit >filter.yml
	echo "filter $?"
	cat filter.yml
	"$EVTXSCAN" -q -r rule.yml --filters filter.yml -t jsonl log.evtx | jq -r .RecordID | tr '\n' ' '
	echo
done

# A query that its own computer recorded: the client is a name, which no entry takes for an address.
cat >query.yml <<'Y'
title: Query
id: 00000000-0000-4000-8000-00000000000a
logsource: {product: windows, category: dns_query}
detection: {selection: {QueryName|endswith: .corp.example}, condition: selection}
allowlist: [assessments]
Y
cat >query_events.yml <<'Y'
defaults: {provider: Microsoft-Windows-Sysmon, channel: Microsoft-Windows-Sysmon/Operational, computer: ws17.corp.example, event_id: 22}
events:
  - {time: 2026-11-04T05:00:01Z, data: {QueryName: a.corp.example, User: 'CORP\red1'}}
Y
"$EVTXSCAN" synth query_events.yml -o query.evtx || exit 1
"$EVTXSCAN" -q -r query.yml -t jsonl -o query.jsonl query.evtx
jq -c .AllowFacts query.jsonl
"$EVTXSCAN" allowlist add --from query.jsonl --hit 1 >list.yml
echo "account $?"
cat list.yml
"$EVTXSCAN" -q -r query.yml -t jsonl --allowlist list.yml --show-suppressed query.evtx | jq -r .SuppressedBy
