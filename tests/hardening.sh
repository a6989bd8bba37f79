#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the compiler and linker were asked for is in the files: hardening.sh FILE...
#
# Each file (program, shared library) is looked at with readelf, and so is a small one that is
# built without any of it ($CC), in which every check has to fail. FORTIFY= (empty): built without
# optimization, so without _FORTIFY_SOURCE. Closes with "N passed, M failed, K skipped".
set -u
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
trap 'exit 2' INT TERM
passed=0
failed=0
skipped=0

# look FILE: what readelf says of it, into files of the scratch folder
look() {
	readelf -hW "$1" >"$scratch/header" &&
		readelf -lW "$1" >"$scratch/segments" &&
		readelf -dW "$1" >"$scratch/dynamic" &&
		readelf -nW "$1" >"$scratch/notes" &&
		readelf -sW "$1" >"$scratch/symbols"
}

# The checks; each is a function that succeeds when the property is there.
position_independent() { grep -Eq '^ *Type: *DYN ' "$scratch/header"; }
# A static program has nothing to bind.
bound_at_start() { ! grep -q NEEDED "$scratch/dynamic" || grep -q 'FLAGS.*NOW' "$scratch/dynamic"; }
relocations_read_only() { grep -q ' GNU_RELRO ' "$scratch/segments"; }
stack_not_executable() {
	grep -Eq ' GNU_STACK ' "$scratch/segments" && ! grep -Eq ' GNU_STACK .* R?WE ' "$scratch/segments"
}
no_segment_to_write_and_run() { ! grep -Eq '^ +LOAD .* RWE ' "$scratch/segments"; }
no_text_relocations() { ! grep -q TEXTREL "$scratch/dynamic"; }
stack_protected() { grep -Eq ' (__stack_chk_fail|__stack_chk_fail_local)(@| |$)' "$scratch/symbols"; }
calls_fortified() { grep -Eq ' __(memcpy|snprintf|vsnprintf|read|fprintf|printf)_chk(@| |$)' "$scratch/symbols"; }
shadow_stack() { grep -q SHSTK "$scratch/notes"; }

checks='position_independent bound_at_start relocations_read_only stack_not_executable
no_segment_to_write_and_run no_text_relocations stack_protected'
fails_when_bare='position_independent bound_at_start relocations_read_only stack_not_executable stack_protected'
if [ -n "${FORTIFY-1}" ]; then
	checks="$checks calls_fortified"
	fails_when_bare="$fails_when_bare calls_fortified"
else
	echo 'skipped: fortified calls, for want of optimization'
	skipped=$((skipped + 1))
fi
case $(uname -m) in
x86_64)
	checks="$checks shadow_stack"
	fails_when_bare="$fails_when_bare shadow_stack"
	;;
esac

if ! command -v readelf >/dev/null; then
	echo 'skipped: there is no readelf'
	echo '0 passed, 0 failed, 1 skipped'
	exit 0
fi
if [ $# -eq 0 ]; then
	echo 'skipped: built with sanitizers'
	echo '0 passed, 0 failed, 1 skipped'
	exit 0
fi
for file in "$@"; do
	look "$file" || exit 2
	for check in $checks; do
		if $check; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "not ok: $file: $check"
		fi
	done
done

# The checks can fail.
printf '#include <stdio.h>\nint main(int n, char **v)\n{\n\tchar b[9];\n\tsnprintf(b, sizeof(b), "%%s", v[n - 1]);\n\treturn b[0];\n}\n' >"$scratch/bare.c"
if ${CC:-cc} -O0 -U_FORTIFY_SOURCE -fno-pie -fno-stack-protector -fcf-protection=none -no-pie -Wl,-z,norelro,-z,lazy,-z,execstack \
	-o "$scratch/bare" "$scratch/bare.c" 2>"$scratch/errors"; then
	look "$scratch/bare"
	for check in $fails_when_bare; do
		if $check; then
			failed=$((failed + 1))
			echo "not ok: $check finds something where there is nothing"
		else
			passed=$((passed + 1))
		fi
	done
else
	echo 'skipped: the compiler makes no program without hardening'
	skipped=$((skipped + 1))
fi

summary="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || summary="$summary, $skipped skipped"
echo "$summary"
[ "$failed" -eq 0 ]
