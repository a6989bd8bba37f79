# For programs, what could not be read has its reason, and the whole is not verified.
printf 'no log' >text.evtx
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
"$EVTXSCAN" verify -t jsonl log.evtx text.evtx missing.evtx 2>messages | jq -c '[.File, .NotRead, .Records, .Verified, .UnreadableFiles]'
"$EVTXSCAN" verify -q -t jsonl text.evtx 2>messages | jq -c .Verified
"$EVTXSCAN" verify
echo "status $?"
# Names cannot forge lines of the statement.
cp log.evtx "$(printf 'a\nVERIFIED: all\033[2J.evtx')"
"$EVTXSCAN" verify a* | grep -c '^VERIFIED'
"$EVTXSCAN" verify a* | tr -d '\n -~' | wc -c | tr -d ' '
