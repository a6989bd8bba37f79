#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The HTML report in a real browser: report.py [NAME...]

What the page shows is compared with what Python makes of `-t jsonl` and `dump` of the same logs; hostile logs and rules
must stay text; 50,000 hits must be quick. Needs chromium and chromedriver (Debian: chromium, chromium-driver), and
skips aloud without them. NAMEs choose tests. EVTXSCAN names the program. Closes with "N passed, M failed".
"""
import datetime
import os
import re
import sys
import tempfile
import time
import traceback

sys.dont_write_bytecode = True
import hostile
import speed
import webdriver
from expected import (LEVELS, RECORDS, ROOT, details_text, equal, evtxscan, has, has_in, leaves, pairs, row_of,
                      short_channel, shown_details)
from page import (DOWN, END, ENTER, ESCAPE, LEFT, ROWS, SHIFT, TAB, UP, Samples, brightness, facet, open_report,
                  panel_pairs, panel_table, rows, texts, type_query, wait_until)


def test_rows(browser, samples):
    open_report(browser, samples.path)
    samples.expect(browser, lambda hit: True, "all rows")
    equal(browser.run("return document.getElementById('table').getAttribute('aria-rowcount')"),
          str(len(samples.hits) + 1), "aria-rowcount")
    details = [row[5] for row in browser.run(ROWS)]
    for hit, cell in zip(samples.hits, details):
        for name, value in shown_details(hit)[:3]:
            if len(details_text(hit)) < 400:
                shown = re.sub(r"\s*[\r\n\t]\s*", " ", value)
                assert name + shown in cell, f"{name}: {value} is not in {cell}"


def test_virtual_rows(browser, samples):
    """Only rows in sight are in the document, and every row comes in sight."""
    open_report(browser, samples.path)
    most = browser.run("return document.querySelectorAll('#rows tr[id]').length")
    assert most < len(samples.hits) / 2, f"{most} rows in the document"
    for _ in range(6):
        number = browser.run("""
