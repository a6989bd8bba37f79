#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Recovery on real logs: corpus_recovery.py CORPUS

Tears copies of each log that is whole and compares what -x and --carve find with what the log held:
every record must be one that was there, in all fields. How many of the lost ones are found must not
fall below what LEAST says for each kind of damage. What lies in the slack of the log itself counts
as there when the untouched log gives it, too.

Then all logs together, as they are: what is recovered and has a live namesake in another log says the
same, so it is left out, as is what was recovered from another one.

EVTXSCAN names the program. Prints a line for each kind; exit status 1 when one is wrong.
"""
import collections
import glob
import hashlib
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import zlib

PROGRAM = os.path.abspath(os.environ.get("EVTXSCAN", "./evtxscan"))
MARK = re.compile(rb'^\{"Recovered":\{"From":"([a-z, ]*)","Offset":\d+\},')
MOST = 3 << 20  # bytes of a log that is torn
LEAST = {"no file header": 1.0, "no chunk headers": 0.999, "records cut off": 1.0, "in noise": 1.0,
         "pages lost": 0.98, "begins and ends anywhere": 0.97, "every other record lost": 0.9}


def logs(corpus):
    seen = set()
    for path in sorted(glob.glob(corpus + "/evtx/**/*.evtx", recursive=True)):
        with open(path, "rb") as file:
            data = file.read()
        digest = hashlib.sha1(data).digest()
        if data[:8] == b"ElfFile\0" and digest not in seen:
            seen.add(digest)
            yield path, data


def dump(options, path):
    """Records as Counters of their JSON: live, recovered; and whether all is well."""
    run = subprocess.run([PROGRAM, "dump", "--no-sandbox", *options, path], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, check=False)
    live, lost = collections.Counter(), collections.Counter()
    for line in run.stdout.splitlines():
        text = MARK.sub(b"{", line)
        (live if text == line else lost)[text] += 1
    return live, lost, run.returncode == 0


def chunks(data):
    for at in range(4096, len(data) - 65535, 65536):
        if data[at:at + 8] == b"ElfChnk\0":
            yield at


def starts(data, chunk):
    """Where the records of a chunk begin, and where the last one ends."""
    end = struct.unpack_from("<I", data, chunk + 48)[0]
    at = 512
    while at < end:
        yield chunk + at
        at += struct.unpack_from("<I", data, chunk + at + 4)[0]
    yield chunk + end


def no_file_header(data, _noise):
    data[:4096] = bytes(4096)
    return ["--carve"]


def no_chunk_headers(data, _noise):
    for chunk in chunks(data):
        data[chunk:chunk + 512] = bytes(512)
    return ["-x"]


def records_cut_off(data, _noise):
    for chunk in chunks(data):
        places = list(starts(data, chunk))
        if len(places) < 3:
            continue
        keep = len(places) // 2
        first = struct.unpack_from("<QQQQ", data, chunk + 8)
        struct.pack_into("<Q", data, chunk + 16, first[0] + keep - 1)
        struct.pack_into("<Q", data, chunk + 32, first[2] + keep - 1)
        body = data[chunk + 512:places[keep]]
        struct.pack_into("<III", data, chunk + 44, places[keep - 1] - chunk, places[keep] - chunk,
                         zlib.crc32(body))
        head = zlib.crc32(data[chunk + 128:chunk + 512], zlib.crc32(data[chunk:chunk + 120]))
        struct.pack_into("<I", data, chunk + 124, head)
    return ["-x"]


def in_noise(data, noise):
    data[:0] = noise.randbytes(noise.randrange(3000))
    data += noise.randbytes(noise.randrange(3000))
    return ["--carve"]


def pages_lost(data, noise):
    for at in range(4096, len(data), 4096):
        if noise.randrange(16) == 0:
            data[at:at + 4096] = bytes(4096)
    return ["-x"]


def begins_and_ends_anywhere(data, noise):
    del data[len(data) - noise.randrange(4096, 40000):]
    del data[:4096 + noise.randrange(512, 30000)]
    return ["--carve"]


def every_other_record_lost(data, _noise):
    """The first ones stay, for they hold the templates."""
    for chunk in chunks(data):
        places = list(starts(data, chunk))
        for i in range(6, len(places) - 1, 2):
            data[places[i]:places[i + 1]] = bytes(places[i + 1] - places[i])
        data[chunk:chunk + 512] = bytes(512)
    return ["-x"]


def count_whole(original, data, offset):
    """How many records of the original's chunks lie in the torn copy unharmed."""
    count = 0
    for chunk in chunks(original):
        places = list(starts(original, chunk))
        for begin, end in zip(places, places[1:]):
            if begin - offset >= 0 and data[begin - offset:end - offset] == original[begin:end]:
                count += 1
    return count


def tear(path, data, before, known, scratch, totals):
    kinds = (no_file_header, no_chunk_headers, records_cut_off, in_noise, pages_lost,
             begins_and_ends_anywhere, every_other_record_lost)
    for function in kinds:
        kind = function.__name__.replace("_", " ")
        torn = bytearray(data)
        noise = random.Random(path)
        options = function(torn, noise)
        copy = os.path.join(scratch, "torn.evtx")
        with open(copy, "wb") as file:
            file.write(torn)
        live, lost, _ = dump(options, copy)
        there = sum(before.values())
        if kind in ("pages lost", "every other record lost"):
            there = count_whole(data, torn, 0)
        elif kind == "begins and ends anywhere":
            noise = random.Random(path)
            tail = noise.randrange(4096, 40000)
            begin = 4096 + noise.randrange(512, 30000)
            there = count_whole(data[:len(data) - tail], torn, begin)
        found = sum((before & (live + lost)).values())
        wrong = [text for text in lost if text not in known]
        row = totals[kind]
        row[0] += there
        row[1] += min(found, there)
        row[2] += sum(lost.values())
        row[3] += len(wrong)
        for text in wrong[:1]:
            print(f"{path}: {kind}: not in the log: {text[:300].decode(errors='replace')}")


def name_of(text):
    system = json.loads(text)["Event"]["System"]
    return json.dumps([system.get(key) for key in ("Computer", "Channel", "EventRecordID", "TimeCreated")])


def main():
    totals = collections.defaultdict(lambda: [0, 0, 0, 0])
    names = collections.defaultdict(set)
    with tempfile.TemporaryDirectory() as scratch:
        for path, data in logs(sys.argv[1]):
            before, slack, whole = dump(["-x"], path)
            for text in before:
                names[name_of(text)].add(text)
            if whole and before and len(data) <= MOST:
                tear(path, data, before, before + slack, scratch, totals)
    bad = False
    for kind, (there, found, told, wrong) in totals.items():
        bad |= wrong > 0 or found < LEAST[kind] * there
        print(f"{kind}: {found} of {there} records found ({found / max(there, 1):.2%}), "
              f"{told} recovered, {wrong} wrong")
    recovered = dump(["-x"], sys.argv[1] + "/evtx")[1]
    same = [text for text in recovered if text in names.get(name_of(text), ())]
    differ = [text for text in recovered if name_of(text) in names and text not in same]
    again = sum(recovered.values()) - len(recovered)
    bad |= same != [] or differ != [] or again > 0
    print(f"as they are: {len(recovered)} recovered, {len(same)} live in a log, "
          f"{len(differ)} live there with other fields, {again} told again")
    return 1 if bad else 0


sys.exit(main())
