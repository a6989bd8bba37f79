# All faults of a set in one run: places, lines, carets, hints, counts.
mkdir rules
cat >rules/a.yml <<'Y'
title: Unknown modifier, no such selection
logsource: {product: windows, category: process_creation}
detection:
  sel:
    Image|endwith: '\cmd.exe'
    CommandLine|re: '(a+'
  condition: sel and not filter
---
title: Reference to nothing
correlation:
  type: event_count
  rules: [nobody]
  timespan: 5m
  condition: {gte: 3}
Y
cat >rules/b.yml <<'Y'
title: Never and unused
id: 6c9a1f5e-3a2f-4b1a-9a3d-0c4f5b7e2d10
logsource: {product: windows, category: file_event}
detection:
  sel:
    ParentImage|endswith: '\cmd.exe'
  other: {TargetFilename: x}
  condition: sel and not sel
---
title: Same id
id: 6c9a1f5e-3a2f-4b1a-9a3d-0c4f5b7e2d10
logsource: {product: linux}
detection: {sel: {F: x}, condition: sel}
Y
cat >filters.yml <<'Y'
title: Without a not
logsource: {product: windows}
filter: {rules: any, sel: {F: x}, condition: sel}
Y
cat >list.yml <<'Y'
version: 1
assessments:
  - name: for ever
    address: 203.0.113.7
    zones: [corp.example]
    owner: a@corp.example
Y
"$EVTXSCAN" lint rules --filters filters.yml --allowlist list.yml
echo "status $?"
sed 's/^categories:/categories:\n  x: {alias_of: nothing}/' "$RULES/logsources.yml" >map.yml
"$EVTXSCAN" lint --logsources map.yml | sed 's/map.yml:[0-9]*:/map.yml:N:/'
"$EVTXSCAN" lint no-such-folder
echo "status $?"
