#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Real logs and SigmaHQ's rules: check_corpus.sh CORPUS
#
# CORPUS holds evtx/dns, evtx/attack-samples, evtx/quirks and sigma/ as its own
# README says; CORPUS/../data the expected hits (*.tsv). Known differences stand
# in tests/corpus_differences.tsv, records of each odd log in
# tests/corpus_records.tsv. Prints "N passed, M failed, K skipped"; without the
# folder everything is skipped. EVTXSCAN names the program.
set -u
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
corpus=${1-}
evtxscan=${EVTXSCAN:-$here/../evtxscan}
case $evtxscan in
/*) ;;
*) evtxscan=$PWD/$evtxscan ;;
esac
if [ ! -d "$corpus/evtx" ] || [ ! -d "$corpus/sigma" ]; then
	echo "skip: no corpus in '$corpus'"
	echo '0 passed, 0 failed, 1 skipped'
	exit 0
fi
data=$(cd "$corpus/../data" 2>/dev/null && pwd)
cd "$corpus" || exit 2
tab=$(printf '\t')
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM
passed=0 failed=0 skipped=0

pass() { passed=$((passed + 1)); }
skip() { skipped=$((skipped + 1)); echo "skip $*"; }
fail() { failed=$((failed + 1)); echo "not ok $*"; }

# check NAME EXPECTED ACTUAL
check() {
	if [ "$2" = "$3" ]; then
		pass
	else
		fail "$1: expected '$2', got '$3'"
	fi
}

# scan STATUS ARGUMENTS...: hits in $tmp/hits, ledger in $tmp/ledger
scan() {
	want=$1
	shift
	"$evtxscan" -q -t jsonl -C -o "$tmp/hits" --ledger "$tmp/ledger" "$@" 2>"$tmp/messages"
	check "status of $*" "$want" $?
}

# ---- the T1596.001 pack -------------------------------------------------

pack() {
	scan 0 evtx/dns
	check 'evtx/dns: zone transfers' '6004:341 6004:342 6004:343' \
		"$(jq -r 'select(.Correlation == null) | "\(.EventID):\(.RecordID)"' "$tmp/hits" |
			sort | xargs)"
	check 'evtx/dns: nothing but the refused transfers hits' '' \
		"$(jq -r 'select(.EvtxFile | test("ID6004") | not) | .EvtxFile' "$tmp/hits")"
	check 'evtx/dns: records of the malformed log' '5 complete' \
		"$(jq -r '.Files[] | select(.Path | test("malformed")) | "\(.RecordsRead) \(.State)"' \
			"$tmp/ledger")"
	scan 0 evtx/attack-samples
	check 'attack-samples: the pack' '' "$(jq -r '"\(.EvtxFile) \(.RuleTitle)"' "$tmp/hits")"
	check 'attack-samples: files' "$(find evtx/attack-samples -name '*.evtx' | wc -l | xargs)" \
		"$(jq '.Totals.Files' "$tmp/ledger")"
}

# ---- odd logs -----------------------------------------------------------

quirks() {
	"$evtxscan" -q -t jsonl -C -o /dev/null --ledger "$tmp/ledger" evtx/quirks 2>"$tmp/messages"
	grep -v '^#' "$here/corpus_records.tsv" >"$tmp/records"
	while IFS=$tab read -r name read failed_records _; do
		check "quirks: $name: records read, lost" "$read $failed_records" \
			"$(jq -r --arg name "evtx/quirks/$name" '.Files[] | select(.Path == $name) |
				"\(.RecordsRead) \(.RecordsFailed)"' "$tmp/ledger")"
	done <"$tmp/records"
	check 'quirks: every log has its row' "$(find evtx/quirks -name '*.evtx' | wc -l | xargs)" \
		"$(wc -l <"$tmp/records" | xargs)"
}

# ---- metrics ------------------------------------------------------------

metrics() {
	EVTXSCAN=$evtxscan python3 -B "$here/corpus_metrics.py" evtx >"$tmp/rows" 2>&1
	check "metrics: rows against a count from dump's records" 0 $?
	[ "$(wc -l <"$tmp/rows")" -eq 1 ] || cat "$tmp/rows"
}

# Torn copies of all logs, and what lies in their slack.
recovery() {
	EVTXSCAN=$evtxscan python3 -B "$here/corpus_recovery.py" . >"$tmp/rows" 2>&1
	check 'recovery: what is found was there' 0 $?
	grep -q ' 0 wrong' "$tmp/rows" || cat "$tmp/rows"
}

# ---- SigmaHQ ------------------------------------------------------------

sigma_scan() { # STATUS PATH...
	want=$1
	shift
	scan "$want" -r sigma/rules -r sigma/rules-emerging-threats -r sigma/rules-threat-hunting \
		-r sigma/rules-placeholder "$@"
}

rules() {
	sigma_scan 0 sigma/regression_data
	check 'SigmaHQ: refused for another reason than a placeholder' '' \
		"$(jq -r '.Rules.Refused[] | select(.Text | test("E_PLACEHOLDER") | not) |
			"\(.Name) \(.Text)"' "$tmp/ledger")"
	check 'SigmaHQ: rules that are neither loaded nor accounted for' 0 \
		"$(($(find sigma/rules* -name '*.yml' | wc -l) - $(jq '.Rules.Loaded +
			(.Rules.WithoutLogSource | length) +
			([.Rules.Refused[].Name | sub(":[0-9]+:[0-9]+$"; "")] | unique | length)' \
			"$tmp/ledger")))"
}

# What lint says of SigmaHQ's rules was looked at one by one. The 26 (rule, field) pairs that were
# measured as absent from every event, the 15 rules for ETW traces, two literal stars, a selection
# filter_created_file that is used without a not, and 7 rules that rest on an absent field. All
# errors are placeholders.
lint() {
	"$evtxscan" lint -t jsonl sigma/rules sigma/rules-emerging-threats \
		sigma/rules-threat-hunting sigma/rules-placeholder >"$tmp/lint" 2>"$tmp/messages"
	check 'SigmaHQ: status of lint' 2 $?
	check 'SigmaHQ: diagnostics of lint' \
		'E_PLACEHOLDER=21 W_COND_NEVER=7 W_FIELD_ABSENT=44 W_FILTER_NOT_NEGATED=1 W_LITERAL_STAR=2 W_TRACE_ONLY=15' \
		"$(jq -r .Code "$tmp/lint" | sort | uniq -c | awk '{ print $2 "=" $1 }' | xargs)"
	check 'SigmaHQ: rules with fields that no event has' 26 \
		"$(jq -r 'select(.Code == "W_FIELD_ABSENT") | .Path + .Message' "$tmp/lint" | sort -u | wc -l | xargs)"
}

# compare NAME TABLE FOLDER: hits of $tmp/hits by log and rule with a table of
# log, rule id, rule file, count. Each row of the table and each surplus pair is
# one test.
compare() {
	folder=$3
	jq -r --arg folder "$folder" '[(.EvtxFile | .[index($folder):]), .RuleID] | @tsv' \
		"$tmp/hits" | sort | uniq -c | sed "s/^ *\([0-9]*\) \(.*\)/\2$tab\1/" >"$tmp/actual"
	awk -F "$tab" -v OFS="$tab" 'NR > 1 { print $1, $2, $4 }' "$data/$2" | sort >"$tmp/expected"
	awk -F "$tab" -v OFS="$tab" '
	FILENAME == ARGV[1] { if (!/^#/) known[$1, $2] = $3 OFS $4; next }
	FILENAME == ARGV[2] { actual[$1, $2] = $3; next }
	{
		want = $3
		got = (($1, $2) in actual) ? actual[$1, $2] : 0
		seen[$1, $2] = 1
		if (want == got || known[$1, $2] == want OFS got)
			good++
		else
			print "bad", $1 " " $2 ": expected " want ", got " got
	}
	END {
		for (pair in actual) {
			split(pair, part, SUBSEP)
			if (!(pair in seen) && known[pair] != 0 OFS actual[pair])
				print "bad", part[1] " " part[2] ": expected 0, got " actual[pair]
		}
		print "good", good + 0
	}' "$here/corpus_differences.tsv" "$tmp/actual" "$tmp/expected" >"$tmp/verdict"
	while IFS=$tab read -r kind what; do
		if [ "$kind" = good ]; then
			passed=$((passed + what))
		else
			fail "$1: $what"
		fi
	done <"$tmp/verdict"
}

# The repository as its own CI sees it: every log that is there passes, and a rule
# without its log is skipped by name.
repository() {
	"$evtxscan" test sigma >"$tmp/verdicts" 2>"$tmp/messages"
	check 'evtxscan test sigma: status' 0 $?
	there=$(find sigma/regression_data -name '*.evtx' | wc -l | xargs)
	named=$(grep -rl '^regression_tests_path:' sigma/rules* | wc -l)
	check 'evtxscan test sigma' "$there passed, 0 failed, $((named - there)) skipped" \
		"$(tail -n 1 "$tmp/verdicts")"
	check 'evtxscan test sigma: skipped by name' "$((named - there))" \
		"$(grep -c '^skip sigma/.*: there is no regression_data/' "$tmp/verdicts")"
}

# Each rule alone over its own log, as SigmaHQ's own test does.
regression() {
	awk -F "$tab" -v OFS="$tab" 'NR > 1 { print $1, $2, $4 }' "$data/regression.tsv" >"$tmp/rows"
	while IFS=$tab read -r rule log exact; do
		"$evtxscan" -q -t jsonl -r "sigma/$rule" "sigma/$log" >"$tmp/hits" 2>"$tmp/messages"
		check "regression: $rule" "$exact" "$(wc -l <"$tmp/hits" | xargs)"
	done <"$tmp/rows"
}

# A chunk behind 70,000 empty ones: over 4 GiB, more chunks than the header's 16 bits count. The
# file is sparse; here, because reading the holes takes seconds.
large_file() {
	sample=$here/../samples/zone_transfer_success.evtx
	head -c 4096 "$sample" >"$tmp/large.evtx"
	if ! truncate -s $((4096 + 70000 * 65536)) "$tmp/large.evtx" ||
		! tail -c +4097 "$sample" >>"$tmp/large.evtx"; then
		skip "a file over 4 GiB: it cannot be made in $tmp"
		return
	fi
	"$evtxscan" -q -t jsonl "$tmp/large.evtx" 2>"$tmp/messages" |
		jq -r '"\(.RecordID) \(.Evidence.Chunk) \(.Confirmed)"' | sort -u >"$tmp/hits"
	for record in 418732 418733 418735 418736; do
		check "large file, record $record" "$record 70000 yes" "$(grep "^$record " "$tmp/hits")"
	done
	rm -f "$tmp/large.evtx"
}

# An archive of all logs gives the hits and the account of the folder, in about the same memory.
archives() {
	python3 - "$tmp" <<-'END'
		import os, sys, tarfile, zipfile
		names = sorted(os.path.join(folder, name) for folder, _, files in os.walk("evtx") for name in files)
		with zipfile.ZipFile(sys.argv[1] + "/logs.zip", "w", zipfile.ZIP_DEFLATED) as file:
		    for name in names:
		        file.write(name)
		with tarfile.open(sys.argv[1] + "/logs.tar.gz", "w:gz") as file:
		    for name in names:
		        file.add(name)
	END
	cat >"$tmp/measure.py" <<-'END'
		import resource, subprocess, sys
		print("status", subprocess.run(sys.argv[1:]).returncode)
		print("KiB", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
	END
	for from in evtx "$tmp/logs.zip" "$tmp/logs.tar.gz"; do
		kind=${from##*.}
		python3 "$tmp/measure.py" "$evtxscan" -q -t jsonl -C -o "$tmp/hits" --ledger "$tmp/ledger" \
			-r sigma/rules -r builtin "$from" >"$tmp/memory.$kind"
		sed "s|$tmp/logs[.a-z]*/||g" "$tmp/hits" >"$tmp/hits.$kind"
		jq -c '[.Totals, .Hits, .Rules.Loaded, (.Files | map(.RecordsRead) | sort)]' "$tmp/ledger" >"$tmp/sums.$kind"
	done
	for kind in zip gz; do
		check "$kind of all logs: hits" "$(md5sum <"$tmp/hits.evtx")" "$(md5sum <"$tmp/hits.$kind")"
		check "$kind of all logs: account" "$(cat "$tmp/sums.evtx")" "$(cat "$tmp/sums.$kind")"
		check "$kind of all logs: at most 16 MiB more" yes "$(cat "$tmp/memory.evtx" "$tmp/memory.$kind" |
			awk '/KiB/ { more = $2 - more } END { print (more < 16384 ? "yes" : more) }')"
	done
	check 'all logs: there are hits' yes "$([ "$(wc -l <"$tmp/hits.evtx")" -gt 1000 ] && echo yes)"
}

