#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Replay fuzz targets (REPLAYS: their programs) over their seeds and over what fuzzing found, corpus/TARGET.
# A crash, a broken property, a sanitizer report or a hang fails.
set -u
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

for program in $REPLAYS; do
	target=$(basename "$program")
	python3 -B "$here/seeds.py" "$target" "$scratch/$target"
	[ ! -d "$here/corpus/$target" ] || find "$here/corpus/$target" -type f -exec cp {} "$scratch/$target" \;
	find "$scratch/$target" -type f | sort >"$scratch/inputs"
	if xargs -d '\n' timeout 300 "$program" <"$scratch/inputs" >"$scratch/out" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "not ok fuzz $target: $(tail -n 5 "$scratch/out")"
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
