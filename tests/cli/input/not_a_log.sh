# An empty file and a text file named .evtx: each with its reason, the rest is scanned.
mkdir logs
cp "$SAMPLES/zone_transfer_success.evtx" logs/good.evtx
: >logs/empty.evtx
echo 'just words' >logs/text.evtx
echo 'not asked for' >logs/notes.txt
"$EVTXSCAN" -r "${CASE%/*}/../transfer.yml" -t jsonl logs >hits
echo "status $?"
jq -r .RecordID hits
