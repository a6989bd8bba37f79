# --timezone: times that are shown have the offset of the zone, and times that are given are its own.
# The zone needs no database of zones; cases of options/timezone_named do.
TZ=CET-1CEST,M3.5.0,M10.5.0/3
export TZ
log=$SAMPLES/zone_transfer_success.evtx
scan() {
	"$EVTXSCAN" -q --timezone local "$@"
}
echo '# what is shown'
"$EVTXSCAN" -t table --min-level high --timezone local --from 2026-11-03T03:14 --to 2026-11-03 "$log" 2>&1
scan -t list "$SAMPLES" | sed -n '1p; /window/{N;p;}' | head -n 3
scan -t csv --columns Timestamp,datetime,RecordID "$log"
scan -t json --columns Timestamp,datetime "$log" | head -n 2
scan -t jsonl "$SAMPLES" | jq -c 'select(.Correlation) | [.Timestamp, .Correlation.First, .Correlation.Trigger,
	.Correlation.Last, .Correlation.Records[0].Timestamp]' | head -n 1
"$EVTXSCAN" search -q -t csv --columns Timestamp --timezone +05:30 'corp.example axfr' "$SAMPLES/tools_sysmon_22.evtx"
"$EVTXSCAN" search -q -t table --timezone -0530 'corp.example axfr' "$SAMPLES/tools_sysmon_22.evtx"
"$EVTXSCAN" metrics -q --timezone local --only channels "$log"
"$EVTXSCAN" metrics -q --timezone local --only channels -t csv "$log"
"$EVTXSCAN" metrics -q --timezone local --only channels -t jsonl "$log" | jq -c '[.First, .Last]'
"$EVTXSCAN" explain --timezone local dns_zone_transfer_given "$log" 2>&1 | grep -E '^[0-9]{4}-' | head -n 1
echo '# what is UTC all the same'
for format in navigator sarif timesketch ecs; do
	"$EVTXSCAN" -q -t $format "$SAMPLES" >utc
	scan -t $format "$SAMPLES" | cmp - utc && echo "$format"
done
"$EVTXSCAN" dump "$log" >utc
"$EVTXSCAN" dump --timezone local "$log" | cmp - utc && echo dump
"$EVTXSCAN" -q --ledger utc.json --from 2026-11-03T02:14:00 "$log" >utc
scan --ledger local.json --from 2026-11-03T03:14:00 "$log" >local
cmp local.json utc.json && echo ledger
echo '# the order is that of time: clocks go back from 03:00 to 02:00'
"$EVTXSCAN" synth "$CASE.yml" -o night.evtx
scan -r "${CASE%/*}/../transfer.yml" -t csv --columns Timestamp,RecordID night.evtx
range() {
	echo "$*: $(scan -r "${CASE%/*}/../transfer.yml" -t jsonl "$@" night.evtx | jq -r .RecordID | tr '\n' ' ')"
}
range --from 2026-10-25T02:30:00
range --to 2026-10-25T02:30:00
range --from 2026-10-25T03:00:00
range --from 2026-10-25T02:30:00+01:00
range --from 2026-10-25 --to 2026-10-25
range --from 2026-10-26
range --last 1h --to 2026-10-25T02:30:00
echo '# an entry for the allowlist'
scan -t jsonl --min-level high "$log" >hits
"$EVTXSCAN" -q -t jsonl --min-level high "$log" >utc
"$EVTXSCAN" allowlist add --from hits --hit 1 >entry 2>&1
"$EVTXSCAN" allowlist add --from utc --hit 1 2>&1 | sed s/utc/hits/ | cmp - entry && echo same
