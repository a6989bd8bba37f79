# Results have the rights that the umask gives to new files, or those of the file that
# they overwrite.
scan() {
	(umask $mask && "$EVTXSCAN" -q -C -t csv -o hits --ledger ledger "$SAMPLES/zone_transfer_success.evtx")
	stat -c "%a %n" hits ledger
}
for mask in 022 077 002; do
	rm -f hits ledger
	scan
done
mask=022
chmod 600 hits
chmod 4755 ledger
scan
