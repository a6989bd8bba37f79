# Entries that would blind a rule: place, reason, hint; the others still silence.
cat >list.yml <<'Y'
version: 1
secondary_nameservers:
  - name: everybody
    address: 0.0.0.0/0
    zones: [corp.example]
    owner: a@corp.example
    expires: 2027-06-30
  - name: ns2
    address: [192.0.2.54, '2001:db8:0:1::54']
    zones: [corp.example]
    owner: dns-team@corp.example
    expires: 2027-06-30
assessments:
  - name: for ever
    address: 203.0.113.7
    zones: [corp.example]
    owner: a@corp.example
authorised_operators:
  - name: bob
    account: bob
    computer: [pc1.corp.example]
    owner: a@corp.example
    expires: 2027-06-30
Y
"$EVTXSCAN" allowlist check list.yml
echo "check $?"
"$EVTXSCAN" --allowlist list.yml -t jsonl -o hits "$SAMPLES/zone_transfer_secondary.evtx" 2>/dev/null
echo "scan $?"
"$EVTXSCAN" -q -t jsonl "$SAMPLES/zone_transfer_secondary.evtx" >all
[ "$(wc -l <hits)" -lt "$(wc -l <all)" ] && echo 'ns2 is silent'
"$EVTXSCAN" --strict --allowlist list.yml -t jsonl "$SAMPLES/zone_transfer_secondary.evtx" 2>messages
echo "strict $?"
tail -n 1 messages
"$EVTXSCAN" --allowlist nowhere.yml "$SAMPLES/zone_transfer_secondary.evtx"
echo "missing $?"
