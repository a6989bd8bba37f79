# Large numbers are grouped as in the account of a scan; columns are plain.
cat >events.yml <<'Y'
defaults: {provider: P, channel: Application, computer: H, event_id: 7, time: 2026-11-12T09:00:01Z}
events: [{repeat: 1234, every: 1s}]
Y
"$EVTXSCAN" synth events.yml -o log.evtx || exit 1
"$EVTXSCAN" metrics --only events log.evtx
"$EVTXSCAN" metrics -q --only events -t csv log.evtx | cut -d, -f1-4