# The formats for other programs, over real hits: each by its schema, and as JSONL has them.
formats() {
	corpus=$PWD
	(
		cd "$tmp" || exit
		EVTXSCAN=$evtxscan sh "$here/schemas/formats.sh" -r "$corpus/sigma/rules" \
			"$corpus/evtx/attack-samples" "$corpus/evtx/quirks"
	) >"$tmp/verdicts" 2>&1
	for format in navigator sarif timesketch ecs; do
		check "format $format" "$format: good, $(wc -l <"$tmp/hits" | xargs) hits" \
			"$(grep "^$format: " "$tmp/verdicts" | head -n 3)"
	done
}

# The document with examples on real logs.
examples() {
	EVTXSCAN=$evtxscan python3 -B "$here/docs.py" --corpus . >"$tmp/verdicts" 2>&1
	check 'real_logs.md' 0 $?
	grep -v ' passed, ' "$tmp/verdicts"
	passed=$((passed + $(sed -n 's/ passed, .*//p' "$tmp/verdicts")))
}

pack
quirks
metrics
recovery
examples
large_file
archives
formats
rules
repository
lint
if [ -n "$data" ]; then
	compare 'regression data, all rules' regression_cross.tsv regression_data/
	sigma_scan 0 evtx/attack-samples
	compare 'attack-samples, all rules' attack_samples_matches.tsv evtx/attack-samples/
	regression
else
	skip "SigmaHQ's expected hits: there is no folder $corpus/../data"
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
