# An EventID that is a number in other words (hexadecimal, with zeros before it, twice in System) is told apart by the
# number and tested as the text it is: the same hits with the index and without.
rule() {
	printf 'title: %s\nlogsource: {product: windows}\ndetection: {s: {%s}, condition: s}\n' "$1" "$2" >"$1.yml"
}
rule decimal 'EventID: 1'
rule hex "EventID: '0x1'"
rule zero "EventID: '01'"
rule starts "EventID|re: '^0'"
rule two 'EventID: 2'
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=${CASE%/cli/*}/bounds python3 - <<'P'
import struct
from crafted import END, FRAGMENT, chunk, element, log, template, values

def text(string):
    return lambda at: b"\x05\x01" + struct.pack("<H", len(string)) + string.encode("utf-16-le")

def substitution(number, kind):
    return lambda at: bytes((0x0D, number, 0, kind))

def several(*parts):
    def make(at):
        out = b""
        for part in parts:
            out += part(at + len(out))
        return out
    return make

def tag(name, content):
    return lambda at: element(at, name, content)

CHANNEL = tag("Channel", text("Application"))

def event(*system):
    return lambda at: FRAGMENT + tag("Event", tag("System", several(*system)))(at + 4) + END

def record(number, body, *items):
    return lambda at: FRAGMENT + template(at + 4, body, number) + values(*items) + END

one = event(tag("EventID", substitution(0, 6)), CHANNEL)
twice = event(tag("EventID", substitution(0, 6)), CHANNEL, tag("More", tag("EventID", substitution(1, 6))))
utf16 = lambda string: (1, string.encode("utf-16-le"))
ids = {"plain": (6, b"\1\0"), "hex": (0x14, b"\1\0\0\0"), "zero": utf16("01"), "hextext": utf16("0x1"),
       "text": utf16("1"), "int32": (7, b"\1\0\0\0")}
for name, item in ids.items():
    open(name + ".evtx", "wb").write(log(chunk([record(1, one, item)])))
open("mixed.evtx", "wb").write(log(chunk([record(1, one, item) for item in [ids["plain"], *ids.values()]])))
open("twice.evtx", "wb").write(log(chunk([record(2, twice, (6, b"\1\0"), (6, b"\2\0"))])))
P
for log in plain hex zero hextext text int32 mixed twice; do
	for rule in decimal hex zero starts two; do
		for index in '' --no-index; do
			"$EVTXSCAN" -q -t csv --columns EventID,RuleTitle -r $rule.yml $index $log.evtx >hits$index
		done
		cmp hits hits--no-index && sed "1d; s/^/$log: /" hits
	done
done
