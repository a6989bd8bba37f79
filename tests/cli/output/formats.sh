# JSONL for jq, JSON as one array, CSV for a strict parser: the same hits in all, and the columns of the README.
"$EVTXSCAN" -q -t jsonl "$SAMPLES" >hits.jsonl
"$EVTXSCAN" -q -t json "$SAMPLES" >hits.json
"$EVTXSCAN" -q -t csv "$SAMPLES" >hits.csv
"$EVTXSCAN" -q -t csv "$SAMPLES/sysmon22_quiet.evtx" >none.csv
"$EVTXSCAN" -q -t json "$SAMPLES/sysmon22_quiet.evtx" | jq -c .
jq -ce . hits.jsonl >lines
jq -ce '.[]' hits.json | cmp - lines && echo 'json is jsonl'
jq -es 'all(.[]; (.EventID | type) == "number" and (.RecordID | type) == "number"
	and (.Details | type) == "object" and (.Evidence.FileSHA256 | length) == 64)' hits.jsonl
python3 - <<'P'
import csv, io, json
raw = open("hits.csv", newline="", encoding="utf-8").read()
rows = list(csv.DictReader(io.StringIO(raw), strict=True))
hits = [json.loads(line) for line in open("hits.jsonl", encoding="utf-8")]
print(",".join(rows[0]))
assert len(rows) == len(hits) > 100 and raw.count("\r\n") == raw.count("\n") == len(rows) + 1
for row, hit in zip(rows, hits):
    assert None not in row and None not in row.values()
    for name in ("Timestamp", "RuleTitle", "RuleID", "Level", "Computer", "Channel", "EvtxFile"):
        assert row[name] == hit[name], (name, row, hit)
    assert row["EventID"] in (str(hit["EventID"]), "") and row["RiskScore"] == str(hit["RiskScore"])
times = [row["Timestamp"] for row in rows]
assert times == sorted(times)
head = open("none.csv", newline="", encoding="utf-8").read()
assert head == raw.split("\n")[0] + "\n"
P
