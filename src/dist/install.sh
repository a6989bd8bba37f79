#!/bin/sh
# install.sh install|uninstall: every file that belongs on a system, each named once.
#
# From the environment: DESTDIR, PREFIX, LIBDIR, ZSHDIR (where zsh looks for functions), BUILD,
# PROGRAM, VERSION, PACKAGES (what libevtxscan.a needs, as pkg-config knows it).
set -eu
what=$1
cd "$(dirname "$0")/../.."
share=$PREFIX/share

# put MODE FILE TARGET
put() {
	if [ "$what" = install ]; then
		install -D -m "$1" "$2" "$DESTDIR$3"
	else
		rm -f "$DESTDIR$3"
	fi
}

# Completion scripts are what the program prints, libevtxscan.pc is filled in.
put_completion() {
	[ "$what" = uninstall ] || "$PROGRAM" completions "$1" >"$scratch"
	put 644 "$scratch" "$2"
}

put_pkg_config() {
	sed -e "s|@PREFIX@|$PREFIX|" -e "s|@LIBDIR@|$LIBDIR|" -e "s|@VERSION@|$VERSION|" \
		-e "s|@PACKAGES@|$PACKAGES|" src/dist/libevtxscan.pc.in >"$scratch"
	put 644 "$scratch" "$LIBDIR/pkgconfig/libevtxscan.pc"
}

scratch=$(mktemp)
trap 'rm -f "$scratch"' EXIT
put 755 "$PROGRAM" "$PREFIX/bin/evtxscan"
put 644 include/evtxscan.h "$PREFIX/include/evtxscan.h"
put 644 "$BUILD/libevtxscan.a" "$LIBDIR/libevtxscan.a"
put 644 "$BUILD/libevtxscan.so.0" "$LIBDIR/libevtxscan.so.0"
rm -f "$DESTDIR$LIBDIR/libevtxscan.so"
[ "$what" = uninstall ] || ln -s libevtxscan.so.0 "$DESTDIR$LIBDIR/libevtxscan.so"
put_pkg_config
for page in src/*/*.[1-9]; do
	put 644 "$page" "$share/man/man${page##*.}/${page##*/}"
done
for rule in rules/*.yml rules/*/*.yml; do
	put 644 "$rule" "$share/evtxscan/$rule"
done
put_completion bash "$share/bash-completion/completions/evtxscan"
put_completion zsh "$ZSHDIR/_evtxscan"
put_completion fish "$share/fish/vendor_completions.d/evtxscan.fish"

# Folders that are ours alone, when nobody else keeps something in them.
for folder in rules/*/ rules ''; do
	[ "$what" = install ] || rmdir "$DESTDIR$share/evtxscan/$folder" 2>/dev/null || true
done
