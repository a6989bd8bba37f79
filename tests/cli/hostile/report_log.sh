# The log and rules of the browser's test, whose every text tries to leave its place: as harmless in a terminal and a
# spreadsheet as in the report.
browser=${CASE%/cli/*}/browser
python3 - "$browser/hostile.yml" >log.yml <<'P'
import sys
print(open(sys.argv[1], encoding="utf-8").read().replace("@LONG@", "<b>A&" * 5800))
P
"$EVTXSCAN" synth log.yml -o log.evtx || exit 1
for format in table list csv jsonl json; do
	COLUMNS=100 "$EVTXSCAN" -q -r "$browser/hostile_rules.yml" -t $format log.evtx >out.$format
	echo "$format $?"
done
python3 - <<'P'
import csv, json, unicodedata
PLAIN = {"table": "\n", "list": "\n", "csv": "\r\n", "jsonl": "\n", "json": "\n"}
for name, ends in PLAIN.items():
    text = open("out." + name, newline="", encoding="utf-8", errors="strict").read()
    bad = {hex(ord(c)) for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") and c not in ends}
    if name not in ("table", "list"):  # for programs, which get what the log has but for control characters
        bad = {c for c in bad if int(c, 16) < 0xa0}
    print(name, "what a terminal would obey:", sorted(bad) or "nothing")
rows = list(csv.reader(open("out.csv", newline="", encoding="utf-8"), strict=True))
print("csv:", len(rows), "rows of", {len(row) for row in rows}, "cells")
for row in rows:
    for cell in row:
        assert cell[:1] not in tuple("=+-@\t\r\n"), cell
lines = [json.loads(line) for line in open("out.jsonl", encoding="utf-8")]
assert lines == json.load(open("out.json", encoding="utf-8"))
print("jsonl:", len(lines), "hits", {hit["EventID"] for hit in lines})
P
head -n 12 out.table
