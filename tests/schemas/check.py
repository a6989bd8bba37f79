#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Is this what the format promises, and does it say what JSONL says?

    check.py FORMAT FILE [--hits HITS.jsonl] [--ledger LEDGER.json]

FORMAT is navigator, sarif, timesketch or ecs. FILE is held against FORMAT.json beside this script; a
key that stands twice in an object, NaN and what is not UTF-8 are errors, too. With the hits of
the same scan as `-t jsonl` prints them, and its ledger, the contents are compared: what must
follow from them is computed anew here. Prints one line and exits with 0 when all is well.
"""
import argparse
import collections
import datetime
import hashlib
import ipaddress
import json
import os
import re
import sys
import urllib.parse

try:
    import jsonschema
except ImportError:
    # Debian's package belongs to Debian's Python, which need not be the first one on the path.
    if os.path.realpath(sys.executable) == os.path.realpath("/usr/bin/python3"):
        raise
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

HERE = os.path.dirname(os.path.abspath(__file__))
LEVELS = ["", "informational", "low", "medium", "high", "critical"]
EPOCH = "1970-01-01T00:00:00.0000000Z"
FIELDS_MOST = 500
problems = []


def expect(what, expected, actual):
    if expected != actual:
        problems.append(f"{what}: expected {expected!r}, got {actual!r}"[:600])


# ---- reading -----------------------------------------------------------------------------------


def unique(pairs):
    value = dict(pairs)
    if len(value) != len(pairs):
        repeated = [key for key, count in collections.Counter(key for key, _ in pairs).items() if count > 1]
        problems.append(f"keys that stand twice: {repeated}")
    return value


def no_constant(name):
    problems.append(f"{name} is no JSON")


def parse(text):
    return json.loads(text, object_pairs_hook=unique, parse_constant=no_constant)


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def read_lines(path):
    text = read(path)
    if text and not text.endswith("\n"):
        problems.append(f"{path}: the last line has no end")
    return [parse(line) for line in text.split("\n")[:-1]]


def checker():
    formats = jsonschema.FormatChecker(formats=())
    formats.checks("ipv4", ValueError)(ipaddress.IPv4Address)
    formats.checks("ipv6", ValueError)(ipaddress.IPv6Address)
    formats.checks("uri", ValueError)(lambda text: bool(urllib.parse.urlsplit(text).scheme))
    formats.checks("uri-reference", ValueError)(lambda text: urllib.parse.urlsplit(text) is not None)
    return formats


def validate(name, documents):
    schema = json.loads(read(os.path.join(HERE, name + ".json")))
    validator = jsonschema.Draft202012Validator(schema, format_checker=checker())
    for number, document in enumerate(documents, 1):
        for error in validator.iter_errors(document):
            place = "/".join(str(part) for part in error.absolute_path)
            problems.append(f"document {number}: {place}: {error.message}"[:600])


# ---- what follows from a hit -------------------------------------------------------------------


def ticks(time):
    """100 ns since 1601 of a time as evtxscan prints it; 0 for none."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{7})Z", time or "")
    if not match:
        return int(time) if time else 0
    span = datetime.datetime.fromisoformat(match.group(1)) - datetime.datetime(1601, 1, 1)
    return (span.days * 86400 + span.seconds) * 10**7 + int(match.group(2))


def is_date(time):
    return time is not None and time.endswith("Z")


def counted(text):
    data = text.encode()
    return str(len(data)).encode() + b":" + data


def values_of(details):
    """[(name, value)] of an object whose repeated names have lists."""
    return [(name, value) for name, values in details.items()
            for value in (values if isinstance(values, list) else [values])]


def fingerprint(hit):
    evidence = hit["Evidence"]
    data = counted(hit["RuleID"]) + counted(hit["RuleTitle"])
    data += counted(evidence["FileSHA256"] or hit["EvtxFile"])
    data += b"%d,%d,%d," % (hit["RecordID"] or 0, evidence["HeaderRecordID"] or 0, evidence["Offset"] or 0)
    correlation = hit.get("Correlation")
    if correlation:
        for key in ("First", "Trigger", "Last"):
            data += b"%d," % ticks(correlation[key])
        for name, value in values_of(correlation["Group"]):
            data += counted(name) + counted(value)
    return hashlib.sha256(data).hexdigest()


