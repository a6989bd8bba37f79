# Names with blanks, a line end, control characters and bytes that are no UTF-8.
mkdir logs
log=$SAMPLES/zone_transfer_success.evtx
cp "$log" "logs/two words.evtx"
cp "$log" "logs/line
end.evtx"
cp "$log" "logs/$(printf 'esc\033[31m').evtx"
cp "$log" "logs/$(printf 'latin\351').evtx"
: >"logs/$(printf 'empty\033]0;x\007').evtx"
for format in table csv jsonl; do
	"$EVTXSCAN" --keep-duplicates -r "${CASE%/*}/../transfer.yml" -t $format logs >out.$format 2>messages
	echo "$format $?"
	iconv -f UTF-8 -t UTF-8 out.$format messages >/dev/null || echo "$format: not UTF-8"
	tr -d '\n\r\040-\176\200-\377' <out.$format | wc -c | tr -d ' '
	tr -d '\n\040-\176\200-\377' <messages | wc -c | tr -d ' '
done
jq -r '.EvtxFile | tojson' out.jsonl | sort -u
grep UNREADABLE messages
