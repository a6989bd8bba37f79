# What is live in any log that is given, or was found before in any other place, is not told
# again: an image and the logs from it count each record once.
log=$SAMPLES/zone_transfer_success.evtx
cp "$log" image
tail -c +4097 "$log" >unallocated
for threads in 1 4; do
	"$EVTXSCAN" -t csv --threads $threads --carve image "$log" -o hits.csv -C 2>&1 | grep -E '^(Recovery|Hits: )'
	"$EVTXSCAN" -t csv --threads $threads --carve image --carve unallocated -o hits.csv -C 2>&1 | grep -E '^(Recovery|Hits: )'
done
# dump goes from file to file, and says the same.
"$EVTXSCAN" dump --carve image "$log" 2>&1 >records | cat
wc -l <records | tr -d ' '
"$EVTXSCAN" dump --carve image --carve unallocated 2>&1 >records | cat
wc -l <records | tr -d ' '
# Records that were cut off one log are live in another; one that is not what it was there is told.
python3 - "$log" <<'END'
import struct, sys, zlib


def seal(log):
    chunk = memoryview(log)[4096:4096 + 65536]
    end = struct.unpack_from("<I", chunk, 48)[0]
    struct.pack_into("<I", chunk, 52, zlib.crc32(chunk[512:end]))
    struct.pack_into("<I", chunk, 124, zlib.crc32(chunk[128:512], zlib.crc32(chunk[:120])))


log = bytearray(open(sys.argv[1], "rb").read())
other = bytearray(log)
end = 512
for _ in range(2):  # that are left
    last, end = end, end + struct.unpack_from("<I", log, 4096 + end + 4)[0]
first = struct.unpack_from("<Q", log, 4096 + 8)[0]
struct.pack_into("<Q", log, 4096 + 16, first + 1)
struct.pack_into("<Q", log, 4096 + 32, first + 1)
struct.pack_into("<II", log, 4096 + 44, last, end)
seal(log)
open("cut.evtx", "wb").write(log)
at = other.rindex("_msdcs".encode("utf-16-le"), 0, 4096 + struct.unpack_from("<I", other, 4096 + 48)[0])
other[at:at + 2] = "2".encode("utf-16-le")
seal(other)
open("changed.evtx", "wb").write(other)
END
"$EVTXSCAN" dump -x -t csv cut.evtx "$log" 2>&1 >records | cat
grep -c ',slack,' records
"$EVTXSCAN" dump -x -t csv cut.evtx changed.evtx 2>&1 >records | cat
grep -c ',slack,' records
"$EVTXSCAN" -x -t csv cut.evtx changed.evtx 2>&1 -o hits.csv -C | grep '^Recovery'
# What is given as an image and as a log is read as both.
"$EVTXSCAN" -t csv --carve "$log" "$log" -o hits.csv -C 2>&1 | grep -E '^(Complete|Recovery|Hits: )'
