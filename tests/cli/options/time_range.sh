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
# What can hold no event, or says two things, is refused.
range --from 2026-11-04 --to 2026-11-03
range --from 2026-11-03T02:14:41.2291377Z --to 2026-11-03T02:14:41.2291377Z
range --from 2026-11-03T03:14:10Z --to 2026-11-03T03:15:00+01:00
range --last 30d --from 2026-11-03
range --last 30d --to 2026-11-20
# A record whose time cannot be read is before any --from, which the account tells.
python3 - "$log" <<'P'
import struct, sys
log = bytearray(open(sys.argv[1], "rb").read())
at = 4096 + 512
while log[at + 8:at + 16] != struct.pack("<Q", 4):
    at += struct.unpack_from("<I", log, at + 4)[0]
at = log.index(log[at + 16:at + 24], at + 24)
log[at:at + 8] = bytes(8)
open("no_time.evtx", "wb").write(log)
P
without_time() {
	"$EVTXSCAN" -r rule.yml -t csv --columns RecordID --ledger ledger.json -C "$@" no_time.evtx 2>&1 |
		grep -E '^[0-9]|looked'
	jq .RecordsWithoutTime ledger.json
}
without_time --from 2026-01-01
without_time --to 2027-01-01
without_time --from 2026-01-01 --event-id 1
