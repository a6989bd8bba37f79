# SPDX-License-Identifier: Apache-2.0
"""The commands that are disturbed, and the files they work on."""
import base64
import os
import shutil
import subprocess
import tarfile
import typing
import zipfile

from preload import PROGRAM, ROOT

EVENTS = """\
defaults:
  provider: Microsoft-Windows-DNSServer
  channel: Microsoft-Windows-DNSServer/Analytical
  computer: dns1.corp.example
  event_id: 271
events:
  - time: 2026-11-03T02:14:09Z
    repeat: {count}
    every: 1s
    data: {{Source: 198.51.100.66, Destination: "198.51.100.${{n}}", RCODE: {{uint32: 0}}, QNAME: "z${{n}}.corp.example."}}
  - time: 2026-11-03T02:15:09Z
    event_id: 270
    data: {{Source: 192.0.2.7, QNAME: corp.example., Zone: "=1+1 \\u202e<b>"}}
"""
# Each thing that rules do once.
RULES = {"transfer.yml": """\
title: Zone Given
id: 00000000-0000-4000-8000-000000000001
name: given
logsource: {product: windows, service: dns-server-analytic}
detection:
  answer: {EventID: 271, RCODE: 0}
  own: {Destination|cidr: 192.0.2.0/24}
  condition: answer and not own
level: high
tags: [attack.t1596.001]
""", "regex.yml": """\
title: A Name
id: 00000000-0000-4000-8000-000000000002
logsource: {product: windows, service: dns-server-analytic}
detection:
  name: {QNAME|re: '^z?[0-9]*\\.?corp\\.'}
  words: ['corp*example', 192.0.2.7]
  condition: 1 of them
level: low
""", "many.yml": """\
title: Several
id: 00000000-0000-4000-8000-000000000003
correlation: {type: event_count, rules: [given], group-by: [Source], timespan: 5m, condition: {gte: 3}}
level: medium
""", "filter.yml": """\
title: Ours
id: 00000000-0000-4000-8000-000000000004
logsource: {product: windows, service: dns-server-analytic}
filter: {rules: [given], own: {Destination: 198.51.100.2}, condition: not own}
"""}
LOGSOURCES = """\
version: 1
services:
  dns-server-analytic: {channels: {official: [Microsoft-Windows-DNSServer/Analytical]}}
"""
TESTS = """\
name: a zone is given away
rules: [../rules/transfer.yml, ../rules/regex.yml]
events:
  - {time: 2026-11-23T10:00:00Z, provider: p, channel: Microsoft-Windows-DNSServer/Analytical, computer: c,
     event_id: 271, data: {RCODE: {uint32: 0}, Destination: 203.0.113.1}}
expect: [{rule: Zone Given, count: 1}]
---
name: in a log
rules: ../rules/transfer.yml
evtx: ../a.evtx
expect: [{rule: Zone Given, count: 5}]
"""
ALLOWLIST = """\
version: 1
secondary_nameservers:
  - {name: ns2, address: 192.0.2.9, zones: [corp.example], owner: dns@corp.example,
     expires: 2027-06-30}
"""


class Case(typing.NamedTuple):
    name: str
    argv: list
    outputs: tuple = ()  # files that are written whole or not at all, in out/
    old: bool = False    # they are there before
    stdin: str = os.devnull
    logs: tuple = ()     # that it reads
    small: bool = False  # every allocation can be visited
    every: int = 1       # only each such fault is made
    foreign: bool = False  # libevtx or stdio reads: a piece is not enough for it, and it says so
    threads: bool = False  # so that not every run makes the same calls


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb" if isinstance(text, bytes) else "w", **({} if isinstance(text, bytes)
                                                               else {"encoding": "utf-8"})) as file:
        file.write(text)


def program(folder, *argv):
    subprocess.run([PROGRAM, *argv], cwd=folder, check=True, capture_output=True)


