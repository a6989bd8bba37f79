# SPDX-License-Identifier: Apache-2.0
"""What hostile files cost: hostile.py [NAME]...

Each of these files asks for far more memory or time than its bytes are worth. A scan with --memory
16M (and, where it is a rule or a list, with that) must end by itself within PEAK of memory and SECONDS
of processor time, whatever it finds, with a status that is no death. The table shows what it took.
"""
import lzma
import multiprocessing
import os
import resource
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib

import crafted

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.environ.get("EVTXSCAN", os.path.join(ROOT, "evtxscan"))
MEMORY = "16M"
PEAK = 96 << 20  # --memory plus a constant: the program, its rules, a worker, what stdio and libraries keep
PEAKS = {"forms": 640 << 20}  # rules take up to LIMIT_RULES_MEMORY, and as much again when they are compiled
SECONDS = 20
SLOWER = float(os.environ.get("CASE_SECONDS", "60")) / 60
FILES = {}  # name -> (what it asks for, maker)


def hostile(what):
    def keep(maker):
        FILES[maker.__name__.replace("_", "-")] = (what, maker)
        return maker
    return keep


def write(path, *parts):
    with open(path, "wb") as out:
        for part in parts:
            out.write(part.encode() if isinstance(part, str) else part)
    return path


def synth(folder, text):
    """A log made from a description."""
    source = write(os.path.join(folder, "events.yml"), text)
    log = os.path.join(folder, "made.evtx")
    subprocess.run((PROGRAM, "synth", source, "-o", log), check=True)
    os.unlink(source)
    return log


def one_log(folder, *chunks):
    return [write(os.path.join(folder, "x.evtx"), crafted.log(*chunks))]


# ---- logs ----------------------------------------------------------------


@hostile("4,900 elements in each other")
def deep_elements(folder):
    def payload(at):
        at += len(crafted.FRAGMENT)
        nested = b""
        for _ in range(4900):
            nested = crafted.again(crafted.name_place(at, False), nested, False)
        return crafted.FRAGMENT + crafted.element(at, "Event", lambda _: nested, False) + crafted.END
    return one_log(folder, *[crafted.chunk([payload])] * 16)


@hostile("a template that contains itself")
def template_loop(folder):
    def payload(at):
        at += len(crafted.FRAGMENT)
        itself = crafted.instance(at + 10) + crafted.values((1, b"a\0"))

        def body(place):
            event = crafted.element(place + len(crafted.FRAGMENT), "Event", lambda _: itself)
            return crafted.FRAGMENT + event + crafted.END
        return crafted.FRAGMENT + crafted.template(at, body) + crafted.values((1, b"a\0"))
    return one_log(folder, *[crafted.chunk([payload])] * 16)


def multiplied(times, *items):
    """A record whose template names substitution 0 so many times in elements of their own."""
    def payload(at):
        at += len(crafted.FRAGMENT)

        def body(place):
            value = b"\x0d\0\0" + bytes([items[0][0]])

            def content(inner):
                return crafted.element(inner, "D") + crafted.again(crafted.name_place(inner), value) * times
            return (crafted.FRAGMENT + crafted.element(place + len(crafted.FRAGMENT), "Event", content) + crafted.END)
        return crafted.FRAGMENT + crafted.template(at, body) + crafted.values(*items)
    return payload


@hostile("a value of 20 KB, named 2,000 times in a record")
def named_often(folder):
    return one_log(folder, *[crafted.chunk([multiplied(2000, (1, b"a\0" * 10000))])] * 16)


@hostile("an array of 15,000 empty strings, named 1,000 times")
def array_named_often(folder):
    return one_log(folder, *[crafted.chunk([multiplied(1000, (0x81, b"\0\0" * 15000))])] * 16)


@hostile("nested BinXML that names its own template 40 times a level")
def nested_often(folder):
    def payload(at):
        definition = at + len(crafted.FRAGMENT) + 10
        value = crafted.FRAGMENT + crafted.instance(definition) + crafted.values((1, b"x\0"))
        for _ in range(12):
            value = crafted.FRAGMENT + crafted.instance(definition) + crafted.values((0x21, value + crafted.END))
        return multiplied(40, (0x21, value + crafted.END))(at)
    return one_log(folder, *[crafted.chunk([payload])] * 16)


