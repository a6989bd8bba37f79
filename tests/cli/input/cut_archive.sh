# Of a log in a damaged archive everything before the damage is read; a chunk that is not there is no record.
cat >many.yml <<'Y'
events:
  - {provider: p, channel: Application, computer: h, event_id: 1, time: 2026-11-03T02:14:09Z, repeat: 2000, data: {a: b}}
Y
"$EVTXSCAN" synth many.yml -o many.evtx
cp "$SAMPLES/port53.evtx" few.evtx
tar -cf few.tar few.evtx
tar -cf many.tar many.evtx
head -c 28976 few.tar >few_cut.tar
head -c 150000 many.tar >many_cut.tar
for log in few many; do
	"$EVTXSCAN" -t csv -o /dev/null --ledger ledger.json -C ${log}_cut.tar
	jq -c '.Files[] | [.State, .RecordsRead, .RecordsFailed, .Chunks, .ChunksFailed, .Reasons]' ledger.json
done
