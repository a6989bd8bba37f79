# SPDX-License-Identifier: Apache-2.0
"""The report when a log, a rule or the file itself means harm, and when something is missing."""
import os
import re
import time

from expected import HERE, RECORDS, ROOT, equal, evtxscan, leaves, row_of, scan_lines, short
from page import TAB, hacked, open_report, panel_table, requests, rows, texts, type_query, wait_until


def test_silence(browser, samples):
    """No request leaves the page, and nothing complains."""
    requests(browser)
    browser.logs("browser")
    open_report(browser, samples.path)
    type_query(browser, "axfr")
    browser.run("document.querySelector('#rows tr[id]').click()")
    browser.click("#tab-account")
    outside = [url for url in requests(browser) if not url.startswith(("file://" + samples.path, "about:"))]
    equal(outside, [], "requests")
    equal(browser.run("return performance.getEntriesByType('resource').map((entry) => entry.name)"), [], "resources")
    equal([entry["message"] for entry in browser.logs("browser")], [], "console")


def test_policy(browser, samples):
    """The policy stops markup that got into the file all the same."""
    with open(samples.path, encoding="utf-8") as file:
        page = file.read()
    injected = ("<script>window.hacked = 1</script><script type=module>window.hacked = 2</script>"
                "<img src=x onerror='window.hacked = 3'><svg onload='window.hacked = 4'></svg>"
                "<style>body { color: rgb(1, 2, 3) }</style><link rel=stylesheet href='data:text/css,body{color:rgb(1,2,3)}'>"
                "<iframe src='data:text/html,<script>top.hacked=5</script>'></iframe><base href='https://evil.example/'>"
                "<a id=bad href='javascript:window.hacked=6'>x</a><form id=form action='https://evil.example/'></form>")
    path = samples.path.replace("samples.html", "injected.html")
    with open(path, "w", encoding="utf-8") as file:
        file.write(page.replace("<header id=\"head\">", injected + "<header id=\"head\">", 1))
    requests(browser)
    open_report(browser, path)
    browser.run("document.getElementById('bad').click(); document.getElementById('form').submit()")
    time.sleep(0.2)
    equal(hacked(browser), None, "nothing ran")
    equal(browser.run("return getComputedStyle(document.body).color") == "rgb(1, 2, 3)", False, "no style")
    equal(browser.run("return document.baseURI.startsWith('file:')"), True, "base")
    refused = browser.run("try { document.body.innerHTML = '<b>x</b>'; return 'done' } catch (error) { return error.name }")
    equal(refused, "TypeError", "markup from a string")
    equal([url for url in requests(browser) if url.startswith("http")], [], "requests")
    browser.logs("browser")  # what the policy stopped is told there


def make_hostile(folder):
    log = os.path.join(folder, "hostile.evtx")
    with open(os.path.join(HERE, "hostile.yml"), encoding="utf-8") as file:
        text = file.read().replace("@LONG@", "<b>A&" * 5800)
    with open(os.path.join(folder, "hostile.yml"), "w", encoding="utf-8") as file:
        file.write(text)
    evtxscan("synth", os.path.join(folder, "hostile.yml"), "-o", log)
    return log


VISIBLE = {"\r\n": "\n", "\n": "\n", "\t": "\t"}


def visible(text):
    """What the panel shows: line ends and tabs as they are, what cannot be seen as \\xNN or \\uNNNN."""
    def form(match):
        c = match.group(0)
        if c in VISIBLE:
            return VISIBLE[c]
        if c == "\r":
            return "\\r"
        code = ord(c)
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    return re.sub("\r\n|[\0-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff"
                  "\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]", form, text)


