# The whole output is one well-formed document, whatever the values hold.
"$EVTXSCAN" synth "$(dirname "$CASE")/events.yml" -o log.evtx || exit 9
"$EVTXSCAN" dump -t xml -o out.xml log.evtx || exit 8
python3 - <<'END'
import xml.etree.ElementTree as tree
ns = "{http://schemas.microsoft.com/win/2004/08/events/event}"
events = tree.parse("out.xml").getroot()
print(events.tag, len(events))
for data in events[0].iter(ns + "Data"):
    print(ascii(data.get("Name")), ascii(data.text))
END
