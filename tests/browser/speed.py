# SPDX-License-Identifier: Apache-2.0
"""How long a person waits for a report of 50,000 hits."""
import os

from expected import LEVELS, evtxscan
from page import wait_until

ENTER, ESCAPE, TAB, SHIFT = "\ue007", "\ue00c", "\ue004", "\ue008"
LEFT, UP, RIGHT, DOWN, END, PAGE_DOWN = "\ue012", "\ue013", "\ue014", "\ue015", "\ue010", "\ue00f"
PERFORMANCE_HITS = 50000
# What a person takes for immediate, in milliseconds. Machines that build and test are shared and slow: there only four
# times as much fails.
LOAD, FILTER, SORT, SLACK = 2000, 100, 200, 4

PERFORMANCE_LOG = """
defaults:
  provider: Microsoft-Windows-Sysmon
  channel: Microsoft-Windows-Sysmon/Operational
  event_id: 1
events:
  - repeat: %d
    every: 7s
    time: 2026-11-01T00:00:00Z
    computer: ws%d.corp.example
    data:
      UtcTime: 2026-11-01 ${n0000}
      ProcessGuid: '{747f3d96-6607-5d3f-0000-${n00000000}}'
      ProcessId: '${n}'
      Image: C:\\Windows\\System32\\tool%d.exe
      Description: Consent UI for administrative applications
      Company: Microsoft Corporation
      CommandLine: tool.exe --case ${n} --output C:\\Users\\user${n}\\AppData\\Local\\Temp\\${n0000}.tmp
      CurrentDirectory: C:\\Windows\\system32\\
      User: CORP\\user%d
      LogonId: '0x3e7'
      IntegrityLevel: System
      Hashes: SHA1=9329B2362078DE27242DD4534F588AF3264BF0BF,MD5=27992D7EBE51AEC655A088DE88BAD5C9
      ParentImage: C:\\Windows\\System32\\svchost.exe
      ParentCommandLine: C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Appinfo
"""
PERFORMANCE_RULE = """title: Process %d
id: 00000000-0000-4000-8000-00000000000%d
level: %s
logsource: {product: windows, category: process_creation}
detection:
  sel: {Image|endswith: '%d.exe'}
  condition: sel
fields: [CommandLine, User, ParentImage]
"""


def make_performance(folder):
    """A report of 50,000 hits by ten rules on twenty computers."""
    logs = []
    for number in range(20):
        description = os.path.join(folder, f"load{number}.yml")
        logs.append(description.replace(".yml", ".evtx"))
        with open(description, "w", encoding="utf-8") as file:
            file.write(PERFORMANCE_LOG % (PERFORMANCE_HITS // 20, number, number % 10, number))
        evtxscan("synth", description, "-o", logs[-1])
    rules = os.path.join(folder, "load_rules.yml")
    with open(rules, "w", encoding="utf-8") as file:
        file.write("---\n".join(PERFORMANCE_RULE % (n, n, LEVELS[n % 5], n) for n in range(10)))
    path = os.path.join(folder, "load.html")
    evtxscan("-q", "--no-confirm", "-t", "html", "-r", rules, "-o", path, *logs)
    return path


MEASURE_QUERY = """
const box = document.getElementById('query');
const start = performance.now();
box.value = arguments[0];
box.dispatchEvent(new Event('input'));
document.body.offsetHeight; // layout, too
return [performance.now() - start, document.getElementById('shown').textContent];
"""
MEASURE_CLICK = """
const node = document.querySelector(arguments[0]);
const start = performance.now();
node.click();
document.body.offsetHeight;
return performance.now() - start;
"""
MEASURE_SCROLL = """
const box = document.getElementById('table-scroll');
let most = 0;
for (let n = 0; n < 20; n++) {
    const start = performance.now();
    box.scrollTop += box.clientHeight;
    box.dispatchEvent(new Event('scroll'));
    document.body.offsetHeight;
    most = Math.max(most, performance.now() - start);
}
return most;
"""


def measure(browser, path):
    """Milliseconds of what a person waits for."""
    figures = {}
    browser.open("about:blank")
    browser.open(f"file://{path}")
    wait_until(browser, "performance.getEntriesByName('prepared').length")
    figures["load"] = browser.run("return performance.getEntriesByName('ready')[0].startTime")
    for query in ("powershell", "tool3.exe", "user17", "1234", "commandline:case", "image:tool image:7", "level:high"):
        figures[f"filter {query}"], _ = browser.run(MEASURE_QUERY, query)
    figures["filter "], _ = browser.run(MEASURE_QUERY, "")
    for column in ("level", "computer", "channel", "rule", "details", "time"):
        figures[f"sort {column}"] = browser.run(MEASURE_CLICK, f"[data-sort={column}]")
    figures["page"] = browser.run(MEASURE_SCROLL)
    figures["open"] = browser.run(MEASURE_CLICK, "#rows tr[id]")
    figures["bar"] = browser.run(MEASURE_CLICK, ".facet-row")
    return figures


def bound(name):
    return LOAD if name == "load" else SORT if name.startswith("sort") else FILTER


def test_speed(browser, samples):
    """50,000 hits: open, filter, sort, page."""
    path = make_performance(os.path.dirname(samples.path))
    best = {}
    for _ in range(2):
        for name, figure in measure(browser, path).items():
            best[name] = min(best.get(name, figure), figure)
    label = browser.run("return document.getElementById('shown').textContent")
    assert "of 50,000 hits" in label, label
    print(f"# {PERFORMANCE_HITS} hits, {os.path.getsize(path) / 1e6:.1f} MB; milliseconds, best of two: " +
          ", ".join(f"{name.strip()} {figure:.0f}" for name, figure in best.items()))
    for name, figure in best.items():
        assert figure <= bound(name) * SLACK, f"{name}: {figure:.0f} ms, at most {bound(name)} x {SLACK}"
