# A rule repository with regression data: passed, noted, skipped, and each way to fail; all formats.
mkdir -p repo/rules repo/regression_data
cat >base.yml <<'END'
logsource: {product: windows, service: dns-server-analytic}
detection:
  sel: {EventID: 270}
  condition: sel
level: medium
END

# rule NAME ID [INFO LINE]...: a rule whose log has 3 transfers asked; its test with these lines
rule() {
	name=$1 id=$2
	shift 2
	{
		printf 'title: %s\nid: %s\n' "$name" "$id"
		printf 'regression_tests_path: regression_data/%s/info.yml\n' "$name"
		cat base.yml
	} >"repo/rules/$name.yml"
	[ $# -eq 0 ] || mkdir "repo/regression_data/$name"
	[ $# -eq 0 ] || {
		printf 'id: 00000000-0000-4000-8000-0000000000ff\nrule_metadata:\n'
		printf '  - id: %s\n    title: %s\nregression_tests_info:\n' "$id" "$name"
		printf '  - name: Positive Detection Test\n    type: evtx\n    provider: Any\n'
		printf '    path: regression_data/%s/%s.evtx\n' "$name" "$id"
		printf '    %s\n' "$@"
	} >"repo/regression_data/$name/info.yml"
	[ $# -eq 0 ] || cp "$SAMPLES/zone_transfer_refused.evtx" "repo/regression_data/$name/$id.evtx"
}
start=00000000-0000-4000-8000-00000000000
rule equal ${start}1 'match_count: 3'
rule unstated ${start}2 '# no count'
rule more ${start}3 'match_count: 1'
rule fewer ${start}4 'match_count: 4'
rule silent ${start}5 '# no count'
sed -i 's/270/4711/' repo/rules/silent.yml
rule no_folder ${start}6
rule no_log ${start}7 'match_count: 1'
rm repo/regression_data/no_log/*.evtx
rule other_id ${start}8 'match_count: 1'
sed -i 's/  - id: .*/  - id: 00000000-0000-4000-8000-0000000000ee/' repo/regression_data/other_id/info.yml
rule other_log ${start}9 'match_count: 1'
sed -i 's/0009.evtx/0000.evtx/' repo/regression_data/other_log/info.yml
rule refused ${start}a 'match_count: 1'
sed -i 's/EventID:/EventID|nonsense:/' repo/rules/refused.yml
rule raw_text ${start}b 'match_count: 1'
sed -i 's/type: evtx/type: raw/' repo/regression_data/raw_text/info.yml
rule no_source ${start}c 'match_count: 1'
sed -i 's/dns-server-analytic/nowhere/' repo/rules/no_source.yml
rule broken_info ${start}d 'match_count: 1'
echo '  - [' >>repo/regression_data/broken_info/info.yml
rule cut_log ${start}e 'match_count: 3'
for log in repo/regression_data/cut_log/*.evtx; do
	head -c 40000 "$log" >short.evtx
	mv short.evtx "$log"
done

"$EVTXSCAN" test repo
echo "exit $?"
"$EVTXSCAN" test -t tap repo/rules >out.tap 2>/dev/null
echo "exit $?"
cat out.tap
"$EVTXSCAN" test -t junit -o out.xml repo 2>/dev/null
echo "exit $?"
python3 - <<'END'
import xml.etree.ElementTree as tree
suite = tree.parse("out.xml").getroot().find("testsuite")
print(sorted(suite.attrib.items()))
cases = suite.findall("testcase")
print(len(cases), len(suite.findall("testcase/failure")), len(suite.findall("testcase/skipped")))
for case in cases:
    print(case.get("classname"), case.get("name"), [child.tag for child in case])
END
echo "-- one rule, nothing wrong"
"$EVTXSCAN" test repo/rules/equal.yml
echo "exit $?"
echo "-- rules beside it are loaded, not tested; each file counts once"
"$EVTXSCAN" test -r repo/rules repo/rules/equal.yml repo/rules/../rules/equal.yml 2>/dev/null
echo "exit $?"
echo "-- a correlation has its logs to itself"
mkdir -p pair/rules pair/regression_data/both
sed "s/^id: .*/id: ${start}1/; /regression/d; s/^title.*/&\nname: base/" repo/rules/equal.yml >pair/rules/base.yml
cat >pair/rules/both.yml <<END
title: Three Asked
id: ${start}2
regression_tests_path: regression_data/both/info.yml
correlation: {type: event_count, rules: [base], timespan: 1h, condition: {gte: 3}}
END
sed "s/- id: .*/- id: ${start}2/; s/equal/both/; s/00001.evtx/00002.evtx/; s/match_count: 3/match_count: 1/" \
	repo/regression_data/equal/info.yml >pair/regression_data/both/info.yml
cp "$SAMPLES/zone_transfer_refused.evtx" "pair/regression_data/both/${start}2.evtx"
"$EVTXSCAN" test pair
echo "exit $?"
