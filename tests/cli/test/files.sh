# Test files: what passes, and each way to fail.
cat >head.yml <<'END'
defaults:
  provider: Microsoft-Windows-DNSServer
  channel: Microsoft-Windows-DNSServer/Analytical
  computer: dns1.corp.example
  event_id: 270
  time: 2026-11-23T10:00:00Z
  data: {Source: {ansi: 198.51.100.66}, QNAME: {ansi: corp.example.}}
END
cat >rule.yml <<'END'
title: Any Transfer
id: 00000000-0000-4000-8000-000000000001
name: any_transfer
logsource: {product: windows, service: dns-server-analytic}
detection: {sel: {EventID: [270, 271]}, condition: sel}
END

# doc NAME: the rest of a test with three events on standard input
doc() {
	[ ! -s tests.yml ] || echo '---' >>tests.yml
	{
		echo "name: $1"
		cat head.yml
		echo 'events: [{repeat: 3, every: 1s}]'
		cat
	} >>tests.yml
}
doc 'by id, name and title' <<'END'
rules: rule.yml
expect:
  - {rule: 00000000-0000-4000-8000-000000000001, count: 3}
  - {rule: any_transfer, records: [3, 1, 2]}
  - rule: Any Transfer
END
doc 'the pack is the default' <<'END'
expect: [{rule: dns_zone_transfer_requested, count: 3, suppressed: 0}]
END
doc 'two sets of rules' <<'END'
rules: [builtin, rule.yml]
expect: [{rule: any_transfer, count: 3}, {rule: dns_zone_transfer_requested, count: 3}]
exact: true
END
doc 'wrong count' <<'END'
expect: [{rule: dns_zone_transfer_requested, count: 2}]
END
doc 'wrong records' <<'END'
expect: [{rule: dns_zone_transfer_requested, records: [1, 2, 4]}]
END
doc 'silent rule' <<'END'
expect: [{rule: DNS Zone Transfer Refused}]
END
doc 'nothing is suppressed' <<'END'
expect: [{rule: dns_zone_transfer_requested, suppressed: 3}]
END
doc 'another rule hits' <<'END'
expect: []
exact: true
END
doc 'no such rule' <<'END'
expect: [{rule: nowhere}, {rule: Subdomain Swep}]
END
doc 'a rule that only counts' <<'END'
expect: [{rule: DNS Name Asked Of Server}]
END
doc 'no such rules' <<'END'
rules: nowhere.yml
expect: []
END
doc 'no such allowlist' <<'END'
allowlist: nowhere.yml
expect: []
END
doc 'unknown keys' <<'END'
expects: []
expect: [{rule: any_transfer, counts: 3}]
END
doc 'bad values' <<'END'
exact: perhaps
expect: [{rule: x, count: -1}, {count: 1}, {rule: x, records: 5}, {rule: x, records: [], count: 0}, y]
END
doc 'events and evtx' <<'END'
evtx: rule.yml
expect: []
END
cat >>tests.yml <<'END'
---
name: events that cannot be made
events: [{event_id: 1}]
expect: []
---
name: a log that is none
evtx: rule.yml
expect: []
---
- expect
---
expect: []
END
"$EVTXSCAN" test .
echo "exit $?"
echo "-- other places"
mkdir deep && cp tests.yml deep && cd / && "$EVTXSCAN" test -o "$OLDPWD/deep/out" "$OLDPWD/deep/tests.yml" 2>"$OLDPWD/messages"
echo "exit $?"
cd "$OLDPWD" && tail -n 1 deep/out
echo "-- broken"
printf 'expect: [\n' >broken.yml
"$EVTXSCAN" test broken.yml
echo "exit $?"
