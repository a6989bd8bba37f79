#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# cppcheck and clang-tidy over src/; silent and exit status 0 when they find nothing. .clang-tidy says
# which checks. A false alarm is switched off at its line, with the reason.
set -u
cd "$(dirname "$0")/../.." || exit 2
status=0
jobs=$(nproc 2>/dev/null || echo 1)
defines='-D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64'
if command -v cppcheck >/dev/null; then
	# shellcheck disable=SC2086 # words are meant
	cppcheck -q -j "$jobs" --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
		-D__linux__ -D__x86_64__ $defines -Iinclude -Isrc src || status=1
else
	echo 'cppcheck is not here'
	status=1
fi
if command -v clang-tidy >/dev/null; then
	# The counts of what was suppressed go to standard error.
	for file in src/*/*.c; do
		echo "$file"
	done | xargs -P "$jobs" -n 8 sh -c "exec clang-tidy --quiet \"\$@\" -- -std=c17 $defines -Iinclude -Isrc 2>/dev/null" tidy || status=1
else
	echo 'clang-tidy is not here'
	status=1
fi
exit $status
