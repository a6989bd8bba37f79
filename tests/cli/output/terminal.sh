# On a real terminal: table, colours, progress bar; Ctrl-C ends a scan cleanly.
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
cp "${CASE%/*}/../transfer.yml" rule.yml
exec python3 "${CASE%/*}/terminal.py"
