# Two records that neither reader can make sense of: both are told, each with its reason, and the rest is scanned.
{
	echo 'events:'
	for i in 1 2 3 4; do
		echo "  - {provider: p, event_id: $i, time: 2024-05-06T07:08:09Z, channel: Application, computer: h,"
		echo "     data: {a: b}}"
	done
} >e.yml
"$EVTXSCAN" synth e.yml -o log.evtx || exit 9
python3 - <<'P'
log = bytearray(open("log.evtx", "rb").read())
records = [4608]
while len(records) < 3:
    records.append(records[-1] + int.from_bytes(log[records[-1] + 4:records[-1] + 8], "little"))
log[records[1] + 28] = 0x1F  # its first token
log[records[2] + 34:records[2] + 38] = b"\xFF" * 4  # where its template stands
open("log.evtx", "wb").write(log)
P
cat >rule.yml <<'Y'
title: All
logsource: {product: windows}
detection: {s: {a: b}, condition: s}
Y
"$EVTXSCAN" -r rule.yml -t csv --columns RecordID,Confirmed --ledger ledger.json log.evtx
echo "status $?"
jq -c '.Files[] | [.RecordsRead, .RecordsFailed, .Reasons]' ledger.json
