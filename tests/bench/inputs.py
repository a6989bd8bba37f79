# SPDX-License-Identifier: Apache-2.0
"""Inputs of the benchmark: inputs.py [--big], or imported by run.py and gate.py.

They are made below $BENCH_DIR (/tmp/evtxscan-bench) and kept between runs, from the logs below $CORPUS: chunks that are
at least 85 % full and whose checksums are right, each once. There are too few of them for large files, so they repeat;
in every repetition but the first about one letter or digit of sixteen in the string values of the event's own data is
another one (not in the last four characters: a new file extension makes hits), record ids go on, and checksums are
right. Without a corpus the chunks come from `evtxscan synth`.

    mixed-30m, mixed-1g              all dense chunks (--big: mixed-10g/, ten different files)
    sysmon-30m, security-30m, ...    by channel; one that the corpus has no dense chunk of: from gate.yml by synth
    small/                           1,000 files of one to three chunks
    thousand                         one record in a thousand hits a SigmaHQ rule (event 1102); from gate.yml
"""
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.abspath(os.environ.get("EVTXSCAN", os.path.join(HERE, "..", "..", "evtxscan")))
BENCH_DIR = os.path.abspath(os.environ.get("BENCH_DIR", "/tmp/evtxscan-bench"))
CORPUS = os.path.abspath(os.environ.get("CORPUS", os.path.join(HERE, "..", "..", "..", "shared", "corpus")))
CHUNK = 65536
HEADER = 4096
MEGA = 1 << 20
VERSION = "1"  # of the files below $BENCH_DIR: another one makes them anew
GATE_ROUND = 400  # records of one round of gate.yml
CHANNELS = {
    "sysmon": "Microsoft-Windows-Sysmon/Operational",
    "security": "Security",
    "powershell": "Microsoft-Windows-PowerShell/Operational",
}
HIT = """  - provider: Microsoft-Windows-Eventlog
    guid: '{FC65DDD8-D6EF-4962-83D5-6E5CFE9CE148}'
    channel: Security
    event_id: 1102
    task: 104
    time: 2026-11-23T09:00:00Z
    user_data:
      LogFileCleared:
        xmlns: http://manifests.microsoft.com/win/2004/08/windows/eventlog
        SubjectUserSid: {sid: S-1-5-18}
        SubjectUserName: admin
        SubjectDomainName: CORP
        SubjectLogonId: {hex64: 0x3e7}
"""
LETTERS = b"abcdefghijklmnopqrstuvwxyz"


# ---- chunks -------------------------------------------------------------

class Chunk:
    """A chunk and the offsets in it that variants of it change."""

    def __init__(self, data):
        self.data = data
        self.free, = struct.unpack_from("<I", data, 48)
        self.records = []  # offsets
        self.ids = []  # offsets of EventRecordID values
        self.characters = []  # offsets of letters and digits in the data of events
        self.walk()

    def walk(self):
        at = 512
        while at + 24 <= self.free and self.data[at:at + 4] == b"**\0\0":
            size, = struct.unpack_from("<I", self.data, at + 4)
            if size < 28 or at + size > self.free:
                return
            self.records.append(at)
            try:
                self.instance(at + 24, at + size - 4, self.data[at + 8:at + 16])
            except (struct.error, IndexError):
                pass  # an odd record stays as it is
            at += size

    def instance(self, at, end, record_id):
        """The values of a template instance; record_id is None inside of another one."""
        if self.data[at:at + 4] == b"\x0f\x01\x01\x00":
            at += 4
        if self.data[at] != 0x0C:
            return
        definition, = struct.unpack_from("<I", self.data, at + 6)
        at += 10
        if definition == at:  # the definition stands here
            at += 24 + struct.unpack_from("<I", self.data, at + 20)[0]
        count, = struct.unpack_from("<I", self.data, at)
        values = at + 4 + 4 * count
        for i in range(count):
            size, kind = struct.unpack_from("<HB", self.data, at + 4 + 4 * i)
            if values + size > end:
                return
            if kind == 0x21:
                self.instance(values, values + size, None)
            elif kind == 0x01 and record_id is None:
                self.characters += [p for p in range(values, values + size - 9, 2)
                                    if self.data[p + 1] == 0 and chr(self.data[p]).isalnum() and self.data[p] < 128]
            elif kind == 0x0A and record_id == self.data[values:values + 8]:
                self.ids.append(values)
            values += size

    def variant(self, rounds, first_id):
        """Its bytes with ids from first_id on; values are varied unless rounds is 0 or None."""
        data = bytearray(self.data)
        last = first_id + len(self.records) - 1
        struct.pack_into("<4Q", data, 8, first_id, last, first_id, last)
        for i, at in enumerate(self.records):
            struct.pack_into("<Q", data, at + 8, first_id + i)
        old, = struct.unpack_from("<Q", self.data, self.records[0] + 8)
        for at in self.ids:
            value, = struct.unpack_from("<Q", self.data, at)
            struct.pack_into("<Q", data, at, (first_id + value - old) & (1 << 64) - 1)
        if rounds:
            chosen = random.Random(rounds)
            table = other_characters(rounds)
            for at in self.characters[chosen.randrange(16)::chosen.randrange(14, 19)]:
                data[at] = table[data[at]]
        struct.pack_into("<I", data, 52, zlib.crc32(data[512:self.free]))
        struct.pack_into("<I", data, 124, zlib.crc32(data[128:512], zlib.crc32(data[:120])))
        return data


