# What is found, in each format; hostile values stay harmless.
log=$SAMPLES/tools_sysmon_22.evtx
"$EVTXSCAN" search -t table 'corp.example axfr' "$log"
"$EVTXSCAN" search -t csv --columns Timestamp,EventID,MatchedOn -w 'Image|endswith: \host.exe' "$log"
"$EVTXSCAN" search -q -t jsonl --regex '^dig .* axfr$' "$log" | jq -c '[.EventID, .RecordID, .MatchedOn]'
"$EVTXSCAN" search -q -t list --columns x axfr "$log"
"$EVTXSCAN" search -q -t json -k no-such-text "$log"
"$EVTXSCAN" synth "${CASE%/*}/../hostile/hostile.yml" -o hostile.evtx
"$EVTXSCAN" search -q -t table -k forged -k script hostile.evtx
"$EVTXSCAN" search -q -t csv -k HYPERLINK --columns MatchedOn hostile.evtx
# Deep inside a long value: the place is shown.
cat >long.yml <<'END'
events:
  - {time: 2026-11-23T10:00:00Z, provider: P, channel: C, computer: c, event_id: 1,
     data: {Script: "XBEFORE needle AFTER"}}
END
python3 -c 'import sys; text = open("long.yml").read(); open("long.yml", "w").write(text.replace("X", "x" * 5000))'
"$EVTXSCAN" synth long.yml -o long.evtx
"$EVTXSCAN" search -q -t table NEEDLE long.evtx
