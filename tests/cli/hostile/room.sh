# Which chunks came before must not decide what is read of one: a template, or an element without one, that is too much
# for what its chunk has left costs the same whether it is known or not.
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=${CASE%/cli/*}/bounds python3 - <<'P'
import struct
from crafted import END, FRAGMENT, again, chunk, element, log, name_place, template, values

ROOM = 8 << 20  # LIMIT_CHUNK_EXPANSION
LONG = "n" * 1000

def text(units):
    return b"\x05\x01" + struct.pack("<H", len(units) // 2) + units

def record(number, content, junk=b""):
    def body(at):
        return FRAGMENT + element(at + 4, "Event", content) + END + junk
    return lambda at: FRAGMENT + template(at + 4, body, number) + values((1, b"a\0")) + END

def burn(left):
    """A record that is lost, for its template has a byte too many, and leaves that much of the room."""
    def content(at):
        global place
        place = name_place(at)
        out = element(at, LONG) + again(place) * 4150
        form = 4 + 2 * len("Event") + 4151 * (5 + 2 * len(LONG)) + 1  # <Event>, the others, its end
        rest = ROOM - left - form - len(element(at, "Event")) - len(out) - len(END) - 1
        units = (rest - 4 - 5) // 4  # each in the definition and in the form
        return out + text(b"t\0" * units)
    return record(9, content, junk=b"\0")

def plain(at):
    def content(at):
        out = b""
        for i in range(10):
            out += element(at + len(out), "e%d" % i, lambda _: text(b"x\0"), False)
        return out
    return FRAGMENT + element(at + 4, "Event", content, False) + END

small = record(3, lambda at: text(b"h\0"))

def long_name(at):
    """An element whose name stands in the record before."""
    return again(place)

def first_long(at):
    global place
    place = name_place(at)
    return element(at, LONG)

def write(what, known, made):
    """A chunk alone, and behind one that makes known what it has."""
    made = chunk(made, first_number=3)
    open(what + ".alone.evtx", "wb").write(log(made))
    open(what + ".behind.evtx", "wb").write(log(chunk(known), made))

write("template", [record(1, first_long), record(2, long_name)], [burn(1900), record(2, long_name), small])
write("element", [plain], [burn(3000), plain, small])
P
for log in *.evtx; do
	"$EVTXSCAN" -t csv --ledger "$log.json" "$log" >/dev/null 2>&1
	jq -r '.Files[] | "\(.Path): \(.RecordsByLibevtx + .RecordsFailed) of \(.RecordsRead + .RecordsFailed) too much"' "$log.json"
done
