# -q keeps the account to itself, not what could not be read.
log=$SAMPLES/zone_transfer_success.evtx
cp "$log" twice.evtx
cp "$log" same.evtx
head -c 40000 "$log" >cut.evtx
head -c 5000 /dev/zero >zero.evtx
"$EVTXSCAN" -q -t csv -o hits nowhere zero.evtx cut.evtx twice.evtx same.evtx
echo "status $?"
"$EVTXSCAN" search -q -t csv -o found axfr nowhere cut.evtx
echo "status $?"
"$EVTXSCAN" -q -t csv -o all twice.evtx same.evtx
echo "status $?"
"$EVTXSCAN" -q -t csv twice.evtx | head -n 1 | cut -c 1-20
