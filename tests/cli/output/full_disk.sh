# A full disk is noticed, for every format and wherever the results go; no half file stays.
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
cp "${CASE%/*}/../transfer.yml" rule.yml
for format in table csv json jsonl navigator sarif timesketch ecs; do
	"$EVTXSCAN" -q -r rule.yml -t $format log.evtx >/dev/full
	echo "$format $?"
	"$EVTXSCAN" -q -r rule.yml -t $format -o /dev/full log.evtx
	echo "$format $?"
done
"$EVTXSCAN" -r rule.yml -t jsonl log.evtx >/dev/full
echo "status $?"
"$EVTXSCAN" -q -r rule.yml -t jsonl -o /dev/null --ledger /dev/full log.evtx
echo "ledger $?"
"$EVTXSCAN" --help >/dev/full
echo "help $?"
"$EVTXSCAN" rules >/dev/full
echo "rules $?"
"$EVTXSCAN" allowlist init >/dev/full
echo "allowlist $?"
"$EVTXSCAN" synth "$SAMPLES/zone_transfer_success.yml" -o /dev/full
echo "synth $?"
