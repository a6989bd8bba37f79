# SPDX-License-Identifier: Apache-2.0
"""What a report in the browser shows, and how to ask it."""
import json
import os
import re
import time

from expected import equal, evtxscan, row_of, scan_lines

ENTER, ESCAPE, TAB, SHIFT = "\ue007", "\ue00c", "\ue004", "\ue008"
LEFT, UP, DOWN, END = "\ue012", "\ue013", "\ue015", "\ue010"

ROWS = """
dispatchEvent(new Event('beforeprint'));
const rows = [...document.querySelectorAll('#rows tr[id]')].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
dispatchEvent(new Event('afterprint'));
return rows;
"""


def rows(browser):
    """All rows, as they would be printed, without the details."""
    return [row[:5] for row in browser.run(ROWS)]


def texts(browser, selector):
    return browser.run("return [...document.querySelectorAll(arguments[0])].map((node) => node.textContent)", selector)


def type_query(browser, query):
    browser.run("const box = document.getElementById('query'); box.value = arguments[0];"
                "box.dispatchEvent(new Event('input'))", query)


def wait_until(browser, expression):
    for _ in range(400):
        if browser.run(f"return Boolean({expression})"):
            return
        time.sleep(0.05)
    raise AssertionError(f"never: {expression}")


def open_report(browser, path, state=""):
    browser.open("about:blank")  # else only the fragment changes
    browser.open(f"file://{path}{state}")
    wait_until(browser, "performance.getEntriesByName('prepared').length")


def facet(browser, title, label):
    """Press a bar."""
    pressed = browser.run("""
for (const section of document.querySelectorAll('.facet')) {
    if (section.getAttribute('aria-label') !== arguments[0])
        continue;
    section.querySelector('.facet-more')?.click();
}
for (const row of document.querySelectorAll(`.facet[aria-label="${arguments[0]}"] .facet-row`)) {
    if (row.querySelector('.facet-label').textContent === arguments[1]) {
        row.click();
        return true;
    }
}
return false""", title, label)
    assert pressed, f"no bar {title}: {label}"


def panel_pairs(browser, title):
    """{term: text} of a section's list in the panel."""
    return browser.run("""
for (const section of document.querySelectorAll('#panel section')) {
    if (section.querySelector('h3').textContent !== arguments[0])
        continue;
    return Object.fromEntries([...section.querySelectorAll('dt')].map((dt) => [dt.textContent, dt.nextSibling.textContent]));
}
return null""", title)


def panel_table(browser, title, columns):
    return browser.run("""
for (const section of document.querySelectorAll('#panel section')) {
    if (section.querySelector('h3').textContent === arguments[0])
        return [...section.querySelectorAll('tbody tr')].map((row) => [...row.cells].slice(0, arguments[1]).map((cell) => cell.textContent));
}
return []""", title, columns)


def requests(browser):
    """URLs of all requests since the last call."""
    messages = [json.loads(entry["message"])["message"] for entry in browser.logs("performance")]
    return [message["params"]["request"]["url"] for message in messages
            if message["method"] == "Network.requestWillBeSent"]


def hacked(browser):
    """What a text that became a script would have set."""
    return browser.run("return window.hacked ?? null")


def brightness(browser, what="backgroundColor"):
    color = browser.run("return getComputedStyle(document.body)[arguments[0]]", what)
    return sum(int(part) for part in re.findall(r"\d+", color)[:3]) / 3


class Samples:
    """The report of a scan, and its hits as JSON."""

    def __init__(self, folder, name="samples", arguments=("samples",)):
        self.folder = folder
        self.path = os.path.join(folder, name + ".html")
        evtxscan("-q", "-t", "html", "-o", self.path, *arguments)
        self.hits = scan_lines(*arguments)

    def expect(self, browser, wanted, what):
        """The rows are those of the hits that `wanted` leaves, in order."""
        expected = [row_of(hit) for hit in self.hits if wanted(hit)]
        equal(rows(browser), expected, what)
        size = len(expected)
        label = texts(browser, "#shown")[0]
        equal(label, f"{size} of {len(self.hits)} hits" if size != len(self.hits) or " of " in label
              else f"{size} hits", what)
