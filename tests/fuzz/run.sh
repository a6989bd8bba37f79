#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Replay every fuzz target (REPLAYS: a folder of programs) over its seeds and over what fuzzing
# found, corpus/TARGET. A crash, a sanitizer report or a hang fails.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$here/../..
passed=0 failed=0

seeds() {
	case $1 in
	rules) find "$top/rules" "$top/tests/rules" -name '*.yml' -o -name '*.case' ;;
	scan) find "$top/samples" -name '*.evtx' ;;
	esac
	[ ! -d "$here/corpus/$1" ] || find "$here/corpus/$1" -type f
}

for program in "$REPLAYS"/*; do
	target=$(basename "$program")
	seeds "$target" | sort >/tmp/fuzz.$$
	if xargs -d '\n' timeout 300 "$program" </tmp/fuzz.$$ >/tmp/fuzz.out.$$ 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "not ok fuzz $target: $(tail -n 5 /tmp/fuzz.out.$$)"
	fi
done
rm -f /tmp/fuzz.$$ /tmp/fuzz.out.$$
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
