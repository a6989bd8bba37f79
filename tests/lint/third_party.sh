#!/bin/sh
# Each third-party library is included by one .c file only, and by no header.
set -u
cd "$(dirname "$0")/../.." || exit 2
status=0
for library in libevtx libbfio yaml pcre2 expat libpsl nettle/ archive libdeflate seccomp; do
	users=$(grep -lE "^[[:space:]]*#[[:space:]]*include[[:space:]]*<$library" src/*/*.[ch])
	count=0
	for user in $users; do
		count=$((count + 1))
		case $user in
		*.h)
			echo "$user: a header includes <$library...>"
			status=1
			;;
		esac
	done
	if [ "$count" -gt 1 ]; then
		# shellcheck disable=SC2086 # one line for all of them
		echo "<$library...> is included by" $users
		status=1
	fi
done
exit $status
