#!/bin/sh
# Every script through shellcheck(1), where it is installed.
set -u
cd "$(dirname "$0")/../.." || exit 2
command -v shellcheck >/dev/null 2>&1 || exit 0
# SC2016: awk programs and Makefile text stand in single quotes on purpose.
find . -name '*.sh' ! -path './build/*' ! -path './.git/*' -exec shellcheck -s sh -e SC2016 {} +
