#!/bin/sh
# deb.sh OUT: Debian packages in the folder OUT: the program, the shared library, and what one needs
# to build with it.
#
# Three packages, as Debian's policy has it (8.1): a machine that scans gets no headers, and two
# versions of the library can stay side by side. The same source gives the same bytes, on the same
# release of Debian: times are clamped to SOURCE_DATE_EPOCH (without it, of the last commit), paths are
# mapped, names sorted. Nothing needs root. From the environment: MAKE, VERSION, PACKAGES.
set -eu
cd "$(dirname "$0")/../.."
out=$1
umask 022
export LC_ALL=C
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}
export SOURCE_DATE_EPOCH
multiarch=$(dpkg-architecture -qDEB_HOST_MULTIARCH)
lib=usr/lib/$multiarch
release=$VERSION-1
root=$PWD/$out/root

flags() {
	DEB_BUILD_MAINT_OPTIONS=hardening=+all dpkg-buildflags --get "$1"
}

# take PACKAGE PATH...: move what install made into the folder of a package.
take() {
	package=$1
	shift
	for path in "$@"; do
		mkdir -p "$out/$package/${path%/*}"
		mv "$root/$path" "$out/$package/$path"
	done
}

# ---- build and sort out ----------------------------------------------------

rm -rf "$root" "$out/evtxscan" "$out/libevtxscan0" "$out/libevtxscan-dev" "$out/debian" "$out"/*.deb
$MAKE -s install BUILD="$out/objects" DESTDIR="$root" PREFIX=/usr libdir="/$lib" \
	zshdir=/usr/share/zsh/vendor-completions CFLAGS="$(flags CFLAGS) $(flags CPPFLAGS)" \
	LDFLAGS="$(flags LDFLAGS)"
strip --remove-section=.comment --remove-section=.note "$root/usr/bin/evtxscan"
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$root/$lib/libevtxscan.so.0"
strip --strip-debug --enable-deterministic-archives --remove-section=.comment \
	"$root/$lib/libevtxscan.a"
find "$root/usr/share/man" -type f -exec gzip -9n {} +

take libevtxscan0 "$lib/libevtxscan.so.0"
take libevtxscan-dev "$lib/libevtxscan.so" "$lib/libevtxscan.a" "$lib/pkgconfig" usr/include \
	usr/share/man/man3
take evtxscan usr/bin usr/share
install -D -m 644 tests/example/scan.c "$out/libevtxscan-dev/usr/share/doc/libevtxscan-dev/examples/scan.c"
left=$(find "$root" ! -type d)
[ -z "$left" ] || {
	echo "in no package: $left" >&2
	exit 1
}

# ---- what the packages say of themselves ------------------------------------

# dpkg's tools look for debian/ in the working folder.
mkdir -p "$out/debian"
cp src/dist/debian/control "$out/debian/control"
cat >"$out/debian/changelog" <<-END
	evtxscan ($release) unstable; urgency=medium

	  * Version $VERSION; what changed is in changelog.gz.

	 -- $(sed -n 's/^Maintainer: //p' src/dist/debian/control)  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
END

# Packages that own the pkg-config files which libevtxscan.pc names.
dev_packages() {
	for name in $PACKAGES; do
		dpkg-query -S "/$lib/pkgconfig/$name.pc" | cut -d : -f 1
	done | sort -u | paste -s -d , | sed 's/,/, /g'
}

# make_package PACKAGE [FILE...]: the files are those that need shared libraries.
make_package() {
	package=$1
	shift
	folder=$out/$package
	doc=$folder/usr/share/doc/$package
	mkdir -p "$doc" "$folder/DEBIAN"
	cp src/dist/debian/copyright "$doc/copyright"
	gzip -9n <"$out/debian/changelog" >"$doc/changelog.Debian.gz"
	gzip -9n <CHANGELOG.md >"$doc/changelog.gz"
	(
		cd "$out"
		if [ $# -gt 0 ]; then
			dpkg-shlibdeps -O "$@"
		else
			echo "dev:Depends=$(dev_packages)"
		fi >"debian/$package.substvars"
		dpkg-gencontrol -p"$package" -P"$package" -T"debian/$package.substvars" -fdebian/files
		cd "$package"
		find usr -type f -print | sort | xargs md5sum >DEBIAN/md5sums
	)
	dpkg-deb --root-owner-group --build "$folder" "$out" >/dev/null
}

mkdir -p "$out/libevtxscan0/DEBIAN"
echo "libevtxscan 0 libevtxscan0 (>= $VERSION)" >"$out/libevtxscan0/DEBIAN/shlibs"
echo 'activate-noawait ldconfig' >"$out/libevtxscan0/DEBIAN/triggers"
make_package libevtxscan0 "libevtxscan0/$lib/libevtxscan.so.0"
make_package libevtxscan-dev
make_package evtxscan evtxscan/usr/bin/evtxscan
ls "$out"/*.deb
