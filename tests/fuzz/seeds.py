#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""First inputs of a fuzz target, from the files of this repository: seeds.py TARGET FOLDER.

Of a log only the first records, so that an input is small.
"""
import bz2
import glob
import gzip
import io
import lzma
import os
import re
import struct
import sys
import tarfile
import zipfile
import zlib

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
HEADER, CHUNK = 4096, 65536


def files(*patterns):
    for pattern in patterns:
        for path in sorted(glob.glob(os.path.join(TOP, pattern), recursive=True)):
            with open(path, "rb") as stream:
                yield stream.read()


def u32(data, at):
    return struct.unpack_from("<I", data, at)[0]


def seal(chunk, end, last):
    """The chunk up to `end`, its header and checksums made to fit."""
    chunk = bytearray(chunk[:end].ljust(CHUNK, b"\0"))
    struct.pack_into("<II", chunk, 44, last, end)
    struct.pack_into("<I", chunk, 52, zlib.crc32(chunk[512:end]))
    struct.pack_into("<I", chunk, 124, zlib.crc32(chunk[128:512], zlib.crc32(chunk[:120])))
    return bytes(chunk)


def first_records(log, at, most):
    """The chunk at `at` with its first records alone: the templates are there."""
    end, last, count = 512, 0, 0
    while count < most and u32(log, at + end) == 0x2A2A:
        last, end, count = end, end + u32(log, at + end + 4), count + 1
    return seal(log[at:at + CHUNK], end, last)


def chunks():
    for log in files("samples/*.evtx"):
        for most in 1, 3:
            yield b"\0" + first_records(log, HEADER, most).rstrip(b"\0")


def logs():
    for log in files("samples/*.evtx"):
        yield log[:HEADER] + first_records(log, HEADER, 4)


def elements():
    """The templates of the first chunks, by the table of each, at their places."""
    for log in files("samples/*.evtx"):
        chunk = log[HEADER:HEADER + CHUNK]
        for at in struct.unpack_from("<32I", chunk, 384):
            if at != 0:
                begin = at + 24 + 4
                yield struct.pack("<BH", 1, begin) + chunk[begin:at + 24 + u32(chunk, at + 20)]


def event_of(rule):
    """Lines for an event that a rule may hit: each of its fields with a text that fits the first value."""
    lines = [b"Channel=Microsoft-Windows-Sysmon/Operational", b"Provider_Name=Microsoft-Windows-Sysmon", b"EventID#1"]
    for match in re.finditer(rb"(?m)^\s+-? ?([A-Z]\w*)((?:\|\w+)*):\s*(?:\n\s+- )?['\"]?([^\n'\"]+)", rule):
        name, modifiers, value = match.groups()
        if value.isdigit():
            lines.append(name + b"#" + value)
            continue
        before = b"xy" if re.search(rb"contains|endswith", modifiers) else b""
        after = b"xy" if re.search(rb"contains|startswith", modifiers) else b""
        lines.append(name + b"=" + before + value.strip(b"[] ").replace(b"*", b"xy").replace(b"?", b"z") + after)
    return b"\n".join(lines)


def documents():
    """Rules: the pack, and those of tests/rules."""
    yield from files("rules/t1596_001/*.yml")
    for text in files("tests/rules/*.case"):
        for part in re.split(rb"(?m)^=== .*$", text):
            match = re.search(rb"(?ms)^--- (item|detection|rules?)\n(.*?)(?=^--- |\Z)", part)
            if match and match[1] == b"item":
                body = b"  a:\n" + re.sub(rb"(?m)^", b"    ", match[2].rstrip()) + b"\n  condition: a\n"
            elif match and match[1] == b"detection":
                body = re.sub(rb"(?m)^", b"  ", match[2].rstrip()) + b"\n"
            elif match:
                yield match[2]
                continue
            else:
                continue
            yield b"title: t\nlogsource: {product: windows}\ndetection:\n" + body


def rules():
    for rule in documents():
        yield b"\n%%\n".join([rule] + [event_of(rule)] * 3)


def scalars(key):
    """The values of a key in rules: conditions, and with `|re` regular expressions."""
    for text in files("rules/t1596_001/*.yml", "tests/rules/*.case"):
        for line in text.splitlines():
            name, colon, value = line.strip().partition(b": ")
            if colon and name.endswith(key):
                yield value.strip(b"'\"")


def regexes():
    for number, expression in enumerate(scalars(b"|re")):
        yield bytes([number % 8]) + expression + b"\n%%\n" + expression


def wildcards():
    for pattern in b"a*b?c", b"*\\\\*", b"C:\\Windows\\*", b"\\?\\*", b"ma\xc3\x9f\xc4\xb0*":
        for flags in b"\0", b"\1":
            yield flags + pattern + b"\n%%\n" + pattern.replace(b"*", b"xyz")


def yaml():
    yield from files("samples/*.yml", "rules/allowlist.*.yml", "rules/t1596_001/*.yml")
    yield b'{"a": [1, null, "\\ud83d\\ude00", {"b": true}], "c": 1e3}'
    yield b"a: &x [1, *x]\n<<: {b: !!str 1}\n---\n? |\n  b\n: >-\n  c\n"


def allowlists():
    facts = (b"Time=2026-11-10T12:00:00Z\nClientAddress=192.0.2.53\nZoneName=corp.example\n"
             b"Computer=dns1.corp.example\nActorSid=S-1-5-21-1111111111-2222222222-3333333333-1105\n"
             b"ActorName=CORP\\ops\nParentImage=C:\\Windows\\System32\\services.exe")
    for text in files("rules/allowlist.*.yml"):
        text = b"\n".join(line for line in text.splitlines() if not line.lstrip().startswith(b"#"))
        yield text + b"\n%%\n" + facts
        for section in re.split(rb"\n(?=\w)", text)[1:]:
            yield b"version: 1\n" + section + b"\n%%\n" + facts


SMALL_SOURCES = b"""version: 1
transforms:
  level: {"1": one}
