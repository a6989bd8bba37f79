# A silenced hit does not fail, even when it is shown.
log=$SAMPLES/operators.evtx
list=${CASE%/*}/../../samples/allowlists/operators.yml
"$EVTXSCAN" -q -t jsonl --allowlist "$list" --show-suppressed "$log" >both
last=$(jq -r 'select(.SuppressedBy != "") | .Timestamp' both | tail -n 1)
jq -r "select(.Timestamp <= \"$last\") | .SuppressedBy" both
"$EVTXSCAN" -q --fail-on low -o /dev/null --to "$last" "$log"
echo "without $?"
"$EVTXSCAN" -q --fail-on low -o /dev/null --to "$last" --allowlist "$list" --show-suppressed "$log"
echo "with $?"
