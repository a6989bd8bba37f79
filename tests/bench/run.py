# SPDX-License-Identifier: Apache-2.0
"""make bench: evtxscan and the rivals that are on PATH or in $RIVALS, in one loop over the same files.

run.py [--rounds N] [--input NAME]... [--big] [--json FILE]

Three classes, which are never compared with each other without saying so: `parse` (every record to JSON lines or XML),
`pack` (detect with the T1596.001 pack) and `sigma` (detect with all SigmaHQ rules for Windows, hits not confirmed).
Every round runs each tool once, so that a busy machine disturbs all of them; figures are the fastest round, and the
median where that says more. CPU is user and system time; MB are 10^6 bytes of used chunk space. One-thread tools are
pinned to one core. Input is in the page cache, output goes to /dev/null. A tool whose count of records differs from
evtxscan's is marked with "!", and has neither MB/s nor a ratio, since it did other work. The ratio is how many times as
fast, in CPU time, as evtx_dump with one thread parses the same file.
"""
import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import inputs

SLOW = 5.0  # seconds; a rival that needs longer runs in the first round only
TOO_SLOW = 60.0  # seconds; a rival that would need longer is left out, aloud
RULES = [os.path.join(inputs.CORPUS, "sigma", name)
         for name in ("rules", "rules-emerging-threats", "rules-threat-hunting", "rules-placeholder")]
PATH = os.pathsep.join(filter(None, [os.environ.get("RIVALS"), os.environ.get("PATH")]))
MAKE_INPUTS = "import inputs, json, sys; print(json.dumps(inputs.make(len(sys.argv) > 1)))"


class Tool:
    def __init__(self, kind, name, argv, pinned=True, counts=None, folders=True, prefix=""):
        self.kind, self.name, self.argv, self.pinned = kind, name, argv, pinned
        self.counts = counts  # what a line of output that stands for a record starts with
        self.folders = folders  # takes a folder of logs
        self.prefix = prefix  # of the path
        self.pace = 0.0  # seconds a byte, when last seen

    def on(self, path):
        return self.argv + [self.prefix + path]


def run(argv, core=None):
    """{wall, cpu, memory} of a process; seconds and bytes. What it is forked from counts as memory."""
    if core is not None:
        argv = ["taskset", "-c", str(core)] + argv
    start = time.monotonic()
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss * 1024,
            "status": process.returncode}


def scan(*options):
    return [inputs.PROGRAM, "scan", "-q", "-t", "csv", "-C", "-o", "/dev/null", *options]


def sigma_options():
    return [word for path in RULES for word in ("-r", path)]


def tools_found(has_rules):
    own = subprocess.run([inputs.PROGRAM, "--help"], capture_output=True, text=True, check=True).stdout
    tools = []
    if "evtxscan dump" in own:
        tools.append(Tool("parse", "evtxscan", [inputs.PROGRAM, "dump", "-t", "jsonl"], counts="{"))
    else:
        print("skipped: evtxscan has no command dump, so it is not in the class parse")
    tools.append(Tool("pack", "evtxscan", scan("--threads", "1")))
    tools.append(Tool("pack", "evtxscan", scan("--threads", "2"), pinned=False))
    if has_rules:
        tools.append(Tool("sigma", "evtxscan", scan("--threads", "1", "--no-confirm", *sigma_options())))
        tools.append(Tool("sigma", "evtxscan", scan("--threads", "2", "--no-confirm", *sigma_options()), pinned=False))
    else:
        print("skipped: there are no SigmaHQ rules in '%s'" % RULES[0])
    rivals = [
        Tool("parse", "evtx_dump", ["-t", "1", "-o", "jsonl"], counts="{", folders=False),
        Tool("parse", "evtx_dump", ["-t", "2", "-o", "jsonl"], pinned=False, folders=False),
        Tool("parse", "evtxexport", ["-f", "xml"], counts="<Event ", folders=False),
        Tool("parse", "chainsaw", ["dump", "--jsonl", "-q"], pinned=False, counts="{"),
    ]
    if has_rules:
        rivals.append(Tool("sigma", "rsigma", ["engine", "eval", "--logsource-routing", "-r", RULES[0], "-e"],
                           folders=False, prefix="@"))
        rivals.append(Tool("sigma", "hayabusa", ["csv-timeline", "-w", "-q", "-Q", "-C", "-o", "/dev/null", "-r", RULES[0],
                                                 "-f"], pinned=False, folders=False))
    missing = set()
    for tool in rivals:
        program = shutil.which(tool.name, path=PATH)
        if program:
            tool.argv = [program] + tool.argv
            tools.append(tool)
        else:
            missing.add(tool.name)
    if missing:
        print("not here: " + ", ".join(sorted(missing)))
    return tools


