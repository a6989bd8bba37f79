#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare what `evtxscan dump` says with what evtx_dump (the evtx crate) says.

compare_dump.py EVTXSCAN EVTX_DUMP PATH... reads each log below the paths with both and
prints each record that only one of them has and each field that differs, then
a line of counts. Exit status 0: no difference besides the known ones.

A record is a list of (path, value). These forms of one thing count as equal:
null or an empty string and nothing at all (the event model keeps no element
that holds nothing, and no namespace), {"#text": x} and x, a list and its items
one after the other, numbered names (Data_1) and repeated ones, and what evtx_dump
prints in its own way: strings cut at their first NUL, booleans that are neither
0 nor 1 as that number (Windows: true).
"""

import collections
import json
import os
import re
import subprocess
import sys


def leaves(value, path, out):
    if isinstance(value, dict):
        for key, item in value.items():
            if key.startswith("xmlns"):
                continue
            if key in ("#text", "#attributes"):
                leaves(item, path + ("@" if key == "#attributes" else ""), out)
            else:
                key = re.sub(r"_\d+$", "", key)
                leaves(item, path + key if path.endswith("@") else path + "/" + key, out)
    elif isinstance(value, list):
        for item in value:
            leaves(item, path, out)
    elif value is not None and value != "":
        out.append((path, value))


def records(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    for line in done.stdout.split(b"\n"):
        if line:
            out = []
            leaves(json.loads(line.decode("utf-8"))["Event"], "", out)
            yield out


def record_id(record):
    return next((value for path, value in record if path == "/System/EventRecordID"), None)


def same(ours, theirs):
    if ours == theirs and isinstance(ours, bool) == isinstance(theirs, bool):
        return True
    if ours is True and type(theirs) is int:
        return theirs > 1
    if isinstance(ours, str) and isinstance(theirs, str):
        return ours.split("\0")[0] == theirs.split("\0")[0]
    return False


def compare_file(name, ours, theirs, counts):
    theirs_by_id = collections.defaultdict(list)
    for record in theirs:
        theirs_by_id[record_id(record)].append(record)
    for record in ours:
        counts["records"] += 1
        others = theirs_by_id[record_id(record)]
        if not others:
            counts["only evtxscan"] += 1
            print(f"{name}: record {record_id(record)}: only evtxscan")
            continue
        # A record may be there twice: take the equal one.
        other = next((o for o in others if fields_equal(record, o)), others[0])
        others.remove(other)
        if not fields_equal(record, other):
            counts["different"] += 1
            report(name, record, other)
    for rest in theirs_by_id.values():
        for record in rest:
            counts["only evtx_dump"] += 1
            print(f"{name}: record {record_id(record)}: only evtx_dump")


def by_path(record):
    out = collections.defaultdict(list)
    for path, value in record:
        out[path].append(value)
    return out


def fields_equal(a, b):
    a, b = by_path(a), by_path(b)
    return a.keys() == b.keys() and all(
        len(a[path]) == len(b[path]) and all(map(same, a[path], b[path])) for path in a
    )


def report(name, a, b):
    a, b = by_path(a), by_path(b)
    for path in list(a) + [path for path in b if path not in a]:
        if len(a[path]) != len(b[path]) or not all(map(same, a[path], b[path])):
            print(f"{name}: {path}: evtxscan {a[path]!r:.200}, evtx_dump {b[path]!r:.200}")


def logs(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for folder, _, names in sorted(os.walk(path)):
            for name in sorted(names):
                if name.lower().endswith(".evtx"):
                    yield os.path.join(folder, name)


def main():
    evtxscan, evtx_dump, *paths = sys.argv[1:]
    counts = collections.Counter()
    for path in logs(paths):
        counts["files"] += 1
        compare_file(
            path,
            records([evtxscan, "dump", path]),
            records([evtx_dump, "-t", "1", "-o", "jsonl", path]),
            counts,
        )
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    return 1 if any(counts[k] for k in ("only evtxscan", "only evtx_dump", "different")) else 0


if __name__ == "__main__":
    sys.exit(main())
