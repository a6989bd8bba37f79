# A log on standard input gives the hits of the file.
log=$SAMPLES/zone_transfer_success.evtx
"$EVTXSCAN" -q -t jsonl "$log" | jq -c 'del(.EvtxFile)' >file
dd if="$log" bs=1000 2>dd.messages | "$EVTXSCAN" -q -t jsonl - >pipe
"$EVTXSCAN" -q -t jsonl - <"$log" | cmp - pipe && echo 'pipe and file alike'
jq -r .EvtxFile pipe | sort -u
jq -c 'del(.EvtxFile)' pipe | cmp - file && wc -l <file | tr -d ' '
: | "$EVTXSCAN" -r "${CASE%/*}/../transfer.yml" -t jsonl -
echo "status $?"
