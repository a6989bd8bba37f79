# A test is not good without all of its rules and filters; `suppressed` is of the allowlist alone.
cat >good.yml <<'END'
title: Good
name: good
logsource: {product: windows, service: dns-server-analytic}
detection: {sel: {EventID: 270}, condition: sel}
allowlist: [assessments]
END
sed -e 's/Good/Broken/; s/good/broken/; s/EventID/F|foo/' good.yml >broken.yml
cat >filter.yml <<'END'
title: Away
logsource: {product: windows, service: dns-server-analytic}
filter: {rules: any, sel: {QNAME: corp.example.}, condition: not sel}
END
sed 's/not sel/not selection/' filter.yml >broken_filter.yml
cat >correlation.yml <<'END'
title: Two
correlation: {type: temporal, rules: [good, nowhere], timespan: 1m}
END

doc() {
	[ ! -s tests.yml ] || echo '---' >>tests.yml
	cat - head.yml >>tests.yml
}
cat >head.yml <<'END'
defaults:
  provider: Microsoft-Windows-DNSServer
  channel: Microsoft-Windows-DNSServer/Analytical
  computer: dns1.corp.example
  event_id: 270
  time: 2026-11-23T10:00:00Z
events:
  - {data: {QNAME: {ansi: corp.example.}}}
END
doc <<'END'
name: all loaded
rules: good.yml
expect: [{rule: good, count: 1}]
END
doc <<'END'
name: a rule refused
rules: [good.yml, broken.yml]
expect: [{rule: good}]
exact: true
END
doc <<'END'
name: the same once more
rules: [good.yml, broken.yml]
expect: []
END
doc <<'END'
name: a correlation refused
rules: [good.yml, correlation.yml]
expect: [{rule: good}]
END
doc <<'END'
name: a filter refused
rules: good.yml
filters: broken_filter.yml
expect: [{rule: good}]
END
doc <<'END'
name: filtered, not suppressed
rules: good.yml
filters: filter.yml
expect: [{rule: good, count: 0, suppressed: 0}]
END
doc <<'END'
name: filtered, taken for suppressed
rules: good.yml
filters: filter.yml
expect: [{rule: good, suppressed: 1}]
END
doc <<'END'
name: one too many
rules: good.yml
expect: [{rule: good, count: 2}]
END
"$EVTXSCAN" test tests.yml
echo "exit $?"
