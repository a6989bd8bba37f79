# SPDX-License-Identifier: Apache-2.0
"""Random rules over random events against an evaluator of its own: differential.py [SEED [RULES]]

The evaluator below shares nothing with the program: it turns every value into a
Python regular expression or a function, one per modifier chain, and walks the
events with plain loops. Differences are printed with rule and event; the same
seed makes the same rules.
"""
import base64
import ipaddress
import json
import os
import random
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.abspath(os.environ.get(
    "EVTXSCAN", os.path.join(HERE, "..", "..", "evtxscan")))
FIELDS = ["A", "B", "C"]
# What plans know beforehand, and some of its values.
KIND = {"EventID": ["1", "5", "10"], "Channel": ["Test", "a-b", "5"], "Provider_Name": ["Test", "-"]}
NAMES = FIELDS + list(KIND)
ATOMS = ["a", "b", "A", "B", "-", "/", "\\", "*", "?", " ", "\u2013", "é", "É", "ж", "Ж", "1", "5",
         "10", ".", "%", "^", "$", "(", "😀"]
NUMBERS = ["5", "-5", "0x5", "5.0", "05", " 5 ", "10", "9223372036854775808", "1e1", "0xA", "+5",
           "18446744073709551615", "-9223372036854775808", "5x", "9.99", "-0"]
ADDRESSES = ["10.1.2.3", "10.255.255.255", "11.0.0.1", "fe80::1", "fe80:0:0:0:0:0:0:1%4", "::ffff:10.1.2.3",
             "192.168.0.1", "::1", "-", "10.1.2"]
NETWORKS = ["10.0.0.0/8", "10.1.2.0/24", "fe80::/10", "192.168.0.1", "::1/128", "0.0.0.0/0"]
TIMES = ["2020-12-31T23:59:59Z", "2021-01-03 14:05:06.123", "2026-02-28T00:00:00.1234567Z", "today"]
WORDS = ["ab", "Ab", "abab", "a-b", "/a -b", " -a", "a\\b", "a*b", "a?b", "", "é", "É", "ж"]


# ---- the evaluator ------------------------------------------------------

def tokens(text):
    """Sigma text -> list of characters, ANY and ONE."""
    out, i = [], 0
    while i < len(text):
        c = text[i]
        if c == "\\" and i + 1 < len(text) and text[i + 1] in "\\*?":
            out.append(text[i + 1])
            i += 1
        else:
            out.append({"*": any, "?": ord}.get(c, c))
        i += 1
    return out


DASHES = "[-/\u2013\u2014\u2015]"


def pattern(parts, cased):
    text = "".join(".*" if p is any else "." if p is ord else
                   p[0] if isinstance(p, tuple) else re.escape(p) for p in parts)
    return re.compile(text, re.S if cased else re.S | re.I)


def is_word(p):
    return isinstance(p, str) and (p.isalnum() or p == "_")


def with_dashes(parts):
    out = list(parts)
    for i, p in enumerate(parts):
        if isinstance(p, str) and p in "-/\u2013\u2014\u2015" and i + 1 < len(parts) and \
                is_word(parts[i + 1]) and (i == 0 or not is_word(parts[i - 1])):
            out[i] = (DASHES,)
    return out


def dash_forms(parts):
    forms = [[]]
    for p in parts:
        choices = "-/\u2013\u2014\u2015" if isinstance(p, tuple) else [p]
        forms = [f + [c] for f in forms for c in choices]
    return forms


def offsets(raw):
    out = []
    for i in range(3):
        coded = base64.b64encode(b"x" * i + raw).decode()
        out.append(coded[(0, 2, 3)[i]:len(coded) - (0, 3, 2)[(len(raw) + i) % 3]])
    return out


def number(text):
    text = text.strip(" \t\r\n\v\f")
    if re.fullmatch(r"[+-]?\d+", text):
        return int(text)
    if re.fullmatch(r"[+-]?0[xX][0-9a-fA-F]+", text):
        return int(text, 16)
    if re.fullmatch(r"[+-]?(\d+\.\d*|\.\d+|\d+)([eE][+-]?\d+)?", text):
        return float(text)
    return None


