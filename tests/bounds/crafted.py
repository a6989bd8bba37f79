# SPDX-License-Identifier: Apache-2.0
"""Logs that no writer makes: chunks of crafted BinXML with right checksums.

Offsets are those of the chunk. A record's payload is a function of the offset at which it begins, for
names and templates refer to places.
"""
import struct
import zlib

CHUNK = 65536
FIRST = 512
FRAGMENT = b"\x0f\x01\x01\x00"
END = b"\x00"
TIME = 0x01DC5C0000000000


def name(at, text):
    """A name reference that is followed by the name itself, at the place `at`."""
    units = text.encode("utf-16-le")
    return struct.pack("<IIHH", at + 4, 0, 0, len(text)) + units + b"\0\0"


def _element(rest, in_template):
    """What is behind the size; elements of templates have a dependency id, those of records have none."""
    return b"\x01" + (b"\xff\xff" if in_template else b"") + struct.pack("<I", len(rest)) + rest


def opening(at, text, size=0):
    """The beginning of <text> in a template, whose name stands here; `at` is the place of the token."""
    return b"\x01" + struct.pack("<HI", 0xFFFF, size) + name(at + 7, text) + b"\x02"


def opening_again(place, size=0):
    """The same of one whose name stands at `place`."""
    return b"\x01" + struct.pack("<HII", 0xFFFF, size, place) + b"\x02"


def name_place(at, in_template=True):
    """Where the name of the element at `at` stands."""
    return at + (11 if in_template else 9)


def element(at, text, content=lambda at: b"", in_template=True):
    """<text> at the place `at`, its name included; `content` gets the place at which it begins."""
    tag = name(name_place(at, in_template) - 4, text) + b"\x02"
    return _element(tag + content(name_place(at, in_template) - 4 + len(tag)) + b"\x04", in_template)


def again(place, content=b"", in_template=True):
    """An element whose name stands at `place`."""
    return _element(struct.pack("<I", place) + b"\x02" + content + b"\x04", in_template)


def template(at, body, number=1, next_template=0):
    """An instance with its definition, at the place `at`; `body` gets the place of the definition's content."""
    definition = at + 10
    content = body(definition + 24)
    guid = struct.pack("<I", number) + b"\x5a" * 12
    return (b"\x0c\x01" + struct.pack("<II", number, definition) + struct.pack("<I", next_template) + guid +
            struct.pack("<I", len(content)) + content)


def instance(definition, number=1):
    return b"\x0c\x01" + struct.pack("<II", number, definition)


def values(*items):
    """Descriptors and data of substitutions, as (type, data)."""
    head = b"".join(struct.pack("<HBB", len(data), kind, 0) for kind, data in items)
    return struct.pack("<I", len(items)) + head + b"".join(data for _, data in items)


def record(number, payload):
    size = 28 + len(payload)
    return b"\x2a\x2a\0\0" + struct.pack("<IQQ", size, number, TIME) + payload + struct.pack("<I", size)


def chunk(payloads, first_number=1, table=None):
    """A chunk of the records whose payloads the functions make; `table` fills the string and template pointers."""
    body = b""
    number = first_number
    last = FIRST
    for payload in payloads:
        last = FIRST + len(body)
        body += record(number, payload(last + 24))
        number += 1
    assert FIRST + len(body) <= CHUNK, len(body)
    head = bytearray(FIRST)
    head[:8] = b"ElfChnk\0"
    struct.pack_into("<QQQQIIII", head, 8, first_number, number - 1, first_number, number - 1, 128, last,
                     FIRST + len(body), zlib.crc32(body))
    if table:
        head[128:512] = table
    struct.pack_into("<I", head, 124, zlib.crc32(bytes(head[:120]) + bytes(head[128:512])))
    return bytes(head) + body + bytes(CHUNK - FIRST - len(body))


def header(chunks, next_record=1):
    head = bytearray(4096)
    head[:8] = b"ElfFile\0"
    struct.pack_into("<QQQIHHHH", head, 8, 0, max(chunks - 1, 0), next_record, 128, 1, 3, 4096, min(chunks, 65535))
    struct.pack_into("<I", head, 124, zlib.crc32(bytes(head[:120])))
    return bytes(head)


def log(*chunks):
    return header(len(chunks)) + b"".join(chunks)
