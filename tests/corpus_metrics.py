#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`evtxscan metrics` against a count of its own: corpus_metrics.py FOLDER

The records come from `evtxscan dump`, file by file; everything else is done again here, record by record, with sets of
ids instead of runs. Compares all rows of all sections, prints some that differ and how many there should be. EVTXSCAN names the
program.
"""
import collections
import datetime
import json
import os
import subprocess
import sys

PROGRAM = os.environ.get("EVTXSCAN", "./evtxscan")
EPOCH = datetime.datetime(1601, 1, 1)
TYPES = {0: "system start", 2: "interactive", 3: "network", 4: "batch", 5: "service", 7: "unlock",
         8: "network, clear text", 9: "new credentials", 10: "remote interactive", 11: "cached interactive",
         12: "cached remote interactive", 13: "cached unlock"}
OTHER = {4648: "explicit credentials (4648)", 4776: "NTLM check (4776)", 4768: "Kerberos ticket (4768, 4771)",
         4771: "Kerberos ticket (4768, 4771)"}


def text(value):
    if isinstance(value, dict):
        value = value.get("#text")
    return "" if value is None else str(value)


def known_time(time):
    """With seven digits: forwarded events have their times as text, of three to nine. None for the year 1601."""
    whole, _, fraction = (time or "").rstrip("Z").partition(".")
    return "%s.%sZ" % (whole, (fraction + "0000000")[:7]) if whole and not whole.startswith("1601") else None


def ticks(time):
    whole, fraction = time.rstrip("Z").split(".")
    start = datetime.datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S")
    return int((start - EPOCH).total_seconds()) * 10**7 + int(fraction)


class Record:
    def __init__(self, line):
        event = json.loads(line)["Event"]
        system = event["System"]
        self.channel, self.computer = text(system.get("Channel")), text(system.get("Computer"))
        self.provider = system.get("Provider", {}).get("#attributes", {}).get("Name", "")
        self.event_id = int(text(system.get("EventID")) or 0)
        self.id = int(text(system.get("EventRecordID")) or 0)
        self.time = known_time(system.get("TimeCreated", {}).get("#attributes", {}).get("SystemTime"))
        self.data, self.user_data = event.get("EventData") or {}, event.get("UserData") or {}

    def value(self, name):
        found = text(self.data.get(name)) if isinstance(self.data, dict) else ""
        return "" if found == "-" else found


def find_logs(folder):
    return sorted(os.path.join(root, name) for root, _, names in os.walk(folder) for name in names
                  if name.lower().endswith(".evtx"))


def read(path):
    out = subprocess.run([PROGRAM, "dump", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout
    return [Record(line) for line in out.decode().splitlines()]


def span(records):
    times = sorted(record.time for record in records if record.time)
    return (times[0], times[-1]) if times else (None, None)


def group(items, key):
    groups = collections.defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups


# ---- counts -------------------------------------------------------------

def counts(files):
    every = [(record, path) for path, records in files for record in records]
    records = [record for record, _ in every]
    for name, rows in group(every, lambda pair: pair[0].channel).items():
        these = [record for record, _ in rows]
        yield ("channels", len(rows), len({r.computer for r in these}), len({r.provider for r in these}),
               len({path for _, path in rows}), name, *span(these))
    for key, these in group(records, lambda r: (r.event_id, r.channel, r.provider)).items():
        percent = int(len(these) * 10000 / len(records) + 0.5) / 100
        yield ("events", len(these), percent, *key, *span(these))
    for name, these in group(records, lambda r: r.computer).items():
        yield ("computers", len(these), len({r.channel for r in these}), name, *span(these))
    for name, these in group(records, lambda r: r.provider).items():
        yield ("providers", len(these), len({r.channel for r in these}), name, *span(these))


# ---- order --------------------------------------------------------------

def gaps_of_channel(path, records):
    ids = [record.id for record in records]
    known = set(ids)
    overlap = len(known) < len(ids)
    for (channel, computer), these in group(records, lambda r: (r.channel, r.computer)).items():
        ordered = sorted({record.id: record for record in reversed(these)}.values(), key=lambda record: record.id)
        holes = []
        for before, after in zip(ordered, ordered[1:]):
            missing = after.id - before.id - 1
            if not overlap:
                missing -= sum(before.id < number < after.id for number in known) if missing else 0
            if missing:
                holes.append((missing, before, after))
        if len(holes) * 50 > len(these):
            yield ("sparse", sum(hole[0] for hole in holes), len(holes), len(these), holes[0][1], holes[-1][2])
        else:
            for missing, before, after in holes:
                yield ("gap", missing, 1, len(these), before, after)
        if ordered[0].id > 1 and (overlap or ordered[0].id == min(known)):
            yield ("start", ordered[0].id - 1, 0, len(these), None, ordered[0])


def gaps(files):
    for path, records in files:
        for these in group([r for r in records if r.id], lambda r: r.channel).values():
            for kind, missing, holes, count, before, after in gaps_of_channel(path, these):
                yield ("gaps", kind, missing, holes, count, before and before.id, after.id, after.channel,
                       after.computer, before and before.time, after.time, path)


def steps(files):
    for path, records in files:
        logs = group([r for r in records if r.id], lambda r: (r.channel, r.computer))
        for these in logs.values():
            ordered = sorted(these, key=lambda record: record.id)
            for before, after in zip(ordered, ordered[1:]):
                if not before.time or not after.time:
                    continue
                back = ticks(before.time) - ticks(after.time)
                if back > 2 * 10**7:
                    yield ("steps", back / 10**7, before.id, after.id, before.channel, before.computer, before.time,
                           after.time, path)


# ---- clears and logons --------------------------------------------------

def account(domain, user):
    return domain + "\\" + user if domain else user


def clears(files):
    for path, records in files:
        for record in records:
            if record.provider != "Microsoft-Windows-Eventlog" or record.event_id not in (104, 1102):
                continue
            cleared = record.user_data["LogFileCleared"]
            yield ("clears", record.time, cleared.get("Channel", record.channel),
                   account(text(cleared.get("SubjectDomainName")), text(cleared.get("SubjectUserName"))),
                   record.computer, record.channel, record.event_id, record.id, path)


def status_of(record):
    numbers = [int(record.value(name) or "0", 0) for name in ("SubStatus", "Status")]
    return numbers[0] or numbers[1]


def outcome(record):
    if record.event_id == 4648:
        return "use"
    if record.event_id in (4625, 4771):
        return "failure"
    return "failure" if record.event_id in (4768, 4776) and status_of(record) else "success"


def logon_key(record):
    kind = OTHER.get(record.event_id)
    logon_type = None if kind or not record.value("LogonType") else int(record.value("LogonType"))
    address = record.value("IpAddress")
    if address.lower().startswith("::ffff:") and "." in address:
        address = address[7:]
    return (logon_type, kind or TYPES.get(logon_type, ""),
            account(record.value("TargetDomainName"), record.value("TargetUserName")), record.computer,
            record.value("WorkstationName") or record.value("Workstation"), address)


def logons(files):
    wanted = {4624, 4625, *OTHER}
    records = [r for _, records in files for r in records
               if r.event_id in wanted and r.provider == "Microsoft-Windows-Security-Auditing"]
    for key, these in group(records, logon_key).items():
        outcomes = collections.Counter(outcome(record) for record in these)
        statuses = collections.Counter(status_of(r) for r in these if outcome(r) == "failure")
        most = min(statuses, key=lambda status: (-statuses[status], status)) if statuses else None
        yield ("logons", outcomes["failure"], outcomes["success"], outcomes["use"], *key, most and hex(most),
               *span(these))


# ---- comparing ----------------------------------------------------------

def comparable(row):
    """A row of the program without what this script does not know: titles, words of a status, damage."""
    row = dict(row)
    row.pop("Title", None)
    if "MostFailures" in row:
        row["MostFailures"] = row["MostFailures"].rpartition("(")[2].rstrip(")") or None
    if row.get("Kind") == "damage":
        row["Kind"] = "gap"
    return tuple(row.values())


def main():
    folder = sys.argv[1]
    files = [(path, read(path)) for path in find_logs(folder)]
    out = subprocess.run([PROGRAM, "metrics", "-q", "-t", "jsonl", folder], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, check=False).stdout
    actual = group([comparable(json.loads(line)) for line in out.splitlines()], lambda row: row[0])
    expected = group([row for make in (counts, gaps, steps, clears, logons) for row in make(files)], lambda row: row[0])
    failed = 0
    for name in sorted({*expected, *actual}):
        rows, printed = collections.Counter(expected[name]), collections.Counter(actual[name])
        for row in list(rows - printed)[:5]:
            print("%s: not there:" % name, *row)
        for row in list(printed - rows)[:5]:
            print("%s: surplus:" % name, *row)
        failed += rows != printed
    print("%d rows in %d sections" % (sum(map(len, expected.values())), len(expected)))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
