# A reader that goes away: a message and status 3, no death by signal.
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
"$EVTXSCAN" -q "$SAMPLES" >&-
echo "closed $?"
