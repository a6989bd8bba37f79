#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every call that can fail fails, one after the other: run.py [--quick] [-v] [--only KIND] [--every N] [CASE]...

cases.py has the commands, faults.c lets the N-th call of a kind fail, judge.py says what may come of
it. --quick takes some of the faults of some commands, for `make check`; --only a kind of faults, --every
each N-th of them. EVTXSCAN names the program. Closes with "N passed, M failed[, K skipped]": a test is a
case with one kind of faults.
"""
import argparse
import concurrent.futures
import errno
import os
import platform
import queue
import signal
import sys
import tempfile
import time

import cases
import judge
import preload
from preload import Fault

WORKERS = 2
FAILURES_SHOWN = 3
ERRORS = {
    "read": (errno.EIO,), "pread": (errno.EIO,),
    "write": (errno.ENOSPC, errno.EPIPE), "pwrite": (errno.ENOSPC, errno.EIO),
    "open": (errno.EMFILE, errno.EACCES), "close": (errno.EIO,), "sync": (errno.EIO,), "seek": (errno.EIO,),
    "truncate": (errno.EIO,), "list": (errno.EIO,), "mmap": (errno.ENOMEM,), "stat": (errno.EIO, errno.EACCES),
    "rename": (errno.EACCES,), "mkdir": (errno.ENOSPC,), "link": (errno.EACCES,),
    "landlock": (errno.ENOSYS,), "landlock_rule": (errno.ENOMEM,), "landlock_enter": (errno.EPERM,),
    "thread": (errno.EAGAIN,),
}
# They must not be noticed.
SAME = ("landlock", "landlock_rule", "landlock_enter", "thread")
CHANGES = ("cut=", "grow=", "swap=")
CLOCKS = (-20000000000, -1, 253402300800, 2 ** 63 - 1, -2 ** 63)  # 1336, 1969, 10000, and the ends
QUICK_CASES = ("scan -t jsonl", "scan over old", "scan a zip", "dump -t jsonl", "dump an image", "synth", "test")
QUICK_MOST = {"malloc": 30, "signal": 24}  # faults of a kind
QUICK_FEW = 8
PIECEWISE = ("read", "pread", "write", "pwrite")


def plans(case, base, sites):
    """The faults of a case: kind -> (faults, whether they must not be noticed)."""
    counts = base.counts
    for call, numbers in ERRORS.items():
        yield call, [Fault(call, str(n), str(number)) for n in range(1, counts[call] + 1) for number in numbers], \
            call in SAME
    yield "from then on", [Fault(call, f"{n}+", str(number)) for call in ("read", "pread", "write", "pwrite", "open")
                           for n in range(1, counts[call] + 1) for number in ERRORS[call][:1]], False
    yield "short", [Fault(call, n, "short") for call in PIECEWISE if counts[call] > 0
                    for n in ["*"] + [str(n) for n in range(1, counts[call] + 1)]], True
    # Handlers restart calls: no signal of ours gives EINTR. What is read withstands it all the same; what stdio
    # writes does not, and says so.
    for kind, calls in (("interrupted", PIECEWISE[:2]), ("interrupted writes", PIECEWISE[2:])):
        yield kind, [Fault(call, n, str(int(errno.EINTR))) for call in calls if counts[call] > 0
                     for n in ["*"] + [str(n) for n in range(1, counts[call] + 1)]], kind == "interrupted"
    yield "malloc", [Fault("malloc", str(n), str(int(errno.ENOMEM))) for n in sites], False
    yield "changes", list(changes(case, base)), False
    yield "signal", [Fault("any", str(n), f"signal={int(number)}") for n in range(1, counts["any"] + 1)
                     for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)], False
    yield "signals", [Fault("any", f"{n}+", f"signal={int(signal.SIGINT)}") for n in range(1, counts["any"] + 1)], \
        False


def changes(case, base):
    """What happens to the logs while they are read."""
    for log in case.logs:
        for n in range(1, base.counts["pread"] + 1):
            for how in ("cut=0:", "cut=4096:", "cut=34000:", "grow=", "swap=other.evtx:"):
                yield Fault("pread", str(n), how + log)


class Tester:
    def __init__(self, folder, library, options):
        self.options = options
        self.passed = self.failed = self.faults = 0
        material = os.path.join(folder, "material")
        cases.make_material(material)
        self.places = queue.SimpleQueue()
        for i in range(WORKERS):
            self.places.put(preload.Place(os.path.join(folder, f"place{i}"), material, library))
        self.plain = preload.Place(os.path.join(folder, "plain"), material, None)
        self.pool = concurrent.futures.ThreadPoolExecutor(WORKERS)

    def run(self, case, fault=None, **more):
        place = self.places.get()
        if fault and fault.how.startswith(CHANGES):
            more["restore"] = judge.changed_file(fault)
        try:
            return place.run(case.argv, fault, case.stdin, [f"out/{name}" for name in case.outputs if case.old], **more)
        finally:
            self.places.put(place)

    def base(self, case):
        """The undisturbed run, and where it allocates."""
        place = self.places.get()
        old = [f"out/{name}" for name in case.outputs if case.old]
        base = place.run(case.argv, None, case.stdin, old, sites=True)
        sites = range(1, base.counts["malloc"] + 1) if case.small and not self.options.quick else place.malloc_sites()
        self.places.put(place)
        plain = self.plain.run(case.argv, None, case.stdin, old)
        return base, sites, plain.seen() == base.seen() and not plain.left

    def report(self, name, bad, count):
        self.faults += count
        if not bad:
            self.passed += 1
            return
        self.failed += 1
        print(f"not ok {name}: {len(bad)} of {count}")
        for title, problems in bad[:FAILURES_SHOWN]:
            print("    " + title)
            for problem in problems:
                print("        " + problem.rstrip().replace("\n", "\n        "))

    def try_faults(self, case, base, kind, faults, same):
        def one(fault):
            result = self.run(case, fault)
            return f"{fault} {result.file}", list(judge.judge(case, base, result, fault, same))
        bad = [found for found in self.pool.map(one, faults) if found[1]]
        self.report(f"{case.name}, {kind}", bad, len(faults))

    def thin(self, case, kind, faults):
        if self.options.quick:
            most = QUICK_MOST.get(kind, QUICK_FEW)
            return faults[::-(-len(faults) // most) or 1]
        return faults[::self.options.every * case.every] if len(faults) > 60 else faults

    def test(self, case):
        start, before = time.monotonic(), self.faults
        base, sites, equal = self.base(case)
        if not equal or base.left or base.status != 0:
            self.report(f"{case.name}, undisturbed", [(f"status {base.status}, same without preload: {equal}",
                                                       base.left + [base.stderr.decode()])], 1)
            return
        for kind, faults, same in plans(case, base, sites):
            faults = self.thin(case, kind, faults)
            if faults and (not self.options.only or kind in self.options.only):
                self.try_faults(case, base, kind, faults, same)
        if self.options.verbose:
            print(f"# {case.name}: {self.faults - before} faults, {time.monotonic() - start:.1f} s, "
                  f"{ {k: v for k, v in base.counts.items() if v} }", flush=True)

    def test_clock(self, case):
        """Only --last looks at it."""
        bad = []
        base = self.run(case)
        last = case._replace(argv=[*case.argv, "--last", "30d"])
        for seconds in CLOCKS:
            result = self.run(case, FAULT_CLOCK=str(seconds))
            if result.seen() != base.seen():
                bad.append((f"clock {seconds}", ["another result"]))
            result = self.run(last, FAULT_CLOCK=str(seconds))
            if result.status != 2 or b"clock" not in result.stderr or result.files:
                bad.append((f"clock {seconds}, --last", [f"status {result.status}", result.stderr.decode()]))
        self.report(f"{case.name}, clock", bad, 2 * len(CLOCKS))


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", nargs="*")
    parser.add_argument("-v", dest="verbose", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append")
    parser.add_argument("--every", type=int, default=1)
    return parser.parse_args()


def main():
    options = parse()
    if platform.system() != "Linux":
        print("faults: skipped, the preload library is for Linux")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        library = preload.build(folder)
        if library is None:
            print("0 passed, 1 failed")
            return 1
        tester = Tester(folder, library, options)
        if tester.run(cases.Case("probe", ["--version"])).status == 97:
            print("faults: skipped, the kernel lets nobody catch system calls (seccomp)")
            print("0 passed, 0 failed, 1 skipped")
            return 0
        wanted = options.cases or (QUICK_CASES if options.quick else None)
        for case in cases.cases():
            if not wanted or case.name in wanted:
                tester.test(case)
            if case.name == "scan -t html" and (not options.cases or "clock" in options.cases):
                tester.test_clock(case)
        print(f"faults: {tester.faults} visited")
    print(f"{tester.passed} passed, {tester.failed} failed")
    return tester.failed != 0


if __name__ == "__main__":
    sys.exit(main())
