#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Manual pages are well formed, and say what the source says.

evtxscan(1) is compared with --help by docs.py; here: sections, keys and codes of evtxscan-allowlist(5)
against src/allow, keys and types of evtxscan-events(5) against src/synth and src/testing, functions of
libevtxscan(3) against the header. The examples of both formats are used. man(1) and mandoc(1) look for
faults of form, where they are installed.

EVTXSCAN names the program. Closes with "N passed, M failed[, K skipped]".
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.abspath(os.environ.get("EVTXSCAN", os.path.join(ROOT, "evtxscan")))
PAGES = sorted(glob.glob(os.path.join(ROOT, "src/*/*.[1-9]")))

passed = failed = skipped = 0


def verdict(name, problem):
    """Count a test; `problem` is empty or what is wrong."""
    global passed, failed
    if not problem:
        passed += 1
        return
    failed += 1
    print(f"not ok {name}")
    print("    " + str(problem).replace("\n", "\n    "))


def same(name, page, source):
    page, source = set(page), set(source)
    lines = [f"the page lacks {word}" for word in sorted(source - page)]
    verdict(name, "\n".join(lines + [f"the source lacks {word}" for word in sorted(page - source)]))


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def section(page, name):
    """The text of a .SH, without the marks of roff."""
    text = page.partition(f".SH {name}\n")[2].partition("\n.SH ")[0]
    return text.replace("\\-", "-").replace("\\(aq", "'").replace("\\&", "").replace("\\e", "\\")


def tags(text):
    """The words of what .TP and .TQ introduce."""
    return [word for line in re.findall(r"^\.T[PQ]\n\.(?:B|BR) (.*)$", text, re.M)
            for word in re.findall(r"[A-Za-z]\w*", line)]


def paragraph(text, tag):
    return text.partition(f".TP\n.B {tag}\n")[2].partition("\n.TP")[0]


def strings(source, name):
    """The literals of an array of C."""
    body = re.search(re.escape(name) + r"[^=]*=\s*\{(.*?)\}\s*;", source, re.S).group(1)
    return re.findall(r'"(\w+)"', body)


def run_example(name, page, *command):
    text = section(page, "EXAMPLES").partition(".nf\n")[2].partition("\n.fi")[0]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "example.yml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        run = subprocess.run([PROGRAM, *command, path], cwd=folder, capture_output=True, text=True,
                             check=False)
    verdict(f"{name}: example", "" if run.returncode == 0 and text else run.stderr or "no example")


def check_allowlist():
    name = "evtxscan-allowlist.5"
    page, parse = read("src/allow/" + name), read("src/allow/allow_parse.c")
    classes = strings(read("src/allow/allow.c"), "class_names[ALLOW_CLASS_COUNT]")
    same(f"{name}: sections", tags(section(page, "SECTIONS")), classes)
    same(f"{name}: keys", tags(section(page, "KEYS")), strings(parse, "key_names[KEY_COUNT]"))
    codes = set(re.findall(r'"(E_ALLOW_\w+)"', parse + read("src/allow/allow_value.c")))
    same(f"{name}: codes", tags(section(page, "REFUSALS")), codes)
    table = parse.partition("sections[ALLOW_CLASS_COUNT] = {")[2].partition("\n};")[0]
    for row in re.split(r"\n\t(?=\[)", table)[1:]:
        row_class = re.search(r"\[ALLOW_(\w+)\]", row).group(1).lower()
        text = paragraph(section(page, "SECTIONS"), row_class)
        keys = {key.lower() for key in re.findall(r"BIT\((\w+)\)", row)} - {"name", "owner"}
        keys |= {"from", "to"} if "WINDOW" in row else set()
        missing = [key for key in keys if not re.search(rf"\b{key}\b", text)]
        v4, v6 = re.search(r"(\d+),\s+(\d+),\s+(?:true|false)\}", row).groups()
        if "address" in keys and f"up to /{v4}, for IPv6 /{v6}" not in text:
            missing.append(f"/{v4} and /{v6}")
        verdict(f"{name}: {row_class}", f"does not name {missing}" if missing else "")
    run_example(name, page, "allowlist", "check")


def check_events():
    name = "evtxscan-events.5"
    page, synth = read("src/synth/" + name), read("src/synth/synth.c")
    same(f"{name}: description", tags(section(page, "DESCRIPTION KEYS")), strings(synth, " keys[]"))
    verdict(f"{name}: log", "" if all(key in section(page, "DESCRIPTION KEYS")
                                      for key in strings(synth, "log_keys[]")) else "a key lacks")
    same(f"{name}: event", tags(section(page, "EVENT KEYS")), strings(read("src/synth/event.c"), " keys[]"))
    types = re.findall(r'^\t\{"(\w+)", VALUE_', read("src/synth/typed.c"), re.M)
    same(f"{name}: values", tags(section(page, "VALUES")), types)
    keys = re.findall(r' keys\[\] = (\{.*?\});', read("src/testing/case.c"), re.S)
    keys = set(re.findall(r'"(\w+)"', "".join(keys)))
    same(f"{name}: test", tags(section(page, "TEST KEYS")) + strings(synth, " keys[]"), keys)
    run_example(name, page, "synth", "-o", "out.evtx")


def check_library():
    name = "libevtxscan.3"
    page, header = read("src/lib/" + name), read("include/evtxscan.h")
    functions = re.findall(r"^EVTXSCAN_API .*?\b(evtxscan_\w+)\(", header, re.M)
    named = re.findall(r'\b(evtxscan_\w+)(?= ?"?\()', page)
    same(f"{name}: functions", named, functions)
    results = header.partition("enum evtxscan_result {")[2].partition("}")[0]
    same(f"{name}: results", tags(section(page, "RESULTS")), re.findall(r"\b(EVTXSCAN_\w+) =", results))
    options = header.partition("struct evtxscan_options {")[2].partition("};")[0]
    options = re.sub(r"//.*", "", options)
    members = [word for line in re.findall(r"[^;]+;", options)
               for word in re.findall(r"(\w+)(?=[,;])", line)]
    missing = [member for member in members if not re.search(rf"\b{member}\b", section(page, "SCANS"))]
    verdict(f"{name}: options", f"does not name {missing}" if missing else "")


def check_form(tool, *command):
    global skipped
    if shutil.which(tool) is None:
        print(f"{tool} is not here: manual pages are not checked with it")
        skipped += len(PAGES)
        return
    for page in PAGES:
        run = subprocess.run([tool, *command, page], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             text=True, check=False, env=dict(os.environ, LC_ALL="C.UTF-8"))
        problem = run.stderr + (run.stdout if tool == "mandoc" else "")
        verdict(f"{os.path.basename(page)}: {tool}", problem)


def check_versions():
    version = re.search(r'EVTXSCAN_VERSION "(.*)"', read("include/evtxscan.h")).group(1)
    for page in PAGES:
        good = f'"evtxscan {version}"' in read(page)
        verdict(f"{os.path.basename(page)}: version", "" if good else "another one")


def main():
    check_allowlist()
    check_events()
    check_library()
    check_versions()
    check_form("man", "--warnings", "-E", "UTF-8", "-Tutf8", "-Z", "-l")
    check_form("mandoc", "-T", "lint", "-W", "warning")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
