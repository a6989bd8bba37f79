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
"$EVTXSCAN" -q "$SAMPLES" >&-
echo "closed $?"
