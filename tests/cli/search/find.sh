# Text, expressions, fields and detections find what an independent look at dump's records finds.
"$EVTXSCAN" synth "${CASE%/*}/../hostile/hostile.yml" -o hostile.evtx
"$EVTXSCAN" dump "$SAMPLES" hostile.evtx >all
cat >count.py <<'END'
import json, re, sys
def values(node):
    if isinstance(node, dict):
        for value in node.values():
            yield from values(value)
    elif isinstance(node, list):
        for value in node:
            yield from values(value)
    elif node is not None:
        yield str(node)
kind, what = sys.argv[1:]
records = [json.loads(line)["Event"] for line in open("all", encoding="utf-8")]
if kind == "text":
    print(sum(any(what.lower() in value.lower() for value in values(record)) for record in records))
elif kind == "regex":
    print(sum(any(re.search(what, value) for value in values(record)) for record in records))
else:
    print(sum(bool(eval(what, {"data": record.get("EventData") or {}, "system": record["System"]})) for record in records))
END
# same KIND WHAT ARGUMENTS...
same() {
	wanted=$(python3 count.py "$1" "$2")
	shift 2
	found=$("$EVTXSCAN" search -q -t jsonl "$@" "$SAMPLES" hostile.evtx | wc -l | tr -d ' ')
	[ "$wanted" -gt 0 ] && [ "$found" = "$wanted" ] && echo "same: $*" || echo "$found, not $wanted: $*"
}
same text axfr AXFR
same text 'C:\Tools\d' 'C:\Tools\d'
same text '*cmd' -k '*cmd'
same text "|' /C" -k "|' /C"
same regex '\bdig\.exe\b' --regex '\bdig\.exe\b'
same regex '(?i)ZONEtransfer' --regex ZONEtransfer -i
same field '"axfr" in data.get("CommandLine", "").lower()' -w 'CommandLine|contains: axfr'
same field '"axfr" in data.get("CommandLine", "").lower() and system["EventID"] == 4688' \
	-w 'CommandLine|contains: axfr' -w 'EventID: 4688'
same field 'system["EventID"] in (4688, 271)' -w 'EventID: [4688, 271]'
same field '"axfr" in data.get("CommandLine", "").lower() and "cmd" not in data.get("CommandLine", "")' \
	--detection '{a: {CommandLine|contains: axfr}, b: {CommandLine|contains: cmd}, condition: a and not b}'
same field 'system["EventID"] == 4688 and "dig" in str(data).lower()' -w 'EventID: 4688' -k dig
# Any of the texts and expressions, each condition; both readers, with and without the index.
for more in '' '--no-index' '--reader libevtx' '--threads 3'; do
	# shellcheck disable=SC2086 # one option or two words
	"$EVTXSCAN" search -q -t csv $more -k axfr --regex 'nslookup.*any' -w 'EventID: [1, 4688]' "$SAMPLES" | cksum
done | sort -u | wc -l | tr -d ' '