@hostile("a value of four bytes, behind which libevtx reads on: 1,000 arrays of 14,000 empty strings")
def short_value(folder):
    def payload(at):
        at += len(crafted.FRAGMENT)

        def body(place):
            def content(inner):
                return crafted.element(inner, "D", lambda _: b"\x0d\0\0\x21")
            return crafted.FRAGMENT + crafted.element(place + len(crafted.FRAGMENT), "Event", content) + crafted.END
        outer = crafted.template(at, body)
        hidden = multiplied(1000, (0x81, b"\0\0" * 14000))(at + len(outer) + 4 + 8)[len(crafted.FRAGMENT):]
        return crafted.FRAGMENT + outer + crafted.values((0x21, crafted.FRAGMENT), (0x01, hidden + crafted.END))
    return one_log(folder, *[crafted.chunk([payload])] * 16)


@hostile("a name of 14,000 letters, copied for each of 15,000 items of an array")
def long_name(folder):
    def payload(at):
        at += len(crafted.FRAGMENT)

        def body(place):
            def content(inner):
                return crafted.element(inner, "n" * 14000, lambda _: b"\x0d\0\0\x81")
            return crafted.FRAGMENT + crafted.element(place + len(crafted.FRAGMENT), "Event", content) + crafted.END
        return crafted.FRAGMENT + crafted.template(at, body) + crafted.values((0x81, b"\0\0" * 15000)) + crafted.END
    return one_log(folder, *[crafted.chunk([payload])] * 16)


@hostile("2,000 elements of a template that the view cannot judge, in each of 580 records")
def irregular(folder):
    first = multiplied(2000, (0x21, crafted.END))  # BinXML in more than one place
    definition = crafted.FIRST + 24 + len(crafted.FRAGMENT) + 10

    def more(_):
        return crafted.FRAGMENT + crafted.instance(definition) + crafted.values((1, b"x\0")) + crafted.END
    return one_log(folder, *[crafted.chunk([first] + [more] * 579)] * 4)


@hostile("16,000 substitutions without data, in each of 100 chunks")
def substitutions(folder):
    return one_log(folder, *[crafted.chunk([multiplied(1, *[(0, b"")] * 16000)])] * 100)


