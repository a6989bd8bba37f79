# -o writes a whole file or none, and overwrites only with -C.
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
cp "${CASE%/*}/../transfer.yml" rule.yml
echo 'mine' >out.csv
"$EVTXSCAN" -q -r rule.yml -t csv -o out.csv log.evtx
echo "exists $?"
cat out.csv
"$EVTXSCAN" -q -r rule.yml -t csv -C -o out.csv log.evtx
echo "clobber $?"
"$EVTXSCAN" -q -r rule.yml -t csv log.evtx | cmp - out.csv && echo 'same as standard output'
"$EVTXSCAN" -q -r rule.yml -t csv -o - log.evtx | cmp - out.csv && echo 'same as -o -'
"$EVTXSCAN" -q -r rule.yml -o nowhere/out.csv log.evtx
echo "no folder $?"
echo '{}' >ledger.json
"$EVTXSCAN" -q -r rule.yml -o new.csv --ledger ledger.json log.evtx
echo "ledger exists $?"
ls
