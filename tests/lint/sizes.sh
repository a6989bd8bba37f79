#!/bin/sh
# No C file over 600 lines (tables in *.inc may be longer), no function over
# 80, tests included. A function is what stands between its name, at the start
# of a line, and the "}" at the start of a line.
set -u
cd "$(dirname "$0")/../.." || exit 2
find src include tests -name '*.[ch]' | sort | xargs awk -v max_file=600 -v max_function=80 '
function close_file() {
	if (lines > max_file) {
		print file ": " lines " lines, at most " max_file
		failed = 1
	}
}
FNR == 1 {
	close_file()
	file = FILENAME
	start = 0
}
{
	lines = FNR
}
/^[A-Za-z_].*\(/ && !/;[ \t]*$/ && !/^#/ {
	start = FNR
	name = $0
	sub(/\(.*/, "", name)
	sub(/.*[ *]/, "", name)
}
/^}/ {
	if (start != 0 && FNR - start + 1 > max_function) {
		print file ":" start ": " name "() has " FNR - start + 1 " lines, at most " max_function
		failed = 1
	}
	start = 0
}
END {
	close_file()
	exit failed
}'