@hostile("a template of 50 KB of its own in each of 400 chunks")
def templates(folder):
    def payload(number):
        def make(at):
            at += len(crafted.FRAGMENT)

            def body(place):
                text = (f"{number:08}" * 3000).encode("utf-16-le")[:50000]
                text = b"\x05\x01" + struct.pack("<H", len(text) // 2) + text
                event = crafted.element(place + len(crafted.FRAGMENT), "Event", lambda _: text)
                return crafted.FRAGMENT + event + crafted.END
            return crafted.FRAGMENT + crafted.template(at, body, number) + crafted.values((1, b"a\0"))
        return make
    return one_log(folder, *[crafted.chunk([payload(number)]) for number in range(1, 401)])


@hostile("260 templates that share 8,000 processing instructions of 2 KB, in each of 4 chunks")
def instructions(folder):
    def texts(length):
        return b"\x05\x01" + struct.pack("<H", length // 2)

    def chunk(first):
        # Each template but the first is an element whose text is the templates behind it, up to the shared end.
        long_name = crafted.name(first + 56, "n" * 1024)
        opening = crafted.opening(first + 24, "Event")
        head = 24 + len(opening) + 1 + len(long_name) + 4
        places = [first] + [first + head + 40 * i for i in range(259)]
        shared = places[-1] + 40
        end = shared + 5 * 8000 + 2
        out = b""
        for number, place in enumerate(places):
            start = place + 24
            out += struct.pack("<II", 0, number + 1) + b"\x5a" * 12 + struct.pack("<I", end - start)
            if number == 0:
                out += crafted.opening(start, "Event", end - 1 - start - 7)
                out += b"\x0a" + crafted.name(first + len(out) + 1, "n" * 1024)
                long_name = first + len(out) - 2 * 1024 - 10
            else:
                out += crafted.opening_again(first + 24 + 7 + 4, end - 1 - start - 7)
            out += texts(shared - first - len(out) - 4)
        out += (b"\x0a" + struct.pack("<I", long_name)) * 8000 + b"\x04" + crafted.END
        return places, out

    places, _ = chunk(512 + 24 + 14)
    records = [lambda at: crafted.FRAGMENT + crafted.instance(at + 14) + chunk(at + 14)[1] + crafted.values()]
    for number, place in enumerate(places[1:], 2):
        records.append(lambda at, n=number, p=place: crafted.FRAGMENT + crafted.instance(p, n) + crafted.values())
    return one_log(folder, *[crafted.chunk(records)] * 4)


@hostile("30 forms of records with 4,150 fields in each of 140 chunks")
def shapes(folder):
    def inner(at, number):
        def body(place):
            return crafted.FRAGMENT + crafted.element(
                place + len(crafted.FRAGMENT), "EventData", lambda below: crafted.element(
                    below, f"n{number}", lambda _: b"\x05\x01\x01\0v\0")) + crafted.END
        at += len(crafted.FRAGMENT)
        return crafted.FRAGMENT + crafted.template(at, body, number) + crafted.values() + crafted.END

    def values(payload):
        return crafted.values((0x21, payload)) + crafted.END

    def first(number):
        def payload(at):
            at += len(crafted.FRAGMENT)

            def named(place):
                number = crafted.element(place, "EventID", lambda _: b"\x05\x01\x01\0" + b"1\0")
                return number + crafted.element(place + len(number), "Channel", lambda _: b"\x05\x01\x08\0" +
                                                "Security".encode("utf-16-le"))

            def data(place):
                empty = crafted.opening_again(place + 7 + 4, 5)[:-1] + b"\x03"
                return crafted.element(place, "D", lambda _: b"") + empty * 4150

            def content(place):
                system = crafted.element(place, "System", named)
                return system + crafted.element(place + len(system), "X", data) + b"\x0d\0\0\x21"

            def body(place):
                return (crafted.FRAGMENT + crafted.element(place + len(crafted.FRAGMENT), "Event", content) +
                        crafted.END)
            outer = crafted.template(at, body)
            return crafted.FRAGMENT + outer + values(inner(at + len(outer) + 8, number))
        return payload

    def other(number):
        def payload(at):
            at += len(crafted.FRAGMENT)
            outer = crafted.instance(512 + 24 + 14)
            return crafted.FRAGMENT + outer + values(inner(at + len(outer) + 8, number))
        return payload
    chunks = [crafted.chunk([first(i)] + [other(i + k) for k in range(1, 30)]) for i in range(1000, 5200, 30)]
    rule = RULE.replace("windows", "windows, service: security").format("A|contains: b\n  f: {A: ''}", "s and not f")
    return ["-r", write(os.path.join(folder, "rule.yml"), rule)] + one_log(folder, *chunks)


@hostile("string and template tables that point to themselves")
def pointer_loops(folder):
    table = struct.pack("<96I", *[512 + 24] * 96)

    def payload(at):
        at += len(crafted.FRAGMENT)

        def body(place):
            return crafted.FRAGMENT + crafted.element(place + len(crafted.FRAGMENT), "Event") + crafted.END
        return crafted.FRAGMENT + crafted.template(at, body, 1, at + 10) + crafted.values((1, b"a\0"))
    return one_log(folder, *[crafted.chunk([payload] * 40, table=table)] * 64)


@hostile("2,280 records without content in each of 100 chunks")
def empty_records(folder):
    return one_log(folder, *[crafted.chunk([lambda at: b""] * 2280)] * 100)


@hostile("2 GiB of nothing behind a header")
def hole(folder):
    path = write(os.path.join(folder, "x.evtx"), crafted.header(65535))
    os.truncate(path, 1 << 31)
    return [path]


@hostile("60,000 channels, providers and event ids, in as many records")
def kinds(folder):
    return [synth(folder, "defaults: {computer: c}\nevents:\n  - {time: 2026-11-23T10:00:00Z, provider: 'P${n}', "
                          "channel: 'C${n}', event_id: 1, repeat: 60000, data: {A: 'b${n}'}}\n"), "--coverage"]


@hostile("field names of their own in each of 60,000 records")
def names(folder):
    return [synth(folder, "defaults: {computer: c, provider: P, channel: Security}\nevents:\n  - {time: "
                          "2026-11-23T10:00:00Z, event_id: 4688, repeat: 60000, data: {'A${n}': b, 'C${n}': d}}\n")]


# ---- rules ---------------------------------------------------------------

RULE = "title: T\nlogsource: {{product: windows}}\ndetection:\n  s:\n    {0}\n  condition: {1}\n"
EVENTS = ("defaults: {{computer: c, provider: P, channel: Application, event_id: 1}}\nevents:\n"
          "  - {{time: 2026-11-23T10:00:00Z, repeat: {0}, data: {{A: '{1}'}}}}\n")


def with_rule(folder, text, events=EVENTS.format(20, "a" * 20000)):
    return ["-r", write(os.path.join(folder, "rule.yml"), text), synth(folder, events)]


@hostile("a billion laughs: aliases of aliases")
def aliases(folder):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    return with_rule(folder, "\n".join(lines) + "\n" + RULE.format("A: *a9", "s"))


@hostile("100,000 lists in each other")
def deep_lists(folder):
    return with_rule(folder, "title: T\ndetection: " + "[" * 100000)


@hostile("60,000 values, each of which may stand anywhere")
def many_values(folder):
    return with_rule(folder, RULE.format("A|contains: [" + ", ".join(f"v{i:06}" for i in range(60000)) + "]", "s"))


@hostile("values with ten dashes, each written in five ways")
def dashes(folder):
    return with_rule(folder, RULE.format("A|windash|wide|base64offset|contains: ['" + " -a" * 10 + "']", "s"))


@hostile("200 rules of 3,125 forms each")
def forms(folder):
    rules = [RULE.format(f"A|windash|wide|base64offset|contains: '{i} -a -b -c -d -e'", "s") for i in range(200)]
    return with_rule(folder, "---\n".join(rules))


@hostile("(a+)+[bc]$ and its like over 20 KB of a")
def regexes(folder):
    return with_rule(folder, RULE.format(r"A|re: ['(a+)+[bc]$', '^(a|aa)+[cd]$', '(.*a){20}[de]']", "s"))


@hostile("*a*a*a*...b over 20 KB of a")
def wildcards(folder):
    return with_rule(folder, RULE.format("A: '" + "*a" * 200 + "*b'", "s"))


@hostile("a condition of 100,000 parentheses, another of 50,000 not")
def conditions(folder):
    return with_rule(folder, RULE.format("A: a", "(" * 100000 + "s" + ")" * 100000) + "---\n" +
                     RULE.format("A: a", "not " * 50000 + "s"))


@hostile("correlations of every hit by a field that never repeats")
def groups(folder):
    text = ("title: B\nname: b\nlogsource: {product: windows}\ndetection: {s: {EventID: 1}, condition: s}\n---\n"
            "title: C\ncorrelation: {type: value_count, rules: [b], group-by: [A], timespan: 1d, "
            "condition: {gte: 1, field: A}}\n")
    return with_rule(folder, text, EVENTS.format(60000, "value ${n}"))


@hostile("an allowlist of 20,000 entries")
def allowlist(folder):
    entries = "".join(f"  - {{name: n{i}, network: 10.{i // 256}.{i % 256}.0/24, zones: [z{i}.example], "
                      f"owner: x, expires: 2027-06-30}}\n" for i in range(20000))
    return ["--allowlist", write(os.path.join(folder, "allow.yml"), "version: 1\nexternal_scanners:\n" + entries),
            synth(folder, EVENTS.format(20, "x"))]


# ---- archives ------------------------------------------------------------


def deflated_zeros(start, blocks):
    """`start`, then so many times 16 MiB of zeros: raw deflate, made once and repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(16 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * blocks + b"\x03\0"


@hostile("a log of 2 GiB in a gzip of 2 MB")
def gzip_bomb(folder):
    return [write(os.path.join(folder, "x.evtx.gz"), b"\x1f\x8b\x08\0\0\0\0\0\0\x03",
                  deflated_zeros(crafted.header(65535), 128), bytes(8))]


@hostile("a log of 2 GiB in an xz of 0.3 MB")
def xz_bomb(folder):
    return [write(os.path.join(folder, "x.evtx.xz"), lzma.compress(crafted.header(65535)),
                  lzma.compress(bytes(64 << 20), preset=0) * 32)]


@hostile("a zip of 60,000 empty logs")
def zip_entries(folder):
    path = os.path.join(folder, "x.zip")
    with zipfile.ZipFile(path, "w") as out:
        for i in range(60000):
            out.writestr(f"{i:05}.evtx", b"")
    return [path]


@hostile("a zip in a zip, 40 times")
def zip_in_zip(folder):
    path = write(os.path.join(folder, "x.evtx"), crafted.log(crafted.chunk([lambda at: b""])))
    for i in range(40):
        outer = os.path.join(folder, f"{i}.zip")
        with zipfile.ZipFile(outer, "w") as out:
            out.write(path, f"inner{os.path.splitext(path)[1]}")
        os.unlink(path)
        path = outer
    return [path]


@hostile("a zip entry whose name is 60 KB long, 500 times")
def zip_names(folder):
    path = os.path.join(folder, "x.zip")
    with zipfile.ZipFile(path, "w") as out:
        for i in range(500):
            out.writestr(f"{i:05}" + "a/" * 30000 + "x.evtx", b"ElfFile\0")
    return [path]


# ---- running -------------------------------------------------------------


def run(arguments, folder):
    """(status, peak bytes, processor seconds) of a scan."""
    command = [PROGRAM, "-q", "--threads", "1", "--memory", MEMORY, "-t", "jsonl", "-o", "/dev/null", *arguments]
    with open(os.path.join(folder, "messages"), "wb") as messages:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=messages,
                                 preexec_fn=lambda: resource.setrlimit(
                                     resource.RLIMIT_CPU, (int(SECONDS * SLOWER) + 1, int(SECONDS * SLOWER) + 2)))
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = 0
    return status, usage.ru_maxrss << 10, usage.ru_utime + usage.ru_stime


def judge(name):
    what, maker = FILES[name]
    with tempfile.TemporaryDirectory() as folder:
        with multiprocessing.Pool(1) as other:  # a child's peak is at least that of the process it comes from
            arguments = other.apply(maker, (folder,))
        size = max(os.stat(a).st_size for a in arguments if os.path.exists(a))
        status, peak, seconds = run(arguments, folder)
        said = open(os.path.join(folder, "messages"), encoding="utf-8", errors="replace").read()
    died = os.WIFSIGNALED(status)
    code = -os.WTERMSIG(status) if died else os.WEXITSTATUS(status)
    good = not died and code <= 3 and (peak <= PEAKS.get(name, PEAK) or bool(os.environ.get("SANITIZED")))
    print(f"{'ok' if good else 'not ok':6} {name:18} {size / 1048576:8.1f} MiB {peak / 1048576:6.0f} MiB peak "
          f"{seconds:6.2f} s  status {code}  {what}", flush=True)
    if not good or "-v" in sys.argv:
        print("    " + said[:600].strip().replace("\n", "\n    "))
    return good


def main():
    names = [name for name in sys.argv[1:] if name != "-v"] or list(FILES)
    good = sum(judge(name) for name in names)
    print(f"{good} passed, {len(names) - good} failed")
    return 0 if good == len(names) else 1


sys.exit(main())
