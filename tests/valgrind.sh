#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Unit tests and commands under memcheck: valgrind.sh UNIT_TEST...
#
# Any use of memory that is not there or not set, and any block that nobody points to at the end,
# fails. EVTXSCAN names the program. Closes with "N passed, M failed[, K skipped]".
set -u
cd "$(dirname "$0")/.." || exit 2
EVTXSCAN=${EVTXSCAN:-./evtxscan}
case $EVTXSCAN in
/*) ;;
*) EVTXSCAN=$PWD/$EVTXSCAN ;;
esac
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
trap 'exit 2' INT TERM
memcheck="valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite
	--suppressions=$PWD/tests/valgrind.supp"
RUNNER=$memcheck UNIT_SECONDS=300 sh tests/run_unit.sh "$@" | tee "$scratch/unit"
# "N passed, M failed, K skipped" -> N M K
read -r passed failed skipped <<END
$(tail -n 1 "$scratch/unit" | sed 's/[^0-9][^0-9]*/ /g') 0
END
skipped=${skipped%% *}

# run STATUS ARGUMENTS...: the program has to end with that status
run() {
	expected=$1
	shift
	# shellcheck disable=SC2086 # words are meant
	$memcheck "$EVTXSCAN" "$@" >"$scratch/out" 2>"$scratch/errors" </dev/null
	status=$?
	if [ $status -eq "$expected" ]; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	echo "not ok evtxscan $*: status $status"
	sed 's/^/    /' "$scratch/errors" | head -n 60
}

log=samples/zone_transfer_success.evtx
head -c 50000 $log >"$scratch/cut.evtx"
python3 -c '
import sys, zipfile
zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED).write(sys.argv[2], "log.evtx")' "$scratch/log.zip" $log
run 0 -q -t csv --threads 2 --ledger "$scratch/ledger" $log samples/sweep_ipv6.evtx "$scratch/log.zip"
run 3 -q -t jsonl "$scratch/cut.evtx"
run 0 -q -t html -o "$scratch/report.html" $log
run 0 -q -t csv --reader libevtx $log
run 0 dump -t xml "$scratch/log.zip"
run 0 verify $log
run 0 metrics $log
run 0 search -q axfr $log
run 0 explain rules/t1596_001/recon_tools_programs.yml $log
run 0 lint
run 2 --strict -r samples/near_misses.yml $log
run 0 synth samples/near_misses.yml -o "$scratch/made.evtx"

summary="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || summary="$summary, $skipped skipped"
echo "$summary"
[ "$failed" -eq 0 ]
