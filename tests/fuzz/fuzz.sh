#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Build the fuzz targets with clang under ASan and UBSan and run each for so many seconds. What they
# find stays in build/fuzzing/TARGET; put it into tests/fuzz/corpus/TARGET with its fix.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-60}
build=build/fuzzing
for source in tests/fuzz/fuzz_*.c; do
	target=$(basename "$source" .c)
	target=${target#fuzz_}
	make -s "$build/libfuzzer/$target" BUILD=$build CC=clang SANITIZE=address,undefined \
		CFLAGS='-O1 -g -fsanitize=fuzzer-no-link'
	mkdir -p "$build/$target/corpus"
	case $target in
	scan) seeds=samples ;;
	*) seeds=rules/t1596_001 ;;
	esac
	# libevtx leaks on damaged records (tests/lsan.supp names it alone).
	LSAN_OPTIONS=suppressions=tests/lsan.supp:print_suppressions=0 \
		"$build/libfuzzer/$target" -max_total_time="$seconds" -timeout=25 -rss_limit_mb=2048 \
		-artifact_prefix="$build/$target/" -print_final_stats=1 \
		"$build/$target/corpus" "$seeds" "tests/fuzz/corpus/$target" 2>&1 | tail -n 15
done