def test_hostile(browser, samples):
    """Whatever a log or a rule says stays text."""
    folder = os.path.dirname(samples.path)
    log = make_hostile(folder)
    rules = os.path.join(HERE, "hostile_rules.yml")
    strange = os.path.join(folder, "<img src=x onerror=window.hacked=40>.evtx")
    path = os.path.join(folder, "hostile.html")
    with open(strange, "w", encoding="utf-8") as file:
        file.write("not a log")
    evtxscan("-t", "html", "-r", rules, "-o", path, log, strange, statuses=(3,))
    hits = scan_lines("-r", rules, log, statuses=(0, 3))
    equal(len(hits), 3, "hits")
    requests(browser)
    browser.logs("browser")
    elements = set()
    for number, hit in enumerate(hits):
        open_report(browser, path, f"#hit={number + 1}")
        equal(texts(browser, "#panel h2"), [hit["RuleTitle"]], "title")
        browser.run("for (const show of document.querySelectorAll('#panel dd button, #panel .fields .value button')) show.click()")
        shown = panel_table(browser, "Fields", 2)
        for name, value in leaves(RECORDS.find(log, hit["RecordID"])):
            if name not in ("Element", "xmlns") and name in RECORDS.find(log, hit["RecordID"]).get("EventData", {}):
                assert [visible(name), visible(value)] in shown, f"{name!r}: {short(value)} is not among {short(shown)}"
        xml = browser.run("return document.querySelector('#panel pre').textContent")
        equal(re.sub(r"\n *", "", xml), visible(RECORDS.xml(log, hit["RecordID"])), "XML")
        elements |= set(browser.run("return [...document.querySelectorAll('*')].map((node) => node.localName)"))
        links = browser.run("return [...document.querySelectorAll('#panel a')].map((a) => a.getAttribute('href'))")
        equal(sorted(links), ["HTTPS://example.com/\"onmouseover=\"window.hacked=25", "https://example.com/fine?a=1&b=<c>"],
              "only web addresses are links")
        attributes = browser.run("return [...document.querySelectorAll('*')].flatMap((node) => node.getAttributeNames())")
        equal([name for name in attributes if name.startswith("on") or name == "srcdoc"], [], "attributes")
        equal(browser.dialog(), None, "dialogs")
        equal(hacked(browser), None, "nothing ran")
    foreign = elements & {"img", "iframe", "base", "object", "embed", "b", "i", "u", "s", "meta2", "image", "form2"}
    equal(foreign, set(), "elements out of data")
    equal(elements - {"html", "head", "meta", "title", "style", "body", "header", "h1", "small", "p", "strong", "dl", "div",
                      "dt", "dd", "time", "noscript", "button", "input", "label", "span", "output", "main", "aside", "section",
                      "h2", "h3", "svg", "rect", "path", "line", "text", "table", "colgroup", "col", "thead", "tbody", "tr",
                      "th", "td", "details", "summary", "dialog", "form", "script", "a", "ul", "li", "pre", "mark", "br"},
          set(), "elements that the report does not have")
    browser.click("#tab-account")
    assert "<img src=x onerror=window.hacked=40>.evtx" in texts(browser, "#account")[0], "the file's name"
    for query in ('<script>', '"onmouseover=window.hacked=7', "__proto__:constructor", "{{", "\\u202e", "%s" % ("<b>" * 50)):
        type_query(browser, query)
    browser.keys(TAB, TAB)
    equal(hacked(browser), None, "nothing ran")
    equal([entry["message"] for entry in browser.logs("browser")], [], "console")
    equal([url for url in requests(browser) if not url.startswith(("file:", "about:"))], [], "requests")


