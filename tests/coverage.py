#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which lines of src/ the tests ran: coverage.py BUILD [LEAST]

Reads what `make coverage` left in BUILD and prints a line for each module and file; the lines that
never ran go to BUILD/uncovered.txt. Closes with "N passed, M failed": at least LEAST percent (90)
of all lines ran, and tests/uncovered.tsv knows the others.

That list has a row for each function of which lines do not run: file, function, how many, and why, in a
word that its head explains. A function that is not there, and one with more lines than it says, is told,
and so is a row of which all lines ran, to be taken out. Threads, clocks and which calls were made to fail
decide about a few lines, so only more than 10 beyond the list fail. BUILD/uncovered.tsv is the list as it should be,
"?" where nobody has said why.
"""
import collections
import glob
import os
import shutil
import subprocess
import sys

LIST = "tests/uncovered.tsv"
SLACK = 10  # lines


def tool(name):
    """llvm-cov is llvm-cov-14 without the package llvm."""
    found = [shutil.which(name)] + sorted(glob.glob(f"/usr/bin/{name}-*"))
    return next(path for path in found if path)


def objects(build):
    programs = [os.path.join(build, name) for name in ("evtxscan", "libevtxscan.so.0")]
    return programs + sorted(path for path in glob.glob(f"{build}/unit/*") + glob.glob(f"{build}/fuzz/*")
                             if os.access(path, os.X_OK))


def measure(build):
    """{file: {line: count}} and {file: [(first line, function)...]}, of src/ alone."""
    merged = os.path.join(build, "profile.data")
    subprocess.run([tool("llvm-profdata"), "merge", "-sparse", "-o", merged, *glob.glob(f"{build}/profile/*.profraw")],
                   check=True)
    first, *others = objects(build)
    report = subprocess.run(
        [tool("llvm-cov"), "export", "-format=lcov", f"-instr-profile={merged}", first,
         *(f"-object={path}" for path in others)], check=True, stdout=subprocess.PIPE, text=True).stdout
    lines = collections.defaultdict(collections.Counter)
    functions = collections.defaultdict(set)
    path = ""
    for line in report.splitlines():
        key, _, value = line.partition(":")
        if key == "SF":
            path = os.path.relpath(value)
        elif key == "DA" and path.startswith("src/"):
            number, count = value.split(",")[:2]
            lines[path][int(number)] += int(count)
        elif key == "FN" and path.startswith("src/"):
            number, name = value.split(",", 1)
            functions[path].add((int(number), name.rsplit(":", 1)[-1]))
    return lines, {path: sorted(found) for path, found in functions.items()}


def runs(numbers):
    """[3, 4, 5, 9] -> (3, 5), (9, 9)"""
    first = last = None
    for number in numbers:
        if last is not None and number == last + 1:
            last = number
            continue
        if first is not None:
            yield first, last
        first = last = number
    if first is not None:
        yield first, last


def put_uncovered(lines, file):
    for path in sorted(lines):
        with open(path, encoding="utf-8") as source:
            text = source.read().splitlines()
        missed = sorted(line for line, count in lines[path].items() if count == 0)
        for first, last in runs(missed):
            print(f"{path}:{first}-{last}: {text[first - 1].strip()}", file=file)


def count_missed(lines, functions):
    """{(file, function): lines that did not run}"""
    missed = collections.Counter()
    for path, counts in lines.items():
        for line, count in counts.items():
            if count == 0:
                before = [name for first, name in functions.get(path, ()) if first <= line]
                missed[path, before[-1] if before else "-"] += 1
    return missed


def read_list():
    """{(file, function): (lines, reason)}, and the rows before them."""
    with open(LIST, encoding="utf-8") as file:
        rows = file.read().splitlines()
    head = [row for row in rows if row.startswith("#")]
    known = {}
    for row in rows[len(head):]:
        path, function, number, reason = row.split("\t")
        known[path, function] = (int(number), reason)
    return known, head


def check_list(missed, build):
    """Is what did not run on the list? Prints what is not."""
    known, head = read_list()
    reasons = {row[2:].split(":")[0] for row in head if ":" in row}
    beyond = wrong = 0
    with open(os.path.join(build, "uncovered.tsv"), "w", encoding="utf-8") as file:
        print(*head, sep="\n", file=file)
        for (path, function), number in sorted(missed.items()):
            listed, reason = known.get((path, function), (0, "?"))
            print(path, function, number, reason, sep="\t", file=file)
            if number > listed:
                beyond += number - listed
                print(f"{path}: {function}(): {number} lines never ran, {listed} are in {LIST}")
    for (path, function), (_, reason) in sorted(known.items()):
        if reason not in reasons:
            wrong += 1
            print(f"{LIST}: {path}: {function}(): the head does not say what '{reason}' is")
        if (path, function) not in missed:
            print(f"{LIST}: {path}: {function}(): all of it ran: take it out")
    print(f"{beyond} lines beyond {LIST}, at most {SLACK}")
    return beyond <= SLACK and wrong == 0


def main():
    build = sys.argv[1]
    least = float(sys.argv[2]) if len(sys.argv) > 2 else 90
    lines, functions = measure(build)
    modules = collections.defaultdict(lambda: [0, 0])
    for path, counts in lines.items():
        for key in (path, os.path.dirname(path), "src"):
            modules[key][0] += sum(count > 0 for count in counts.values())
            modules[key][1] += len(counts)
    for key in sorted(modules):
        ran, all_lines = modules[key]
        indent = "  " if key.endswith((".c", ".h")) else ""
        print(f"{100 * ran / all_lines:5.1f} % of {all_lines:6}  {indent}{key}")
    with open(os.path.join(build, "uncovered.txt"), "w", encoding="utf-8") as file:
        put_uncovered(lines, file)
    share = 100 * modules["src"][0] / modules["src"][1]
    print(f"{share:.1f} % of the lines of src/ ran; at least {least:g} %; the others: {build}/uncovered.txt")
    good = (share >= least) + check_list(count_missed(lines, functions), build)
    print(f"{good} passed, {2 - good} failed")
    sys.exit(good != 2)


main()
