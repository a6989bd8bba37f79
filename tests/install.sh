#!/bin/sh
# What install put below $STAGED: the library serves a program, and uninstall takes all of it away.
#
# CC compiles, EVTXSCAN is the program to compare with. Closes with "N passed, M failed, K skipped".
set -u
cd "$(dirname "$0")/.." || exit 2
CC=${CC:-cc}
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
trap 'exit 2' INT TERM
passed=0
failed=0
skipped=0
export PKG_CONFIG_SYSROOT_DIR="$STAGED"
export PKG_CONFIG_PATH="$STAGED/usr/lib/pkgconfig"

# test_that NAME COMMAND...
test_that() {
	name=$1
	shift
	if "$@" >"$scratch/log" 2>&1; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	echo "not ok $name"
	sed 's/^/    /' "$scratch/log"
}

# ---- a program that uses the library -------------------------------------

# The hits of the example are the bytes that the program prints.
same_hits() {
	LD_LIBRARY_PATH=$STAGED/usr/lib "$1" rules/t1596_001 samples >"$scratch/hits" || return 1
	cmp "$scratch/hits" "$scratch/expected"
}

shared_example() {
	# shellcheck disable=SC2046,SC2086 # words
	$CC -std=c17 -Wall -Wextra -Werror -o "$scratch/shared" tests/example/scan.c \
		$(pkg-config --cflags --libs libevtxscan) || return 1
	readelf -d "$scratch/shared" | grep -q 'NEEDED.*libevtxscan\.so\.0' && same_hits "$scratch/shared"
}

# With libevtxscan.a in the program and the system's shared libraries beside it.
static_example() {
	# shellcheck disable=SC2046,SC2086 # words
	$CC -std=c17 -o "$scratch/static" tests/example/scan.c \
		$(pkg-config --cflags --libs libevtxscan | sed 's/-levtxscan/-l:libevtxscan.a/') \
		$(pkg-config --libs $(pkg-config --print-requires-private libevtxscan)) -lpthread -lm || return 1
	! readelf -d "$scratch/static" | grep 'NEEDED.*libevtxscan' && same_hits "$scratch/static"
}

unknown_rules_fail() {
	LD_LIBRARY_PATH=$STAGED/usr/lib "$scratch/shared" nowhere samples >"$scratch/hits"
	[ $? -eq 2 ] && [ ! -s "$scratch/hits" ]
}

cxx_header() {
	# shellcheck disable=SC2046 # words
	printf '#include <evtxscan.h>\nint main() { return evtxscan_version()[0] == 0; }\n' |
		c++ -std=c++11 -Wall -Wextra -pedantic -Werror -x c++ -o "$scratch/cxx" - \
			$(pkg-config --cflags --libs libevtxscan)
}

# ---- names ---------------------------------------------------------------

# Exactly the functions that the header declares.
declared() {
	grep -o '\bevtxscan_[a-z0-9_]*(' include/evtxscan.h | tr -d '(' | sort -u |
		while read -r name; do
			grep -q "EVTXSCAN_API.*\\b$name(" include/evtxscan.h && echo "$name"
		done
}

shared_names() {
	nm -D --defined-only "$STAGED/usr/lib/libevtxscan.so.0" |
		awk '$2 != "w" && $3 !~ /^(__|_init$|_fini$)/ { print $3 }' | sort >"$scratch/names"
	declared | diff - "$scratch/names"
}

archive_names() {
	nm -g --defined-only "$STAGED/usr/lib/libevtxscan.a" |
		awk 'NF == 3 { print $3 }' | grep -v '^__' | sort >"$scratch/names"
	declared | diff - "$scratch/names"
}

# It leaves the terminal, the process and its settings alone: there is nothing to do it with.
quiet() {
	! nm -D -u "$STAGED/usr/lib/libevtxscan.so.0" | grep -E \
		' (std(in|out|err)|v?f?printf|f?puts|f?putc|putchar|perror|_?_?exit|signal|sigaction|setlocale|setenv|fork)(@|$)'
}

soname() {
	readelf -d "$STAGED/usr/lib/libevtxscan.so" | grep -q 'SONAME.*\[libevtxscan\.so\.0\]'
}

version() {
	[ "$(pkg-config --modversion libevtxscan)" = "$("$EVTXSCAN" --version | cut -d ' ' -f 2)" ]
}

# ---- files ---------------------------------------------------------------

# Everything goes but what somebody else put there.
uninstall() {
	cp -a "$STAGED" "$scratch/root"
	echo mine >"$scratch/root/usr/share/evtxscan/rules/mine.yml"
	DESTDIR=$scratch/root PREFIX=/usr LIBDIR=/usr/lib ZSHDIR=/usr/share/zsh/site-functions \
		BUILD=/nowhere PROGRAM=/nowhere VERSION=0 PACKAGES='' \
		sh src/dist/install.sh uninstall || return 1
	left=$(find "$scratch/root" ! -type d)
	[ "$left" = "$scratch/root/usr/share/evtxscan/rules/mine.yml" ] || {
		echo "$left"
		return 1
	}
}

pack_is_there() {
	"$EVTXSCAN" rules export "$scratch/pack" 2>/dev/null
	diff -r "$scratch/pack/t1596_001" "$STAGED/usr/share/evtxscan/rules/t1596_001"
}

completions_are_there() {
	"$EVTXSCAN" completions bash | diff - "$STAGED/usr/share/bash-completion/completions/evtxscan" &&
		"$EVTXSCAN" completions zsh | diff - "$STAGED/usr/share/zsh/site-functions/_evtxscan" &&
		"$EVTXSCAN" completions fish |
		diff - "$STAGED/usr/share/fish/vendor_completions.d/evtxscan.fish"
}

pages_are_there() {
	for page in man1/evtxscan.1 man3/libevtxscan.3 man5/evtxscan-allowlist.5 man5/evtxscan-events.5; do
		cmp "$STAGED/usr/share/man/$page" src/*/"${page##*/}" || return 1
	done
}

"$EVTXSCAN" -q -t jsonl -m high -r rules/t1596_001 samples >"$scratch/expected"
test_that 'the samples have hits' test -s "$scratch/expected"
test_that 'a program with the shared library finds the same' shared_example
test_that 'a program with the archive finds the same' static_example
test_that 'rules that are not there end the example' unknown_rules_fail
if command -v c++ >/dev/null; then
	test_that 'the header is C++ as well' cxx_header
else
	echo 'there is no c++: the header is not tried as C++'
	skipped=$((skipped + 1))
fi
test_that 'the shared library has the names of the header' shared_names
test_that 'the archive has the names of the header' archive_names
test_that 'the shared library cannot print or exit' quiet
test_that 'the shared library has its number' soname
test_that 'pkg-config tells the version' version
test_that 'uninstall removes what install put there' uninstall
test_that 'the pack is installed as it is built in' pack_is_there
test_that 'completion scripts are installed' completions_are_there
test_that 'manual pages are installed' pages_are_there

summary="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || summary="$summary, $skipped skipped"
echo "$summary"
[ "$failed" -eq 0 ]
