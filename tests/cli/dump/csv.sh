# Fixed columns; RFC 4180; no cell begins as a formula.
"$EVTXSCAN" synth "$(dirname "$CASE")/events.yml" -o log.evtx || exit 9
"$EVTXSCAN" dump -t csv log.evtx >out.csv || exit 8
python3 - <<'END'
import csv
for row in csv.reader(open("out.csv", encoding="utf-8", newline="")):
    print("|".join(row[:7]), row[8])
    print(ascii(row[7][-60:]))
END
