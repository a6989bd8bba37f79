# An image gives the records of the logs in it, at any offset, the same for any number of threads.
python3 - "$SAMPLES" <<'END'
import random, sys
noise = random.Random(7)
with open("image", "wb") as out:
    # The first chunk's header lies before the first MiB's end, its records behind it.
    out.write(noise.randbytes((1 << 20) - 4096 - 99))
    out.write(open(sys.argv[1] + "/sweep_burst.evtx", "rb").read())
    out.write(noise.randbytes(77))
    log = open(sys.argv[1] + "/zone_transfer_success.evtx", "rb").read()
    out.write(log[4096 + 512:])  # records, without a chunk's header
END
for threads in 1 3; do
	"$EVTXSCAN" -q -t jsonl --threads $threads --carve image >hits.$threads
	echo $?
done
cmp hits.1 hits.3
"$EVTXSCAN" -q -t jsonl "$SAMPLES/sweep_burst.evtx" "$SAMPLES/zone_transfer_success.evtx" |
	jq -c '[.RuleTitle, .RecordID, .Timestamp, .Details]' >expected
jq -c '[.RuleTitle, .RecordID, .Timestamp, .Details]' hits.1 | cmp - expected
jq -r '.Confirmed + " " + .Evidence.CarvedFrom' hits.1 | sort | uniq -c | tr -s ' '
jq -c 'select(.Correlation) | [.Confirmed, .Evidence.Carved, (.Correlation.Records | map(.Carved) | unique)]' hits.1
"$EVTXSCAN" dump "$SAMPLES/sweep_burst.evtx" "$SAMPLES/zone_transfer_success.evtx" | sort >records
"$EVTXSCAN" dump --carve image | sed 's/^{"Recovered":{[^}]*},/{/' | sort | cmp - records
"$EVTXSCAN" search -t csv --carve image corp.example -q | wc -l | tr -d ' '
# Without a header a file is no log, unless lost records are wanted.
tail -c +4097 "$SAMPLES/zone_transfer_success.evtx" >headless.evtx
"$EVTXSCAN" -q headless.evtx
echo $?
"$EVTXSCAN" -x headless.evtx -t csv | cut -d , -f 2,9,15
"$EVTXSCAN" -q --carve . 
echo $?
"$EVTXSCAN" -x --reader libevtx image
