#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The cases of this folder (README.md), then: has every statement a test? And:
# do random rules agree with an evaluator of its own?
set -u
here=$(dirname "$0")
python3 "$here/run.py" "$@"
status=$?
sh "$here/statements.sh" || status=1
python3 "$here/differential.py" || status=1
exit $status
