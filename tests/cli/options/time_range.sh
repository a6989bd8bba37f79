# --from and --to hold both ends, in UTC; a day alone is the whole day.
cp "${CASE%/*}/../transfer.yml" rule.yml
log=$SAMPLES/zone_transfer_success.evtx
range() {
	echo "$*: $("$EVTXSCAN" -q -r rule.yml -t jsonl "$@" "$log" | jq -r .RecordID | tr '\n' ' ')"
}
range
range --from 2026-11-03T02:14:09.7340981Z
range --from 2026-11-03T02:14:09.7340982Z
range --to 2026-11-03T02:14:41.2291377Z
range --to 2026-11-03T02:14:41.2291376Z
range --from 2026-11-03T03:14:10+01:00 --to 2026-11-03T03:15:00+01:00
range --from 2026-11-03 --to 2026-11-03
range --to 2026-11-02
range --from 2026-11-04
