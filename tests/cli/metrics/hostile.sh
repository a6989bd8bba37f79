# Names come out harmless in every format.
"$EVTXSCAN" synth "${CASE%/*}/hostile.yml" -o log.evtx || exit 9
"$EVTXSCAN" metrics -q log.evtx >out.table
"$EVTXSCAN" metrics -q -t jsonl log.evtx >out.jsonl
for section in channels events computers providers gaps steps clears logons; do
	"$EVTXSCAN" metrics -q -t csv --only $section log.evtx
done >out.csv
for format in table jsonl csv; do
	echo "$format, control bytes: $(tr -d '\r\n\040-\176\200-\377' <out.$format | wc -c | tr -d ' ')"
	iconv -f UTF-8 -t UTF-8 out.$format >/dev/null || echo 'not UTF-8'
done
cat out.table
python3 - <<'P'
import csv, json
for row in csv.reader(open("out.csv", newline="", encoding="utf-8"), strict=True):
    for cell in row:
        assert cell[:1] not in tuple("=+-@\t\r"), cell
rows = [json.loads(line) for line in open("out.jsonl", encoding="utf-8")]
print({row["Section"] for row in rows} - {"channels", "events", "computers", "providers", "gaps", "logons"})
print([ascii(row["Channel"]) for row in rows if row["Section"] == "channels"])
P