def other_characters(rounds):
    table = bytearray(range(256))
    for letters in (LETTERS, LETTERS.upper(), b"0123456789"):
        step = 1 + rounds % (len(letters) - 1)
        for i, letter in enumerate(letters):
            table[letter] = letters[(i + step) % len(letters)]
    return table


def is_dense(data):
    free, data_crc = struct.unpack_from("<II", data, 48)
    return (data[:8] == b"ElfChnk\0" and 0.85 * CHUNK <= free <= CHUNK
            and zlib.crc32(data[512:free]) == data_crc
            and zlib.crc32(data[128:512], zlib.crc32(data[:120])) == struct.unpack_from("<I", data, 124)[0])


def channel_of(chunk):
    """The channel that at least half of the records name."""
    for name, channel in CHANNELS.items():
        if chunk.data.count(channel.encode("utf-16le")) * 2 >= len(chunk.records):
            return name
    return "other"


def chunks_of(path):
    with open(path, "rb") as file:
        data = file.read()
    return [data[at:at + CHUNK] for at in range(HEADER, len(data) - CHUNK + 1, CHUNK)]


def corpus_chunks():
    seen = set()
    chunks = []
    for folder, folders, names in os.walk(CORPUS):
        folders.sort()
        for name in sorted(names):
            if not name.lower().endswith(".evtx"):
                continue
            for data in chunks_of(os.path.join(folder, name)):
                if is_dense(data) and data not in seen:
                    seen.add(data)
                    chunks.append(Chunk(data))
    chunks = [chunk for chunk in chunks if chunk.records]
    random.Random(1).shuffle(chunks)  # mixed, and the same each time
    return chunks


# ---- files --------------------------------------------------------------

