# SPDX-License-Identifier: Apache-2.0
"""make bench-gate: instructions per record against the ceilings in ceilings.tsv. gate.py [--set]

Counted by callgrind on logs that `evtxscan synth` makes of gate.yml: 20,000 records less 2,000 of the same kind, so that
start, rules and first sights of templates cancel out. The pack needs only this repository, all of SigmaHQ's rules need
$CORPUS. --set writes ceilings: what was measured and 5 %. Prints "N passed, M failed[, K skipped]".
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

import inputs
from run import RULES, scan, sigma_options

CEILINGS = os.path.join(inputs.HERE, "ceilings.tsv")
MANY, FEW = 50, 5  # rounds of gate.yml
HEAD = """# Most instructions per record on the log of gate.yml (make bench-gate): measured and 5 %.
# A change that makes it slower raises its row (python3 -B tests/bench/gate.py --set) and says why in its commit.
"""


def instructions(argv):
    with tempfile.NamedTemporaryFile() as out:
        done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=" + out.name, *argv],
                              capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit("gate: valgrind ended with status %d:\n%s" % (done.returncode, done.stderr))
    return int(found.group(1))


def per_record(options, logs):
    many, few = (instructions(scan("--threads", "1", "--no-confirm", *options, log)) for log in logs)
    return (many - few) / ((MANY - FEW) * inputs.GATE_ROUND)


def read_ceilings():
    with open(CEILINGS, encoding="utf-8") as file:
        return {name: int(most) for name, most in (line.split("\t") for line in file if not line.startswith("#"))}


def measure():
    """{rules: instructions per record}, and how many could not be measured."""
    cases = {"pack": []}
    if os.path.isdir(RULES[0]):
        cases["sigma"] = sigma_options()
    else:
        print("skip sigma: there are no SigmaHQ rules in '%s'" % RULES[0])
    with tempfile.TemporaryDirectory() as folder:
        logs = [os.path.join(folder, "%d.evtx" % rounds) for rounds in (MANY, FEW)]
        for log, rounds in zip(logs, (MANY, FEW)):
            inputs.synth(log, inputs.description(rounds))
        return {name: per_record(options, logs) for name, options in cases.items()}, 2 - len(cases)


def main():
    if not shutil.which("valgrind"):
        print("skip: instructions are counted by callgrind, of the package valgrind, which is not here")
        print("0 passed, 0 failed, 2 skipped")
        return 0
    measured, skipped = measure()
    if "--set" in sys.argv[1:]:
        ceilings = {**(read_ceilings() if os.path.exists(CEILINGS) else {}),
                    **{name: round(count * 1.05) for name, count in measured.items()}}
        with open(CEILINGS, "w", encoding="utf-8") as file:
            file.write(HEAD + "".join("%s\t%d\n" % row for row in ceilings.items()))
    failed = 0
    ceilings = read_ceilings()
    for name, count in measured.items():
        above = count > ceilings[name]
        failed += above
        print("%s%s: %.0f instructions per record, at most %d" % ("not ok " if above else "", name, count, ceilings[name]))
    print("%d passed, %d failed%s" % (len(measured) - failed, failed, ", %d skipped" % skipped if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
