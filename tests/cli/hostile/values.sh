# Control characters, formulas, markup and forged separators come out harmless in every format.
"$EVTXSCAN" synth "${CASE%/*}/hostile.yml" -o log.evtx || exit 1
cat >rule.yml <<'Y'
title: "=cmd|' /C calc'!A0"
logsource: {product: windows, service: dns-server-analytic}
detection:
  selection:
    EventID: 271
  condition: selection
level: high
fields: [TCP, Source, QNAME, Zone, RCODE]
Y
for format in table list csv jsonl; do
	"$EVTXSCAN" -q -r rule.yml -t $format log.evtx >out.$format
	echo "$format $?, control bytes: $(tr -d '\r\n\040-\176\200-\377' <out.$format | wc -c | tr -d ' ')"
	iconv -f UTF-8 -t UTF-8 out.$format >/dev/null || echo 'not UTF-8'
done
cat out.table out.list
python3 - <<'P'
import csv, json
rows = list(csv.reader(open("out.csv", newline="", encoding="utf-8"), strict=True))
print(len(rows), {len(row) for row in rows})
for row in rows:
    for cell in row:
        assert cell[:1] not in tuple("=+-@\t\r"), cell
hits = [json.loads(line) for line in open("out.jsonl", encoding="utf-8")]
print(len(hits), {hit["RuleTitle"] for hit in hits})
for hit in hits:
    print(json.dumps(hit["Details"], sort_keys=True))
P
