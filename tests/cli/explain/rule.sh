# Log sources, plan, regular expressions and what acts on a rule; a correlation; views that are off.
cp "$CASE.yml" "$CASE.filter.yml" .
"$EVTXSCAN" explain dns_zone_transfer_requested
"$EVTXSCAN" explain -r rule.yml --filters rule.filter.yml 00000000-0000-4000-8000-000000000001
"$EVTXSCAN" explain rule.yml
"$EVTXSCAN" explain -r rule.yml no_such_rule
echo "exit $?"
