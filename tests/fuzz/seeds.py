#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""First inputs of a fuzz target, from the files of this repository: seeds.py TARGET FOLDER.

Of a log only the first records, so that an input is small.
"""
import glob
import os
import struct
import sys
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


def rules():
    yield from files("rules/**/*.yml", "tests/rules/*.case")
    for sources in files("rules/logsources.yml"):
        yield b"\1" + sources


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


SEEDS = {
    "condition": lambda: scalars(b"condition"),
    "regex": regexes,
    "wildcard": wildcards,
    "binxml": elements,
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
