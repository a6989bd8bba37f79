#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Build the fuzz targets and run each, or the one that is named, for so many seconds: fuzz.sh SECONDS
# [TARGET]. FUZZER=libfuzzer (clang, ASan and UBSan; the default) or afl (afl-clang-fast, of afl++). What
# they find stays in build/fuzzing/TARGET; put it into tests/fuzz/corpus/TARGET with its fix. EXIT: 1 when
# something was found.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-60}
only=${2:-}
fuzzer=${FUZZER:-libfuzzer}
build=build/fuzzing
found=0

# The longest input worth trying: a log, a chunk of some records, a text.
longest() {
	case $1 in
	scan) echo 139264 ;;
	chunk | verify | carve | archive) echo 16384 ;;
	differential | value | regex | condition | wildcard | escape | text | output | correlation) echo 512 ;;
	*) echo 4096 ;;
	esac
}

dictionary() {
	case $1 in
	chunk | scan | verify | carve | differential | binxml) echo evtx ;;
	condition | regex) echo "$1" ;;
	*) echo sigma ;;
	esac
}

# libevtx leaks on damaged records (tests/lsan.supp names it alone).
run_libfuzzer() {
	make -s "$build/libfuzzer/$1" BUILD="$build" CC=clang SANITIZE=address,undefined \
		CFLAGS='-O1 -g -fsanitize=fuzzer-no-link' >"$build/make.log"
	LSAN_OPTIONS=suppressions=tests/lsan.supp:print_suppressions=0 "$build/libfuzzer/$1" \
		-max_total_time="$seconds" -max_len="$(longest "$1")" -timeout=25 -rss_limit_mb=2048 \
		-dict="tests/fuzz/$(dictionary "$1").dict" -artifact_prefix="$build/$1/" -print_final_stats=1 \
		"$build/$1/corpus" "$build/$1/seeds" >"$build/$1/log" 2>&1 || found=1
	grep -E '^(stat::|SUMMARY|.*not so:)' "$build/$1/log" | sed "s/^/$1: /"
}

# The mutator is not instrumented: it runs within afl-fuzz.
run_afl() {
	make -s build/afl/mutate_afl.so BUILD=build/afl >"$build/make.log"
	make -s "build/afl/libfuzzer/$1" BUILD=build/afl CC=afl-clang-fast CFLAGS='-O1 -g' >"$build/make.log"
	AFL_CUSTOM_MUTATOR_LIBRARY=$PWD/build/afl/mutate_afl.so AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 \
		AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
		afl-fuzz -V "$seconds" -G "$(longest "$1")" -t 5000 -x "tests/fuzz/$(dictionary "$1").dict" \
		-i "$build/$1/seeds" -o "$build/$1/afl" -- "build/afl/libfuzzer/$1" \
		>"$build/$1/log" 2>&1 || found=1
	grep -E '^(execs_done|saved_crashes|saved_hangs|edges_found)' "$build/$1/afl/default/fuzzer_stats" |
		sed "s/^/$1: /"
	! grep -qE '^saved_crashes *: *[1-9]' "$build/$1/afl/default/fuzzer_stats" || found=1
}

for source in tests/fuzz/fuzz_*.c; do
	target=$(basename "$source" .c)
	target=${target#fuzz_}
	[ -z "$only" ] || [ "$only" = "$target" ] || continue
	mkdir -p "$build/$target/corpus" "tests/fuzz/corpus/$target"
	python3 -B tests/fuzz/seeds.py "$target" "$build/$target/seeds"
	find "tests/fuzz/corpus/$target" -type f -exec cp {} "$build/$target/seeds" \;
	case $fuzzer in
	afl) run_afl "$target" ;;
	*) run_libfuzzer "$target" ;;
	esac
done
exit $found