def techniques_of(hit):
    found = [re.fullmatch(r"(?i)attack\.(t\d{4}(\.\d{3})?)", tag) for tag in hit["Tags"]]
    return list(dict.fromkeys(match.group(1).upper() for match in found if match))


def tactics_of(hit):
    """Names; those that we do not know are no tactics."""
    names = "|".join("""reconnaissance resource-development initial-access execution persistence
        privilege-escalation stealth defense-impairment defense-evasion credential-access discovery
        lateral-movement collection command-and-control exfiltration impact""".split())
    found = [re.fullmatch(rf"(?i)attack\.({names})", tag.replace("_", "-")) for tag in hit["Tags"]]
    return [match.group(1).lower().replace("-", " ").title().replace(" And ", " and ")
            for match in found if match]


def check_message(what, text, hit):
    expect(f"{what}: message begins", hit["RuleTitle"][:200], text[:len(hit["RuleTitle"][:200])])
    wanted = [hit["Level"], hit["Computer"], hit["Channel"]]
    if hit["RecordID"] is not None:
        wanted += [f"event {hit['EventID']}", f"record {hit['RecordID']}"]
    # The first ones, for long lists are cut.
    wanted += [name for name, _ in values_of(hit["Details"])[:3] if len(name) < 200]
    for word in wanted:
        if word not in text:
            problems.append(f"{what}: the message lacks {word!r}: {text!r}"[:600])


# ---- the formats -------------------------------------------------------------------------------


