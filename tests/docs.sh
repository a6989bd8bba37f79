#!/bin/sh
# README, man page and --help agree, and every example runs: see docs.py.
exec python3 "$(dirname "$0")/docs.py" "$@"
