# Nothing is unpacked in an image: one that looks packed is searched, and not called complete.
gzip -c "$SAMPLES/zone_transfer_success.evtx" >image.gz
printf 'EVF\011\015\012\377\000\001' | cat - "$SAMPLES/zone_transfer_success.evtx" >image.E01
"$EVTXSCAN" -t csv --carve image.gz --carve image.E01 -o hits.csv 2>&1 | sed '/^Hits by/,/^$/d'
"$EVTXSCAN" -q -t csv --carve image.gz
echo "status $?"
"$EVTXSCAN" dump --carve image.E01 | wc -l
"$EVTXSCAN" dump --carve image.gz
echo "status $?"
# The same files as they are.
cp "$SAMPLES/zone_transfer_success.evtx" image
"$EVTXSCAN" dump --carve image >records
echo "status $?"