const box = document.getElementById('table-scroll');
box.scrollTop += box.clientHeight * 0.8;
return new Promise((done) => requestAnimationFrame(() => setTimeout(() => {
    const place = box.getBoundingClientRect();
    const row = document.elementFromPoint(place.left + 50, place.top + place.height / 2).closest('tr');
    const wanted = Math.floor((place.top + place.height / 2 - document.getElementById('rows').getBoundingClientRect().top) / row.offsetHeight);
    done([wanted, row.id, row.cells[0].textContent]);
})))""")
        equal(number[1:], [f"row-{number[0]}", row_of(samples.hits[number[0]])[0]], "the row in the middle")
    browser.run("const box = document.getElementById('table-scroll'); box.scrollTop = box.scrollHeight")
    wait_until(browser, f"document.getElementById('row-{len(samples.hits) - 1}')")
    equal(browser.run("return document.querySelector('#rows tr[id]:last-of-type')?.cells[4].textContent ?? "
                      "[...document.querySelectorAll('#rows tr[id]')].at(-1).cells[4].textContent"),
          samples.hits[-1]["RuleTitle"], "the last row")


def test_query(browser, samples):
    """Queries leave the hits that a search over the same hits and records in Python finds."""
    open_report(browser, samples.path)
    queries = {
        "axfr": lambda hit: has(hit, "axfr"),
        "AXFR ws17": lambda hit: has(hit, "axfr") and has(hit, "ws17"),
        "axfr !ws17": lambda hit: has(hit, "axfr") and not has(hit, "ws17"),
        '"zone transfer" 198.51.100.66': lambda hit: has(hit, "zone transfer") and has(hit, "198.51.100.66"),
        "S-1-5-18": lambda hit: has(hit, "S-1-5-18"),
        "S-1-5-18 !S-1-5-18": lambda hit: False,
        "T1590.002": lambda hit: has(hit, "t1590.002"),
        r"C:\Tools": lambda hit: has(hit, r"c:\tools"),
        "Image:dig.exe": lambda hit: has_in(hit, "Image", "dig.exe") or has_in(hit, "image", "dig.exe"),
        "qname:corp.example": lambda hit: has_in(hit, "QNAME", "corp.example"),
        "CommandLine:axfr Image:cmd": lambda hit: has_in(hit, "CommandLine", "axfr") and has_in(hit, "Image", "cmd"),
        "level:high": lambda hit: hit["Level"] == "high",
        "!level:high": lambda hit: hit["Level"] != "high",
        "eventid:1": lambda hit: hit["EventID"] == 1,
        "computer:dns1": lambda hit: "dns1" in hit["Computer"].lower(),
        "channel:sysmon": lambda hit: "sysmon" in hit["Channel"].lower(),
        "provider:dnsserver": lambda hit: "dnsserver" in hit["Provider"].lower(),
        "rule:sweep": lambda hit: "sweep" in hit["RuleTitle"].lower(),
        "tag:t1059": lambda hit: any("t1059" in tag for tag in hit["Tags"]),
        "file:sysmon": lambda hit: "sysmon" in hit["EvtxFile"].lower(),
        "time:2026-11-10": lambda hit: hit["Timestamp"].startswith("2026-11-10"),
        "confirmed:yes": lambda hit: hit["Confirmed"] == "yes",
        "nothing-has-this": lambda hit: False,
        "registereddomain:corp.example": lambda hit: has_in(hit, "RegisteredDomain", "corp.example"),
        "": lambda hit: True,
    }
    for query, wanted in queries.items():
        type_query(browser, query)
        samples.expect(browser, wanted, query)


def test_charts(browser, samples):
    """Bars are filters: of one chart any, of several all."""
    open_report(browser, samples.path)
    facet(browser, "Level", "medium")
    samples.expect(browser, lambda hit: hit["Level"] == "medium", "medium")
    facet(browser, "Level", "low")
    samples.expect(browser, lambda hit: hit["Level"] in ("medium", "low"), "medium or low")
    facet(browser, "Computer", "dns1.corp.example")
    samples.expect(browser, lambda hit: hit["Level"] in ("medium", "low") and hit["Computer"] == "dns1.corp.example",
                   "medium or low of a computer")
    equal(len(texts(browser, ".chip:not(.clear)")), 3, "chips")
    browser.click(".chip.clear")
    samples.expect(browser, lambda hit: True, "cleared")
    facet(browser, "ATT&CK technique", "T1059.001")
    samples.expect(browser, lambda hit: "attack.t1059.001" in hit["Tags"], "technique")
    facet(browser, "ATT&CK technique", "T1059.001")
    facet(browser, "ATT&CK tactic", "Execution")
    samples.expect(browser, lambda hit: "attack.execution" in hit["Tags"], "tactic")
    facet(browser, "ATT&CK tactic", "Execution")
    facet(browser, "Rule", "Subdomain Sweep")
    samples.expect(browser, lambda hit: hit["RuleTitle"] == "Subdomain Sweep", "rule")


def test_chart_counts(browser, samples):
    """A bar says how many hits it would leave."""
    open_report(browser, samples.path)
    type_query(browser, "axfr")
    left = [hit for hit in samples.hits if has(hit, "axfr")]
    for title, key in (("Level", "Level"), ("Computer", "Computer")):
        found = browser.run("""
return [...document.querySelectorAll(`.facet[aria-label="${arguments[0]}"] .facet-row`)].map((row) =>
    [row.querySelector('.facet-label').textContent, row.querySelector('.facet-count').textContent])""", title)
        for label, number in found:
            equal(int(number.replace(",", "")), sum(hit[key] == label for hit in left), f"{title} {label}")
        equal({label for label, _ in found}, {hit[key] for hit in left}, title)


def test_bars(browser, samples):
    """Bars are as long as their numbers say."""
    open_report(browser, samples.path)
    found = browser.run("""