categories:
  process_creation:
    sources:
      - {id: sysmon-1, default: true, channels: [A*], event_ids: [1], providers: [P], when: {Image: [a, b]}}
      - {id: security-4688, default: false, channels: [Security], event_ids: [4688], absent: [Hashes], hide: [ProcessId],
         fields: {Image: NewProcessName, ProcessId: {from: NewProcessId, as: hex_to_dec, keep_raw: true},
                  User: {join: [SubjectDomainName, SubjectUserName], sep: '\\'}, L: {from: [A, B], as: logon_pick},
                  W: {join_pick: [[A, B], [C, D]], sep: '|'}, V: {from: A, as: level}}}
services:
  sysmon: {channels: {official: [A], also: [B*]}}
  security: {channels: {official: [Security]}}
derived_fields:
  - {name: md5, from: Hashes, as: hash_part, part: MD5}
  - {name: R, from: [QNAME, A], as: registered_domain, channels: [Security], event_ids: [4688]}
"""


def sources():
    for channel, number in (b"Security", b"4688"), (b"Ab", b"1"):
        yield SMALL_SOURCES + b"%%\nChannel=" + channel + b"\nProvider_Name=P\nEventID#" + number + (
            b"\nImage=a\nNewProcessName=c\nNewProcessId=0x1f\nSubjectDomainName=D\nSubjectUserName=U\nA=1\nB=-\n"
            b"Hashes=MD5=AB,SHA1=CD\nQNAME=www.corp.example.com.\nTargetUserName=t")


def archives():
    log = files("samples/*.evtx").__next__()[:6000]
    for method in zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            archive.writestr(zipfile.ZipInfo("a/b.evtx"), log, method)
            archive.writestr(zipfile.ZipInfo("c.txt"), b"text", method)
        yield out.getvalue()
    for form in tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT, tarfile.GNU_FORMAT:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=form) as archive:
            for name in "a.evtx", "long/" * 30 + "b.evtx":
                member = tarfile.TarInfo(name)
                member.size = 600
                archive.addfile(member, io.BytesIO(log[:600]))
        yield out.getvalue()
        yield gzip.compress(out.getvalue(), mtime=0)
    yield bz2.compress(log)
    yield lzma.compress(log)
    yield lzma.compress(log, lzma.FORMAT_ALONE)
    inner = gzip.compress(out.getvalue(), mtime=0)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("inner.tar.gz"), inner)
    yield out.getvalue()


SEEDS = {
    "allowlist": allowlists,
    "archive": archives,
    "logsources": sources,
    "output": lambda: [b"\7" + b"\n%%\n".join([
        b"attack.t1596.001", b"</script><script>alert(1)", b"=1+1", b"a,\"b\";c", b"\x1b[2J\r\n\t\0", b"https://x.example/?a=<b>",
        b"\xed\xa0\x80\xff\xe2\x80\xae", b"\\ \" \\u0041", b"<!--", b"]]>"])],
    "synth": lambda: files("samples/*.yml", "tests/cli/*/*.events.yml"),
    "yaml": yaml,
    "condition": lambda: scalars(b"condition"),
    "regex": regexes,
    "text": lambda: [b"2026-11-23T14:18:52.1234567+01:00", b"90d", b"192.0.2.53:53", b"[2001:db8::1%eth0]:53", b"::ffff:192.0.2.1",
                     b"2001:db8::/32", b"www.dev.example.co.uk.", b"4.3.2.1.in-addr.arpa", "Ma\u00df\u0130\U0001f600".encode(),
                     "Ma\u00df\u0130\U0001f600".encode("utf-16-le")],
    "wildcard": wildcards,
    "binxml": elements,
    "carve": lambda: (chunk[1:] for chunk in chunks()),
    "chunk": chunks,
    "verify": chunks,
    "rule": rules,
    "scan": logs,
}


def main():
    target, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    for number, seed in enumerate(SEEDS.get(target, lambda: [])()):
        with open(os.path.join(folder, f"seed-{number:04}"), "wb") as stream:
            stream.write(seed)


main()