def test_suppressed(browser, samples):
    """Silenced hits are marked, and can be hidden."""
    folder = os.path.dirname(samples.path)
    allowlist = os.path.join(folder, "allowlist.yml")
    with open(allowlist, "w", encoding="utf-8") as file:
        file.write("""version: 1
secondary_nameservers:
  - name: ns2
    address: [192.0.2.54, '2001:db8:0:1::54']
    zones: [corp.example]
    server: [dns1.corp.example]
    owner: dns-team@corp.example
    expires: 2027-06-30
""")
    path = os.path.join(folder, "suppressed.html")
    arguments = ("--allowlist", allowlist, "--show-suppressed", "samples/zone_transfer_secondary.evtx")
    evtxscan("-q", "-t", "html", "-o", path, *arguments)
    hits = scan_lines(*arguments)
    silenced = [hit for hit in hits if hit["SuppressedBy"]]
    assert 0 < len(silenced) < len(hits)
    open_report(browser, path)
    equal(rows(browser), [row_of(hit) for hit in hits], "all")
    equal(len(texts(browser, "#rows .silenced")), len(silenced), "marked")
    number = hits.index(silenced[0])
    browser.run("document.getElementById(`row-${arguments[0]}`).click()", number)
    equal(texts(browser, ".silenced-by"), [f"Suppressed by {silenced[0]['SuppressedBy']}"], "by whom")
    browser.click("#suppressed")
    equal(rows(browser), [row_of(hit) for hit in hits if not hit["SuppressedBy"]], "hidden")


def test_incomplete(browser, samples):
    """What could not be read is told in the head and named in the account."""
    folder = os.path.dirname(samples.path)
    cut = os.path.join(folder, "cut.evtx")
    with open(os.path.join(ROOT, "samples/zone_transfer_success.evtx"), "rb") as file, open(cut, "wb") as out:
        out.write(file.read(40000))
    path = os.path.join(folder, "incomplete.html")
    evtxscan("-q", "-t", "html", "-o", path, cut, os.path.join(folder, "nowhere.evtx"), statuses=(3,))
    open_report(browser, path)
    alarm = texts(browser, "#head [role=alert]")[0]
    assert "INCOMPLETE" in alarm and "1 file unreadable" in alarm and "1 file partly read" in alarm, alarm
    visible_box = browser.run("return document.querySelector('#head [role=alert]').getBoundingClientRect().width")
    assert visible_box > 1000, "the alarm goes across the page"
    browser.click("#head a")
    wait_until(browser, "!document.getElementById('account').hidden")
    account = texts(browser, "#account")[0]
    assert "cannot find the file" in account and "cut short" in account, "reasons"
    first = browser.run("return document.querySelector('#account tbody tr').cells[0].textContent")
    equal(first, "UNREADABLE", "problems come first")


def test_without_javascript(browser, samples):
    """Head, totals and account are there; the page says what is missing."""
    browser.devtools("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open("about:blank")
        browser.open(f"file://{samples.path}")
        nodes = browser.devtools("Accessibility.getFullAXTree")["nodes"]
    finally:
        browser.devtools("Emulation.setScriptExecutionDisabled", value=False)
    said = " ".join(node["name"]["value"] for node in nodes
                    if not node["ignored"] and node.get("role", {}).get("value") in ("StaticText", "heading"))
    for text in ("evtxscan", "Complete", "need JavaScript", "Account of the scan", "Files read completely",
                 f"{len(samples.hits)} hits"):
        assert text in said, f"{text!r} is not in {short(said)}"
    assert "is damaged" not in said, "and nothing is wrong with the file"
    assert "Filter and keys" not in said, "controls that do nothing are not shown"


def test_damaged(browser, samples):
    """A file that lost something says that the hits are missing; head and account stay."""
    with open(samples.path, encoding="utf-8") as file:
        page = file.read()
    path = samples.path.replace("samples.html", "damaged.html")
    with open(path, "w", encoding="utf-8") as file:
        file.write(page.replace('class="rows">[', 'class="rows">[[', 1))
    browser.open(f"file://{path}")
    wait_until(browser, "getComputedStyle(document.getElementById('broken')).visibility === 'visible'")
    assert "Account of the scan" in texts(browser, "#account")[0]
    assert browser.logs("browser"), "the console says why"
    open_report(browser, samples.path)
    equal(browser.run("return getComputedStyle(document.getElementById('broken')).display"), "none", "whole")
