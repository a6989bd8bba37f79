# SPDX-License-Identifier: Apache-2.0
"""What the report must show, made of what evtxscan says otherwise: `-t jsonl` and `dump` of the same logs."""
import json
import os
import re
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.path.abspath(os.environ.get("EVTXSCAN", os.path.join(ROOT, "evtxscan")))
LEVELS = ["critical", "high", "medium", "low", "informational", ""]


def evtxscan(*arguments, statuses=(0,)):
    done = subprocess.run([PROGRAM, *arguments], cwd=ROOT, capture_output=True, check=False)
    if done.returncode not in statuses:
        raise AssertionError(f"evtxscan {arguments}: {done.stderr.decode()}")
    return done.stdout.decode()


def scan_lines(*arguments, statuses=(0,)):
    return [json.loads(line) for line in evtxscan("-q", "-t", "jsonl", *arguments, statuses=statuses).splitlines()]


def leaves(value):
    """All texts of a JSON value, with the last key before them."""
    if isinstance(value, dict):
        for key, inner in value.items():
            for name, text in leaves(inner):
                yield name or key, text
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield "", text_of(value)


def text_of(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


class Records:
    """Records of logs as `dump` prints them, by log and EventRecordID."""

    def __init__(self):
        self.logs = {}

    def find(self, path, record_id):
        if path not in self.logs:
            lines = evtxscan("dump", path).splitlines()
            self.logs[path] = {json.loads(line)["Event"]["System"]["EventRecordID"]: line for line in lines}
        return json.loads(self.logs[path][record_id])["Event"]

    def xml(self, path, record_id):
        for line in evtxscan("dump", "-t", "xml", path).splitlines():
            if f"<EventRecordID>{record_id}</EventRecordID>" in line:
                return line
        raise AssertionError(f"no record {record_id} in {path}")


RECORDS = Records()


def pairs(details):
    """[(name, value)...]: a repeated name has a list of its values."""
    return [(name, value) for name, values in details.items()
            for value in (values if isinstance(values, list) else [values])]


def fields_of(hit):
    """[(name, text)...] of everything that a word is looked for in, lower case."""
    found = [("", hit[key]) for key in ("RuleTitle", "RuleID", "Level", "RuleFile", "Computer", "Channel", "Provider",
                                        "EvtxFile", "SuppressedBy")]
    found += [("", tag) for tag in hit["Tags"]] + pairs(hit["Details"])
    if "Correlation" in hit:
        found += [("", value) for _, value in pairs(hit["Correlation"]["Group"])]
        found += [("", value) for value in hit["Correlation"]["Values"]] + [("", hit["Timestamp"])]
    else:
        found += list(leaves(RECORDS.find(hit["EvtxFile"], hit["RecordID"])))
    return [(name.lower(), text.lower()) for name, text in found]


def has(hit, word):
    return any(word.lower() in text for _, text in fields_of(hit))


def has_in(hit, field, word):
    return any(name == field.lower() and word.lower() in text for name, text in fields_of(hit))


def short_channel(channel):
    return re.sub("^Microsoft-Windows-", "", channel)


def row_of(hit):
    """The cells of the table but the last."""
    event_id = "" if hit["EventID"] is None else f" {hit['EventID']}"
    stamp = hit["Timestamp"]
    return [stamp[:19].replace("T", " ") + stamp[27:].rstrip("Z"), hit["Level"], hit["Computer"],
            (short_channel(hit["Channel"]) + event_id).strip(), hit["RuleTitle"]]


def shown_details(hit):
    """The details but those that have a column; when there are none, the data of the event."""
    found = [pair for pair in pairs(hit["Details"]) if pair[0] not in ("EventID", "Channel", "Provider_Name")]
    if found or "Correlation" in hit:
        return found
    data = RECORDS.find(hit["EvtxFile"], hit["RecordID"]).get("EventData", {})
    return [(name, text_of(value)) for name, value in data.items() if text_of(value) != ""]


def details_text(hit):
    text = ""
    for name, value in shown_details(hit):
        if len(text) <= 400:
            text += (" ¦ " if text else "") + f"{name}: {value}"
    return text


def equal(found, wanted, what=""):
    if found != wanted:
        raise AssertionError(f"{what}: found {short(found)}, expected {short(wanted)}")


def short(value):
    text = repr(value)
    return text if len(text) < 600 else text[:600] + "…"
