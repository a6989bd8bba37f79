# A text means itself, with line breaks and characters that YAML has a meaning for.
python3 - >nl.yml <<'PY'
import json
values = ["one\ntwo", "one two", "one\ttwo", "one\r\ntwo", "one\n\ntwo", "a\u0085b", "a b", "\ufeffx", 'it\'s "C:\\x"\n\u00e4', "a\u2028b"]
print("events:")
for value in values:
    print("  - " + json.dumps({"time": "2026-11-23T10:00:00Z", "provider": "P", "channel": "C",
                               "computer": "c", "event_id": 1, "data": {"V": value}}))
PY
"$EVTXSCAN" synth nl.yml -o nl.evtx
found() {
	"$EVTXSCAN" search -q -t jsonl --columns RecordID,AllFieldInfo "$@" nl.evtx |
		jq -c '[.RecordID, .AllFieldInfo.V]'
	echo "--"
}
nl='
'
found "one${nl}two"
found -k "one${nl}${nl}two"
found -k "one$(printf '\t')two"
found -k "one$(printf '\r')${nl}two"
found -e "^one${nl}two\$" -k "a$(printf '\302\205')b"
found -e "[\"]C:.x\"${nl}$(printf '\303\244')"
found -k "s \"C:\\x\"${nl}$(printf '\303\244')"
found -k "$(printf '\357\273\277')x"
found -k "a$(printf '\342\200\250')b"
for option in -k -e -w --detection --; do
	"$EVTXSCAN" search $option "$(printf 'V: a\377')" nl.evtx
	echo "status $?"
done
"$EVTXSCAN" search -e "(${nl}" nl.evtx
echo "status $?"
