#!/bin/sh
# The form of C files: licence line and purpose line first, indentation with
# tabs, no blanks at line ends; and no open notes to oneself anywhere.
set -u
cd "$(dirname "$0")/../.." || exit 2
status=0
find src include tests -name '*.[ch]' | sort | xargs awk '
function fail(text) {
	print FILENAME ":" FNR ": " text
	failed = 1
}
FNR == 1 {
	before = ""
	if ($0 != "// SPDX-License-Identifier: Apache-2.0")
		fail("the first line is not the SPDX line")
}
FNR == 2 && !/^\/\/ ./ {
	fail("the second line does not say what the file is for")
}
/[ \t]$/ {
	fail("blank at the end of the line")
}
# Up to seven blanks may align a continued line behind tabs.
/^\t*        / || (/^ / && before ~ /[{;}:]$/) {
	fail("indentation with blanks")
}
{
	if ($0 != "")
		before = $0
}
END { exit failed }' || status=1
# The pattern is put together so that this file does not hold it.
marks="TO""DO|FIX""ME|XX""X"
if grep -srnE "(^|[^A-Za-z0-9_])($marks)([^A-Za-z0-9_]|\$)" src include tests rules Makefile \
	--include='*.[ch]' --include='*.sh' --include='*.py' --include='*.yml' --include='*.js' --include='*.css' --include='*.html' --include=Makefile; then
	status=1
fi
exit $status
