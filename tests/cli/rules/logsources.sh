# A mapping without log sources and a view that cannot be switched on end the run: no rule would work.
"$EVTXSCAN" -q --source security-4698 "$SAMPLES/monitoring.evtx" 2>messages
echo "status $?"
sed 's/: [a-z0-9-]*, .*/: .../' messages
"$EVTXSCAN" -q -t jsonl --source security-5156 -o /dev/null "$SAMPLES/monitoring.evtx"
echo "status $?"
"$EVTXSCAN" rules --source all >/dev/null
echo "status $?"
echo 'version: 1' >empty.yml
"$EVTXSCAN" -q --logsources empty.yml "$SAMPLES/monitoring.evtx"
echo "status $?"
# A second document would go unread.
{ cat "$RULES/logsources.yml"; printf -- '---\nservices: {}\n'; } >two.yml
"$EVTXSCAN" -q --logsources two.yml "$SAMPLES/monitoring.evtx" 2>messages
echo "status $?"
sed 's/:[0-9]*:/:.../' messages
"$EVTXSCAN" -q -t csv --logsources "$RULES/logsources.yml" "$SAMPLES/zone_transfer_success.evtx" | wc -l | tr -d ' '
