# SPDX-License-Identifier: Apache-2.0
"""Cases of the Sigma engine: run.py [FILE.case...] (README.md says how they are written).

EVTXSCAN names the program, CASE_OPTIONS has options for every scan. Prints `not ok FILE: CASE: difference` for each
failure and closes with "N passed, M failed".
"""
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.abspath(os.environ.get(
    "EVTXSCAN", os.path.join(HERE, "..", "..", "evtxscan")))
MORE_OPTIONS = os.environ.get("CASE_OPTIONS", "").split()
NO_RULE = "evtxscan: there is no rule"  # a case of rules alone that are refused, or on no log source
DEFAULTS = ("defaults: {provider: Test, channel: Test, computer: host, event_id: 1, "
            "time: 2026-01-01T00:00:00Z}\nevents:\n")
HEADER = "title: T\nlogsource: {product: windows}\ndetection:\n"
DIAGNOSTIC = re.compile(r"^(?P<path>[^ ]+?)(?::(?P<line>\d+):(?P<col>\d+))?: "
                        r"(?P<severity>error|warning): .* \[(?P<code>[A-Z0-9_]+)\]$")


class Failure(Exception):
    pass


class Skipped(Exception):
    pass


def read_cases(path):
    """A case is (title, [(section, argument, text)])."""
    cases = []
    with open(path, encoding="utf-8") as stream:
        for line in stream:
            if line.startswith("=== "):
                cases.append((line[4:].strip(), []))
            elif line.startswith("--- "):
                name, _, argument = line[4:].strip().partition(" ")
                cases[-1][1].append([name, argument, ""])
            elif cases and cases[-1][1]:
                cases[-1][1][-1][2] += line
    for _, sections in cases:
        for section in sections:
            section[2] = section[2].rstrip("\n") + "\n"  # blank lines part cases
    return cases


def indent(text, by):
    return "".join(" " * by + line if line.strip() else line
                   for line in text.splitlines(keepends=True))


