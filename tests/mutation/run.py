# SPDX-License-Identifier: Apache-2.0
"""Plant faults in the code, one at a time, and see whether the tests notice: run.py [FAULTS] [FILE]...

FAULTS is a range such as 1-20; with FILEs, only those planted there. The work happens in a copy of
the repository's last commit, so that the sources here stay as they are.

For each fault: "seen by SUITE", "does not compile" (a fault that the compiler sees counts as seen),
or "NOT SEEN". The units are tried first, then the other suites of tests/check.sh, but for the browser,
up to the one that sees it. The tests must pass without a fault first. The last line is "N passed, M
failed": passed are those that were seen. Exit status 1 when fewer than 95 % were.
"""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SUITES = ("rules", "cli", "pack", "samples", "bounds", "docs", "man", "hardening", "fuzz")  # of tests/check.sh
WANTED = 0.95
SECONDS = 900


def faults():
    """(number, file, old, new) of each fault."""
    text = open(os.path.join(HERE, "faults.txt"), encoding="utf-8").read()
    found = re.findall(r"^(src/\S+)\n- (.*)\n\+ (.*)$", text, re.M)
    return [(number, *fault) for number, fault in enumerate(found, 1)]


def make(copy, *arguments, **environment):
    """Exit status; a hang has failed."""
    try:
        ended = subprocess.run(("make", "-j2", *arguments), cwd=copy, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, env=os.environ | environment, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return 1
    return ended.returncode


def judge(copy):
    if make(copy) != 0:
        return "does not compile"
    if make(copy, "unit") != 0:
        return "seen by unit"
    for suite in SUITES:
        if make(copy, "check", SUITES=suite) != 0:
            return f"seen by {suite}"
    return "NOT SEEN"


def plant(copy, path, old, new):
    """Replace and judge; None when the place is not there (exactly once)."""
    full = os.path.join(copy, path)
    text = open(full, encoding="utf-8").read()
    if text.count(old) != 1:
        return None
    with open(full, "w", encoding="utf-8") as out:
        out.write(text.replace(old, new))
    try:
        return judge(copy)
    finally:
        with open(full, "w", encoding="utf-8") as out:
            out.write(text)


def chosen(arguments):
    numbers = [argument for argument in arguments if re.fullmatch(r"\d+-\d+", argument)]
    files = [argument for argument in arguments if argument not in numbers]
    for fault in faults():
        within = not numbers or any(int(a) <= fault[0] <= int(b) for a, b in (n.split("-") for n in numbers))
        if within and (not files or fault[1] in files):
            yield fault


def main():
    seen = missed = 0
    with tempfile.TemporaryDirectory() as scratch:
        copy = os.path.join(scratch, "copy")
        subprocess.run(("git", "clone", "-q", ROOT, copy), check=True)
        sound = judge(copy)
        if sound != "NOT SEEN":
            print(f"without a fault: {sound}\n0 passed, 1 failed")
            return 1
        for number, path, old, new in chosen(sys.argv[1:]):
            verdict = plant(copy, path, old, new) or "no such place (or several)"
            good = verdict.startswith(("seen", "does"))
            seen += good
            missed += not good
            print(f"{'ok' if good else 'not ok'} {number} {path}: {new.strip()}: {verdict}", flush=True)
    print(f"{seen} passed, {missed} failed")
    return 0 if seen >= WANTED * (seen + missed) else 1


sys.exit(main())