def write_log(path, chunks, size, rounds=0):
    """A log of `size` bytes, chunks repeated in order as their variants from number `rounds` on (None: unvaried)."""
    count = max(1, (size - HEADER) // CHUNK)
    next_id = 1
    with open(path + ".tmp", "wb") as file:
        file.write(bytes(HEADER))
        for i in range(count):
            chunk = chunks[i % len(chunks)]
            file.write(chunk.variant(None if rounds is None else rounds + i // len(chunks), next_id))
            next_id += len(chunk.records)
        header = bytearray(HEADER)
        struct.pack_into("<8sQQQIHHHH", header, 0, b"ElfFile\0", 0, count - 1, next_id, 128, 1, 3, HEADER, count)
        struct.pack_into("<I", header, 124, zlib.crc32(header[:120]))
        file.seek(0)
        file.write(header)
    os.replace(path + ".tmp", path)


def description(rounds, first=0, template=None):
    """gate.yml with its events, or those that use one template, so many times."""
    with open(os.path.join(HERE, "gate.yml"), encoding="utf-8") as file:
        head, events = re.split(r"(?<=\nevents:\n)", file.read())
    if template is not None:
        events = "".join(event for event in re.split(r"^(?=  - )", events, flags=re.M)
                         if event.startswith("  - use: %s\n" % template))
    return head + "".join(events.replace("ROUND", str(first + i)) for i in range(rounds))


def synth(path, text):
    with open(path + ".yml", "w", encoding="utf-8") as file:
        file.write(text)
    subprocess.run([PROGRAM, "synth", path + ".yml", "-C", "-o", path], check=True)
    os.unlink(path + ".yml")


def synth_chunks(text):
    path = os.path.join(BENCH_DIR, "synth.evtx")
    synth(path, text)
    chunks = [Chunk(data) for data in chunks_of(path)]
    os.unlink(path)
    return chunks


def write_thousand(path):
    """A hit after every thousandth record of gate.yml, values not varied: they might hit."""
    text = description(0)
    for i in range(40):
        text += description(2 + i % 2, 10 * i).split("\nevents:\n")[1] + HIT
    chunks = synth_chunks(text)
    write_log(path, chunks, 120 * MEGA, None)


def write_small(folder, chunks):
    os.makedirs(folder + ".tmp", exist_ok=True)
    for i in range(1000):
        some = [chunks[(i * 7 + j) % len(chunks)] for j in range(1 + i % 3)]
        write_log(os.path.join(folder + ".tmp", "%04d.evtx" % i), some, HEADER + len(some) * CHUNK, i)
    shutil.rmtree(folder, ignore_errors=True)
    os.rename(folder + ".tmp", folder)


def write_big(folder, chunks):
    os.makedirs(folder + ".tmp", exist_ok=True)
    for i in range(10):
        write_log(os.path.join(folder + ".tmp", "%d.evtx" % i), chunks, 1024 * MEGA, 100 * i)
    os.rename(folder + ".tmp", folder)


def say(text):
    print("inputs: " + text, file=sys.stderr, flush=True)


def make(big=False):
    """Make what is missing; returns {name: path}, and whether the corpus was there."""
    has_corpus = os.path.isdir(CORPUS)
    base = os.path.join(BENCH_DIR, VERSION + ("-corpus" if has_corpus else "-synth"))
    os.makedirs(base, exist_ok=True)
    loaded = []  # chunks are read only when something is missing

    def chunks(channel=None):
        if not loaded:
            loaded.extend(corpus_chunks() if has_corpus else synth_chunks(description(20)))
            say("%d dense chunks, %d records" % (len(loaded), sum(len(c.records) for c in loaded)))
        return [c for c in loaded if channel is None or channel_of(c) == channel]

    def synthetic(channel):
        say("no dense chunk of %s: made by evtxscan synth" % channel)
        return synth_chunks(description(100, 0, channel))

    if not has_corpus:
        say("NO CORPUS in '%s': logs made by evtxscan synth instead, figures are not comparable" % CORPUS)
    steps = {
        "mixed-30m": lambda path: write_log(path, chunks(), 30 * MEGA),
        "mixed-1g": lambda path: write_log(path, chunks(), 1024 * MEGA),
        "small": lambda path: write_small(path, chunks()),
        "thousand": write_thousand,
    }
    for channel in list(CHANNELS) + ["other"]:
        steps[channel + "-30m"] = lambda path, channel=channel: (
            write_log(path, chunks(channel) or synthetic(channel), 30 * MEGA))
    if big:
        steps["mixed-10g"] = lambda path: write_big(path, chunks())
    paths = {}
    for name, step in steps.items():
        path = os.path.join(base, name + ("" if name in ("small", "mixed-10g") else ".evtx"))
        if not os.path.exists(path):
            say("making " + path)
            step(path)
        paths[name] = path
    return paths, has_corpus


def files_of(path):
    return [path] if os.path.isfile(path) else sorted(os.path.join(path, name) for name in os.listdir(path))


def used_bytes(path):
    """Used chunk space, by the chunk headers."""
    used = 0
    for name in files_of(path):
        with open(name, "rb") as file:
            for at in range(HEADER, os.path.getsize(name), CHUNK):
                file.seek(at + 48)
                used += struct.unpack("<I", file.read(4))[0]
    return used


if __name__ == "__main__":
    for input_name, input_path in make("--big" in sys.argv[1:])[0].items():
        print(input_name, input_path, used_bytes(input_path))
