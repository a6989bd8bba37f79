# A text of nothing but a byte order mark, which anyone can have logged, made libevtx read beyond its memory:
# the scan crashed. Such records are not given to it; they hit all the same.
cat >events.yml <<'Y'
defaults: {provider: Microsoft-Windows-Security-Auditing, channel: Security, computer: h, time: 2026-11-03T08:00:00Z, event_id: 4688}
events:
  - data: {NewProcessName: 'C:\nslookup.exe', CommandLine: "\uFEFF"}
  - data: {NewProcessName: 'C:\nslookup.exe', CommandLine: "\uFFFE"}
  - data: {NewProcessName: 'C:\nslookup.exe', CommandLine: {strings: ["a", "\uFEFF"]}} # with a NUL behind: no harm
  - data: {NewProcessName: 'C:\nslookup.exe', CommandLine: "\uFEFFnslookup"}
Y
cat >rule.yml <<'Y'
title: T
logsource: {product: windows, category: process_creation}
detection: {sel: {Image|endswith: '\nslookup.exe'}, condition: sel}
Y
"$EVTXSCAN" synth events.yml -o log.evtx || exit 9
"$EVTXSCAN" -q -r rule.yml -t jsonl log.evtx | jq -c '[.RecordID, .Confirmed]'
"$EVTXSCAN" -r rule.yml -t csv --reader libevtx log.evtx 2>&1 >/dev/null | grep -A 5 COMPLETE
"$EVTXSCAN" dump --reader libevtx log.evtx
echo "status $?"
"$EVTXSCAN" verify log.evtx | grep -i 'mark\|verified'
