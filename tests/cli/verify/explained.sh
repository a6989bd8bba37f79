# A negative integer is read wrong by libevtx: listed, explained, status 0; the hash is that of others.
cat >e.yml <<'END'
events:
  - {provider: p, event_id: 1, time: 2024-05-06T07:08:09Z, channel: c, computer: h,
     record_id: 1, data: {a: {int32: -3}, b: same}}
END
version="s/$("$EVTXSCAN" --version | cut -d ' ' -f 2)/VERSION/"
"$EVTXSCAN" synth e.yml -o log.evtx || exit 9
"$EVTXSCAN" verify log.evtx | sed "s/$(sha256sum <log.evtx | cut -c 1-64)/the SHA-256/; $version"
"$EVTXSCAN" verify -q log.evtx
"$EVTXSCAN" verify -t jsonl log.evtx | jq -c 'del(.Integrity, .SHA256)' | sed "$version"
"$EVTXSCAN" verify -q -t jsonl log.evtx | jq -c .Explanations