def check_timesketch(lines, hits, _ledger):
    expect("lines", len(hits), len(lines))
    for number, (line, hit) in enumerate(zip(lines, hits), 1):
        what = f"line {number}"
        known = is_date(hit["Timestamp"])
        time = hit["Timestamp"] if known else EPOCH
        expect(f"{what}: datetime", time[:26] + "+00:00", line["datetime"])
        expect(f"{what}: timestamp", (ticks(time) - ticks(EPOCH)) // 10, line["timestamp"])
        expect(f"{what}: timestamp_desc", "Event Logged" if known else "Not a time", line["timestamp_desc"])
        suppressed = ["suppressed"] if hit["SuppressedBy"] else []
        expect(f"{what}: tag", hit["Tags"] + suppressed, line["tag"])
        expect(f"{what}: techniques", set(techniques_of(hit)), set(line["mitre_techniques"]))
        expect(f"{what}: tactics", tactics_of(hit), line["mitre_tactics"])
        for key, column in (("level", "Level"), ("risk_score", "RiskScore"), ("rule_title", "RuleTitle"),
                            ("rule_id", "RuleID"), ("rule_file", "RuleFile"), ("computer", "Computer"),
                            ("channel", "Channel"), ("provider", "Provider"), ("event_id", "EventID"),
                            ("record_id", "RecordID"), ("evtx_file", "EvtxFile"), ("confirmed", "Confirmed"),
                            ("suppressed_by", "SuppressedBy")):
            value = hit[column]
            if isinstance(value, int) and value >= 2**63:
                value = None
            expect(f"{what}: {key}", None if value == "" else value, line.get(key))
        for key, column in (("sha256", "FileSHA256"), ("chunk", "Chunk"), ("offset", "Offset")):
            expect(f"{what}: {key}", hit["Evidence"][column], line.get(key))
        expect(f"{what}: details", collections.Counter(f"{name}: {value}" for name, value in values_of(hit["Details"])),
               collections.Counter(line["details"]))
        correlation = hit.get("Correlation")
        if correlation:
            expect(f"{what}: correlation", (correlation["Type"], correlation["Value"], correlation["RecordTotal"]),
                   (line["correlation_type"], line["correlation_value"], line["correlation_records"]))
        elif hit["Channel"]:
            for key, column in (("field_EventID", "EventID"), ("field_Channel", "Channel")):
                shown = line.get(key, "")
                expect(f"{what}: {key}", str(hit[column]), shown[0] if isinstance(shown, list) else shown)
        check_message(what, line["message"], hit)


def check_ecs(lines, hits, _ledger):
    expect("lines", len(hits), len(lines))
    for number, (line, hit) in enumerate(zip(lines, hits), 1):
        what = f"line {number}"
        known = is_date(hit["Timestamp"])
        correlation = hit.get("Correlation")
        event, rule, log, own = line["event"], line.get("rule", {}), line.get("log", {}), line["evtxscan"]
        winlog = line.get("winlog", {})
        severity = dict(zip(LEVELS, (None, 1, 21, 47, 73, 99)))[hit["Level"]]
        expect(f"{what}: @timestamp", hit["Timestamp"] if known else EPOCH, line["@timestamp"])
        expect(f"{what}: time_known", known, own["time_known"])
        expect(f"{what}: event.id", fingerprint(hit), event["id"])
        for key, expected, actual in (
                ("event.severity", severity, event.get("severity")),
                ("event.risk_score", hit["RiskScore"], event.get("risk_score")),
                ("event.code", hit["EventID"], event.get("code")),
                ("event.provider", hit["Provider"], event.get("provider")),
                ("rule.id", hit["RuleID"], rule.get("id")),
                ("rule.name", hit["RuleTitle"], rule.get("name")),
                ("rule.category", hit["Evidence"]["SourceView"], rule.get("category")),
                ("log.file.path", hit["EvtxFile"], log.get("file", {}).get("path")),
                ("host.name", hit["Computer"], line.get("host", {}).get("name")),
                ("winlog.channel", hit["Channel"], winlog.get("channel")),
                ("winlog.record_id", hit["RecordID"], winlog.get("record_id")),
                ("evtxscan.confirmed", hit["Confirmed"], own["confirmed"]),
                ("evtxscan.suppressed_by", hit["SuppressedBy"], own.get("suppressed_by")),
                ("evtxscan.log.sha256", hit["Evidence"]["FileSHA256"], own["log"].get("sha256")),
                ("evtxscan.log.offset", hit["Evidence"]["Offset"], own["log"].get("offset")),
                ("evtxscan.rule.file", hit["RuleFile"], own.get("rule", {}).get("file"))):
            expect(f"{what}: {key}", "" if expected is None else str(expected), "" if actual is None else str(actual))
        expect(f"{what}: tags", hit["Tags"], line.get("tags", []))
        threat = line.get("threat", {})
        expect(f"{what}: tactics", tactics_of(hit), threat.get("tactic", {}).get("name", []))
        ids = techniques_of(hit)
        technique = threat.get("technique", {})
        expect(f"{what}: techniques", list(dict.fromkeys(name[:5] for name in ids)), technique.get("id", []))
        expect(f"{what}: subtechniques", [name for name in ids if "." in name],
               technique.get("subtechnique", {}).get("id", []))
        expect(f"{what}: details", sorted(values_of(hit["Details"])),
               sorted((pair["name"], pair["value"]) for pair in own.get("details", [])))
        expect(f"{what}: matched_on", [{key.lower(): value for key, value in match.items()} for match in hit["MatchedOn"]],
               own.get("matched_on", []))
        if correlation:
            shown = own["correlation"]
            expect(f"{what}: correlation", (correlation["Type"], correlation["Value"], correlation["RecordTotal"],
                                            correlation["First"], correlation["Last"], correlation["Values"],
                                            len(correlation["Records"])),
                   (shown["type"], shown["value"], shown["record_total"], shown.get("first"), shown.get("last"),
                    shown.get("values", []), len(shown["records"])))
            expect(f"{what}: window", (correlation["First"], correlation["Last"]),
                   (event.get("start"), event.get("end")))
        check_message(what, line["message"], hit)


def plain(message):
    """A message of SARIF as it was before its braces and links were made harmless."""
    return message["text"].replace("{{", "{").replace("}}", "}").replace("] (", "](")


def path_of(location):
    uri = location["uri"]
    return os.fsencode(urllib.parse.unquote(uri.removeprefix("file://"), errors="surrogateescape"))


def normal(path):
    return os.fsencode(os.path.normpath(path) if ".." not in path else path)


def check_results(run, hits):
    rules = run["tool"]["driver"]["rules"]
    expect("results", len(hits), len(run["results"]))
    for number, (result, hit) in enumerate(zip(run["results"], hits), 1):
        what = f"result {number}"
        rank = LEVELS.index(hit["Level"])
        rule = rules[result["ruleIndex"]]
        physical = result["locations"][0]["physicalLocation"]
        expect(f"{what}: properties", hit, result["properties"])
        expect(f"{what}: ruleId", rule["id"], result["ruleId"])
        expect(f"{what}: rule", (hit["RuleID"] or hit["RuleTitle"], hit["RuleTitle"], hit["RuleFile"], hit["Level"]),
               (rule["id"], rule["name"], rule["properties"]["file"], rule["properties"]["level"]))
        expect(f"{what}: tags", {"security", *hit["Tags"]}, set(rule["properties"]["tags"]))
        expect(f"{what}: level", ["none", "none", "note", "warning", "error", "error"][rank], result["level"])
        expect(f"{what}: level of the rule", result["level"], rule["defaultConfiguration"]["level"])
        expect(f"{what}: kind", ["review", "informational", "fail", "fail", "fail", "fail"][rank], result["kind"])
        expect(f"{what}: security-severity", [None, None, "2.0", "5.5", "8.0", "9.5"][rank],
               rule["properties"].get("security-severity"))
        expect(f"{what}: rank", hit["RiskScore"], result.get("rank"))
        expect(f"{what}: fingerprint", fingerprint(hit), result["partialFingerprints"]["evtxscanHit/v1"])
        if "\ufffd" not in hit["EvtxFile"]:
            expect(f"{what}: uri", normal(hit["EvtxFile"]), path_of(physical["artifactLocation"]))
        expect(f"{what}: byteOffset", hit["Evidence"]["Offset"], physical.get("region", {}).get("byteOffset"))
        expect(f"{what}: artifact", physical["artifactLocation"]["uri"],
               run["artifacts"][physical["artifactLocation"]["index"]]["location"]["uri"])
        expect(f"{what}: suppressed", hit["SuppressedBy"],
               "".join(item["justification"] for item in result["suppressions"]))
        check_message(what, plain(result["message"]), hit)
    expect("rules that no result names", set(range(len(rules))), {result["ruleIndex"] for result in run["results"]})


def check_invocation(run, ledger):
    invocation = run["invocations"][0]
    files = ledger["Files"]
    expect("executionSuccessful", ledger["Complete"], invocation["executionSuccessful"])
    expect("artifacts", [file["Size"] for file in files], [item["length"] for item in run["artifacts"]])
    expect("hashes", [file["SHA256"] for file in files],
           [item.get("hashes", {}).get("sha-256") for item in run["artifacts"]])
    places = [item for item in invocation["toolExecutionNotifications"] if "locations" in item]
    notable = [file for file in files
               if file["State"] != "complete" or file["RecordsFailed"] or file["ChunksFailed"]]
    expect("files to tell of", [file["Status"][:100] in plain(item["message"]) for file, item in zip(notable, places)],
           [True] * len(places))
    expect("levels of files", [{"unreadable": "error", "duplicate": "note"}.get(file["State"], "warning")
                               for file in notable], [item["level"] for item in places])
    refused = ledger["Rules"]["Refused"] + ledger["Allowlist"]["Refused"]
    errors = [plain(item["message"]) for item in invocation["toolConfigurationNotifications"] if item["level"] == "error"]
    expect("refused", [f"refused: {note['Name']}: {note['Text']}" for note in refused], errors)


def check_sarif(documents, hits, ledger):
    run = documents[0]["runs"][0]
    check_results(run, hits)
    if ledger is not None:
        check_invocation(run, ledger)


def check_technique(technique, hits):
    """`hits` are those of this technique."""
    name = technique["techniqueID"]
    meta = {item["name"]: item["value"] for item in technique["metadata"]}
    rules = collections.Counter((hit["RuleID"], hit["RuleTitle"], hit["RuleFile"], hit["Level"]) for hit in hits)
    times = sorted((hit["Timestamp"] for hit in hits if hit["Timestamp"]), key=ticks)
    expect(f"{name}: score", len(hits), technique["score"])
    expect(f"{name}: rules", str(len(rules)), meta["rules"])
    expect(f"{name}: first and last", (times[:1], times[-1:]),
           ([meta[key] for key in ("first",) if key in meta], [meta[key] for key in ("last",) if key in meta]))
    expect(f"{name}: highest level", max((hit["Level"] for hit in hits), key=LEVELS.index),
           meta.get("highest level", ""))
    # Counts at the ends of the comment's lines; titles may have line ends of their own.
    counts = [int(count) for count in re.findall(r": (\d+)$", technique["comment"], re.M)]
    if not any("\n" in rule[1] for rule in rules):
        expect(f"{name}: hits of the rules named", len(hits), sum(counts))
        expect(f"{name}: rules named", min(len(rules), 20) + (len(rules) > 20), len(counts))


def check_navigator(documents, hits, ledger):
    layer = documents[0]
    found = collections.defaultdict(list)
    loud = [hit for hit in hits if not hit["SuppressedBy"]]
    for hit in loud:
        for name in techniques_of(hit):
            found[name].append(hit)
    parents = {name[:5] for name in found if "." in name}
    names = [technique["techniqueID"] for technique in layer["techniques"]]
    expect("techniques", sorted(parents | set(found)), names)
    for technique in layer["techniques"]:
        name = technique["techniqueID"]
        expect(f"{name}: opened", name in parents, technique.get("showSubtechniques", False))
        if name in found:
            check_technique(technique, found[name])
        else:
            expect(f"{name}: no score", None, technique.get("score"))
    meta = {item["name"]: item["value"] for item in layer["metadata"]}
    expect("hits", str(len(loud)), meta["hits"])
    expect("hits without a technique", str(sum(not techniques_of(hit) for hit in loud)),
           meta["hits without a technique"])
    most = max((len(group) for group in found.values()), default=0)
    expect("gradient", max(most, 2), layer["gradient"]["maxValue"])
    if ledger is not None:
        expect("complete", "yes" if ledger["Complete"] else "no", meta["complete"])
        expect("complete, in words", ledger["Complete"], " Complete: " in layer["description"])
        expect("suppressed", str(ledger["Hits"]["Suppressed"]), meta["suppressed"])


CHECKS = {"navigator": check_navigator, "sarif": check_sarif, "timesketch": check_timesketch, "ecs": check_ecs}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("format", choices=sorted(CHECKS))
    parser.add_argument("file")
    parser.add_argument("--hits")
    parser.add_argument("--ledger")
    arguments = parser.parse_args()
    if arguments.format in ("timesketch", "ecs"):
        documents = read_lines(arguments.file)
    else:
        documents = [parse(read(arguments.file))]
    validate(arguments.format, documents)
    said = ""
    # A document of another shape cannot be compared.
    if arguments.hits and not problems:
        hits = read_lines(arguments.hits)
        ledger = parse(read(arguments.ledger)) if arguments.ledger else None
        CHECKS[arguments.format](documents, hits, ledger)
        said = f", {len(hits)} hits"
    for problem in problems[:20]:
        print(f"{arguments.format}: {problem}")
    if problems:
        print(f"{arguments.format}: {len(problems)} problems")
        return 1
    print(f"{arguments.format}: good{said}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
