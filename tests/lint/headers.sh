#!/bin/sh
# Each header compiles alone, with the warnings of the Makefile.
set -u
cd "$(dirname "$0")/../.." || exit 2
flags=$(printf 'include Makefile\nlint-flags:\n\t@echo $(CFLAGS)\n' |
	MAKEFLAGS='' make -s -f - NODEPS=1 DEV=1 lint-flags) || exit 1
status=0
for header in src/*/*.h include/*.h; do
	# shellcheck disable=SC2086 # flags are a list of words
	message=$(echo "#include \"${header#*/}\"" |
		${CC:-gcc} $flags -fsyntax-only -x c - 2>&1) && continue
	echo "$header: does not compile alone:"
	echo "$message" | grep 'error:' | head -n 3
	status=1
done
exit $status
