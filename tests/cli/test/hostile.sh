# Names out of test files and rules steer no terminal and break neither TAP nor XML.
"$EVTXSCAN" rules export pack 2>/dev/null
{
	printf 'name: "a \\e[31m # SKIP \\n ok 7 \\\\ <b> & ]]> \\" \\u202e"\n'
	printf 'evtx: "no\\twhere.evtx"\nrules: pack\nexpect: [{rule: "\\e[0m <&> # SKIP"}]\n'
} >tests.yml
"$EVTXSCAN" test tests.yml
echo "exit $?"
"$EVTXSCAN" test -t tap tests.yml
"$EVTXSCAN" test -t junit tests.yml >out.xml
python3 - <<'END'
import xml.etree.ElementTree as tree
for case in tree.parse("out.xml").iter("testcase"):
    print(ascii(case.get("name")), ascii(case.find("failure").get("message")))
END
