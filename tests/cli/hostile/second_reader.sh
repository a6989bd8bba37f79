# Records that libevtx does not survive are kept from it, in whatever way it would come to read them: as a hit to be
# confirmed, because the native reader cannot read them, by itself, or in verify. The other records are read.
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=${CASE%/cli/*}/bounds python3 - <<'P'
import struct
from crafted import END, FRAGMENT, chunk, element, instance, log, name, template, values

def text(string):
    return lambda at: b"\x05\x01" + struct.pack("<H", len(string)) + string.encode("utf-16-le")

def named(value, kind=0x21):
    return b"\x0d" + struct.pack("<HB", value, kind)

def event(content):
    def system(at):
        out = b""
        for field, value in (("EventID", "1"), ("Channel", "Security"), ("Computer", "pc")):
            out += element(at + len(out), field, text(value))
        return out

    def both(at):
        first = element(at, "System", system)
        return first + element(at + len(first), "EventData", content)
    return lambda at: FRAGMENT + element(at + 4, "Event", both) + END

def record(content, *items, behind=b""):
    def make(at):
        begin = at + len(FRAGMENT)
        instance = template(begin, lambda place: event(content)(place) + behind)
        places, end = [], begin + len(instance) + 4 + 4 * len(items)
        for kind, data in items:
            data = data(end) if callable(data) else data
            places.append((kind, data))
            end += len(data)
        return FRAGMENT + instance + values(*places) + END
    return make

def plain(at, inner):  # an element as it is in a value
    tag = name(at + 5, "x") + b"\x02"
    return b"\x01" + struct.pack("<I", len(tag) + len(inner) + 1) + tag + inner + b"\x04"

def x(content):
    return lambda at: element(at, "x", lambda _: content)

def mark(at):
    return FRAGMENT + template(at + 4, lambda place: FRAGMENT + element(place + 4, "y", lambda _: b"\x05\x01\x01\0\xff\xfe")
                               + END) + values() + bytes(8)

sound = record(lambda at: element(at, "A", text("b")), (1, b"c\0"))
empties = (0x81, b"\0\0" * 3000)
traps = {
    "a text of nothing but a mark in an element in a value": record(
        x(named(0)), (0x21, lambda at: plain(at, b"\x05\x01\x01\0\xff\xfe"))),
    "an element in a value that names its own value": record(x(named(0)), (0x21, lambda at: plain(at, named(0)))),
    "a value of no bytes that is BinXML": record(x(named(0)), (0x21, b""), (0x0e, mark)),
    "bytes behind the end of a definition": record(lambda at: b"", (0x0e, mark), behind=bytes(len(mark(1000)))),
    "3,000 times 3,000 items": record(
        lambda at: element(at, "x", lambda below: named(0, 0x81) + element(below + 4, "c", lambda _: named(1, 0x81))),
        empties, empties),
    "an array that is read from its middle for ever": record(
        x(named(0, 0x81) + named(1, 0x81)), (0x81, "abcdef".encode("utf-16-le")), (0x81, "x\0y\0".encode("utf-16-le"))),
    "a mark in a value that is cut where two texts before it ended": record(
        x(text("a")(0) + text("b")(0) + named(0, 1)), (1, "a\ufeff".encode("utf-16-le"))),
}
for number, trap in enumerate(traps.values(), 1):
    open(f"{number}.evtx", "wb").write(log(chunk([sound, trap, sound])))
print(*(f"{number}: {trap}" for number, trap in enumerate(traps, 1)), sep="\n")
P
cat >rule.yml <<'Y'
title: T
logsource: {product: windows, service: security}
detection: {sel: {EventID: 1}, condition: sel}
Y
for log in 1 2 3 4 5 6 7; do
	"$EVTXSCAN" -q -t jsonl -r rule.yml $log.evtx 2>/dev/null >hits
	echo "$log: status $?, $(jq -r .Confirmed hits | tr '\n' ' ')"
	for command in 'dump --reader libevtx' 'scan -q -r rule.yml -t jsonl --reader libevtx' 'search -t jsonl --reader libevtx pc'; do
		sh -c "\"\$EVTXSCAN\" $command $log.evtx" >out 2>err
		echo "   $command: status $?, $(wc -l <out | tr -d ' ') read"
	done
	"$EVTXSCAN" verify $log.evtx | tail -n 1
done
tar -cf all.tar [1-7].evtx
"$EVTXSCAN" -q -t csv --no-confirm -r rule.yml all.tar 2>/dev/null | wc -l | tr -d ' '
