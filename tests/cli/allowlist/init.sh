# The template is valid as it is, and refuses to overwrite.
"$EVTXSCAN" allowlist init -o list.yml
echo "init $?"
"$EVTXSCAN" allowlist init | cmp - list.yml && echo 'same on standard output'
"$EVTXSCAN" allowlist check list.yml
echo "check $?"
"$EVTXSCAN" allowlist init -o list.yml
echo "again $?"
"$EVTXSCAN" -q -t jsonl --allowlist list.yml "$SAMPLES/zone_transfer_success.evtx" | wc -l | tr -d ' '
"$EVTXSCAN" allowlist check "$RULES/allowlist.example.yml" | sed -n 1,2p
