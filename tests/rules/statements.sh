#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Has every statement S-001 .. S-160 a case here, or a row in covered_elsewhere.tsv?
#
# Prints a line for each that has none. EXIT: 0 when there is none such. With
# -v: the number of cases of every statement.
set -u
here=$(dirname "$0")
cases=$(grep -h '^=== ' "$here"/*.case | grep -o 'S-[0-9][0-9][0-9]' | sort)
bad=0
n=1
while [ "$n" -le 160 ]; do
	statement=$(printf 'S-%03d' "$n")
	count=$(printf '%s\n' "$cases" | grep -c "$statement")
	elsewhere=$(sed -n "s/^$statement	\([^	]*\)	.*/\1/p" "$here/covered_elsewhere.tsv" | tr '\n' ' ')
	if [ "$count" -eq 0 ] && [ -z "$elsewhere" ]; then
		echo "not ok statements: $statement has no test"
		bad=$((bad + 1))
	fi
	[ "${1:-}" != -v ] || echo "$statement: $count cases $elsewhere"
	n=$((n + 1))
done
[ "$bad" -eq 0 ]
