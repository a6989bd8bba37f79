#!/bin/sh
# Golden tests of the command line: run.sh [--golden] [AREA[/CASE]]...
#
# A case is tests/cli/<area>/<case>.sh, run by sh in an empty scratch folder
# with LC_ALL=C, TZ=UTC and 60 seconds ($CASE_SECONDS, for slow builds), and
# with these variables:
#
#   EVTXSCAN  the program (default: ../../evtxscan from here)
#   SAMPLES   the folder samples/     RULES  the folder rules/
#   CASE      this case's path without ".sh", for files beside it
#
# Files beside it say what is expected:
#
#   case.exit         its exit status (default 0)
#   case.stdout       standard output, exactly         (.stderr likewise)
#   case.stdout.grep  extended regular expressions, one a line, each of which
#                     must match a line of it; behind a "!", must match none
#
# Whatever is expected: a death by signal, a timeout and a sanitizer's report
# (on standard error or in a file of the scratch folder) fail the case.
# --golden rewrites the .stdout and .stderr files that exist.
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 2
root=$(cd "$here/../.." && pwd) || exit 2
EVTXSCAN=${EVTXSCAN:-$root/evtxscan}
case $EVTXSCAN in
/*) ;;
*) EVTXSCAN=$PWD/$EVTXSCAN ;;
esac
SAMPLES=$root/samples
RULES=$root/rules
LC_ALL=C
TZ=UTC
TERM=dumb
export EVTXSCAN SAMPLES RULES LC_ALL TZ TERM
unset NO_COLOR COLUMNS

golden=
if [ "${1-}" = --golden ]; then
	golden=1
	shift
fi
if [ ! -x "$EVTXSCAN" ]; then
	echo "not ok: there is no program $EVTXSCAN"
	echo '0 passed, 1 failed'
	exit 1
fi

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' INT TERM
out=$work/stdout
err=$work/stderr
why=$work/why
limit=
command -v timeout >/dev/null 2>&1 && limit="timeout -k 5 ${CASE_SECONDS:-60}"
passed=0
failed=0

run_case() {
	rm -rf "$work/scratch"
	mkdir "$work/scratch"
	CASE=${1%.sh}
	export CASE
	(cd "$work/scratch" && exec $limit sh "$1") >"$out" 2>"$err" </dev/null
	status=$?
}

# A shell reports a command that a signal killed on standard error (dash: on
# the command's, wherever that is redirected), also when it was not the last
# one; bash names script and line before it.
check_death() {
	deaths='Segmentation fault|Aborted|Bus error|Illegal instruction|Floating point exception'
	deaths="$deaths|Killed|Trace/breakpoint trap"
	if [ "$status" -eq 124 ]; then
		echo "no end after ${CASE_SECONDS:-60} seconds"
	elif [ "$status" -gt 128 ]; then
		echo "killed by signal $((status - 128))"
	fi
	grep -E "^(.*line [0-9]+: +[0-9]+ )?($deaths)( |\$)" "$err"
	grep -E 'runtime error|Sanitizer' "$err"
	grep -rsE -e "^($deaths)( \(core dumped\))?\$" \
		-e 'runtime error: |(Address|Leak|Thread|Memory|UndefinedBehavior)Sanitizer' \
		"$work/scratch" | sed "s|^$work/||"
}

check_exit() {
	want=0
	[ ! -e "$1.exit" ] || want=$(cat "$1.exit")
	[ "$status" -eq "$want" ] || echo "exit status $status, expected $want"
}

# check_stream CASE stdout|stderr FILE
check_stream() {
	if [ -e "$1.$2" ]; then
		if [ -n "$golden" ]; then
			cmp -s "$3" "$1.$2" || cp "$3" "$1.$2"
		elif ! diff -u "$1.$2" "$3" >"$work/diff"; then
			sed "1s/.*/--- expected $2/; 2s/.*/+++ actual $2/" "$work/diff"
		fi
	fi
	[ ! -e "$1.$2.grep" ] || while IFS= read -r line || [ -n "$line" ]; do
		case $line in
		'') ;;
		!*) ! grep -qE -e "${line#!}" "$3" || echo "$2 matches: ${line#!}" ;;
		*) grep -qE -e "$line" "$3" || echo "$2 does not match: $line" ;;
		esac
	done <"$1.$2.grep"
}

is_wanted() {
	name=$1
	shift
	[ $# -ne 0 ] || return 0
	for wanted in "$@"; do
		case $name in
		"$wanted" | "$wanted"/*) return 0 ;;
		esac
	done
	return 1
}

for script in "$here"/*/*.sh; do
	[ -e "$script" ] || continue
	name=${script#"$here"/}
	name=${name%.sh}
	is_wanted "$name" "$@" || continue
	run_case "$script"
	{
		check_death
		check_exit "${script%.sh}"
		check_stream "${script%.sh}" stdout "$out"
		check_stream "${script%.sh}" stderr "$err"
	} >"$why"
	if [ ! -s "$why" ]; then
		passed=$((passed + 1))
		continue
	fi
	failed=$((failed + 1))
	echo "not ok $name"
	sed 's/^/    /' "$why"
	[ ! -s "$err" ] || head -n 20 "$err" | sed 's/^/    stderr: /'
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