return [...document.querySelectorAll('.facet')].map((facet) => [...facet.querySelectorAll('.facet-row')].map((row) =>
    [row.querySelector('.facet-bar').getBoundingClientRect().width, row.querySelector('.facet-bar').getBoundingClientRect().height,
    row.getBoundingClientRect().width, Number(row.querySelector('.facet-count').textContent.replace(',', ''))]))""")
    equal(len(found), 5, "charts")
    for chart in found:
        most = max(number for *_, number in chart)
        longest = max(width for width, *_ in chart)
        for width, height, row, number in chart:
            assert 200 < row < 260 and height >= 2, f"a row of {row} pixels, a bar of {height}"
            assert abs(width - max(longest * number / most, 2)) < 1.5, f"a bar of {width} for {number} of {most}"
    drawn = browser.run("return [...document.querySelectorAll('#timeline-chart .bar')].map((bar) => bar.getAttribute('d').split('M').length - 1)")
    assert sum(drawn) > 30, "bars of the timeline"
    chips = set(browser.run("return [...document.querySelectorAll('#rows .level')].map((chip) => chip.offsetWidth)"))
    assert min(chips) > 50, f"levels of {chips} pixels"


def chart_box(browser):
    return browser.run("const box = document.getElementById('timeline-chart').getBoundingClientRect();"
                       "return [box.left, box.top, box.width, box.height]")


def address(browser):
    time.sleep(0.3)  # it follows after a moment
    return browser.run("return Object.fromEntries(new URLSearchParams(location.hash.slice(1)))")


def in_range(hit, start, end):
    ms = time_ms(hit["Timestamp"])
    return start <= ms < end


def time_ms(text):
    whole = datetime.datetime.fromisoformat(text[:19] + text[27:].replace("Z", "+00:00"))
    return int(whole.timestamp()) * 1000 + int(text[20:23])


def test_timeline(browser, samples):
    """A part is chosen by the pointer or the keyboard; the bars are the hits that are left."""
    open_report(browser, samples.path)
    left, top, width, height = chart_box(browser)
    browser.drag((int(left + width * 0.4), int(top + height / 2)), (int(left + width * 0.75), int(top + height / 2)))
    chosen = address(browser)
    start, end = int(chosen["from"]), int(chosen["to"])
    first, last = time_ms(samples.hits[0]["Timestamp"]), time_ms(samples.hits[-1]["Timestamp"])
    span = (last - first) / 20  # buckets begin and end at whole hours
    assert abs(start - (first + 0.4 * (last - first))) < span, "the start is where the pointer went down"
    assert abs(end - (first + 0.75 * (last - first))) < span, "the end is where it went up"
    samples.expect(browser, lambda hit: in_range(hit, start, end), "dragged")
    browser.click(".chip")
    samples.expect(browser, lambda hit: True, "all again")
    browser.run("document.getElementById('timeline-chart').focus()")
    browser.keys(END)
    browser.chord(SHIFT, LEFT)
    described = texts(browser, "#timeline-text")[0]
    browser.keys(ENTER)
    chosen = address(browser)
    start, end = int(chosen["from"]), int(chosen["to"])
    samples.expect(browser, lambda hit: in_range(hit, start, end), "by keyboard")
    number = sum(in_range(hit, start, end) for hit in samples.hits)
    equal(sum(int(n) for n in re.findall(r"(\d+) (?:critical|high|medium|low)", described)), number, described)
    browser.keys(ESCAPE)
    samples.expect(browser, lambda hit: True, "Escape shows all")


def sort_key(column):
    return {
        "time": lambda hit: (time_ms(hit["Timestamp"]), hit["Timestamp"][23:27]),
        "level": lambda hit: -LEVELS.index(hit["Level"]),
        "computer": lambda hit: hit["Computer"].lower(),
        "channel": lambda hit: (short_channel(hit["Channel"]).lower(), -1 if hit["EventID"] is None else hit["EventID"]),
        "rule": lambda hit: hit["RuleTitle"].lower(),
        "details": lambda hit: details_text(hit).lower(),
    }[column]


def test_sort(browser, samples):
    """By each column, both ways, equal hits in order of time."""
    open_report(browser, samples.path)
    for column in ("level", "computer", "channel", "rule", "details", "time"):
        for _ in range(2):
            browser.click(f"[data-sort={column}]")
            order = browser.run("return document.querySelector(`[data-sort=${arguments[0]}]`).parentNode"
                                ".getAttribute('aria-sort')", column)
            expected = sorted(samples.hits, key=sort_key(column), reverse=order == "descending")
            if order == "descending":  # sorted() keeps the order of equal ones there too
                assert expected != sorted(samples.hits, key=sort_key(column)), column
            equal(rows(browser), [row_of(hit) for hit in expected], f"{column} {order}")


def expected_fields(hit):
    return sorted(text for _, text in leaves(RECORDS.find(hit["EvtxFile"], hit["RecordID"])) if text != "")


def check_panel(browser, hit):
    what = f"{hit['RuleTitle']}, record {hit['RecordID']}"
    shown = panel_table(browser, "Fields", 2) + panel_table(browser, "System", 2)
    equal(sorted(text for _, text in shown if text != ""), expected_fields(hit), f"fields of {what}")
    equal(panel_table(browser, "Matched on", 4),
          [[match["Selection"], match["Field"], match["Value"], match["Pattern"]] for match in hit["MatchedOn"]],
          f"matches of {what}")
    evidence = panel_pairs(browser, "Evidence")
    equal([evidence.get(name) for name in ("File", "SHA-256", "Chunk", "Offset", "EventRecordID", "Id in the record header")],
          [hit["EvtxFile"], hit["Evidence"]["FileSHA256"], str(hit["Evidence"]["Chunk"]), str(hit["Evidence"]["Offset"]),
           str(hit["RecordID"]), str(hit["Evidence"]["HeaderRecordID"])], f"evidence of {what}")
    assert texts(browser, ".confirmed")[0].startswith(hit["Confirmed"] + " "), f"confirmation of {what}"
    equal(texts(browser, "#panel dd")[0], hit["Timestamp"], f"time of {what}")
    xml = browser.run("return document.querySelector('#panel pre').textContent")
    equal(re.sub(r"\n *", "", xml), RECORDS.xml(hit["EvtxFile"], hit["RecordID"]), f"XML of {what}")


def test_panel(browser, samples):
    """The panel says what jsonl and dump say of hit and record."""
    places = {}
    for number, hit in enumerate(samples.hits):
        if "Correlation" not in hit:
            places.setdefault((hit["Channel"], hit["EventID"]), number)
    for number in list(places.values())[:12]:
        open_report(browser, samples.path, f"#hit={number + 1}")
        check_panel(browser, samples.hits[number])
    marked = texts(browser, ".fields .matched th")
    assert marked, "what was matched is marked among the fields"


def test_panel_of_rule(browser, samples):
    """References are links that do not tell where from; the rule is there as it was loaded."""
    number = next(n for n, hit in enumerate(samples.hits) if hit["RuleTitle"] == "DNS Zone Transfer Refused")
    open_report(browser, samples.path, f"#hit={number + 1}")
    with open(os.path.join(ROOT, "rules/t1596_001/zone_transfer_analytical.yml"), encoding="utf-8") as file:
        rule = next(text for text in file.read().split("\n---\n") if "title: DNS Zone Transfer Refused" in text)
    references = re.findall(r"^ *- (https?://\S+)$", rule, re.M)
    links = browser.run("return [...document.querySelectorAll('#panel a')].map((a) => [a.href, a.rel, a.textContent])")
    equal([link[2] for link in links], references, "references")
    assert all("noreferrer" in link[1] for link in links), links
    section = panel_pairs(browser, "Rule")
    equal(section["Id"], samples.hits[number]["RuleID"], "id")
    equal(section["Risk"], str(samples.hits[number]["RiskScore"]), "risk")
    equal(section["Tags"], ", ".join(samples.hits[number]["Tags"]), "tags")


def test_correlation(browser, samples):
    """An alert lists the records that it counts, and leads to their hits."""
    number, hit = next((n, hit) for n, hit in enumerate(samples.hits)
                       if "Correlation" in hit and hit["RuleTitle"].startswith("DNS Zone Transfers Of Several"))
    open_report(browser, samples.path, f"#hit={number + 1}")
    found = panel_pairs(browser, "Correlation")
    equal([found["Type"], found["Value"], found["First"], found["Last"]],
          [hit["Correlation"]["Type"], str(hit["Correlation"]["Value"]), hit["Correlation"]["First"],
           hit["Correlation"]["Last"]], "correlation")
    for name, value in pairs(hit["Correlation"]["Group"]):
        equal(found[name], value, name)
    members = panel_table(browser, "Correlation", 2)
    equal(members, [[record["Timestamp"], record["Computer"]] for record in hit["Correlation"]["Records"]], "records")
    browser.run("document.querySelector('.members .hit-link').click()")
    opened = samples.hits[int(address(browser)["hit"]) - 1]
    record = hit["Correlation"]["Records"][0]
    equal([opened["Timestamp"], opened["EvtxFile"], opened["RecordID"]],
          [record["Timestamp"], record["EvtxFile"], record["RecordID"]], "the hit of the first record")
    back = browser.run("return [...document.querySelectorAll('#panel section')].find((section) => "
                       "section.firstChild.textContent === 'Counted by correlations')?.textContent ?? ''")
    assert hit["RuleTitle"] in back, "and back"


def test_copy(browser, samples):
    """The XML is copied as `dump -t xml` prints it."""
    number = next(n for n, hit in enumerate(samples.hits) if "Correlation" not in hit)
    hit = samples.hits[number]
    open_report(browser, samples.path, f"#hit={number + 1}")
    browser.devtools("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    browser.click("#copy-xml")
    wait_until(browser, "document.getElementById('copy-xml').textContent === 'Copied'")
    browser.run("window.pasted = null; navigator.clipboard.readText().then((text) => window.pasted = text)")
    wait_until(browser, "window.pasted !== null")
    equal(browser.run("return window.pasted"), RECORDS.xml(hit["EvtxFile"], hit["RecordID"]), "clipboard")


def test_address(browser, samples):
    """The address brings back filters, order and open hit, in another page."""
    open_report(browser, samples.path)
    type_query(browser, 'axfr !"nothing at all"')
    facet(browser, "Level", "high")
    facet(browser, "Computer", "ws17.corp.example")
    facet(browser, "Rule", "Zone Transfer Asked On Command Line")
    browser.click("[data-sort=details]")
    browser.run("document.querySelectorAll('#rows tr[id]')[2].click()")
    before = [rows(browser), texts(browser, "#panel h2"), texts(browser, "#panel dd"), texts(browser, ".chip"),
              browser.run("return document.getElementById('query').value")]
    time.sleep(0.3)
    state = browser.run("return location.hash")
    open_report(browser, samples.path, state)
    after = [rows(browser), texts(browser, "#panel h2"), texts(browser, "#panel dd"), texts(browser, ".chip"),
             browser.run("return document.getElementById('query').value")]
    equal(after, before, "state")
    time.sleep(0.3)
    equal(browser.run("return location.hash"), state, "address")
    open_report(browser, samples.path, "#view=account")
    assert browser.run("return document.getElementById('hits').hidden && !document.getElementById('account').hidden")
    for wrong in ("#hit=99999999&sort=__proto__&from=x&level=%00&rule=nobody", "#hit=-1&from=5", "#%E0%A4%A"):
        open_report(browser, samples.path, wrong)
        equal(texts(browser, "#panel h2"), [], f"{wrong}: nothing is open")


def focused(browser):
    return browser.run("const node = document.activeElement; return node.id || node.dataset.sort || node.className")


def test_keyboard(browser, samples):
    """Everything is within reach of the keyboard, and the focus can be seen."""
    open_report(browser, samples.path)
    browser.keys("/")
    equal(focused(browser), "query", "/ goes to the filter")
    browser.keys(*"axfr")
    samples.expect(browser, lambda hit: has(hit, "axfr"), "typed")
    browser.keys(DOWN)
    equal(focused(browser), "table", "Down goes to the table")
    browser.keys(DOWN, DOWN, ENTER)
    left = [hit for hit in samples.hits if has(hit, "axfr")]
    equal(texts(browser, "#panel dd")[0], left[2]["Timestamp"], "Enter opens the third row")
    equal(focused(browser), "panel", "and goes there")
    browser.keys(ESCAPE)
    assert browser.run("return document.getElementById('panel').hidden"), "Escape closes"
    equal(focused(browser), "table", "and goes back")
    browser.keys(END, ENTER)
    equal(texts(browser, "#panel dd")[0], left[-1]["Timestamp"], "End is the last row")
    browser.keys(ESCAPE, UP, ENTER)
    equal(texts(browser, "#panel dd")[0], left[-2]["Timestamp"], "Up is the one before")
    browser.keys(ESCAPE)
    active = browser.run("const id = document.getElementById('table').getAttribute('aria-activedescendant');"
                         "return document.getElementById(id)?.getAttribute('aria-rowindex')")
    equal(active, str(len(left)), "the active row is told")
    reached = set()
    browser.run("document.activeElement.blur()")
    for _ in range(120):
        browser.keys(TAB)
        reached.add(focused(browser))
        seen = browser.run("const style = getComputedStyle(document.activeElement);"
                           "const row = document.querySelector('#rows .active td');"
                           "return style.outlineStyle !== 'none' || document.activeElement === document.body || "
                           "(document.activeElement.id === 'table' && getComputedStyle(row).boxShadow !== 'none')")
        assert seen, f"the focus on {focused(browser)} cannot be seen"
    wanted = {"tab-hits", "query", "theme", "help-open", "facet-row", "timeline-chart", "chip", "time", "level", "computer",
              "channel", "rule", "details", "table"}
    assert wanted <= reached, f"Tab does not reach {wanted - reached}"
    browser.keys("?")
    assert browser.run("return document.getElementById('help').open"), "? shows the help"
    browser.keys(ESCAPE)


HOUR = 3600 * 1000


def test_zone(browser, samples):
    """Times have the offset of --timezone, and the timeline has the hours of its clock."""
    zoned = Samples(samples.folder, "zoned", ("--timezone", "-05:30", "samples"))
    for test in (test_rows, test_sort, test_panel, test_correlation, test_timeline, test_sizes):
        test(browser, zoned)
    open_report(browser, zoned.path)
    equal(texts(browser, "[data-sort=time]"), ["Time (-05:30)"], "the head of the column")
    equal(browser.run("return [...document.querySelectorAll('#rows .time')].filter((cell) => "
                      "cell.scrollWidth > cell.clientWidth).length"), 0, "times that are cut")
    facts = dict(zip(texts(browser, ".facts dt"), texts(browser, ".facts dd")))
    equal([facts["First hit (-05:30)"], facts["Last hit (-05:30)"]],
          [row_of(zoned.hits[0])[0], row_of(zoned.hits[-1])[0]], "facts")
    type_query(browser, "time:2026-11-09")
    zoned.expect(browser, lambda hit: hit["Timestamp"].startswith("2026-11-09"), "a day of the zone")
    type_query(browser, 'time:"' + row_of(zoned.hits[5])[0] + '"')
    zoned.expect(browser, lambda hit: row_of(hit)[0] == row_of(zoned.hits[5])[0], "a time as the table has it")
    type_query(browser, "")
    browser.run("document.getElementById('timeline-chart').focus()")
    browser.keys(END, ENTER)
    chosen = address(browser)
    equal([(int(chosen[end]) - 11 * HOUR // 2) % HOUR for end in ("from", "to")], [0, 0], "a bar of whole hours there")


def bars(browser):
    """Bars of the level that has most."""
    return browser.run("return Math.max(...[...document.querySelectorAll('#timeline-chart .bar')].map((bar) => "
                       "bar.getAttribute('d').split('M').length - 1))")


def test_zone_that_changes(browser, samples):
    """Where clocks go back hits keep their order, and a bar holds what the clock showed twice."""
    log = os.path.join(samples.folder, "night.evtx")
    evtxscan("synth", "tests/cli/output/timezone.yml", "-o", log)
    os.environ["TZ"] = "CET-1CEST,M3.5.0,M10.5.0/3"
    try:
        night = Samples(samples.folder, "night", ("--timezone", "local", "-r", "tests/cli/transfer.yml", log))
    finally:
        del os.environ["TZ"]
    open_report(browser, night.path)
    equal([row[0][11:] for row in rows(browser)],
          ["01:30:00+02:00", "02:00:00+02:00", "02:30:00+02:00", "02:00:00+01:00", "02:30:00+01:00", "03:00:00+01:00",
           "03:30:00+01:00"], "times")
    night.expect(browser, lambda hit: True, "all")
    equal(bars(browser), 5, "bars: 01:30, 02:00, 02:30, 03:00, 03:30")
    browser.run("document.getElementById('timeline-chart').focus()")
    browser.keys(END)
    described = texts(browser, "#timeline-text")[0]
    assert described.startswith("2026-10-25 03:30:00 to ") and described.endswith(": 1 high"), described
    browser.keys(ENTER)
    night.expect(browser, lambda hit: hit["RecordID"] == 7, "the last bar")
    equal(bars(browser), 1, "bars of the last one")
    start, end = (int(address(browser)[key]) for key in ("from", "to"))
    assert in_range(night.hits[6], start, end) and not in_range(night.hits[5], start, end), (start, end)
    assert texts(browser, ".chip")[0].startswith("2026-10-25 03:30:00+01:00 to "), texts(browser, ".chip")


def test_theme(browser, samples):
    browser.media("light")
    open_report(browser, samples.path)
    assert brightness(browser) > 200, "light"
    browser.media("dark")
    assert brightness(browser) < 60, "dark"
    browser.click("#theme")
    assert brightness(browser) > 200, "light by choice"
    browser.media("light")
    browser.click("#theme")
    assert brightness(browser) < 60, "dark by choice"


def contrast(foreground, background):
    def luminance(color):
        parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    light, dark = sorted((luminance(foreground), luminance(background)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast(browser, samples):
    """Words can be read in both themes: 4.5 to 1 (WCAG 2, AA)."""
    for theme in ("light", "dark"):
        browser.media(theme)
        open_report(browser, samples.path, "#hit=3&q=axfr")
        colors = browser.run("""
