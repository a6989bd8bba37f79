# Records that were cut off a log, as one does who wants them gone: -x finds all of them, marked.
python3 - "$SAMPLES/zone_transfer_success.evtx" <<'END'
import struct, sys, zlib
log = bytearray(open(sys.argv[1], "rb").read())
chunk = memoryview(log)[4096:4096 + 65536]
end = 512
for _ in range(2):  # that are left
    last, end = end, end + struct.unpack_from("<I", chunk, end + 4)[0]
first = struct.unpack_from("<Q", chunk, 8)[0]
struct.pack_into("<Q", chunk, 16, first + 1)
struct.pack_into("<Q", chunk, 32, first + 1)
struct.pack_into("<III", chunk, 44, last, end, zlib.crc32(chunk[512:end]))
struct.pack_into("<I", chunk, 124, zlib.crc32(chunk[128:512], zlib.crc32(chunk[:120])))
open("cut.evtx", "wb").write(log)
END
# Without -x they are gone; with it, live and recovered records are those of the whole log.
"$EVTXSCAN" dump "$SAMPLES/zone_transfer_success.evtx" | sort >whole
"$EVTXSCAN" dump cut.evtx | wc -l | tr -d ' '
"$EVTXSCAN" dump -x cut.evtx | sed 's/^{"Recovered":{[^}]*},/{/' | sort | cmp - whole
"$EVTXSCAN" dump -x -t csv cut.evtx 2>/dev/null | tr -d '\r' | sed 's/^\([^,]*\),.*,cut/\1 cut/'
"$EVTXSCAN" dump -x -t xml cut.evtx 2>/dev/null | grep -o '<!--.*-->'
for format in csv table list; do
	"$EVTXSCAN" -x -q -t $format cut.evtx | grep -c recovered
done
"$EVTXSCAN" -q -t jsonl cut.evtx | jq -c '[.RecordID, .Confirmed]'
"$EVTXSCAN" -x -q -t jsonl --ledger ledger.json cut.evtx |
	jq -c '[.RecordID, .Confirmed, .Evidence.Carved, .Evidence.CarvedFrom, .Evidence.Offset]'
jq -c '.Complete, .Recovery, .Totals.RecordsCarved' ledger.json
"$EVTXSCAN" -x -q -t ecs cut.evtx | grep -o '"recovered":true' | sort | uniq -c | tr -s ' '
"$EVTXSCAN" -x -q -t timesketch cut.evtx | jq -c '[.confirmed, .recovered_from]' | sort | uniq -c | tr -s ' '
"$EVTXSCAN" -x -q -t sarif cut.evtx | jq -c '.runs[].results[].properties.Confirmed' | sort | uniq -c | tr -s ' '
"$EVTXSCAN" -x -q -t html cut.evtx | grep -c "'recovered'"
"$EVTXSCAN" search -x -t csv corp.example cut.evtx | cut -d , -f 7,9
# In an archive the same is found.
tar -cf cut.tar cut.evtx
"$EVTXSCAN" -x -q -t jsonl cut.evtx | sed 's/cut\.evtx/LOG/g' >plain
"$EVTXSCAN" -x -q -t jsonl cut.tar | sed 's/cut\.tar\/cut\.evtx/LOG/g' | cmp - plain
