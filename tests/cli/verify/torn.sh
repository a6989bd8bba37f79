# One flipped byte in a size copy: libevtx rejects the record and all behind it.
{
	echo 'events:'
	for i in 1 2 3; do
		echo "  - {provider: p, event_id: $i, time: 2024-05-06T07:08:09Z, channel: c,"
		echo "     computer: h, record_id: $i, data: {a: b}}"
	done
} >e.yml
"$EVTXSCAN" synth e.yml -o log.evtx || exit 9
python3 - <<'END'
data = bytearray(open("log.evtx", "rb").read())
at = 4608
at += int.from_bytes(data[at + 4:at + 8], "little")
size = int.from_bytes(data[at + 4:at + 8], "little")
data[at + size - 4] ^= 8
open("log.evtx", "wb").write(data)
END
"$EVTXSCAN" verify log.evtx | tail -n +5 | grep -v SHA-256
"$EVTXSCAN" verify -q log.evtx
echo "status $?"
"$EVTXSCAN" verify -q -t jsonl log.evtx | jq .Verified
# Where that is the only record, nothing was compared, and nothing is confirmed.
sed -i '3,$d' e.yml
sed -i '2s/.*/  - {provider: p, event_id: 1, time: 2024-05-06T07:08:09Z, channel: c, computer: h, record_id: 1}/' e.yml
"$EVTXSCAN" synth e.yml -C -o log.evtx || exit 9
python3 - <<'END'
data = bytearray(open("log.evtx", "rb").read())
at = 4608 + int.from_bytes(data[4612:4616], "little")
data[at - 4] ^= 8
open("log.evtx", "wb").write(data)
END
"$EVTXSCAN" verify log.evtx | tail -n 10
# An empty log has nothing to confirm.
printf 'events: []\n' >e.yml
"$EVTXSCAN" synth e.yml -C -o log.evtx && "$EVTXSCAN" verify log.evtx | tail -n 2
