# A negative integer is read wrong by libevtx: listed, explained, status 0.
cat >e.yml <<'END'
events:
  - {provider: p, event_id: 1, time: 2024-05-06T07:08:09Z, channel: c, computer: h,
     record_id: 1, data: {a: {int32: -3}, b: same}}
END
"$EVTXSCAN" synth e.yml -o log.evtx || exit 9
"$EVTXSCAN" verify log.evtx | sed 's/, [0-9]* records and [0-9]* fields/, N records and M fields/'
"$EVTXSCAN" verify -q log.evtx | wc -l | tr -d ' '
"$EVTXSCAN" verify -t jsonl log.evtx | jq -c '[.Field, .Native, .Libevtx, .ExplainedBy, .Explained]'
