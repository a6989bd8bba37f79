# The allowlist's part; hits, and nothing else, agree with a scan.
list=${CASE%/*}/../../samples/allowlists/secondary.yml
cp "$SAMPLES/zone_transfer_secondary.evtx" .
log=zone_transfer_secondary.evtx
"$EVTXSCAN" explain --allowlist "$list" dns_zone_transfer_given --most 2 "$log" | sed '1,/^Allowlist/d'
"$EVTXSCAN" explain --allowlist nowhere.yml dns_zone_transfer_given "$log"
echo "exit $?"
