#!/bin/sh
# Install the Debian packages that building and testing need, those named behind
# the script besides, and that are missing. Prints nothing when all are there. On other systems it says what is
# needed and leaves the rest to the user.
set -eu
packages='gcc make pkg-config libevtx-dev libbfio-dev libyaml-dev libpcre2-dev libexpat1-dev
	libpsl-dev libarchive-dev libdeflate-dev nettle-dev libseccomp-dev libcmocka-dev libevtx-utils jq python3
	python3-jsonschema tzdata'

if ! command -v dpkg-query >/dev/null 2>&1; then
	# No Debian: the compiler will name what it lacks.
	exit 0
fi
missing=
for package in $packages "$@"; do
	dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
		missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null 2>&1; then
		echo "deps: missing packages:$missing; install them as root, or go on without: make NODEPS=1" >&2
		exit 1
	fi
	as_root=sudo
fi
echo "deps: installing$missing" >&2
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # a list of words is meant
$as_root apt-get install -y -qq $missing >/dev/null 2>&1 || {
	$as_root apt-get update -qq >/dev/null
	$as_root apt-get install -y -qq $missing >/dev/null
}
