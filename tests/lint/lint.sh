#!/bin/sh
# All lint checks; silent and exit status 0 when the tree is clean. Needs only
# a POSIX shell, awk, grep and gcc.
set -u
cd "$(dirname "$0")/../.." || exit 2
LC_ALL=C
export LC_ALL
status=0
for check in layers headers sizes banned third_party form report shell; do
	sh "tests/lint/$check.sh" || status=1
done
exit $status