def make_archives(folder):
    with zipfile.ZipFile(os.path.join(folder, "inner.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(os.path.join(folder, "b.evtx"), "inner/gr\u00fcn.evtx")
    with zipfile.ZipFile(os.path.join(folder, "host.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(os.path.join(folder, "a.evtx"), "a.evtx")
        archive.write(os.path.join(folder, "inner.zip"), "inner.zip")
    os.unlink(os.path.join(folder, "inner.zip"))
    with tarfile.open(os.path.join(folder, "host.tar.xz"), "w:xz") as archive:
        archive.add(os.path.join(folder, "a.evtx"), "logs/a.evtx")
    with open(os.path.join(ROOT, "tests/cli/input/locked.zip.base64"), "rb") as file:
        write(folder, "locked.zip", base64.b64decode(file.read()))
    write(folder, "passwords", "wrong\ninfected\n")


def make_material(folder):
    """All files that the cases work on."""
    os.mkdir(folder)
    for name, text in RULES.items():
        write(folder, "rules/" + name, text)
    write(folder, "sources.yml", LOGSOURCES)
    write(folder, "tests/zone.yml", TESTS)
    write(folder, "allowlist.yml", ALLOWLIST)
    for name, count in (("a", 5), ("b", 3), ("many", 1500)):
        write(folder, name + ".yml", EVENTS.format(count=count))
        program(folder, "synth", name + ".yml", "-o", name + ".evtx")
    os.mkdir(os.path.join(folder, "logs"))
    for name in ("a.evtx", "copy.evtx"):
        shutil.copy(os.path.join(folder, "a.evtx"), os.path.join(folder, "logs", name))
    shutil.copy(os.path.join(folder, "b.evtx"), os.path.join(folder, "logs", "b.evtx"))
    with open(os.path.join(folder, "a.evtx"), "rb") as file:
        log = file.read()
    write(folder, "cut.evtx", log[:40000])
    write(folder, "image", bytes(range(100)) + log[4096:])
    shutil.copy(os.path.join(folder, "b.evtx"), os.path.join(folder, "other.evtx"))
    make_archives(folder)
    shutil.copy(os.path.join(ROOT, "samples/zone_transfer_secondary.evtx"), os.path.join(folder, "secondary.evtx"))
    program(folder, "-q", "-t", "jsonl", "-o", "hits.jsonl", "secondary.evtx")


def cases():
    one = ["--threads", "1", "--logsources", "sources.yml", "-r", "rules"]
    found = []

    def add(name, argv, *outputs, **more):
        found.append(Case(name, argv, outputs, **more))

    for kind in ("table", "list", "csv", "json", "jsonl", "html", "navigator", "sarif", "timesketch", "ecs"):
        add(f"scan -t {kind}", ["scan", *one, "-t", kind, "-o", f"out/hits.{kind}", "--ledger", "out/ledger.json",
                                "a.evtx"], f"hits.{kind}", "ledger.json", logs=("a.evtx",), small=kind == "jsonl")
    add("scan to stdout", ["scan", *one, "-t", "jsonl", "a.evtx"], logs=("a.evtx",), small=True)
    add("scan over old", ["scan", *one, "-t", "csv", "-C", "-o", "out/hits.csv", "--ledger", "out/ledger.json",
                          "a.evtx"], "hits.csv", "ledger.json", old=True, logs=("a.evtx",))
    add("scan without sandbox", ["scan", *one, "--no-sandbox", "-t", "csv", "-o", "out/hits.csv", "--ledger",
                                 "out/ledger.json", "a.evtx"], "hits.csv", "ledger.json", logs=("a.evtx",))
    add("scan a folder", ["scan", *one, "-t", "jsonl", "-o", "out/hits.jsonl", "--coverage", "--allowlist",
                          "allowlist.yml", "logs"], "hits.jsonl",
        logs=("logs/a.evtx", "logs/b.evtx", "logs/copy.evtx"))
    add("scan on threads", ["scan", *one, "--threads", "3", "-t", "jsonl", "-o", "out/hits.jsonl", "logs", "host.zip"],
        "hits.jsonl", logs=("logs/a.evtx", "host.zip"), threads=True)
    add("scan with the pack", ["scan", "--threads", "1", "-t", "csv", "-o", "out/hits.csv", "a.evtx"], "hits.csv",
        logs=("a.evtx",))
    add("scan many hits", ["scan", *one, "--no-confirm", "--memory", "1M", "-t", "jsonl", "-o", "out/hits.jsonl",
                           "many.evtx"], "hits.jsonl", logs=("many.evtx",), every=9)
    add("scan with libevtx", ["scan", *one, "--reader", "libevtx", "-t", "jsonl", "-o", "out/hits.jsonl", "a.evtx",
                              "b.evtx"], "hits.jsonl", logs=("a.evtx",), foreign=True)
    add("scan stdin", ["scan", *one, "-t", "jsonl", "-o", "out/hits.jsonl", "-"], "hits.jsonl", stdin="a.evtx",
        logs=("a.evtx",))
    add("scan a zip", ["scan", *one, "-t", "jsonl", "-o", "out/hits.jsonl", "host.zip"], "hits.jsonl",
        logs=("host.zip",))
    add("scan a tar", ["scan", *one, "-t", "jsonl", "-o", "out/hits.jsonl", "host.tar.xz"], "hits.jsonl",
        logs=("host.tar.xz",))
    add("scan a locked zip", ["scan", *one, "--password-file", "passwords", "-t", "jsonl", "-o", "out/hits.jsonl",
                              "locked.zip"], "hits.jsonl", logs=("locked.zip",))
    add("scan for lost records", ["scan", *one, "-x", "--carve", "image", "-t", "jsonl", "-o", "out/hits.jsonl",
                                  "b.evtx"], "hits.jsonl", logs=("image", "b.evtx"))
    add("dump an image", ["dump", "--carve", "image", "-o", "out/records.jsonl"], "records.jsonl", logs=("image",))
    for kind in ("jsonl", "csv", "xml"):
        add(f"dump -t {kind}", ["dump", "-t", kind, "-o", f"out/records.{kind}", "a.evtx", "b.evtx"], f"records.{kind}",
            logs=("a.evtx", "b.evtx"), small=kind == "jsonl")
    add("dump with libevtx", ["dump", "--reader", "libevtx", "-t", "jsonl", "a.evtx", "host.zip"], logs=("a.evtx",),
        foreign=True)
    add("verify", ["verify", "-o", "out/differences", "a.evtx", "b.evtx"], "differences", logs=("a.evtx",))
    add("synth", ["synth", "a.yml", "-o", "out/log.evtx"], "log.evtx", small=True)
    add("search", ["search", "--threads", "1", "-t", "csv", "-o", "out/found.csv", "corp.example", "a.evtx"],
        "found.csv", logs=("a.evtx",))
    add("metrics", ["metrics", "-t", "jsonl", "-o", "out/counts.jsonl", "a.evtx"], "counts.jsonl", logs=("a.evtx",),
        small=True)
    add("metrics to stdout", ["metrics", "a.evtx", "b.evtx"], logs=("a.evtx",))
    add("test", ["test", "--threads", "1", "--logsources", "sources.yml", "-t", "junit", "-o", "out/report.xml",
                 "tests"], "report.xml")
    add("lint", ["lint", "--logsources", "sources.yml", "-o", "out/problems", "rules"], "problems", small=True)
    add("lint --allowlist", ["lint", "-t", "jsonl", "--logsources", "sources.yml", "--allowlist", "allowlist.yml",
                             "rules"])
    add("explain", ["explain", "-r", "rules", "--logsources", "sources.yml", "-o", "out/text", "given", "a.evtx"],
        "text", logs=("a.evtx",))
    add("explain --coverage", ["explain", "--coverage", "-r", "rules", "--logsources", "sources.yml",
                               "-t", "jsonl", "-o", "out/cover.jsonl", "a.evtx"], "cover.jsonl", logs=("a.evtx",), threads=True)
    add("allowlist add", ["allowlist", "add", "--from", "hits.jsonl", "--hit", "1", "-o", "out/list.yml"], "list.yml",
        foreign=True)
    add("allowlist check", ["allowlist", "check", "allowlist.yml"], small=True)
    add("allowlist init", ["allowlist", "init"], small=True)
    add("rules list", ["rules", "list", "-r", "rules", "--logsources", "sources.yml", "-t", "jsonl"], small=True)
    add("rules export", ["rules", "export", "out/pack"])
    add("completions", ["completions", "bash"], small=True)
    add("--help", ["--help"], small=True)
    return found