def in_network(network, text):
    try:
        address = ipaddress.ip_address(text.strip().split("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return any(a is not None and a.version == network.version and a in network
               for a in (address, mapped))


def time_part(name, text):
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):\d\d(\.\d+)?Z?", text)
    if match is None:
        return None
    year, month, day, hour, minute = map(int, match.groups()[:5])
    import datetime
    week = datetime.date(year, month, day).isocalendar()[1]
    return {"year": year, "month": month, "day": day, "hour": hour, "minute": minute,
            "week": week}[name]


COMPARE = {"lt": lambda a, b: a < b, "lte": lambda a, b: a <= b,
           "gt": lambda a, b: a > b, "gte": lambda a, b: a >= b, "eq": lambda a, b: a == b}


def shorthand(value):
    """Classes are ASCII, everything else (case folding) is Unicode."""
    for short, long in ((r"\d", "[0-9]"), (r"\S", r"[^ \t\n\r\f\v]"), (r"\W", "[^0-9A-Za-z_]"),
                        (r"\bb", "(?<![0-9A-Za-z_])b")):
        value = value.replace(short, long)
    return value


def test_value(chain, value, field, event):
    """Does one written value hold? `event` maps names to lists of texts."""
    texts = event.get(field, [])
    if "exists" in chain:
        return bool(texts) == value
    if value is None:
        return not texts
    if "fieldref" in chain:
        relations = {"startswith": str.startswith, "endswith": str.endswith,
                     "contains": str.__contains__}
        relation = ([relations[m] for m in chain if m in relations] or [str.__eq__])[0]
        return any(relation(t.casefold(), o.casefold()) for t in texts
                   for o in event.get(value, []))
    if "re" in chain:
        flags = sum({"i": re.I, "m": re.M, "s": re.S}.get(m, 0) for m in chain)
        rx = re.compile(shorthand(value), flags)
        return any(rx.search(t) for t in texts)
    if "cidr" in chain:
        network = ipaddress.ip_network(value)
        return any(in_network(network, t) for t in texts)
    part = [m for m in chain if m in ("minute", "hour", "day", "week", "month", "year")]
    op = ([m for m in chain if m in COMPARE] or ["eq"])[0]
    if part:
        got = [time_part(part[0], t) for t in texts]
        return any(g is not None and COMPARE[op](g, value) for g in got)
    if isinstance(value, bool):
        return any(t.lower() == str(value).lower() for t in texts)
    if isinstance(value, (int, float)):
        got = [number(t) for t in texts if op != "eq" or isinstance(value, int)
               or "x" not in t.lower()]
        return any(g is not None and COMPARE[op](g, value) for g in got)
    return any(rx.fullmatch(t) for rx in text_forms(chain, value) for t in texts)


def text_forms(chain, value):
    forms = [tokens(value)]
    raw = False  # characters stand for bytes
    for m in chain:
        if m in ("contains", "endswith"):
            forms = [f if f and f[0] is any else [any] + f for f in forms]
        if m in ("contains", "startswith"):
            forms = [f if f and f[-1] is any else f + [any] for f in forms]
        if m == "windash":
            forms = [with_dashes(f) for f in forms]
        if m in ("wide", "base64", "base64offset"):
            forms = [d for f in forms for d in dash_forms(f)]
        if m == "wide":
            forms = [list("".join(f).encode("utf-16le").decode("latin-1")) for f in forms]
            raw = True
        if m in ("base64", "base64offset"):
            coded = [("".join(f)).encode("latin-1" if raw else "utf-8") for f in forms]
            forms = [list(t) for c in coded for t in
                     ([base64.b64encode(c).decode()] if m == "base64" else offsets(c))]
            raw = False
    return [pattern(f, "cased" in chain) for f in forms]


def test_item(chain, values, field, event):
    results = [test_value(chain, v, field, event) for v in values]
    return (all(results) if "all" in chain else any(results)) != ("neq" in chain)


def test_condition(node, truth):
    if node[0] == "sel":
        return truth[node[1]]
    if node[0] == "not":
        return not test_condition(node[1], truth)
    kids = [test_condition(k, truth) for k in node[1:]]
    return all(kids) if node[0] == "and" else any(kids)


