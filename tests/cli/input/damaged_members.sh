# What is damaged of a log is said with libevtx, too, when the log is in an archive: libevtx passes over what does not
# fit, or begins no chunk, without a word.
"$EVTXSCAN" synth "${CASE%/*}/../integrity/log.yml" -o sound.evtx || exit 9
python3 - <<'P'
import struct
sound = open("sound.evtx", "rb").read()
first = 4096 + 512
second = first + struct.unpack_from("<I", sound, first + 4)[0]
def write(name, at, change):
    open(name, "wb").write(sound[:at] + change + sound[at + len(change):])
write("checksum.evtx", second + 16, b"\xff")  # when it was written
write("no_chunk.evtx", 4096, b"x")
write("no_record.evtx", second, b"x")
write("zeros.evtx", 4096 + 65536, bytes(65536))
open("short.evtx", "wb").write(sound[:-60000])
P
for log in sound checksum no_chunk no_record zeros short; do
	tar -cf $log.tar $log.evtx
	for reader in native libevtx; do
		"$EVTXSCAN" -t csv --no-confirm --reader $reader $log.tar >/dev/null 2>err
		echo "$reader, $log: status $?"
		grep -i 'complete: \|^  partly' err
	done
done
