#!/bin/sh
# Run unit tests: run_unit.sh EXECUTABLE...
#
# Each has 60 seconds ($UNIT_SECONDS), and runs under $RUNNER when that is set.
# Prints the output of those that fail, and at the end
# "N passed, M failed[, K skipped]", counted in tests, not executables: what an
# executable announced and did not get through (a crash) has failed.
set -u
log=$(mktemp) || exit 2
trap 'rm -f "$log"' EXIT
trap 'exit 2' INT TERM
passed=0
failed=0
skipped=0

limit=
command -v timeout >/dev/null 2>&1 && limit="timeout -k 5 ${UNIT_SECONDS:-60}"

# How many lines between the announcement and the summary begin with $1; behind
# it cmocka lists the skipped tests once more.
count() {
	awk -v start="$1" '
	/^\[==========\] Running / { running = 1 }
	/^\[==========\] [0-9]+ test.* run/ { running = 0 }
	running && index($0, start) == 1 { n++ }
	END { print n + 0 }' "$log"
}

for test in "$@"; do
	# shellcheck disable=SC2086 # words are meant
	$limit ${RUNNER-} "$test" >"$log" 2>&1
	status=$?
	announced=$(awk '/^\[==========\] Running [0-9]+ test/ { n += $3 } END { print n + 0 }' "$log")
	ok=$(count '[       OK ] ')
	skip=$(count '[  SKIPPED ] ')
	bad=$((announced - ok - skip))
	[ "$bad" -ge 0 ] || bad=0
	if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$announced" -eq 0 ]; }; then
		bad=1
	fi
	if [ "$bad" -ne 0 ]; then
		echo "not ok ${test##*/} (exit status $status)"
		grep -v -e '^\[ RUN      \]' -e '^\[       OK \]' "$log" | sed 's/^/    /'
	fi
	passed=$((passed + ok))
	failed=$((failed + bad))
	skipped=$((skipped + skip))
done

summary="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || summary="$summary, $skipped skipped"
echo "$summary"
[ "$failed" -eq 0 ]
