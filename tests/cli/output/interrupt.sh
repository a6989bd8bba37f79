# Ctrl-C: what was found so far is printed, whole, and the account says that it is not all.
cat >many.yml <<'END'
defaults:
  provider: Microsoft-Windows-DNSServer
  channel: Microsoft-Windows-DNSServer/Analytical
  computer: dns1.corp.example
  event_id: 271
events:
  - {time: 2026-11-23T10:00:00Z, repeat: 400000, data: {Destination: 198.51.100.66, RCODE: {uint32: 0}}}
END
"$EVTXSCAN" synth many.yml -o many.evtx
for signal in INT TERM; do
	"$EVTXSCAN" --threads 1 -t jsonl -C -o hits -r "${CASE%/*}/../transfer.yml" many.evtx 2>messages &
	sleep 0.3
	kill -$signal $!
	wait $!
	echo "$signal $?"
	grep -o '^INTERRUPTED, INCOMPLETE: 1 file' messages
	grep -o 'not read to its end: the scan was interrupted' messages
	jq -es 'length > 0 and length < 400000' hits
	find . -name 'hits.*'
done
