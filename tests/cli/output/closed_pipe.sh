# A reader that goes away: status 3 and no word but in the account, no death by signal.
# A stream that is closed from the start is a fault of somebody: a message.
{
	"$EVTXSCAN" -q "$SAMPLES"
	echo $? >status
} | head -n 1 | cut -c 1-20
echo "head $(cat status)"
{
	"$EVTXSCAN" -q "$SAMPLES"
	echo $? >status
} | true
echo "true $(cat status)"
{ "$EVTXSCAN" "$SAMPLES" 2>account; } | true
grep -c 'the results could not all be written' account
# The summary is of all hits, or it is not there.
{
	"$EVTXSCAN" -t jsonl "$SAMPLES" 2>account
} | head -n 1 | cut -c 1-12
sed -n '1p; s/^Hits:.*/Hits: .../p' account
"$EVTXSCAN" -q "$SAMPLES" >&-
echo "closed $?"
# Every command, its reader gone before the first byte.
for command in 'dump samples/port53.evtx' 'search DNS samples/port53.evtx' 'metrics samples/port53.evtx' \
	'verify samples/port53.evtx' 'rules list' 'lint rules' 'test tests/rule_tests' 'explain --coverage samples/port53.evtx' 'explain dns_zone_transfer_refused samples/port53.evtx' \
	'completions bash' 'scan --help' '--version'; do
	rm -f gone
	{
		until [ -e gone ]; do sleep 0.01; done
		# shellcheck disable=SC2086 # words are meant
		(cd "$SAMPLES/.." && "$EVTXSCAN" $command)
		echo $? >status
	} 2>words | {
		exec <&-
		: >gone
	}
	echo "$command: $(cat status), $(wc -c <words) bytes of words"
done
