#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Rebuild every sample log from its description; the same bytes each time.
# usage: samples/make.sh [NAME...]    EVTXSCAN=path of the program (default: ./evtxscan of the tree)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
evtxscan=${EVTXSCAN:-$here/../evtxscan}
[ $# -gt 0 ] || set -- "$here"/*.yml
for description; do
	name=$(basename "$description" .yml)
	"$evtxscan" synth "$here/$name.yml" -o "$here/$name.evtx.new"
	mv "$here/$name.evtx.new" "$here/$name.evtx"
done
