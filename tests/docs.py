#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The documents tell the truth: docs.py [--golden] [--corpus DIR]

README.md: each ```console block is run, all in one scratch folder that holds ./evtxscan, samples,
rules and tests. A line "$ command" is run by sh, what follows is its output
(standard output and error together); a line "..." stands for any number of lines. Blocks of other
kinds are not run, but every `make TARGET` in the README must be a target.

The option tables of README.md and of the man page must say what --help says, the exit status and the
columns of hits too. --golden rewrites outputs (but those with "...") and the options of both.

--corpus checks tests/real_logs.md instead, whose folder has the corpus's evtx and sigma besides.

EVTXSCAN names the program. Closes with "N passed, M failed".
"""
import difflib
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.abspath(os.environ.get("EVTXSCAN", os.path.join(ROOT, "evtxscan")))
README = os.path.join(ROOT, "README.md")
REAL_LOGS = os.path.join(ROOT, "tests/real_logs.md")
MAN_PAGE = os.path.join(ROOT, "src/cli/evtxscan.1")
TABLE_HEAD = "| option | commands | meaning |\n|---|---|---|\n"
COMMANDS = ("scan", "dump", "verify", "synth", "rules", "allowlist", "test", "lint", "explain", "search",
            "metrics", "completions")

passed = failed = 0


def verdict(name, problem):
    """Count a test; `problem` is empty or what is wrong."""
    global passed, failed
    if not problem:
        passed += 1
        return
    failed += 1
    print(f"not ok {name}")
    print("    " + problem.replace("\n", "\n    "))


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def as_pattern(expected):
    lines = ["(?:.*\n)*" if line == "..." else re.escape(line) + "\n" for line in expected]
    return "".join(lines)


def split_block(block):
    """Lines of a block -> [(command, expected lines)]."""
    steps = []
    for line in block.splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], []))
        elif line.startswith("> ") and steps and not steps[-1][1]:
            steps[-1] = (steps[-1][0] + "\n" + line[2:], [])
        else:
            steps[-1][1].append(line)
    return steps


def fill_folder(folder):
    for name in ("samples", "rules", "tests"):
        os.symlink(os.path.join(ROOT, name), os.path.join(folder, name))
    os.symlink(PROGRAM, os.path.join(folder, "evtxscan"))
    os.mkdir(os.path.join(folder, ".out"))


def run_block(folder, steps):
    """Outputs of the commands, run one after the other by one shell."""
    script = "".join(f"{{ {command}\n}} >.out/{i} 2>&1\n" for i, (command, _) in enumerate(steps))
    environment = dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC")
    subprocess.run(["sh", "-c", script], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                   timeout=120, check=False)
    return [read(os.path.join(folder, ".out", str(i))) for i in range(len(steps))]


def check_blocks(path, folder, golden):
    text = read(path)
    changed = text
    for number, match in enumerate(re.finditer(r"^```console\n(.*?)^```$", text, re.M | re.S), 1):
        steps = split_block(match.group(1))
        new = []
        for (command, expected), actual in zip(steps, run_block(folder, steps)):
            new.append("$ " + command.replace("\n", "\n> ") + "\n")
            if golden and "..." not in expected:
                new.append(actual)
                continue
            new.append("".join(line + "\n" for line in expected))
            diff = ""
            if not re.fullmatch(as_pattern(expected), actual):
                diff = "\n".join(difflib.unified_diff(expected, actual.splitlines(), "expected",
                                                      "actual", lineterm=""))
            verdict(f"{os.path.relpath(path, ROOT)} block {number}: {command}", diff)
        changed = changed.replace(match.group(0), "```console\n" + "".join(new) + "```")
    if golden and changed != text:
        with open(path, "w", encoding="utf-8") as file:
            file.write(changed)


def help_text(*command):
    return subprocess.run([PROGRAM, *command, "--help"], check=True, capture_output=True,
                          text=True).stdout


def help_options(text):
    """[("-o, --output FILE", "meaning")]"""
    return [(match.group(1), match.group(2))
            for match in re.finditer(r"^  ((?:-\w, |    )--\S+(?: [A-Z]+)?) +(\S.*)$", text, re.M)]


def expected_table():
    by_command = {name: set(help_options(help_text(name))) for name in COMMANDS}
    rows = []
    for option, meaning in help_options(help_text()):
        users = [name for name in COMMANDS if (option, meaning) in by_command[name]]
        users = "all" if len(users) == len(COMMANDS) else ", ".join(users)
        rows.append(f"| `{option.strip()}` | {users} | {meaning} |\n")
    return TABLE_HEAD + "".join(rows)


def check_option_table(golden):
    text = read(README)
    match = re.search(re.escape(TABLE_HEAD) + r"(\|.*\n)*", text)
    table = match.group(0) if match else ""
    wanted = expected_table()
    if golden and match and table != wanted:
        with open(README, "w", encoding="utf-8") as file:
            file.write(text.replace(table, wanted))
        table = wanted
    diff = "\n".join(difflib.unified_diff(wanted.splitlines(), table.splitlines(), "--help",
                                          "README.md", lineterm=""))
    verdict("README.md: options", diff)


def man_text(text):
    return text.replace("-", "\\-").replace("'", "\\(aq")


def rewrite_man_page():
    text = read(MAN_PAGE)
    options = "".join(f".TP\n.B {man_text(option.strip())}\n{man_text(meaning)}\n"
                      for option, meaning in help_options(help_text()))
    start, end = text.index(".SH OPTIONS\n") + len(".SH OPTIONS\n"), text.index(".SH COLUMNS\n")
    with open(MAN_PAGE, "w", encoding="utf-8") as file:
        file.write(text[:start] + options + text[end:])


def plain_man(text):
    return text.replace("\\-", "-").replace("\\(aq", "'").replace("\\&", "")


def check_man_page():
    text = plain_man(read(MAN_PAGE))
    found = re.findall(r"^\.TP\n\.B (-\S.*)\n(.*)$", text, re.M)
    wanted = [(option.strip(), meaning) for option, meaning in help_options(help_text())]
    diff = "\n".join(difflib.unified_diff([": ".join(pair) for pair in wanted],
                                          [": ".join(pair) for pair in found], "--help",
                                          "evtxscan.1", lineterm=""))
    verdict("evtxscan.1: options", diff)
    for usage in re.findall(r"^  (evtxscan .*?)  ", help_text(), re.M):
        verdict(f"evtxscan.1: {usage}", "" if usage in text else "the synopsis lacks it")
    version = subprocess.run([PROGRAM, "--version"], check=True, capture_output=True,
                             text=True).stdout.split()[1]
    verdict("evtxscan.1: version", "" if f"evtxscan {version}" in text else f"not {version}")
    verdict("CHANGELOG.md: version",
            "" if f"## {version}" in read(os.path.join(ROOT, "CHANGELOG.md")) else f"no {version}")


def check_columns():
    """The columns that the README and the man page list are the header of CSV."""
    header = subprocess.run([PROGRAM, "-q", "-t", "csv", os.path.join(ROOT, "samples/sysmon22_quiet.evtx")],
                            check=True, capture_output=True, text=True).stdout.strip()
    found = re.findall(r"^\| `(\w+)` \| ", read(README).partition("### Columns")[2].partition("\n## ")[0],
                       re.M)
    verdict("README.md: columns", "" if found == header.split(",") else f"{found}\n{header}")
    found = re.findall(r"^\.B ([A-Z]\w+)$", read(MAN_PAGE).partition(".SH COLUMNS")[2].partition(".SH")[0],
                       re.M)
    verdict("evtxscan.1: columns", "" if found == header.split(",") else f"{found}\n{header}")


def check_code():
    """C in the README is a part of the example, which the tests run."""
    example = read(os.path.join(ROOT, "tests/example/scan.c"))
    for number, code in enumerate(re.findall(r"^```c\n(.*?)^```$", read(README), re.M | re.S), 1):
        verdict(f"README.md: C {number}", "" if code in example else "not in tests/example/scan.c")


def check_targets():
    targets = set(re.findall(r"^([a-z-]+):", read(os.path.join(ROOT, "Makefile")), re.M))
    for target in sorted(set(re.findall(r"(?:^|`)make ([a-z-]+)", read(README), re.M))):
        verdict(f"README.md: make {target}", "" if target in targets else "no such target")


def check_links():
    """Every file that the README links or quotes as a path of this repository is there."""
    names = re.findall(r"\]\(([^)#:]+)\)", read(README))
    names += re.findall(r"`((?:src|rules|samples|tests|include)/[\w./-]*)`", read(README))
    for name in sorted(set(names)):
        verdict(f"README.md: {name}", "" if os.path.exists(os.path.join(ROOT, name)) else "not there")


def check_real_logs(corpus, golden):
    with tempfile.TemporaryDirectory() as folder:
        fill_folder(folder)
        for name in ("evtx", "sigma"):
            os.symlink(os.path.abspath(os.path.join(corpus, name)), os.path.join(folder, name))
        check_blocks(REAL_LOGS, folder, golden)


def main():
    golden = "--golden" in sys.argv[1:]
    if "--corpus" in sys.argv[1:]:
        check_real_logs(sys.argv[-1], golden)
        print(f"{passed} passed, {failed} failed")
        return failed != 0
    if golden:
        rewrite_man_page()
    check_option_table(golden)
    with tempfile.TemporaryDirectory() as folder:
        fill_folder(folder)
        check_blocks(README, folder, golden)
    check_man_page()
    check_columns()
    check_code()
    check_targets()
    check_links()
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
