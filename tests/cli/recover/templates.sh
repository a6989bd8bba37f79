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
# Its records say something else, so that none of them is live in it.
python3 - "$SAMPLES/sweep_burst.evtx" <<'END'
import struct, sys, zlib
log = bytearray(open(sys.argv[1], "rb").read())
for old, new in [("Instance:.", "Instance:2"), ("Default", "Another")]:
    log = log.replace(old.encode("utf-16-le"), new.encode("utf-16-le"))
for at in range(4096, len(log), 65536):
    chunk = memoryview(log)[at:at + 65536]
    struct.pack_into("<I", chunk, 52, zlib.crc32(chunk[512:struct.unpack_from("<I", chunk, 48)[0]]))
    struct.pack_into("<I", chunk, 124, zlib.crc32(chunk[128:512], zlib.crc32(chunk[:120])))
    chunk.release()
open("whole.evtx", "wb").write(log)
END
"$EVTXSCAN" dump -x torn.evtx | wc -l | tr -d ' '
"$EVTXSCAN" dump -x torn.evtx whole.evtx >records
grep -v '^{"Recovered' records | sort >live
grep '^{"Recovered' records | grep -o '"From":"[^"]*"' | sort | uniq -c | tr -s ' '
# Each of them says what the live one says.
sed -n 's/^{"Recovered":{[^}]*},/{/p' records | sed "s/Instance:\./Instance:2/; s/Default/Another/" | sort | comm -13 live - | wc -l | tr -d ' '
for threads in 1 4; do
	"$EVTXSCAN" -x -q -t jsonl --threads $threads torn.evtx whole.evtx |
		jq -c '[.EvtxFile, .Confirmed, .Evidence.CarvedFrom]' | sort | uniq -c | tr -s ' '
	"$EVTXSCAN" search -x -t csv --threads $threads corp.example torn.evtx whole.evtx -q | wc -l | tr -d ' '
done
# Of records that are live, too, no template is counted: all numbers are of those that are told.
"$EVTXSCAN" dump -x torn.evtx "$SAMPLES/sweep_burst.evtx" 2>&1 >records | grep '^Recovery'
"$EVTXSCAN" -x -t csv torn.evtx "$SAMPLES/sweep_burst.evtx" -o hits.csv 2>&1 | grep '^Recovery'
"$EVTXSCAN" -x -t csv torn.evtx whole.evtx -o hits.csv -C 2>&1 | grep '^Recovery'