# ---- counts -------------------------------------------------------------

def ledger_of(*options):
    """The ledger of a scan, and its hits."""
    with tempfile.TemporaryDirectory() as folder:
        ledger, hits = os.path.join(folder, "ledger"), os.path.join(folder, "hits")
        subprocess.run([inputs.PROGRAM, "scan", "-q", "-t", "jsonl", "-o", hits, "--ledger", ledger, *options],
                       stderr=subprocess.DEVNULL, check=False)
        with open(ledger, encoding="utf-8") as file:
            totals = json.load(file)
        with open(hits, encoding="utf-8") as file:
            return totals, [json.loads(line) for line in file]


def count_records(tool, path):
    process = subprocess.Popen(tool.on(path), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    start = tool.counts.encode()
    count = sum(line.startswith(start) for line in process.stdout)
    process.wait()
    return count


# ---- classes ------------------------------------------------------------

def threads_of(tool):
    return "1" if tool.pinned else "2" if "2" in tool.argv else "all"


def too_slow(tool, used):
    return tool.name != "evtxscan" and tool.pace * used > TOO_SLOW


def warm(path):
    """Into the page cache."""
    for name in inputs.files_of(path):
        with open(name, "rb", buffering=0) as file:
            while file.read(inputs.MEGA):
                pass


def compare(tools, path, rounds, core):
    """Every tool on one input, in turns; rows as dictionaries."""
    used = inputs.used_bytes(path)
    records = ledger_of("--no-confirm", path)[0]["Totals"]["RecordsRead"]
    turns = [(tool, []) for tool in tools if tool.folders or os.path.isfile(path)]
    for tool, _ in turns:
        if too_slow(tool, used):
            print("\nskipped: %s would need %.0f s" % (tool.name, tool.pace * used), end="")
    turns = [turn for turn in turns if not too_slow(turn[0], used)]
    warm(path)
    for number in range(rounds):
        for tool, results in turns:
            if number == 0 or tool.name == "evtxscan" or results[0]["wall"] < SLOW:
                results.append(run(tool.on(path), core if tool.pinned else None))
    rows = []
    for tool, results in turns:
        cpu = min(result["cpu"] for result in results)
        tool.pace = results[0]["wall"] / used
        count = count_records(tool, path) if tool.counts else records if tool.name == "evtxscan" else None
        differs = count is not None and count != records
        rows.append({
            "class": tool.kind, "tool": tool.name, "threads": threads_of(tool), "records": count,
            "differs": differs, "status": results[-1]["status"], "rounds": len(results),
            "cpu": cpu, "cpu_median": statistics.median(result["cpu"] for result in results),
            "wall": min(result["wall"] for result in results),
            "wall_median": statistics.median(result["wall"] for result in results),
            "mb_per_second": None if differs else used / 1e6 / cpu, "records_per_second": (count or records) / cpu,
            "memory": max(result["memory"] for result in results),
        })
    base = [row["cpu"] for row in rows if row["tool"] == "evtx_dump" and row["threads"] == "1"]
    for row in rows:
        row["ratio"] = base[0] / row["cpu"] if base and not row["differs"] else None
    return rows


def print_rows(name, path, rows, least):
    """`least`: memory of a process that does nothing, below which nothing can be told."""
    print("\n%s: %.0f MB of used chunk space" % (name, inputs.used_bytes(path) / 1e6))
    print("  %-6s %-11s %-7s %9s %8s %8s %8s %9s %9s %7s %7s" % (
        "class", "tool", "threads", "records", "CPU s", "median", "wall s", "MB/CPU s", "krec/CPUs", "MB mem", "x dump"))
    for row in sorted(rows, key=lambda row: ("parse", "pack", "sigma").index(row["class"])):
        print("  %-6s %-11s %-7s %8s%s %8.3f %8.3f %8.3f %9s %9.0f %7s %7s%s" % (
            row["class"], row["tool"], row["threads"], row["records"] if row["records"] is not None else "-",
            "!" if row["differs"] else " ", row["cpu"], row["cpu_median"], row["wall"],
            "%.0f" % row["mb_per_second"] if row["mb_per_second"] else "-", row["records_per_second"] / 1e3,
            "%s%.0f" % ("<" if row["memory"] <= 1.1 * least else "", row["memory"] / 1e6),
            "%.2f" % row["ratio"] if row["ratio"] else "-",
            "" if row["status"] == 0 else "  exit status %d" % row["status"]))
    sys.stdout.flush()


def alternate(variants, rounds, core=None):
    """Fastest CPU and wall time of each of {name: argv}, run in turns."""
    results = {name: [] for name in variants}
    for _ in range(rounds):
        for name, argv in variants.items():
            results[name].append(run(argv, core))
    return {name: {key: min(one[key] for one in some) for key in ("cpu", "wall")} for name, some in results.items()}


def confirmation(paths, rounds, core):
    """What the second reader costs, with all SigmaHQ rules."""
    found = {}
    for name in ("thousand", "mixed-30m"):
        warm(paths[name])
        options = ["--threads", "1", *sigma_options(), paths[name]]
        hits = ledger_of("--no-confirm", *options)[1]
        confirmed = len({(hit["EvtxFile"], hit["Evidence"]["Chunk"], hit["Evidence"]["Offset"])
                         for hit in hits if hit["Evidence"]})
        best = alternate({"off": scan("--no-confirm", *options), "on": scan(*options)}, rounds, core)
        off, on = best["off"]["cpu"], best["on"]["cpu"]
        found[name] = {"confirmed": confirmed, "off": off, "on": on, "ratio": on / off,
                       "microseconds": (on - off) * 1e6 / max(confirmed, 1)}
        print("confirmation, sigma, %s: %d records with hits, %.3f s CPU without, %.3f s with: x %.2f, %.0f us a record"
              % (name, confirmed, off, on, on / off, found[name]["microseconds"]))
    return found


def evidence(paths, rounds, core):
    """What JSON adds to CSV: the log is hashed, and all evidence printed."""
    options = ["--threads", "1", "--no-confirm", *sigma_options(), paths["mixed-1g"]]
    warm(paths["mixed-1g"])
    best = alternate({"csv": scan(*options), "jsonl": scan("-t", "jsonl", *options)}, rounds, core)
    print("evidence, sigma, mixed-1g: %.3f s CPU with -t csv, %.3f s with -t jsonl, which hashes the log"
          % (best["csv"]["cpu"], best["jsonl"]["cpu"]))
    return best


def loading(has_rules, rounds, core):
    """Start, rules and one file of one record."""
    with tempfile.TemporaryDirectory() as folder:
        tiny = os.path.join(folder, "tiny.evtx")
        inputs.synth(tiny, "events:\n  - {provider: Bench, channel: Application, computer: host, event_id: 1, "
                           "time: 2026-11-23T00:00:00Z}\n")
        empty = os.path.join(folder, "empty")
        os.mkdir(empty)
        variants = {"no rules": scan("--threads", "1", "-r", empty, tiny), "pack": scan("--threads", "1", tiny)}
        if has_rules:
            variants["sigma"] = scan("--threads", "1", *sigma_options(), tiny)
        best = alternate(variants, 2 * rounds, core)
    for name, row in best.items():
        print("start and load, %s: %.1f ms CPU, %.1f ms" % (name, row["cpu"] * 1e3, row["wall"] * 1e3))
    return best


def threads(rows):
    """Two threads over one, from the rows of an input."""
    found = {}
    for kind in ("pack", "sigma"):
        one, two = [[row for row in rows if (row["class"], row["tool"], row["threads"]) == (kind, "evtxscan", count)]
                    for count in ("1", "2")]
        if one and two:
            found[kind] = one[0]["wall"] / two[0]["wall"]
            print("two threads over one, %s, wall: %.2f" % (kind, found[kind]))
    return found


def memory(paths, has_rules):
    """Peak memory with all rules by size of the input."""
    found = {}
    for name in ("mixed-30m", "mixed-1g", "mixed-10g"):
        if name in paths:
            warm(paths[name])
            for count in ("1", "2"):
                result = run(scan("--threads", count, "--no-confirm", *(sigma_options() if has_rules else []), paths[name]))
                found[name + "/" + count] = result["memory"]
                print("peak memory, all rules, %s, %s thread(s): %.1f MiB" % (name, count, result["memory"] / 2**20))
    return found


# ---- setting ------------------------------------------------------------

def first_line(path, key):
    try:
        with open(path, encoding="utf-8") as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith(key)), "")
    except OSError:
        return ""


