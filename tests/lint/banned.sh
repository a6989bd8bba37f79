#!/bin/sh
# Calls that are not to be used: unbounded or stateful ones anywhere, printing
# and leaving outside src/cli, where alone the process may be changed, too (its zone,
# by zone_load(): not by what others link). Comments and string literals are not looked at.
set -u
cd "$(dirname "$0")/../.." || exit 2
find src tests -name '*.[ch]' | sort | xargs awk '
function calls(name) {
	return line ~ ("(^|[^A-Za-z0-9_])" name "[ \t]*\\(")
}
BEGIN {
	count = split("strcpy strcat sprintf strtok gets atoi strncpy gmtime ctime localtime alloca",
		      never, " ")
	loud_count = split("printf fprintf vprintf vfprintf puts putchar perror exit _exit abort",
			   loud, " ")
	own_count = split("setenv unsetenv putenv tzset localtime_r mktime", own, " ")
}
{
	line = $0
	gsub(/\\./, "", line)
	gsub(/"[^"]*"/, "\"\"", line)
	sub(/\/\/.*/, "", line)
	for (i = 1; i <= count; i++) {
		if (calls(never[i])) {
			print FILENAME ":" FNR ": " never[i] "() is banned"
			failed = 1
		}
	}
	for (i = 1; i <= own_count; i++) {
		if (FILENAME ~ /^src\// && FILENAME !~ /^src\/base\/zone/ && calls(own[i])) {
			print FILENAME ":" FNR ": " own[i] "() only in src/base/zone.c and zone_load.c"
			failed = 1
		}
	}
	if (FILENAME !~ /^src\// || FILENAME ~ /^src\/cli\//)
		next
	if (FILENAME !~ /^src\/base\/zone/ && calls("zone_load")) {
		print FILENAME ":" FNR ": zone_load() only in src/cli"
		failed = 1
	}
	for (i = 1; i <= loud_count; i++) {
		if (loud[i] == "abort" && FILENAME == "src/base/mem.c")
			continue
		if (calls(loud[i])) {
			print FILENAME ":" FNR ": " loud[i] "() only in src/cli"
			failed = 1
		}
	}
}
END { exit failed }'
