# The fields of the description come back with their types, one record a line.
"$EVTXSCAN" synth "$(dirname "$CASE")/events.yml" -o log.evtx || exit 9
"$EVTXSCAN" dump log.evtx >out.jsonl || exit 8
[ "$(wc -l <out.jsonl)" -eq 2 ] || exit 7
jq -cS '.Event.EventData // .Event.UserData' out.jsonl
jq -c '.Event.System | [.Provider["#attributes"].Name, .EventID, .EventRecordID, .Channel,
	.Computer, .TimeCreated["#attributes"].SystemTime]' out.jsonl
