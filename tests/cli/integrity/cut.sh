# A closed log that was cut between chunks is not called whole, by any command or reader: its
# header counts chunks that are gone.
"$EVTXSCAN" synth "${CASE%/*}/log.yml" -o log.evtx || exit 9
mkdir cut
head -c $((4096 + 65536)) log.evtx >cut/one.evtx
head -c 4096 log.evtx >cut/none.evtx
# As long as before, but its last chunk is zeros.
cp log.evtx cut/zeros.evtx
dd if=/dev/zero of=cut/zeros.evtx bs=4096 seek=33 count=16 conv=notrunc 2>/dev/null
tar -cf cut.tar cut
# Of a log that was not closed the header is of some earlier moment: it may count less.
cp log.evtx dirty.evtx
printf '\001' | dd of=dirty.evtx bs=1 seek=120 conv=notrunc 2>/dev/null
"$EVTXSCAN" -t csv -o hits.csv cut 2>&1 | grep -A 3 COMPLETE
for what in 'scan -t csv' 'scan -t csv --reader libevtx' 'search .' dump 'dump --reader libevtx' metrics \
	'explain 5310cc1a-464c-403b-8269-20e0e3d44955' 'explain --coverage' verify; do
	for log in cut/one.evtx cut/none.evtx cut/zeros.evtx cut.tar log.evtx dirty.evtx; do
		sh -c "\"\$EVTXSCAN\" $what $log" >out 2>&1
		printf '%s, ' "$what $log: $?"
		grep -c 'cut short' out
	done
done
"$EVTXSCAN" verify cut/one.evtx 2>/dev/null | tail -n 7
