#!/bin/sh
# The HTML report: its script as one module through node --check, where node is
# installed; nothing in it that turns text into markup or code, or reaches out;
# the form of its files.
set -u
cd "$(dirname "$0")/../.." || exit 2
folder=src/output/report
status=0
fail() {
	echo "$1"
	status=1
}

# The order in which out_html.c puts the parts together.
parts=$(grep -o '"report/[a-z]*\.js"' src/output/out_html.c | tr -d '"' | sed 's|^|src/output/|')
for file in "$folder"/*.js; do
	echo "$parts" | grep -qx "$file" || fail "$file: out_html.c does not name it"
done

if command -v node >/dev/null 2>&1; then
	scratch=$(mktemp -d) || exit 2
	trap 'rm -rf "$scratch"' EXIT
	# shellcheck disable=SC2086 # a list of words is meant
	cat $parts >"$scratch/report.mjs"
	node --check "$scratch/report.mjs" || status=1
else
	echo 'node is not here: the syntax of the report is not checked'
fi

markup='innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|document\.write|DOMParser'
code='\beval\b|new Function|javascript:'
outside='\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|EventSource|import\(|localStorage|sessionStorage|\.cookie'
ends='</script|<!--|</style|@import|url\('
grep -nE "$markup|$code|$outside|$ends" "$folder"/*.js "$folder"/*.css && status=1

awk '
function fail(text) {
	print FILENAME ":" FNR ": " text
	failed = 1
}
FNR == 1 && !/SPDX-License-Identifier: Apache-2.0/ && FILENAME !~ /html$/ {
	fail("the first line is not the SPDX line")
}
FNR == 601 {
	fail("over 600 lines")
}
/[ \t]$/ {
	fail("blank at the end of the line")
}
/^\t* / && FILENAME !~ /html$/ {
	fail("indentation with blanks")
}
{
	wide = $0
	gsub(/\t/, "    ", wide)
	if (length(wide) > 120)
		fail("over 120 columns")
}
/^(async )?function/ {
	start = FNR
}
/^}/ && start != 0 {
	if (FNR - start > 40)
		fail("a function of over 40 lines")
	start = 0
}
END { exit failed }' "$folder"/* || status=1
exit $status