const found = [];
for (const selector of ['.level', '.facts dt', '.facet-label', '.facet-count', '.details .name', '.details .value', '.time', '.rule',
        '#shown', '#timeline-text', '.state', 'thead button', '#panel h2', '#panel h3', '#panel dt', '#panel mark', '.xml-tag', '.chip span']) {
    for (const node of [...document.querySelectorAll(selector)].slice(0, 30)) {
        let behind = node;
        while (getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)')
            behind = behind.parentNode;
        found.push([selector, getComputedStyle(node).color, getComputedStyle(behind).backgroundColor]);
    }
}
return found""")
        assert len(colors) > 100, len(colors)
        for selector, front, behind in colors:
            assert contrast(front, behind) >= 4.5, f"{theme} {selector}: {front} on {behind}: {contrast(front, behind):.1f}"
    browser.media("light")


def test_sizes(browser, samples):
    """Nothing sticks out at 1024 pixels or on a phone, and rows keep their height."""
    for width, height in ((1440, 900), (1024, 768), (390, 844)):
        browser.size(width, height)
        open_report(browser, samples.path)
        equal(browser.run("return document.scrollingElement.scrollWidth <= innerWidth"), True, f"{width} pixels")
        if width >= 1024:
            equal(browser.run("return document.scrollingElement.scrollHeight <= innerHeight"), True, "all on a screen")
        heights = browser.run("return [...document.querySelectorAll('#rows tr[id]')].map((row) => row.getBoundingClientRect().height)")
        wanted = browser.run("return rowHeightOf(document.getElementById('table'));function rowHeightOf(node) {"
                             "return parseFloat(getComputedStyle(node).getPropertyValue('--row-height'))}")
        equal(set(heights), {wanted}, f"row heights at {width} pixels")
        browser.run("document.querySelector('#rows tr[id]').click()")
        box = browser.run("const box = document.getElementById('panel').getBoundingClientRect(); return [box.left, box.right]")
        assert box[0] >= 0 and box[1] <= width, f"the panel at {width} pixels: {box}"
    browser.size(1440, 900)


def test_print(browser, samples):
    """On paper: light, all rows that the filters leave, the open hit, the account."""
    browser.media("dark")
    open_report(browser, samples.path, "#level=high&hit=3")
    browser.devtools("Emulation.setEmulatedMedia", media="print",
                     features=[{"name": "prefers-color-scheme", "value": "dark"}])
    assert brightness(browser) > 240, "paper is white"
    assert brightness(browser, "color") < 80, "print is dark"
    shown = browser.run("return ['bar', 'facets', 'panel', 'account', 'table', 'timeline']"
                        ".filter((id) => getComputedStyle(document.getElementById(id)).display !== 'none')")
    equal(shown, ["panel", "account", "table", "timeline"], "parts on paper")
    browser.devtools("Emulation.setEmulatedMedia", media="", features=[])
    browser.run("window.printed = []; addEventListener('beforeprint', () => window.printed.push("
                "document.querySelectorAll('#rows tr[id]').length))")
    pdf = browser.pdf()
    equal(pdf[:5], b"%PDF-", "a PDF")
    number = sum(hit["Level"] == "high" for hit in samples.hits)
    equal(browser.run("return window.printed"), [number], "rows on paper")
    assert browser.run("return document.querySelectorAll('#rows tr[id]').length") < number, "and fewer afterwards"
    browser.media("light")


# ---- all of them --------------------------------------------------------

def tests(names):
    found = [(name[5:], value) for module in (sys.modules[__name__], hostile, speed)
             for name, value in vars(module).items() if name.startswith("test_")]
    return [(name, value) for name, value in found if not names or name in names]


def run_test(browser, samples, name, test):
    try:
        test(browser, samples)
        return True
    except Exception as error:  # whatever it is, the other tests run
        line = traceback.extract_tb(error.__traceback__)[1].lineno
        print(f"not ok {name} (line {line})\n    {error}")
        return False


def main():
    if not webdriver.is_there():
        print("report: skipped, chromium and chromedriver are not here (Debian: chromium chromium-driver)")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder, webdriver.Browser() as browser:
        browser.size(1440, 900)
        samples = Samples(folder)
        for name, test in tests(sys.argv[1:]):
            if run_test(browser, samples, name, test):
                passed += 1
            else:
                failed += 1
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
