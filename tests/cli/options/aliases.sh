# Words of Hayabusa and Chainsaw mean what ours mean.
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
log=log.evtx
# same OURS -- THEIRS
same() {
	ours=
	while [ "$1" != -- ]; do
		ours="$ours $1"
		shift
	done
	shift
	# shellcheck disable=SC2086 # words without blanks
	"$EVTXSCAN" $ours "$log" >by.ours
	"$EVTXSCAN" "$@" >by.theirs && cmp by.ours by.theirs && [ -s by.ours ] && echo "same: $*"
}
same -q -t csv -- csv-timeline -q -w -U -f "$log"
same -q -t json -- json-timeline -q --no-wizard --file "$log"
same -q -t jsonl -- hunt -q --jsonl -s builtin --skip-errors "$log"
same -q -t jsonl --from 2026-11-03T02:14:10Z --event-id 271 -- -q --jsonl --timeline-start 2026-11-03T02:14:10Z --include-eid 271 -d "$log"
same -q -t csv --to 2026-11-03T02:14:10Z --exclude-event-id 270 -- dfir-timeline -q --csv --timeline-end=2026-11-03T02:14:10Z --exclude-eid=270 "--file=$log"
same -q -t csv --tag 'attack.t1590*' --status test --threads 2 -- -q --csv --include-tag 'attack.t1590*' --include-status test --num-threads 2 "$log"
same metrics -q --only events -- eid-metrics -q "$log"
same metrics -q --only channels -- log-metrics -q "$log"
same metrics -q --only computers -- computer-metrics -q "$log"
"$EVTXSCAN" metrics -q --only logons "$log" >ours
"$EVTXSCAN" logon-summary -q "$log" | cmp - ours && echo 'same: logon-summary'
# They are no options of other commands, and words behind -- stay as they are.
"$EVTXSCAN" dump --csv "$log"
"$EVTXSCAN" -q -t csv -- -f >nothing
echo "status $?"