def describe(tools, core):
    print("machine: %s, %d processors, %s" % (first_line("/proc/cpuinfo", "model name") or platform.machine(),
                                             os.cpu_count() or 1, first_line("/proc/meminfo", "MemTotal")))
    print("kernel: %s %s, load %.2f; one-thread tools on processor %s"
          % (platform.system(), platform.release(), os.getloadavg()[0], core))
    for tool in tools:
        shown = [word for word in tool.argv[1:]]
        for rules in RULES[1:]:
            if rules in shown:
                at = shown.index(rules)
                del shown[at - 1:at + 1]
        version = subprocess.run([tool.argv[0], "-V" if tool.name == "evtxexport" else "--version"],
                                 capture_output=True, text=True, check=False).stdout.split("\n")[0]
        print("  %-6s %s (%s): %s" % (tool.kind, tool.name, version, " ".join(shown)))
    print("  checksums: evtxscan always verifies them; the others as by default")
    if any(tool.name == "rsigma" for tool in tools):
        print("  rsigma sees fields under other names than the rules use, so that it finds hardly any hit: less work")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--input", action="append", metavar="NAME", help="only this one, repeatable")
    parser.add_argument("--big", action="store_true", help="10 GB too")
    parser.add_argument("--json", metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    # Made by a process of its own: its memory would count as that of the tools started from here.
    made = subprocess.run([sys.executable, "-B", "-c", MAKE_INPUTS] + (["big"] if options.big else []),
                          stdout=subprocess.PIPE, check=True,
                          env={**os.environ, "PYTHONPATH": inputs.HERE, "EVTXSCAN": inputs.PROGRAM})
    paths, has_corpus = json.loads(made.stdout)
    core = max(os.sched_getaffinity(0)) if shutil.which("taskset") else None
    if core is None:
        print("taskset is missing: nothing is pinned")
    has_rules = has_corpus and os.path.isdir(RULES[0])
    tools = tools_found(has_rules)
    describe(tools, core)
    figures = {"inputs": {}}
    least = run(["true"])["memory"]
    for name, path in paths.items():
        if name in ("thousand", "mixed-10g") or options.input and name not in options.input:
            continue
        figures["inputs"][name] = compare(tools, path, options.rounds, core)
        print_rows(name, path, figures["inputs"][name], least)
    print()
    if "mixed-1g" in figures["inputs"]:
        figures["threads"] = threads(figures["inputs"]["mixed-1g"])
    if has_rules:
        figures["confirmation"] = confirmation(paths, options.rounds, core)
        if not options.input:
            figures["evidence"] = evidence(paths, options.rounds, core)
    figures["load"] = loading(has_rules, options.rounds, core)
    figures["memory"] = memory(paths, has_rules)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(figures, file, indent=1)


if __name__ == "__main__":
    main()
