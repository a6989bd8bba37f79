# A list to check and hits to propose from come from standard input, too.
log=$SAMPLES/zone_transfer_secondary.evtx
"$EVTXSCAN" -q -t jsonl -o hits.jsonl "$log"
"$EVTXSCAN" allowlist add --from hits.jsonl --hit 2 --owner me@corp.example >want 2>said_want
"$EVTXSCAN" -q -t jsonl "$log" | "$EVTXSCAN" allowlist add --from - --hit 2 --owner me@corp.example >got 2>said
echo "status $?"
cmp got want
diff said_want said
"$EVTXSCAN" allowlist check - <got
echo "status $?"
sed 's/\.[0-9]*\x27/.0\/0\x27/' got | "$EVTXSCAN" allowlist check - 2>&1 | head -n 1
: | "$EVTXSCAN" allowlist add --from - --hit 1
echo "status $?"
"$EVTXSCAN" allowlist add --from - --hit 1 <hits.jsonl | head -n 1
