# An EventID in fewer or more bytes than its type has is the number it is; one that is no number, so that no rule can
# ask for it, is said in the account.
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
odd = [(6, b"\1\0\0"), (1, " 1 ".encode("utf-16-le")), (5, b"\xff\xff")]
open("good.evtx", "wb").write(log(chunk([record(*value) for value in good])))
open("odd.evtx", "wb").write(log(chunk([record(*value) for value in good[:1] + odd])))
P
for log in good odd; do
	"$EVTXSCAN" -t csv --columns EventID,RuleTitle -r rule.yml $log.evtx 2>err
	echo "status $?"
	grep -v '^ \|^Hits by' err
	grep '^  partly' err
done
