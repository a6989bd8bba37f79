#!/bin/sh
# Who includes whom: every #include "module/file" against src/LAYERS, and no
# cycle among modules (as LAYERS allows them) or among headers.
set -u
cd "$(dirname "$0")/../.." || exit 2
awk '
function fail(place, text) {
	print place ": " text
	failed = 1
}
# Take away, again and again, what depends on nothing that is left: what then
# remains is part of a cycle or leads into one.
function find_cycle(edges, nodes, what,    changed, node, key, pair, blocked, list) {
	do {
		changed = 0
		for (node in nodes) {
			blocked = 0
			for (key in edges) {
				split(key, pair, SUBSEP)
				if (pair[1] == node && pair[2] in nodes)
					blocked = 1
			}
			if (!blocked) {
				delete nodes[node]
				changed = 1
			}
		}
	} while (changed)
	list = ""
	for (node in nodes)
		list = list " " node
	if (list != "")
		fail("layers", what " cycle among:" list)
}
FILENAME == "src/LAYERS" {
	if ($0 ~ /^#/ || NF == 0)
		next
	module = $1
	if (sub(/:$/, "", module) != 1)
		fail(FILENAME ":" FNR, "expected \"module: modules\"")
	known[module] = 1
	modules[module] = 1
	for (i = 2; i <= NF; i++) {
		allowed[module, $i] = 1
		module_edges[module, $i] = 1
	}
	next
}
FNR == 1 {
	split(FILENAME, path, "/")
	own = path[2]
	name = path[2] "/" path[3]
	if (!(own in known))
		fail(FILENAME, "module " own " is not in src/LAYERS")
	if (name ~ /\.h$/)
		headers[name] = 1
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
	target = $0
	sub(/^[^"]*"/, "", target)
	sub(/".*/, "", target)
	if (target == "evtxscan.h")
		next
	if (split(target, part, "/") != 2) {
		fail(FILENAME ":" FNR, "include \"" target "\" names no module")
		next
	}
	if (part[1] != own && !((own, part[1]) in allowed))
		fail(FILENAME ":" FNR, own " may not include " part[1] " (src/LAYERS)")
	if (part[2] ~ /_internal\.h$/ && part[1] != own)
		fail(FILENAME ":" FNR, target " is private to " part[1])
	if (name ~ /\.h$/)
		header_edges[name, target] = 1
}
END {
	for (key in allowed) {
		split(key, pair, SUBSEP)
		if (!(pair[2] in known))
			fail("src/LAYERS", pair[1] " names " pair[2] ", which has no line")
	}
	find_cycle(module_edges, modules, "module")
	find_cycle(header_edges, headers, "header")
	exit failed
}' src/LAYERS src/*/*.[ch]
