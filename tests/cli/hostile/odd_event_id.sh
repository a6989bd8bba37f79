# An EventID in fewer or more bytes than its type has is the number it is; one that is no number, so that no rule can
# ask for it, is said in the account: with libevtx, of archives and of what is carved, too.
cat >rule.yml <<'Y'
title: T
logsource: {product: windows, service: sysmon}
detection:
  selection: {EventID: 1}
  condition: selection
Y
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=${CASE%/cli/*}/bounds python3 - <<'P'
import struct
from crafted import END, FRAGMENT, chunk, element, log, template, values

def text(string):
    return lambda at: b"\x05\x01" + struct.pack("<H", len(string)) + string.encode("utf-16-le")

def system(at):
    first = element(at, "EventID", lambda at: b"\x0d\0\0\x06")  # value 0
    return first + element(at + len(first), "Channel", text("Microsoft-Windows-Sysmon/Operational"))

def event(at):
    return FRAGMENT + element(at + 4, "Event", lambda at: element(at, "System", system)) + END

def record(kind, data):
    return lambda at: FRAGMENT + template(at + 4, event) + values((kind, data)) + END

good = [(6, b"\1\0"), (8, b"\1\0"), (6, b"\1\0\0\0"), (10, b"\1")]
text_ids = [(1, string.encode("utf-16-le")) for string in ("1", " 1 ", "46x4")]
odd = [(6, b"\1\0\0"), (1, " 1 ".encode("utf-16-le")), (5, b"\xff\xff")]
open("good.evtx", "wb").write(log(chunk([record(*value) for value in good])))
open("texts.evtx", "wb").write(log(chunk([record(*value) for value in text_ids])))
open("odd.evtx", "wb").write(log(chunk([record(*value) for value in good[:1] + odd])))
P
for log in good odd; do
	"$EVTXSCAN" -t csv --columns EventID,RuleTitle -r rule.yml $log.evtx 2>err
	echo "status $?"
	grep -v '^ \|^Hits by' err
	grep '^  partly' err
done
tar -cf texts.tar texts.evtx
cat >events.yml <<'Y'
events:
  - {provider: P, channel: Security, computer: pc, time: 2026-11-03T02:14:09Z, event_id: 1102, repeat: 2}
Y
"$EVTXSCAN" synth events.yml -o image
python3 - <<'P'
log = open("image", "rb").read()
types = b"\1\0\4\0\1\0\4\0\2\0\6\0\2\0"  # Version, Level, Task, EventID
assert log.count(types + b"\6") == 2
open("image", "wb").write(bytes(1000) + log.replace(types + b"\6", types + b"\1", 1)[4096:])
P
for what in texts.evtx texts.tar '--reader libevtx texts.evtx' '--reader libevtx texts.tar' '--carve image'; do
	sh -c "\"\$EVTXSCAN\" -t csv -r rule.yml $what" >/dev/null 2>err
	echo "$what: status $?"
	grep -i 'complete: \|^  partly' err
done
