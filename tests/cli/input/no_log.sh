# A folder or archive that was named and holds no log is no complete scan of nothing.
mkdir folder
echo notes >folder/notes.txt
python3 -m zipfile -c notes.zip folder/notes.txt
for path in folder notes.zip; do
	for command in scan 'search axfr' dump verify metrics 'explain --coverage'; do
		echo "-- $command $path"
		# shellcheck disable=SC2086 # words are meant
		"$EVTXSCAN" $command $path >out 2>said
		echo "status $?"
		grep 'no event log' said
	done
done
"$EVTXSCAN" -t csv -o hits folder "$SAMPLES/monitoring.evtx" 2>said
echo "status $?"
sed -n '/^INCOMPLETE/,/folder/p' said
