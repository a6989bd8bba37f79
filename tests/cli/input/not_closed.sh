# A log that was copied while in use: behind the free-space offset of its last chunk are ten records
# more, which libevtx does not list. Asked for each record alone it reads them too.
"$EVTXSCAN" synth "${CASE%/*}/../integrity/log.yml" -o log || exit 9
python3 -B "${CASE%/*}/../integrity/edit.py" stale log stale.evtx || exit 8
tar -cf stale.tar stale.evtx
for log in stale.evtx stale.tar; do
	for reader in native libevtx; do
		for command in 'scan -t csv --no-confirm' dump 'search .' metrics; do
			sh -c "\"\$EVTXSCAN\" $command --reader $reader $log" >out 2>err
			echo "$log, $reader, $command: status $?"
			grep -i 'complete:\|^  ' err
		done
	done
done
"$EVTXSCAN" dump stale.evtx >native
"$EVTXSCAN" dump --reader libevtx stale.evtx | cmp - native
"$EVTXSCAN" verify stale.evtx | grep -i 'alone\|verified'
