# What metrics finds in one file is a hint too: security.yml tells what happened.
"$EVTXSCAN" synth "${CASE%/cli/*}/cli/metrics/security.yml" -o log.evtx || exit 9
"$EVTXSCAN" -q -t csv --ledger ledger.json log.evtx >hits
jq -r '.Files[].Integrity.Hints[] | "\(.Kind) \(.Count): \(.Text)"' ledger.json
# A log in which several things are wrong says each once.
"$EVTXSCAN" synth "${CASE%/*}/log.yml" -o whole.evtx || exit 8
python3 -B "${CASE%/*}/edit.py" chunk_header whole.evtx one.evtx &&
	python3 -B "${CASE%/*}/edit.py" chunk_data one.evtx two.evtx || exit 7
"$EVTXSCAN" -q -t csv -C --ledger ledger.json two.evtx >hits
jq -r '.Files[].Integrity | .ChunkHeaderChecksums.Bad, .RecordChecksums.Bad, .Hints[].Text' ledger.json
