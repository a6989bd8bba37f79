# --min-level leaves lower hits out.
for level in informational low medium high critical; do
	"$EVTXSCAN" -q -t jsonl -m "$level" "$SAMPLES" >"hits.$level"
done
"$EVTXSCAN" -q -t jsonl "$SAMPLES" | cmp - hits.informational && echo 'all'
for level in low medium high critical; do
	jq -r .Level "hits.$level" | sort -u | tr '\n' ' '
	echo
done
