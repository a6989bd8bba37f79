# Zones by name, from the database of zones; in the sandbox, where no file can be opened, the rules are there.
if [ ! -e /usr/share/zoneinfo/Europe/Berlin ]; then
	echo 'skipped: there is no database of time zones (tzdata)' >&2
	cat "$CASE.stdout"
	exit 0
fi
log=$SAMPLES/zone_transfer_success.evtx
shown() {
	echo "$*: $("$EVTXSCAN" -q -t csv --columns Timestamp --min-level high "$@" "$log" | tail -n 1)"
}
shown --timezone Europe/Berlin
shown --timezone=Asia/Kolkata --no-sandbox
shown --from 2026-11-03T03:14:41 --timezone Europe/Berlin
shown --timezone Europe/Berlin --to 2026-11-03T02:14:41
shown --timezone Etc/UTC
shown --timezone uTc
shown --local
TZ=America/Argentina/Buenos_Aires shown --timezone local
# Summer and winter: threads, the sandbox, the summary by hours of the zone.
"$EVTXSCAN" synth "$CASE.yml" -o year.evtx
"$EVTXSCAN" -t table --threads 4 -r "${CASE%/*}/../transfer.yml" --timezone America/Argentina/Buenos_Aires year.evtx 2>&1 | head -n 6
"$EVTXSCAN" -t table --threads 4 -r "${CASE%/*}/../transfer.yml" --timezone Europe/Berlin year.evtx 2>&1
