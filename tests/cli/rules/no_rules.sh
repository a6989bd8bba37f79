# A rule path that is not there, or holds no rules, is an error: nobody wants a scan without rules.
mkdir empty
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
"$EVTXSCAN" -r nowhere log.evtx
echo "status $?"
"$EVTXSCAN" -r empty log.evtx
echo "status $?"
