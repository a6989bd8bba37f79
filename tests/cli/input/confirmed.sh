# A hit is confirmed when the rule holds for what libevtx reads, too: it reads -3 wrong, and a record torn at its
# end not at all.
{
	echo 'events:'
	for a in '{int32: -3}' '{int32: 3}' x; do
		echo "  - {provider: p, event_id: 1, time: 2024-05-06T07:08:09Z, channel: Application, computer: h,"
		echo "     data: {a: $a, b: same}}"
	done
} >e.yml
"$EVTXSCAN" synth e.yml -o log.evtx || exit 9
python3 - <<'P'
log = bytearray(open("log.evtx", "rb").read())
at = 4608
for _ in range(3):
    at += int.from_bytes(log[at + 4:at + 8], "little")
log[at - 4] ^= 8
open("log.evtx", "wb").write(log)
P
for rule in 'a: -3' 'b: same'; do
	printf 'title: "%s"\nlogsource: {product: windows}\ndetection: {s: {%s}, condition: s}\nlevel: high\n---\n' \
		"$rule" "$rule"
done >rules.yml
"$EVTXSCAN" -r rules.yml -t csv --columns RecordID,RuleTitle,Confirmed log.evtx
echo "status $?"
# Of what differs, a warning shows the beginning.
name=x$(printf '%0128d' 0 | sed 's/0/ä/g')$(printf '%0500d' 0)
printf 'title: L\nlogsource: {product: windows}\ndetection: {s: {%s: -3}, condition: s}\n' "$name" >rules.yml
{
	echo 'events:'
	echo '  - {provider: p, event_id: 1, time: 2024-05-06T07:08:09Z, channel: Application, computer: h,'
	echo "     data: {$name: {int32: -3}}}"
} >e.yml
"$EVTXSCAN" synth e.yml -o long.evtx || exit 9
"$EVTXSCAN" -r rules.yml -t csv --columns RecordID,RuleTitle,Confirmed long.evtx 2>&1 | grep -E '^ *warning|differs'
