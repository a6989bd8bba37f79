# SPDX-License-Identifier: Apache-2.0
"""Tampers with a log: edit.py EDIT LOG OUT. `edit.py` alone lists the edits.

What an edit touches gets its checksums anew unless the edit is about checksums, so each shows
one kind of disagreement. Layout: evtx-format.md 1.2 to 1.4.
"""
import sys
import zlib

HEADER, CHUNK, RECORDS = 4096, 65536, 512


def get(data, at, size=8):
    return int.from_bytes(data[at:at + size], "little")


def put(data, at, value, size=8):
    data[at:at + size] = value.to_bytes(size, "little")


def seal_header(head):
    put(head, 124, zlib.crc32(head[:120]), 4)


def seal(chunk):
    put(chunk, 52, zlib.crc32(chunk[RECORDS:get(chunk, 48, 4)]), 4)
    put(chunk, 124, zlib.crc32(chunk[128:512], zlib.crc32(chunk[:120])), 4)


def records(chunk):
    """The offsets of its records."""
    at = RECORDS
    while at < get(chunk, 48, 4):
        yield at
        at += get(chunk, at + 4, 4)


def renumber(head, chunks):
    """Record headers, chunk headers and file header count from 1 again."""
    number = 1
    for chunk in chunks:
        first = number
        for at in records(chunk):
            put(chunk, at + 8, number)
            number += 1
        for field, value in ((8, first), (16, number - 1), (24, first), (32, number - 1)):
            put(chunk, field, value)
        put(chunk, 44, list(records(chunk))[-1], 4)
        seal(chunk)
    put(head, 24, number)
    put(head, 16, len(chunks) - 1)
    put(head, 42, len(chunks), 2)
    seal_header(head)


def clean(head, chunks):
    pass


def dirty(head, chunks):
    head[120] |= 1
    put(head, 24, 3)
    seal_header(head)


def stale(head, chunks):
    """Copied while in use: the last chunk's header is of when it had ten records less."""
    dirty(head, chunks)
    chunk = chunks[2]
    last, end = list(records(chunk))[-11:-9]
    for field in (16, 32):
        put(chunk, field, get(chunk, field) - 10)
    put(chunk, 44, last, 4)
    put(chunk, 48, end, 4)
    seal(chunk)


def no_checksums(head, chunks):
    head[120] |= 4
    chunks[0][600] ^= 1


def header_checksum(head, chunks):
    head[124] ^= 1


def chunk_header(head, chunks):
    chunks[1][300] ^= 1


def chunk_data(head, chunks):
    text = "svchost".encode("utf-16-le")
    at = chunks[1].rindex(text, 0, get(chunks[1], 48, 4))
    chunks[1][at:at + len(text)] = "svch0st".encode("utf-16-le")


def next_record(head, chunks):
    put(head, 24, 458)
    seal_header(head)


def chunk_count(head, chunks):
    put(head, 42, 5, 2)
    seal_header(head)


def chunk_order(head, chunks):
    put(head, 8, 1)
    seal_header(head)


def wrapped(head, chunks):
    """Normal: the ring begins at the second slot."""
    chunks.insert(0, chunks.pop())
    put(head, 8, 1)
    put(head, 16, 0)
    seal_header(head)


def chunk_records(head, chunks):
    put(chunks[1], 24, get(chunks[1], 24) - 2)
    seal(chunks[1])


def lost_chunk(head, chunks):
    """As if it had never been: both headers agree, the numbers do not."""
    del chunks[1]
    put(head, 16, 1)
    put(head, 42, 2, 2)
    seal_header(head)


def record_size(head, chunks):
    at = list(records(chunks[1]))[10]
    put(chunks[1], at + get(chunks[1], at + 4, 4) - 4, 8, 4)
    seal(chunks[1])


def swallow(chunk, index):
    """The record's successor is made its tail."""
    at = list(records(chunk))[index]
    size = get(chunk, at + 4, 4)
    size += get(chunk, at + size + 4, 4)
    put(chunk, at + 4, size, 4)
    put(chunk, at + size - 4, size, 4)


def hidden(head, chunks):
    swallow(chunks[1], 10)
    renumber(head, chunks)


def wiped(head, chunks):
    """As before, and the bytes of the hidden record are zeros."""
    at = list(records(chunks[1]))[10]
    size = get(chunks[1], at + 4, 4)
    swallow(chunks[1], 10)
    end = at + get(chunks[1], at + 4, 4) - 4
    chunks[1][at + size:end] = bytes(end - at - size)
    renumber(head, chunks)


def removed(head, chunks):
    """The last record of the first chunk: nothing of it stays."""
    at = list(records(chunks[0]))[-1]
    chunks[0][at:] = bytes(CHUNK - at)
    put(chunks[0], 48, at, 4)
    renumber(head, chunks)


def torn(head, chunks):
    chunks[1][8192:12288] = bytes(4096)


def no_chunk_header(head, chunks):
    chunks[1][0] = 0


def cut(head, chunks):
    del chunks[2][9000:]


EDITS = {name: edit for name, edit in globals().items()
         if callable(edit) and edit.__code__.co_varnames[:2] == ("head", "chunks") and name != "renumber"}


def main():
    if len(sys.argv) == 1:
        print("\n".join(EDITS))
        return
    edit, source, target = sys.argv[1:]
    with open(source, "rb") as file:
        data = file.read()
    head = bytearray(data[:HEADER])
    chunks = [bytearray(data[at:at + CHUNK]) for at in range(HEADER, len(data), CHUNK)]
    assert len(chunks) == 3, len(chunks)
    EDITS[edit](head, chunks)
    with open(target, "wb") as file:
        file.write(head + b"".join(chunks))


main()
