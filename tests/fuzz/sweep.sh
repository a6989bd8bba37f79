#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Real logs, damaged in every way (sweep.c): sweep.sh FOLDER. SWEEPS names the folder of the programs.
#
# Each log is cut at 64 places, each of its first 4,096 bytes is inverted, and 100,000 mutations are
# read: 60,000 as chunks, 40,000 as logs. "make sweep CORPUS=DIR" builds the programs with sanitizers.
set -u
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
find "$1" -name '*.evtx' -print0 | sort -z >"$scratch/logs"
passed=0 failed=0

# sweep TARGET ARGUMENT...
sweep() {
	target=$1
	shift
	if xargs -0 -n 100000 "$SWEEPS/$target" "$@" <"$scratch/logs" >"$scratch/out" 2>&1; then
		passed=$((passed + 1))
		echo "ok $target $(cat "$scratch/out")"
	else
		failed=$((failed + 1))
		echo "not ok $target $*"
		tail -n 40 "$scratch/out"
	fi
}

sweep scan flip 4096
sweep scan cut 64
sweep chunk -c mutate 60000
sweep scan mutate 40000
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
