#!/bin/sh
# What is handed out runs elsewhere: dist.sh STATIC DEBS
#
# STATIC, the program without shared libraries, in a root that holds nothing else; the packages in the
# folder DEBS made a second time, and installed in a new Debian, which debootstrap(8) gets from the
# network. Both need root, and debootstrap; what cannot be tried is skipped.
#
# EVTXSCAN is the program to compare with, STAGED what install made. Closes with "N passed, M failed[, K skipped]".
set -u
cd "$(dirname "$0")/.." || exit 2
static=$1
debs=$2
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
trap 'exit 2' INT TERM
passed=0
failed=0
skipped=0
case $EVTXSCAN in
/*) ;;
*) EVTXSCAN=$PWD/$EVTXSCAN ;;
esac

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
	tail -n 40 "$scratch/log" | sed 's/^/    /'
}

skip() {
	echo "skipped: $*"
	skipped=$((skipped + 1))
}

# in_root FOLDER COMMAND...
in_root() {
	if [ "$(id -u)" -eq 0 ]; then
		chroot "$@"
	else
		unshare -r chroot "$@"
	fi
}

# ---- the static program ----------------------------------------------------

needs_nothing() {
	! readelf -ld "$static" | grep -E 'NEEDED|INTERP'
}

# Sweeps are counted by registered domain: the public suffix list is in there, too.
same_hits_alone() {
	mkdir -p "$scratch/root/tmp"
	cp "$static" "$scratch/root/evtxscan"
	cp -r samples "$scratch/root/samples"
	in_root "$scratch/root" /evtxscan -q -t jsonl samples >"$scratch/alone" || return 1
	cmp "$scratch/alone" "$scratch/hits" && grep -q 'Subdomain Sweep' "$scratch/alone"
}

static_example() {
	# shellcheck disable=SC2046 # words
	cc -static -o "$scratch/example" tests/example/scan.c $(PKG_CONFIG_SYSROOT_DIR=$STAGED \
		PKG_CONFIG_PATH=$STAGED/usr/lib/pkgconfig pkg-config --cflags --static --libs libevtxscan libidn2) &&
		"$scratch/example" rules/t1596_001 samples >"$scratch/found" &&
		"$EVTXSCAN" -q -m high -r rules/t1596_001 -t jsonl samples | cmp - "$scratch/found"
}

# ---- packages --------------------------------------------------------------

# From a copy of the source in another folder, with files of another time, for another user elsewhere.
copy_source() {
	mkdir "$scratch/copy"
	tar -c --exclude=./build --exclude=./evtxscan . | tar -x -C "$scratch/copy"
	find "$scratch/copy" -path "$scratch/copy/.git" -prune -o -type f -exec touch -d 2001-02-03 {} +
}

same_build() {
	(
		cd "$scratch/copy"
		umask 077
		env -u MAKEFLAGS -u BUILD LC_ALL=C TZ=Pacific/Kiritimati HOME=/nonexistent make -s -j2 all static
	) || return 1
	cmp "$EVTXSCAN" "$scratch/copy/evtxscan" || return 1
	for file in libevtxscan.a libevtxscan.so.0 static/evtxscan; do
		cmp "${static%/static/evtxscan}/$file" "$scratch/copy/build/$file" || return 1
	done
}

same_packages() {
	(cd "$scratch/copy" && env -u MAKEFLAGS -u BUILD make -s deb) || return 1
	for deb in "$debs"/*.deb; do
		cmp "$deb" "$scratch/copy/build/deb/${deb##*/}" || return 1
	done
}

clean_for_lintian() {
	# A first upload to Debian would close a bug; symbols are new with each version.
	lintian --fail-on warning --allow-root --suppress-tags initial-upload-closes-no-bugs "$debs"/*.deb
}

new_system() {
	debootstrap --variant=minbase "$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)" \
		"$scratch/system" "$(mirror)" || return 1
	cp "$debs"/*.deb "$scratch/system/"
	cp -r samples tests/example "$scratch/system/root/"
}

mirror() {
	sed -n 's/^URIs: *//p; s/^deb \(\[.*\] \)\{0,1\}\([^ ]*\).*/\2/p' /etc/apt/sources.list \
		/etc/apt/sources.list.d/* 2>/dev/null | head -n 1
}

inside() {
	chroot "$scratch/system" sh -c "cd /root && export DEBIAN_FRONTEND=noninteractive && $*"
}

program_installs() {
	inside apt-get install -y -qq --no-install-recommends '/evtxscan_*.deb' &&
		inside evtxscan -q -t jsonl samples >"$scratch/found" && cmp "$scratch/found" "$scratch/hits" &&
		inside '! ls /usr/include/evtxscan.h'
}

library_installs() {
	inside apt-get install -y -qq --no-install-recommends gcc libc6-dev pkg-config '/lib*.deb' &&
		inside 'cc -o scan /usr/share/doc/libevtxscan-dev/examples/scan.c $(pkg-config --cflags --libs libevtxscan)' &&
		inside 'evtxscan rules export rules && ./scan rules samples' >"$scratch/found" &&
		inside 'evtxscan -q -m high -r rules -t jsonl samples' | cmp - "$scratch/found"
}

packages_go() {
	inside dpkg --purge evtxscan libevtxscan-dev libevtxscan0 &&
		! find "$scratch/system/usr" "$scratch/system/etc" -name '*evtxscan*' | grep .
}

"$EVTXSCAN" -q -t jsonl samples >"$scratch/hits"
test_that 'the samples have hits' test -s "$scratch/hits"
test_that 'the static program needs no library' needs_nothing
test_that 'the static program is hardened' sh tests/hardening.sh "$static"
if in_root / true 2>/dev/null; then
	test_that 'the static program finds the same in an empty root' same_hits_alone
else
	skip 'the static program in an empty root: chroot is not allowed'
fi
test_that 'a program that is static as a whole finds the same' static_example
copy_source
test_that 'program, libraries and static program are the same bytes when they are built again' same_build
test_that 'packages are the same bytes when they are made again' same_packages
if command -v lintian >/dev/null; then
	test_that 'lintian finds nothing' clean_for_lintian
else
	skip 'lintian is not here'
fi
if [ "$(id -u)" -eq 0 ] && command -v debootstrap >/dev/null && new_system >"$scratch/log" 2>&1; then
	test_that 'the program installs in a new system and finds the same' program_installs
	test_that 'the library installs there and serves a program' library_installs
	test_that 'nothing is left when the packages go' packages_go
else
	skip 'the packages in a new system: it takes root, debootstrap and a mirror of Debian'
fi

summary="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || summary="$summary, $skipped skipped"
echo "$summary"
[ "$failed" -eq 0 ]