# ---- random rules and events --------------------------------------------

def text(rng):
    if rng.random() < 0.5:
        return rng.choice(WORDS)
    return "".join(rng.choice(ATOMS) for _ in range(rng.randrange(5)))


def plain(rng):
    """Text without wildcards, for encodings."""
    return re.sub(r"[*?\\]", "", text(rng)) or "ab"


REGEX = ["a.b", "^a", "b$", "(?:a|b)+", r"\d+", r"a\\b", "[ab]{2}", "é", r"^\S+$", r"\bb", "a.*?b", r"\W"]


def item(rng):
    kind = rng.randrange(13)
    count = rng.choice([1, 1, 2, 3])
    extra = [m for m in ("all", "neq") if rng.random() < 0.15]
    if kind < 5:
        chain = rng.sample(["contains", "startswith", "endswith", "cased", "windash"],
                           rng.randrange(3))
        values = [text(rng) for _ in range(count)]
    elif kind == 5:
        chain, values = [], [rng.choice([5, -5, 10, 5.0, 9.99, 2**63, 2**64 - 1, -2**63, True, False])
                             for _ in range(count)]
    elif kind == 6:
        chain, values = [], [rng.choice([None, "", "*", "-"])]
    elif kind == 7:
        chain = ["re"] + rng.sample(["i", "m", "s"], rng.randrange(3))
        values = [rng.choice(REGEX) for _ in range(count)]
    elif kind == 8:
        chain, values = ["cidr"], [rng.choice(NETWORKS) for _ in range(count)]
    elif kind == 9:
        chain = [rng.choice(["lt", "lte", "gt", "gte"])]
        values = [rng.choice([5, 4.5, -5, 10, 2**64 - 1, 2**53 + 1]) for _ in range(count)]
    elif kind == 10:
        chain = rng.choice([["fieldref"], ["fieldref", "startswith"], ["fieldref", "endswith"],
                            ["fieldref", "contains"], ["exists"]])
        values = [rng.random() < 0.5] if chain == ["exists"] else \
            [rng.choice(NAMES) for _ in range(count)]
    elif kind == 11:
        chain = rng.choice([["base64"], ["wide", "base64"], ["base64offset", "contains"],
                            ["wide", "base64offset", "contains"], ["windash", "base64"],
                            ["cased", "base64"], ["base64", "base64"]])
        values = [plain(rng) for _ in range(count)]
    else:
        chain = [rng.choice(["minute", "hour", "day", "week", "month", "year"])]
        values = [rng.choice([0, 5, 14, 23, 53, 9, 12, 28, 31, 59, 2020, 2021])]
        if rng.random() < 0.5:
            chain.append(rng.choice(["lt", "lte", "gt", "gte"]))
    for m in extra:  # anywhere, but not before what must be first
        chain.insert(rng.randrange(1 if chain else 0, len(chain) + 1), m)
    return rng.choice(NAMES), chain, values


def condition(rng, depth, names):
    kind = rng.random()
    if depth == 0 or kind < 0.3:
        return ("sel", rng.choice(names))
    if kind < 0.5:
        return ("not", condition(rng, depth - 1, names))
    return (rng.choice(["and", "or"]),) + tuple(condition(rng, depth - 1, names)
                                                 for _ in range(rng.choice([2, 2, 3])))


def spell(node, rng):
    if node[0] == "sel":
        return node[1]
    if node[0] == "not":
        return "not " + bracket(node[1], rng, node[1][0] in ("and", "or"))
    return (" %s " % node[0]).join(bracket(k, rng, node[0] == "and" and k[0] == "or" or
                                           k[0] == node[0]) for k in node[1:])


def bracket(node, rng, needed):
    inner = spell(node, rng)
    return "(%s)" % inner if needed or rng.random() < 0.1 else inner


def rule(rng, number_of):
    names = ["s%d" % i for i in range(rng.choice([1, 2, 3]))]
    selections = {n: [[item(rng) for _ in range(rng.choice([1, 1, 2]))]
                      for _ in range(rng.choice([1, 1, 2]))] for n in names}
    return {"title": "R%d" % number_of, "selections": selections,
            "condition": condition(rng, 3, names)}


