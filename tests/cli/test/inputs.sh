# What tests name is never overwritten, not even with -C: logs, rules, filters, allowlists.
# shellcheck disable=SC2094 # that is the point
transfer=${CASE%/*}/../transfer.yml
mkdir logs rules repo repo/rules repo/regression_data
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
cp log.evtx logs
cp log.evtx unread.evtx
cp "$transfer" rule.yml
cp "$transfer" rules
printf 'version: 1\n' >allow.yml
cat >filter.yml <<'END'
title: F
logsource: {product: windows}
filter: {rules: any, selection: {QNAME: nothing}, condition: not selection}
END
cat >tests.yml <<'END'
name: a log
rules: rule.yml
filters: filter.yml
allowlist: allow.yml
evtx: log.evtx
expect: []
---
name: folders
rules: rules
evtx: logs
expect: []
---
name: the pack
rules: builtin
evtx: log.evtx
expect: []
---
name: rules that are refused, so the log is not read
rules: allow.yml
evtx: unread.evtx
expect: []
END
id=00000000-0000-4000-8000-000000000001
{
	grep -v '^id:' rule.yml
	printf 'id: %s\nregression_tests_path: regression_data/info.yml\n' $id
} >repo/rules/rule.yml
cat >repo/regression_data/info.yml <<END
rule_metadata: [{id: $id}]
regression_tests_info:
  - {name: N, type: evtx, path: regression_data/$id.evtx}
END
cp log.evtx repo/regression_data/$id.evtx
printf 'RuleId;RuleName;MatchString\n' >known.csv
before=$(find . -type f | sort | xargs sha256sum)
keep() {
	"$EVTXSCAN" test "$@" -C >out 2>said
	status=$?
	echo "$status: $*"
	grep overwritten said
}
for file in log.evtx rule.yml filter.yml allow.yml rules/transfer.yml logs/log.evtx unread.evtx; do
	keep tests.yml -o $file
done
keep repo/rules -o repo/regression_data/info.yml
keep repo/rules -o repo/regression_data/$id.evtx
keep --known-fps known.csv -r rule.yml log.evtx -o log.evtx
keep --known-fps known.csv -r rule.yml logs -o logs/log.evtx
keep --known-fps known.csv -r rule.yml - -o log.evtx <log.evtx
keep --evtx-path logs --rule-path rules -o logs/log.evtx
echo "$before" | sha256sum -c --quiet
echo "unchanged $?"
echo '-- words are no files, and what is not read is overwritten'
echo x >builtin
keep tests.yml -o builtin
echo x >report
keep repo/rules -o report
cat report
