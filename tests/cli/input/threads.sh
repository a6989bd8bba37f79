# The same bytes with any number of threads, with and without the index, and when hits do not fit into memory.
for format in csv html navigator sarif timesketch ecs jsonl; do
	"$EVTXSCAN" -q -t $format --threads 1 "$SAMPLES" >one
	test -s one || echo 'nothing was found'
	# Behind the hits nothing has threads: one format sees all options.
	case $format in
	jsonl) all='--threads=2 --threads=7 --no-index' ;;
	*) all=--threads=7 ;;
	esac
	for options in $all; do
		"$EVTXSCAN" -q -t $format "$options" "$SAMPLES" >other
		cmp one other && echo "$format $options: same"
	done
done
"$EVTXSCAN" -q -t jsonl --no-confirm "$SAMPLES" | jq -c 'del(.Confirmed)' >unconfirmed
jq -c 'del(.Confirmed)' one | cmp - unconfirmed && echo 'same but for Confirmed'
cat >many.yml <<'Y'
events:
  - time: 2026-11-03T02:14:09Z
    provider: Microsoft-Windows-DNSServer
    channel: Microsoft-Windows-DNSServer/Analytical
    computer: dns${n0000}.corp.example
    event_id: 271
    repeat: 8000
    every: 7ms
    data:
      Zone: zone${n}.example
Y
"$EVTXSCAN" synth many.yml -o many.evtx
"$EVTXSCAN" -q -r "${CASE%/*}/../transfer.yml" --no-confirm -t jsonl --threads 1 many.evtx >one
"$EVTXSCAN" -q -r "${CASE%/*}/../transfer.yml" --no-confirm -t jsonl --threads 5 --memory 1M many.evtx >other
cmp one other && wc -l <other | tr -d ' '
"$EVTXSCAN" --threads 0 x
echo "status $?"
"$EVTXSCAN" --threads many x
echo "status $?"
"$EVTXSCAN" --memory lots x
echo "status $?"
