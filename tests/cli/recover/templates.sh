# The first records of a log, which hold its templates, are gone: another log has them.
python3 - "$SAMPLES/sweep_burst.evtx" <<'END'
import struct, sys
log = bytearray(open(sys.argv[1], "rb").read())
for chunk in range(4096, len(log), 65536):
    at = 512
    for _ in range(3):
        at += struct.unpack_from("<I", log, chunk + at + 4)[0]
    log[chunk:chunk + at] = bytes(at)
open("torn.evtx", "wb").write(log)
END
cp "$SAMPLES/sweep_burst.evtx" whole.evtx
"$EVTXSCAN" dump -x torn.evtx | wc -l | tr -d ' '
"$EVTXSCAN" dump -x torn.evtx whole.evtx >records
grep -v '^{"Recovered' records | sort >live
grep '^{"Recovered' records | grep -o '"From":"[^"]*"' | sort | uniq -c | tr -s ' '
# Each of them says what the live one says.
sed -n 's/^{"Recovered":{[^}]*},/{/p' records | sort | comm -13 live - | wc -l | tr -d ' '
for threads in 1 4; do
	"$EVTXSCAN" -x -q -t jsonl --threads $threads torn.evtx whole.evtx |
		jq -c '[.EvtxFile, .Confirmed, .Evidence.CarvedFrom]' | sort | uniq -c | tr -s ' '
	"$EVTXSCAN" search -x -t csv --threads $threads corp.example torn.evtx whole.evtx -q | wc -l | tr -d ' '
done
