# Hits on recovered records, a correlation of them too, are marked in each format.
tail -c +4097 "$SAMPLES/sweep_burst.evtx" >image
tail -c +4097 "$SAMPLES/zone_transfer_success.evtx" >>image
sh "${CASE%/cli/*}/schemas/formats.sh" --carve image
jq -r .Confirmed hits | sort | uniq -c | tr -s ' '
