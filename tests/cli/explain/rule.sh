# Log sources, plan, regular expressions and what acts on a rule; a correlation; views that are off.
cp "$CASE.yml" "$CASE.filter.yml" .
"$EVTXSCAN" explain dns_zone_transfer_requested
"$EVTXSCAN" explain -r rule.yml --filters rule.filter.yml 00000000-0000-4000-8000-000000000001
"$EVTXSCAN" explain rule.yml
"$EVTXSCAN" explain -r rule.yml no_such_rule
echo "exit $?"
cat >optional.yml <<'Y'
title: Connection
logsource: {product: windows, category: network_connection}
detection: {selection: {Initiated: 'true'}, condition: selection}
Y
"$EVTXSCAN" explain optional.yml | sed -n '/^Log/,/^Plan/p'
"$EVTXSCAN" explain --source security-5156 optional.yml | grep -c '^  view'
# By title, as --rule takes it.
for title in 'DNS Zone Transfer Requested' 'dns zone transfer re*'; do
	"$EVTXSCAN" explain "$title" | grep -B 1 '^  builtin:'
done
