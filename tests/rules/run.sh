#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The cases of this folder (README.md), then: has every statement a test?
set -u
here=$(dirname "$0")
python3 "$here/run.py" "$@"
status=$?
sh "$here/statements.sh" || status=1
exit $status
