# A wrong description: path:line:col, what is wrong, and no log.
try() {
	cat >events.yml
	"$EVTXSCAN" synth events.yml -o out.evtx
	echo "status $?"
	test ! -e out.evtx || echo 'a log was written'
}
try <<'Y'
events:
  - [broken
Y
try <<'Y'
events:
  - provider: Test
    computer: pc1
    channel: Test
    event_id: lots
    time: 2026-11-03T02:14:09Z
Y
try <<'Y'
events:
  - provider: Test
    computer: pc1
    channel: Test
    event_id: 1
    time: soon
Y
try <<'Y'
events:
  - provider: Test
    computer: pc1
    channel: Test
    event_id: 1
    time: 2026-11-03T02:14:09Z
    data:
      Count: {uint99: 1}
Y
try <<'Y'
events:
  - use: nowhere
    time: 2026-11-03T02:14:09Z
Y
try <<'Y'
events:
  - provider: Test
    computer: pc1
    channel: Test
    event_id: 1
    time: 2026-11-03T02:14:09Z
    data:
      Count: {uint8: 256}
Y
"$EVTXSCAN" synth nowhere.yml -o out.evtx
echo "status $?"
