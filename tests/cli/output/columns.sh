# Columns by name and by profile: CSV and JSON agree, and AllFieldInfo is what dump shows.
run() {
	"$EVTXSCAN" -q -t csv "$@" "$SAMPLES/tools_sysmon_22.evtx" >hits.csv
	"$EVTXSCAN" -q -t jsonl "$@" "$SAMPLES/tools_sysmon_22.evtx" >hits.jsonl
	python3 - "$@" <<'END'
import csv, json, sys
with open("hits.csv", encoding="utf-8", newline="") as file:
    head, *rows = csv.reader(file)
with open("hits.jsonl", encoding="utf-8") as file:
    hits = [json.loads(line) for line in file]
same = all(list(hit) == head for hit in hits) and len(rows) == len(hits) > 0
print(*sys.argv[1:], "same" if same else "DIFFERENT", len(hits))
print(" ", *head)
END
}
for profile in minimal standard verbose all-field-info all-field-info-verbose super-verbose \
	timesketch-minimal timesketch-verbose; do
	run -p $profile
done
run --columns level,TimeStamp,AllFieldInfo,RecordID
"$EVTXSCAN" dump "$SAMPLES/tools_sysmon_22.evtx" | jq -c '.Event | [.System.EventRecordID,
	(.EventData | to_entries | map([.key, (.value | tostring)]))]' | sort -u >dumped
jq -c '[.RecordID, (.AllFieldInfo | to_entries | map([.key, .value]))]' hits.jsonl | sort -u >shown
comm -13 dumped shown
wc -l <shown | tr -d ' '
"$EVTXSCAN" -q --columns Timestamp,EventID "$SAMPLES/tools_sysmon_22.evtx" | head -n 1
"$EVTXSCAN" --columns Nothing "$SAMPLES"
"$EVTXSCAN" -p most "$SAMPLES"
"$EVTXSCAN" -p minimal -t table "$SAMPLES"
for twice in '--columns Timestamp,Level,timestamp' '--columns Level -p minimal' '-p minimal --columns Level'; do
	# shellcheck disable=SC2086 # words are meant
	"$EVTXSCAN" -q $twice "$SAMPLES"
	echo "status $?"
done
