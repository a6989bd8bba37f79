# --fail-on: 1 when reached, 0 when not, and 1 wins over 3.
log=$SAMPLES/zone_transfer_success.evtx
cp "${CASE%/*}/../transfer.yml" rule.yml
for level in informational medium high critical; do
	"$EVTXSCAN" -q -r rule.yml --fail-on $level -o /dev/null "$log"
	echo "$level $?"
done
"$EVTXSCAN" -q -r rule.yml --fail-on high -o /dev/null nowhere.evtx "$log"
echo "reached, incomplete $?"
"$EVTXSCAN" -q -r rule.yml --fail-on critical -o /dev/null nowhere.evtx "$log"
echo "not reached, incomplete $?"
"$EVTXSCAN" -q -r rule.yml --fail-on high --from 2030-01-01 -o /dev/null "$log"
echo "out of the time range $?"
"$EVTXSCAN" -q -r rule.yml --fail-on high "$log" >/dev/full
echo "reached, not written $?"
