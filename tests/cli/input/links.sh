# A log that is reached twice counts once; a link to nowhere is reported.
mkdir -p logs/deep
cp "$SAMPLES/zone_transfer_success.evtx" logs/a.evtx
ln -s ../a.evtx logs/deep/again.evtx
ln -s .. logs/deep/loop
ln -s nowhere logs/lost.evtx
"$EVTXSCAN" -r "${CASE%/*}/../transfer.yml" -t jsonl logs >hits
echo "status $?"
wc -l <hits | tr -d ' '
