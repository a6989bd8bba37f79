# The account names the hints of 20 files and how many more there are; names come out harmless.
"$EVTXSCAN" synth "${CASE%/*}/log.yml" -o log || exit 9
python3 -B "${CASE%/*}/edit.py" next_record log next || exit 8
mkdir logs
for name in a b c d e f g h i j k l m n o p q r s t u v; do
	cp next logs/$name.evtx
done
cat >odd.yml <<'YML'
defaults: {provider: P, computer: C, channel: "Sec\e[31murity", event_id: 1}
events:
  - {record_id: 1, time: 2026-11-03T08:00:00Z}
  - {record_id: 2, time: 2026-11-03T07:00:00Z}
YML
"$EVTXSCAN" synth odd.yml -o logs/.evtx || exit 7
"$EVTXSCAN" -t csv --keep-duplicates --ledger ledger.json logs 2>messages >hits
echo "status $?"
sed -n '/Hints/,/Rules/p' messages
