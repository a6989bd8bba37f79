# Results have the rights that the umask gives to new files.
for mask in 022 077 002; do
	(umask $mask && "$EVTXSCAN" -q -C -t csv -o hits --ledger ledger "$SAMPLES/zone_transfer_success.evtx")
	stat -c "%a %n" hits ledger
done
