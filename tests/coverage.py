#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which lines of src/ the tests ran: coverage.py BUILD [LEAST]

Reads what `make coverage` left in BUILD and prints a line for each module and file; the lines that
never ran go to BUILD/uncovered.txt. Closes with "1 passed, 0 failed" when at least LEAST percent (90)
of all lines ran.
"""
import collections
import glob
import os
import shutil
import subprocess
import sys


def tool(name):
    """llvm-cov is llvm-cov-14 without the package llvm."""
    found = [shutil.which(name)] + sorted(glob.glob(f"/usr/bin/{name}-*"))
    return next(path for path in found if path)


def objects(build):
    programs = [os.path.join(build, name) for name in ("evtxscan", "libevtxscan.so.0")]
    return programs + sorted(path for path in glob.glob(f"{build}/unit/*") + glob.glob(f"{build}/fuzz/*")
                             if os.access(path, os.X_OK))


def measure(build):
    """{file: {line: count}}, of src/ alone."""
    merged = os.path.join(build, "profile.data")
    subprocess.run([tool("llvm-profdata"), "merge", "-sparse", "-o", merged, *glob.glob(f"{build}/profile/*.profraw")],
                   check=True)
    first, *others = objects(build)
    report = subprocess.run(
        [tool("llvm-cov"), "export", "-format=lcov", f"-instr-profile={merged}", first,
         *(f"-object={path}" for path in others)], check=True, stdout=subprocess.PIPE, text=True).stdout
    lines = collections.defaultdict(collections.Counter)
    path = ""
    for line in report.splitlines():
        key, _, value = line.partition(":")
        if key == "SF":
            path = os.path.relpath(value)
        elif key == "DA" and path.startswith("src/"):
            number, count = value.split(",")[:2]
            lines[path][int(number)] += int(count)
    return lines


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


def main():
    build = sys.argv[1]
    least = float(sys.argv[2]) if len(sys.argv) > 2 else 90
    lines = measure(build)
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
    good = share >= least
    print(f"{int(good)} passed, {int(not good)} failed")
    sys.exit(not good)


main()
