# SPDX-License-Identifier: Apache-2.0
"""What a disturbed run may have done: all of it, or less, said so, and no half files."""
import csv
import errno
import io
import json
import os
import re
import signal
import xml.dom.minidom

OLD = b"old\n"


def is_sound(name, text):
    """Is a result that is not complete a whole file of its format all the same?"""
    kind = name.rpartition(".")[2]
    try:
        if kind in ("json", "navigator", "sarif"):
            json.loads(text)
        elif kind in ("jsonl", "ecs", "timesketch"):
            for line in text.splitlines():
                json.loads(line)
        elif kind == "csv":
            rows = list(csv.reader(io.StringIO(text.decode(), newline="")))
            return all(len(row) == len(rows[0]) for row in rows)
        elif kind == "xml":
            xml.dom.minidom.parseString(text)
        elif kind == "html":
            return text.endswith(b"</html>\n")
        elif kind not in ("table", "list", "differences", "text", "problems"):
            return False
    except (ValueError, csv.Error, xml.parsers.expat.ExpatError):
        return False
    return not text or text.endswith(b"\n")


def words(fault, archive):
    """What has to be named."""
    if fault.call == "malloc" or fault.how == str(int(errno.ENOMEM)):
        return re.compile(rb"memory|\.(zip|tar\.xz).*archive" if archive else b"memory")
    if fault.how == str(int(errno.EPIPE)):
        return re.compile(b"")  # nobody is told that they went away
    if not fault.how.isdigit():
        return re.compile(b"libevtx cannot")
    # libarchive and libevtx do not always tell the reason, but that there is one.
    reason = re.escape(os.strerror(int(fault.how)).encode()) + b"|libevtx cannot"
    return re.compile(reason + rb"|\.(zip|tar\.xz).*(archive|[Tt]runcated|damaged)" if archive else reason)


def told(result):
    return result.stderr + b"".join(result.files.values())


def judge_files(case, base, result, may_lack):
    for name, text in base.files.items():
        got = result.files.get(name)
        if name not in case.outputs:  # of `rules export`: each is whole
            if got not in (None, text):
                yield f"out/{name} is neither whole nor absent"
        elif got is None and case.old:
            yield f"out/{name} was there, and is gone"
        elif got not in (None, text, OLD) and not (may_lack and is_sound(name, got)):
            yield f"out/{name} is neither whole nor absent: {got[-200:]!r}"
    for name in sorted(set(result.files) - set(base.files)):
        yield f"left behind: out/{name}"


def identities(text):
    """Of hits in JSONL, without alerts of correlations, which count what is left: when, where and what."""
    hits = [json.loads(line) for line in text.splitlines()]
    return {(hit["Timestamp"], hit["RecordID"], hit["RuleTitle"]) for hit in hits if "Correlation" not in hit}


def changed_file(fault):
    return fault.how.rpartition(":")[2].rpartition("=")[2]


def judge_change(case, base, result, fault):
    """A log that changes: what is printed is from it, and that something is missing is said with its name."""
    name = changed_file(fault)
    if result.status not in (base.status, 3):
        yield f"status {result.status}"
    if name.encode() not in told(result):
        yield f"no word of {name}"
    for kind, text in result.files.items():
        if kind.endswith("hits.jsonl") and not identities(text) <= identities(base.files[kind]):
            yield "hits that were not there"


def judge(case, base, result, fault, same):
    """What is wrong. `same`: the fault must not be noticed at all."""
    # Without its locales the C library goes on: names in archives may be told in another way.
    if result.status == base.status and not result.left and (
            result.file.startswith("/usr/") or b".zip/entry " in told(result)):
        return
    stop = int(fault.how[7:]) if fault.how.startswith("signal=") else None
    if result.status is None:
        yield "it does not end"
        return
    if result.spoiled == 0 and not case.threads:
        yield "the call was not made"
    # It has places that do not look what they got (3.6.2).
    if result.status == -signal.SIGSEGV and fault.call == "malloc" and re.search("libarchive|liblzma", result.file):
        return
    if result.left:
        yield f"left behind: {result.left}"
    if result.status < 0 and -result.status != stop:
        yield f"killed by signal {-result.status} ({signal.Signals(-result.status).name})"
        return
    if result.status > 3:  # of a sanitizer
        yield f"status {result.status}\n{result.stderr.decode(errors='replace')}"
    if result.seen() == base.seen():
        return
    if fault.how.startswith(("cut=", "grow=", "swap=")):
        yield from judge_change(case, base, result, fault)
        return
    # A test that cannot be run has failed; lint finds less, and says why.
    lacking = result.status == 3 or case.name.startswith(("test", "lint")) and result.status in (1, 2)
    yield from judge_files(case, base, result, lacking)
    if same and not case.foreign:
        yield f"not the same: status {result.status}\n{result.stderr.decode(errors='replace')}"
    elif result.status in (0, 1) and not lacking and (result.stdout, result.files) != (base.stdout, base.files):
        yield f"status {result.status}, and the output is another one"
    elif stop is not None:
        if result.status not in (-stop, base.status) and b"interrupted" not in told(result).lower():
            yield f"status {result.status}, and no word of the interruption\n{result.stderr.decode(errors='replace')}"
    elif result.status in (1, 2, 3) and not words(fault, re.search(r"\.(zip|xz)$|libarchive|liblzma", result.file)).search(
            told(result)) and not (fault.call == "write" and result.file.endswith(".stderr")):
        yield f"status {result.status}, and no word of the reason\n{result.stderr.decode(errors='replace')}"