def quote(value):
    return json.dumps(value, ensure_ascii=False)  # JSON is YAML, but for surrogate escapes


def as_yaml(r, rng):
    out = ["title: %s" % r["title"], "logsource: {product: windows}", "detection:"]
    for name, maps in r["selections"].items():
        out.append("  %s:" % name)
        for items in maps:
            seen = {}
            for field, chain, values in items:
                seen["|".join([field] + chain)] = values  # a repeated key replaces
            lead = "    - "
            for key, values in seen.items():
                written = values[0] if len(values) == 1 else values
                out.append("%s%s: %s" % (lead, quote(key), quote(written)))
                lead = "      "
    out.append("  condition: " + spell(r["condition"], rng))
    return "\n".join(out) + "\n"


def effective(items):
    return {"|".join([f] + c): (f, c, v) for f, c, v in items}.values()


def event(rng):
    out = {name: [rng.choice(values)] for name, values in KIND.items()}
    for name in FIELDS:
        kind = rng.randrange(9)
        if kind == 0:
            continue
        count = 2 if rng.random() < 0.1 else 1
        pool = {1: NUMBERS, 2: ADDRESSES, 3: TIMES, 4: ["true", "False", "", "-", "*"]}.get(kind)
        value = [rng.choice(pool) if pool else text(rng) for _ in range(count)]
        if kind == 5:
            coded = text(rng)
            value = [base64.b64encode(coded.encode(rng.choice(["utf-8", "utf-16le"]))).decode()]
        out[name] = value
    return out


def description(events):
    lines = ["defaults: {computer: host, time: 2026-01-01T00:00:00Z}", "events:"]
    for e in events:
        data = {n: v[0] if len(v) == 1 else {"strings": v} for n, v in e.items() if n in FIELDS}
        lines.append("- {provider: %s, channel: %s, event_id: %s, data: %s}" % (
            quote(e["Provider_Name"][0]), quote(e["Channel"][0]), e["EventID"][0], quote(data)))
    return "\n".join(lines) + "\n"


# ---- comparing ----------------------------------------------------------

def program_hits(folder, rules, events, rng):
    with open(os.path.join(folder, "rules.yml"), "w", encoding="utf-8") as stream:
        stream.write("---\n".join(as_yaml(r, rng) for r in rules))
    with open(os.path.join(folder, "events.yml"), "w", encoding="utf-8") as stream:
        stream.write(description(events))
    subprocess.run([PROGRAM, "synth", "events.yml", "-C", "-o", "events.evtx"], cwd=folder,
                   check=True)
    done = subprocess.run([PROGRAM, "-q", "-t", "jsonl", "-r", "rules.yml", "events.evtx"],
                          cwd=folder, capture_output=True, text=True, encoding="utf-8",
                          check=True)
    if done.stderr:
        print("not ok differential: " + done.stderr.strip()[:2000])
        return None
    return {(r["RuleTitle"], r["RecordID"]) for r in map(json.loads, done.stdout.splitlines())}


def own_hits(rules, events):
    hits = set()
    for r in rules:
        for i, e in enumerate(events):
            truth = {n: any(all(test_item(c, v, f, e) for f, c, v in effective(items))
                            for items in maps) for n, maps in r["selections"].items()}
            if test_condition(r["condition"], truth):
                hits.add((r["title"], i + 1))
    return hits


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 600
    rng = random.Random(seed)
    rules = [rule(rng, i) for i in range(count)]
    events = [event(rng) for _ in range(60)]
    with tempfile.TemporaryDirectory() as folder:
        got = program_hits(folder, rules, events, rng)
    wanted = own_hits(rules, events)
    if got is None:
        return 1
    bad = sorted(got ^ wanted)
    for title, record in bad[:10]:
        r = rules[int(title[1:])]
        print("not ok differential: seed %d: %s on event %d: the program says %s\n%s%s" % (
            seed, title, record, (title, record) in got, as_yaml(r, random.Random(0)),
            json.dumps(events[record - 1], ensure_ascii=False)))
    print("differential: seed %d: %d rules, %d events, %d hits, %d differences" % (
        seed, len(rules), len(events), len(wanted), len(bad)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
