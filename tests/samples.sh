#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Scan every sample and compare with the verdict written from the technique's description.
#
# tests/samples/expected.tsv: sample, allowlist (- or a file of tests/samples/allowlists), verdict.
# A verdict is "quiet" or a comma list of BRANCH:EventRecordID that must hit; BRANCH:* is at
# least one correlation alert; a trailing ? means allowed, not required. Anything else is wrong.
# tests/samples/records.tsv: how many records each description makes.
#
# usage: tests/samples.sh    EVTXSCAN=path of the program (default: ./evtxscan of the tree)
set -u
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
samples=$here/../samples
evtxscan=${EVTXSCAN:-$here/../evtxscan}
tab=$(printf '\t')
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM
passed=0 failed=0 skipped=0

pass() { passed=$((passed + 1)); }
skip() { skipped=$((skipped + 1)); echo "skip $*"; }
fail() { failed=$((failed + 1)); echo "not ok $*"; }

# One BRANCH:RecordID a line, sorted; correlation alerts as BRANCH:*.
hits() {
	jq -r '(.RuleAttributes.branch // "no_branch") + ":" +
		(if .Correlation then "*" else (.RecordID | tostring) end)' >"$tmp/pairs" &&
		sort -u "$tmp/pairs"
}

# verdict -> $tmp/required and $tmp/allowed (which includes the required)
split_verdict() {
	printf '%s\n' "$1" | tr ',' '\n' | grep -v '^quiet$' >"$tmp/verdict"
	grep -v '?$' "$tmp/verdict" | sort -u >"$tmp/required"
	sed 's/?$//' "$tmp/verdict" | sort -u >"$tmp/allowed"
}

check_verdict() { # sample allowlist verdict
	what="$1, allowlist $2"
	split_verdict "$3"
	if [ "$2" = - ]; then
		"$evtxscan" -t jsonl "$samples/$1.evtx"
	else
		"$evtxscan" -t jsonl \
			--allowlist "$here/samples/allowlists/$2" "$samples/$1.evtx"
	fi >"$tmp/jsonl" 2>"$tmp/messages"
	status=$?
	if [ $status -ne 0 ]; then
		fail "$what: exit status $status: $(head -n 3 "$tmp/messages" | tr '\n' ' ')"
		return
	fi
	if ! hits <"$tmp/jsonl" >"$tmp/hits" 2>"$tmp/messages"; then
		fail "$what: output is no JSONL: $(head -n 1 "$tmp/messages")"
		return
	fi
	missing=$(comm -23 "$tmp/required" "$tmp/hits" | tr '\n' ' ')
	surplus=$(comm -13 "$tmp/allowed" "$tmp/hits" | tr '\n' ' ')
	if [ -n "$missing$surplus" ]; then
		fail "$what:${missing:+ missing: $missing}${surplus:+ not expected: $surplus}"
	else
		pass
	fi
}

# The committed log is what its description makes, byte for byte.
check_bytes() { # sample
	if ! "$evtxscan" synth "$samples/$1.yml" -o "$tmp/$1.evtx" >"$tmp/messages" 2>&1; then
		fail "$1: synth refuses the description: $(head -n 1 "$tmp/messages")"
	elif ! cmp -s "$tmp/$1.evtx" "$samples/$1.evtx"; then
		fail "$1: synth makes other bytes than samples/$1.evtx holds"
	else
		pass
	fi
}

# An independent reader finds every record, and no broken one.
check_count() { # sample records
	evtxexport -f xml "$samples/$1.evtx" >"$tmp/xml" 2>"$tmp/messages"
	found=$(grep -c '^<Event ' "$tmp/xml")
	if [ "$found" -eq "$2" ]; then
		pass
	else
		fail "$1: evtxexport reads $found records, the description makes $2"
	fi
}

while IFS=$tab read -r sample allowlist verdict; do
	check_verdict "$sample" "$allowlist" "$verdict"
done <"$here/samples/expected.tsv"

have_evtxexport=yes
command -v evtxexport >/dev/null || have_evtxexport=no
while IFS=$tab read -r sample records; do
	check_bytes "$sample"
	if [ $have_evtxexport = yes ]; then
		check_count "$sample" "$records"
	else
		skip "$sample: evtxexport is not installed, records not counted"
	fi
done <"$here/samples/records.tsv"

# Every description is held to a verdict.
for description in "$samples"/*.yml; do
	sample=$(basename "$description" .yml)
	for table in expected records; do
		if cut -f 1 "$here/samples/$table.tsv" | grep -qx "$sample"; then
			pass
		else
			fail "$sample: no row in tests/samples/$table.tsv"
		fi
	done
done

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