def clock(text):
    """m:ss[.fraction] since midnight -> time stamp."""
    minutes, _, seconds = text.partition(":")
    whole, _, fraction = seconds.partition(".")
    total = int(minutes) * 60 + int(whole)
    days, rest = divmod(total, 86400)
    return "2026-01-%02dT%02d:%02d:%02d.%sZ" % (
        days + 1, rest // 3600, rest // 60 % 60, rest % 60, fraction.ljust(7, "0"))


def event_of_value(line):
    return "- data: {Other: x}\n" if line == "absent" else "- data: {F: %s}\n" % line


def event_of_hit(line):
    """TIME TAG [NAME=VALUE...]"""
    time, tag, *pairs = line.split()
    fields = ["Tag: '%s'" % tag] + ["%s: '%s'" % tuple(p.split("=", 1)) for p in pairs]
    return "- {time: %s, data: {%s}}\n" % (clock(time), ", ".join(fields))


def base_rules(names):
    return "---\n".join("title: base %s\nname: %s\nlogsource: {product: windows}\n"
                        "detection: {sel: {Tag: %s}, condition: sel}\n" % (n, n, n)
                        for n in names.split())


def environment():
    """A profile for each thread: clang's programs rewrite it when they start, and lose what another counts meanwhile."""
    profile = os.environ.get("LLVM_PROFILE_FILE", "")
    return {**os.environ, "LLVM_PROFILE_FILE": profile.replace("%m", threading.current_thread().name + "-%m")}


class Case:
    def __init__(self, title, sections, folder):
        self.title = title
        self.sections = sections
        self.folder = folder
        self.rules, self.filters, self.logs, self.options = [], [], [], []
        self.offsets = {}  # rule file -> (lines, columns) that a shorthand put in front
        self.expect = []

    def write(self, name, text):
        raw = text.encode("utf-8")
        with open(os.path.join(self.folder, name), "wb") as stream:
            stream.write(raw)

    def rule_file(self, argument, text, lines=0, cols=0):
        name = argument or "rule%d.yml" % (len(self.rules) + 1)
        self.offsets[name] = (lines, cols)
        self.write(name, text)
        self.rules.append(name)

    def log(self, argument, text):
        name = argument or "events"
        self.write(name + ".yml", text if text.startswith("defaults:") else DEFAULTS + text)
        self.logs.append(name)

    def prepare(self):
        for name, argument, text in self.sections:
            lines = [l for l in text.splitlines() if l.strip()]
            if name == "rule":
                self.rule_file(argument, text)
            elif name == "raw":  # escapes such as \r, for what a text file cannot hold
                self.rule_file(argument, text.rstrip("\n").encode().decode("unicode_escape"))
            elif name == "detection":
                self.rule_file("", HEADER + indent(text, 2), 3, 2)
            elif name == "item":
                self.rule_file("", HEADER + "  sel:\n" + indent(text, 4) +
                               "  condition: sel\n", 4, 4)
            elif name == "base":
                self.rule_file("base.yml", base_rules(argument))
            elif name == "correlation":
                self.rule_file("", "title: %s\ncorrelation:\n" % (argument or "C") +
                               indent(text, 2), 2, 2)
            elif name == "filter":
                file = argument or "filter%d.yml" % (len(self.filters) + 1)
                self.write(file, text)
                self.offsets[file] = (0, 0)
                self.filters.append(file)
            elif name == "file":
                self.write(argument, text)
            elif name == "events":
                self.log(argument, text)
            elif name == "values":
                self.log(argument, "".join(map(event_of_value, lines)))
            elif name == "hits":
                self.log(argument, "".join(map(event_of_hit, lines)))
            elif name == "needs":
                if argument not in self.run("--help").stdout:
                    raise Skipped()
            elif name == "options":
                self.options = text.split()
            elif name == "expect":
                self.expect = lines
            else:
                raise Failure("unknown section '%s'" % name)
        if not self.logs:
            self.log("", "- data: {F: x}\n")
        if not self.expect:
            raise Failure("nothing is expected")

    def run(self, *arguments):
        return subprocess.run([PROGRAM, *arguments], cwd=self.folder, text=True, env=environment(),
                              encoding="utf-8", capture_output=True, timeout=30)

    def scan(self):
        for log in self.logs:
            made = self.run("synth", log + ".yml", "-o", log + ".evtx")
            if made.returncode != 0:
                raise Failure("synth: " + made.stderr.strip())
        command = ["-t", "jsonl", "-v", "--ledger", "ledger.json"]
        for name in self.rules:
            command += ["-r", name]
        for name in self.filters:
            command += ["--filters", name]
        done = self.run(*command, *self.options, *MORE_OPTIONS, *(log + ".evtx" for log in self.logs))
        self.status = done.returncode
        self.stderr = done.stderr
        self.results = [json.loads(line) for line in done.stdout.splitlines()]
        if done.returncode == 2 and "status: 2" not in self.expect and NO_RULE not in done.stderr:
            raise Failure(done.stderr.strip())
        if done.returncode not in (0, 1, 2, 3):
            raise Failure("status %d: %s" % (done.returncode, done.stderr[-300:]))
        if os.path.exists(os.path.join(self.folder, "ledger.json")):
            with open(os.path.join(self.folder, "ledger.json"), encoding="utf-8") as stream:
                self.ledger = json.load(stream)

    def lint(self):
        command = ["lint", "-t", "jsonl", "-v", *self.rules]
        for name in self.filters:
            command += ["--filters", name]
        done = self.run(*command, *self.options)
        if done.returncode not in (0, 2):
            raise Failure("lint: status %d: %s" % (done.returncode, done.stderr[-300:]))
        self.findings = []
        for line in done.stdout.splitlines():
            found = json.loads(line)
            lines, cols = self.offsets.get(found["Path"], (0, 0))
            self.findings.append((found["Severity"], found["Code"], "%d:%d" % (
                found["Line"] - lines, found["Col"] - cols)))

    # ---- what came out, in the words of `expect` ----

    def diagnostics(self):
        found = []
        for line in self.stderr.splitlines():
            match = DIAGNOSTIC.match(line)
            if match is None:
                continue
            lines, cols = self.offsets.get(match["path"], (0, 0))
            place = "" if match["line"] is None else "%d:%d" % (
                int(match["line"]) - lines, int(match["col"]) - cols)
            found.append((match["severity"], match["code"], place))
        return found

    def hits(self, title):
        return sorted(r["RecordID"] for r in self.results
                      if "Correlation" not in r and title in ("", r["RuleTitle"]))

    def alert(self, result):
        about = result["Correlation"]
        group = " ".join("%s=%s" % pair for pair in about["Group"].items())
        value = "%.10g" % round(about["Value"], 2)
        times = [self.minutes(about[key]) for key in ("First", "Trigger", "Last")]
        return " ".join([result["RuleTitle"], *times, value, group]).strip()

    @staticmethod
    def minutes(stamp):
        day, hours, minutes, seconds = re.match(
            r"2026-01-(\d\d)T(\d\d):(\d\d):([\d.]+)Z", stamp).groups()
        whole, fraction = seconds.split(".")
        fraction = fraction.rstrip("0")
        total = ((int(day) - 1) * 24 + int(hours)) * 60 + int(minutes)
        return "%d:%s%s" % (total, whole, "." + fraction if fraction else "")

    @staticmethod
    def pick(value, path):
        for key in path.split("."):
            value = value[int(key) if isinstance(value, list) else key]
        return value

    # ---- comparing ----

    def same(self, what, wanted, got):
        if wanted != got:
            raise Failure("%s: expected %s, got %s" % (what, wanted, got))

    def check_diagnostics(self):
        left = self.diagnostics()
        for line in self.expect:
            if not line.startswith(("error ", "warning ")):
                continue
            severity, code, *place = line.split()
            for one in left:
                if one[:2] == (severity, code) and (not place or one[2] == place[0]):
                    left.remove(one)
                    break
            else:
                raise Failure("expected '%s', got %s" % (line, left or "no such diagnostic"))
        if left:
            raise Failure("unexpected %s %s %s" % left[0] + ": " + self.stderr.strip())

    def check_lint(self):
        left = list(self.findings)
        for line in self.expect:
            word, code, *place = line.split()
            if word != "lint" or code == "clean":
                continue
            for one in left:
                if one[1] == code and (not place or one[2] == place[0]):
                    left.remove(one)
                    break
            else:
                raise Failure("expected '%s', got %s" % (line, left or "nothing"))
        left = [one for one in left if one[0] != "note"]
        if left:
            raise Failure("unexpected %s %s %s" % left[0])

    def check_line(self, line):
        word, _, rest = line.partition(" ")
        if word in ("error", "warning", "alert:", "lint"):
            return
        if word.startswith("hits"):
            title, _, numbers = line[4:].partition(":")
            self.same(line[:4] + title, [int(n) for n in numbers.split()],
                      self.hits(title.strip()))
        elif line == "no hits":
            self.same("hits", [], self.hits(""))
        elif line == "no alerts":
            self.same("alerts", [], [self.alert(r) for r in self.results if "Correlation" in r])
        elif word == "says:":
            if rest not in self.stderr:
                raise Failure("expected '%s' in: %s" % (rest, self.stderr.strip()))
        elif word == "status:":
            self.same("status", int(rest), self.status)
        elif word in ("json", "ledger"):
            path, _, wanted = rest.partition(" = ")
            if (word, path) == ("json", "count"):
                got = len(self.results)
            elif word == "json":
                number, _, path = path.partition(" ")
                got = self.pick(self.results[int(number) - 1], path)
            else:
                got = self.pick(self.ledger, path)
            self.same(path, json.loads(wanted), got)
        else:
            raise Failure("cannot read expectation '%s'" % line)

    def check(self):
        self.check_diagnostics()
        alerts = [line[7:].strip() for line in self.expect if line.startswith("alert:")]
        if alerts:
            self.same("alerts", alerts,
                      [self.alert(r) for r in self.results if "Correlation" in r])
        for line in self.expect:
            self.check_line(line)


SKIPPED = "skipped"


def run_case(file, title, sections):
    with tempfile.TemporaryDirectory() as folder:
        case = Case(title, sections, folder)
        try:
            case.prepare()
            if any(line.startswith("lint ") for line in case.expect):
                case.lint()
                case.check_lint()
            if not all(line.startswith("lint ") for line in case.expect):
                case.scan()
                case.check()
        except Skipped:
            return SKIPPED
        except (Failure, subprocess.TimeoutExpired, ValueError, LookupError, TypeError) as why:
            return "not ok %s: %s: %s" % (file, title, why if isinstance(why, Failure)
                                          else repr(why))
    return None


def main():
    files = sys.argv[1:] or sorted(os.path.join(HERE, name) for name in os.listdir(HERE)
                                   if name.endswith(".case"))
    jobs = [(os.path.basename(file), title, sections)
            for file in files for title, sections in read_cases(file)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda job: run_case(*job), jobs))
    skipped = results.count(SKIPPED)
    failures = [r for r in results if r not in (None, SKIPPED)]
    for line in failures:
        print(line)
    print("%d passed, %d failed, %d skipped" % (
        len(results) - len(failures) - skipped, len(failures), skipped))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
