#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The formats for other programs, each checked: formats.sh SCAN-OPTION... PATH...
#
# Scans once as JSONL, into `hits` and `ledger` of the current folder, and once in each
# format, into `out.FORMAT`; then check.py holds each against its schema and the hits.
# Prints its verdicts, and the status of a scan that ends otherwise than the first.
# EVTXSCAN names the program.
set -u
here=$(cd "$(dirname "$0")" && pwd)
"$EVTXSCAN" -q -C -t jsonl -o hits --ledger ledger "$@" 2>messages
status=$?
for format in navigator sarif timesketch ecs; do
	"$EVTXSCAN" -q -C -t $format -o out.$format --ledger ledger "$@" 2>messages
	other=$?
	[ $other -eq $status ] || echo "$format: status $other, as JSONL $status"
	python3 -B "$here/check.py" $format out.$format --hits hits --ledger ledger
done
