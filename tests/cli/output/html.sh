# The report holds what JSONL says of the same hits; its policy names its style and its script; nothing comes from outside.
"$EVTXSCAN" -q -t html "$SAMPLES" >report.html
echo "status $?"
"$EVTXSCAN" -q -t jsonl "$SAMPLES" >hits.jsonl
"$EVTXSCAN" -q -t html -o none.html "$SAMPLES/sysmon22_quiet.evtx" && grep -c 'id="dictionary"' none.html
"$EVTXSCAN" -q -t html --columns Level "$SAMPLES/sysmon22_quiet.evtx" >/dev/null
python3 - <<'P'
import base64, hashlib, json, re
page = open("report.html", encoding="utf-8", newline="").read()
hits = [json.loads(line) for line in open("hits.jsonl", encoding="utf-8")]

def blocks(mark):
    return [json.loads(text) for text in re.findall(f'<script type="application/json" {mark}>(.*?)</script>', page)]

dictionary, = blocks('id="dictionary"')
rows = [row for block in blocks('class="rows"') for row in zip(*[iter(block)] * 10)]
details = [(block, hit) for block in blocks('class="details"') for hit in block["hits"]]
assert len(rows) == len(details) == len(hits) == dictionary["hits"] > 100
clock = 0
correlations = 0
for row, (block, detail), hit in zip(rows, details, hits):
    strings = block["strings"]
    clock += row[0]
    rule = dictionary["rules"][row[2]]
    assert (rule["title"], rule["id"], rule["level"], rule["risk"], rule["tags"]) == (
        hit["RuleTitle"], hit["RuleID"], hit["Level"], hit["RiskScore"], hit["Tags"])
    texts = dictionary["texts"]
    assert (texts[row[3]], texts[row[4]], row[5], row[6]) == (
        hit["Computer"], hit["Channel"], hit["EventID"], hit["RecordID"])
    assert dictionary["files"][row[7]] == [hit["EvtxFile"], hit["Evidence"]["FileSHA256"]]
    assert ("off", "yes", "differs", "unreadable")[row[8]] == hit["Confirmed"] and texts[row[9]] == ""
    # 100 ns units since 1601 as the time of day: milliseconds and what is left of them
    ms, ticks = clock % 86400000, row[1]
    clocks = f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}{ticks:04}Z"
    assert hit["Timestamp"][11:] == clocks, (hit["Timestamp"], clocks)
    assert strings[detail[1]] == hit["Provider"] and detail[4:6] == [hit["Evidence"]["Chunk"], hit["Evidence"]["Offset"]]
    pairs = [(strings[detail[8 + 2 * n]], strings[detail[9 + 2 * n]]) for n in range(detail[7])]
    flat = [(name, value) for name, values in hit["Details"].items()
            for value in (values if isinstance(values, list) else [values])]
    assert sorted(pairs) == sorted(flat), (pairs, flat)
    correlations += "Correlation" in hit
    assert ("Correlation" in hit) == isinstance(detail[-1], dict) == rule["correlation"]
    assert (detail[0] < 0) == ("Correlation" in hit)
print("hits as in JSONL,", "some" if correlations else "no", "correlations")

policy = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', page).group(1)
for what, text in (("style", re.search("<style>(.*?)</style>", page, re.S).group(1)),
                   ("script", re.search('<script type="module">(.*?)</script>', page, re.S).group(1))):
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert f"{what}-src 'sha256-{digest}';" in policy, policy
print(re.sub("sha256-[^']*", "sha256-...", policy))
print(sorted(set(re.findall(r"<(?:link|img|iframe|object|embed|base)\b", page))), re.findall(r'\b(?:src|href|action)="[^"]*"', page))
P
