# Records by channel, provider, event id and computer: what is chosen is what dump shows of them.
count() {
	"$EVTXSCAN" dump "$@" "$SAMPLES" | wc -l | tr -d ' '
}
# expect JQ-CONDITION OPTIONS...: as many as the condition finds in all records
"$EVTXSCAN" dump "$SAMPLES" >all
expect() {
	condition=$1
	shift
	wanted=$(jq -c ".Event.System | select($condition)" all | wc -l | tr -d ' ')
	echo "$*: $([ "$(count "$@")" = "$wanted" ] && [ "$wanted" -gt 0 ] && echo same)"
}
id='(.EventID | if type == "object" then .["#text"] else . end)'
expect '.Channel == "Security"' --channel security
expect '.Channel | test("Sysmon|^Security$")' --channel '*sysmon*,SECURITY'
expect '.Channel | test("Sysmon") | not' --exclude-channel '*sysmon*'
expect "$id == 271" --event-id 271
expect "$id >= 256 and $id <= 271 and $id != 260" --event-id 256-271 --exclude-event-id 260
expect '.Computer | test("^dns1")' --computer 'DNS1*'
expect '.Computer | test("^dns1") | not' --exclude-computer 'dns1*'
expect '.Provider["#attributes"].Name | test("DNSServer")' --provider '*-dnsserver'
expect '.Provider["#attributes"].Name | test("DNSServer") | not' --exclude-provider '*-DNSServer'
expect '.Channel == "Security" and (.Computer | test("^ws"))' --channel Security --computer 'ws*'
# Rules see the same records, with and without the index and from both readers.
for more in '' --no-index '--reader libevtx'; do
	# shellcheck disable=SC2086 # one option or two words
	"$EVTXSCAN" -q -t jsonl --no-confirm $more --event-id 271 --computer 'dns1*' "$SAMPLES" |
		jq -r '.EventID, .Computer' | sort -u | tr '\n' ' '
	echo
done
"$EVTXSCAN" -t csv --channel Security --exclude-event-id 4688 --from 2026-11-03 -o /dev/null "$SAMPLES"
# The last days end where --to ends.
"$EVTXSCAN" -q -t jsonl --to 2026-11-03T02:14:41.2291377Z --last 90s "$SAMPLES" | jq -r .Timestamp |
	sed -n '1p;$p'
"$EVTXSCAN" dump --last 400y "$SAMPLES" | wc -l | tr -d ' '
"$EVTXSCAN" dump --last 1s "$SAMPLES" | wc -l | tr -d ' '
