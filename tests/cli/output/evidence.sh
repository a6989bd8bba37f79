# A log that is scanned is never overwritten by its own results, not even with -C.
mkdir logs
cp "$SAMPLES/zone_transfer_success.evtx" logs/log.evtx
ln -s logs/log.evtx alias
"$EVTXSCAN" -q -C -o logs/log.evtx logs
echo "status $?"
"$EVTXSCAN" -q -C -o /dev/null --ledger alias logs
echo "status $?"
cmp "$SAMPLES/zone_transfer_success.evtx" logs/log.evtx && ls logs
"$EVTXSCAN" -q -o same --ledger same logs
echo "status $?"
ls
