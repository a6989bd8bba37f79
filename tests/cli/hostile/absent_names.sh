# Records without Channel, Provider or EventID: absent is not empty, and the index changes no hit.
cat >log.yml <<'Y'
defaults: {provider: P, channel: Security, computer: c, time: 2026-11-03T02:14:09Z}
events:
  - {event_id: 4688, data: {channel: x}}
  - {event_id: 4688}
Y
"$EVTXSCAN" synth log.yml -o log.evtx || exit 9
# The template names each element once.
python3 - <<'P'
log = open("log.evtx", "rb").read()
for name in ("Channel", "Provider", "EventID"):
    old, new = (text.encode("utf-16le") for text in (name, "x" + name[1:]))
    assert log.count(old) == 1
    open("no_%s.evtx" % name, "wb").write(log.replace(old, new))
P
for name in Channel Provider_Name EventID; do
	for test in "$name: null" "$name|exists: false" "$name|neq: x" "$name: x"; do
		echo "{title: t, logsource: {product: windows}, detection: {s: {$test}, condition: s}}" >rule.yml
		for option in '' --no-index; do
			"$EVTXSCAN" -q -r rule.yml -t csv --columns RecordID $option "no_${name%_*}.evtx" 2>/dev/null |
				sed 1d | tr -d '\r' | paste -sd ' ' >"hits$option"
		done
		echo "$test: $(cat hits)"
		cmp hits hits--no-index
	done
done
