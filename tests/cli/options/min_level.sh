# --min-level leaves lower hits out.
for level in informational low medium high critical; do
	"$EVTXSCAN" -q -t jsonl -m $level "$SAMPLES" >$level
done
"$EVTXSCAN" -q -t jsonl "$SAMPLES" | cmp - informational && echo 'all'
for level in low medium high critical; do
	jq -r .Level $level | sort -u | tr '\n' ' '
	echo
done
