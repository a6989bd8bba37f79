# SPDX-License-Identifier: Apache-2.0
"""Plant faults in the code, one at a time, and see whether the tests notice: run.py [FAULTS] [FILE]...

FAULTS is a range such as 1-20; with FILEs, only those planted there. The work happens in a copy of
the repository's last commit, so that the sources here stay as they are.

For each fault: "seen by SUITE", "does not compile" (a fault that the compiler sees counts as seen),
or "NOT SEEN". The suites are tried fastest first, as tests/check.sh runs them. The last line is
"N passed, M failed": passed are those that were seen. Exit status 1 when fewer than 95 % were.
"""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SUITES = "unit", "rules", "fuzz", "pack", "samples", "cli", "docs"
WANTED = 0.95
SECONDS = 900


def faults():
    """(number, file, old, new) of each fault."""
    text = open(os.path.join(HERE, "faults.txt"), encoding="utf-8").read()
    found = re.findall(r"^(src/\S+)\n- (.*)\n\+ (.*)$", text, re.M)
    return [(number, *fault) for number, fault in enumerate(found, 1)]


def run(copy, *command, **environment):
    return subprocess.run(command, cwd=copy, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", env=os.environ | environment)


def suite_fails(copy, suite):
    try:
        ended = subprocess.run(("make", "-j2", "check"), cwd=copy, env=os.environ | {"SUITES": suite},
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return True
    return ended.returncode != 0


def judge(copy):
    built = run(copy, "make", "-j2")
    if built.returncode != 0:
        return "does not compile"
    for suite in SUITES:
        if suite_fails(copy, suite):
            return "seen by " + suite
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
        for number, path, old, new in chosen(sys.argv[1:]):
            verdict = plant(copy, path, old, new) or "no such place (or several)"
            good = verdict.startswith(("seen", "does"))
            seen += good
            missed += not good
            print(f"{'ok' if good else 'not ok'} {number} {path}: {new.strip()}: {verdict}", flush=True)
    print(f"{seen} passed, {missed} failed")
    return 0 if seen >= WANTED * (seen + missed) else 1


sys.exit(main())
