# What the allowlist silences shows with --show-suppressed, with its entry, and in the ledger.
list=${CASE%/*}/../../samples/allowlists/secondary.yml
log=$SAMPLES/zone_transfer_secondary.evtx
all=$("$EVTXSCAN" -q -t jsonl "$log" | wc -l)
"$EVTXSCAN" -q -t jsonl --allowlist "$list" "$log" >loud
"$EVTXSCAN" -q -t jsonl --allowlist "$list" --show-suppressed "$log" >both
jq -r '.SuppressedBy // ""' both | sort | uniq -c | sed 's/^ *//'
jq -c 'select((.SuppressedBy // "") == "")' both | wc -l | tr -d ' '
wc -l <loud | tr -d ' '
[ "$(wc -l <both)" -eq "$all" ] && echo 'nothing vanished'
"$EVTXSCAN" -q -t csv --allowlist "$list" --show-suppressed "$log" | tr -d '\r' |
	sed 's/.*,//' | sort | uniq -c | sed 's/^ *//'
"$EVTXSCAN" -t jsonl --allowlist "$list" "$log" 2>&1 >/dev/null | grep -A 3 '^Allowlist'
