#!/bin/sh
# All tests of this repository: check.sh UNIT_TEST...
#
# Each suite closes with "N passed, M failed[, K skipped]"; this adds them up
# and closes with the sum. A suite that dies without that line has failed once.
# EXIT: 0 when something ran and nothing failed. EVTXSCAN names the program,
# SUITES those suites to run and AREAS those of tests/cli, when not all.
set -u
cd "$(dirname "$0")/.." || exit 2
EVTXSCAN=${EVTXSCAN:-./evtxscan}
case $EVTXSCAN in
/*) ;;
*) EVTXSCAN=$PWD/$EVTXSCAN ;;
esac
export EVTXSCAN
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
trap 'exit 2' INT TERM
closing='^[0-9][0-9]* passed, [0-9][0-9]* failed'
passed=0
failed=0
skipped=0

# suite NAME COMMAND...: its failures pass through, its sum is kept.
suite() {
	name=$1
	shift
	case " ${SUITES:-$name} " in
	*" $name "*) ;;
	*) return ;;
	esac
	{
		"$@" 2>&1
		echo $? >"$scratch/status"
	} | tee "$scratch/log" | grep -v "$closing"
	status=$(cat "$scratch/status")
	line=$(grep "$closing" "$scratch/log" | tail -n 1)
	# "N passed, M failed, K skipped" -> N M K
	read -r good bad skip <<-EOF
		$(echo "$line" | sed 's/[^0-9][^0-9]*/ /g') 0
	EOF
	good=${good:-0}
	bad=${bad:-0}
	skip=${skip%% *}
	if [ -z "$line" ]; then
		good=0 bad=1 skip=0
	elif [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
		bad=1
	fi
	echo "$name: $good ok, $bad not ok, ${skip:-0} skipped"
	passed=$((passed + good))
	failed=$((failed + bad))
	skipped=$((skipped + ${skip:-0}))
}

suite unit sh tests/run_unit.sh "$@"
[ ! -e tests/rules/run.sh ] || suite rules sh tests/rules/run.sh
# shellcheck disable=SC2086 # words are meant
suite cli sh tests/cli/run.sh ${AREAS:-}
suite pack "$EVTXSCAN" test tests/rule_tests
[ ! -e tests/samples.sh ] || suite samples sh tests/samples.sh
suite bounds python3 -B tests/bounds/hostile.py
suite docs sh tests/docs.sh
suite man python3 -B tests/man.py
suite completions python3 -B tests/completions.py
[ -z "${STAGED:-}" ] || suite install sh tests/install.sh
# shellcheck disable=SC2086 # a list of files is meant, empty with sanitizers
suite hardening sh tests/hardening.sh ${HARDENED-$EVTXSCAN}
# A sanitizer makes the program slow, not the page.
[ -z "${REPORT:-}" ] || suite report python3 -B tests/browser/report.py
[ -z "${REPLAYS:-}" ] || suite fuzz sh tests/fuzz/run.sh

summary="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || summary="$summary, $skipped skipped"
echo "$summary"
[ "$failed" -eq 0 ] && [ "$passed" -ne 0 ]
