# No colours in a pipe, and none on a terminal with NO_COLOR or --no-color.
command -v script >/dev/null || { cat "$CASE.stdout"; exit 0; }
log=$SAMPLES/zone_transfer_success.evtx
count() { tr -dc '\033' <typescript | wc -c | tr -d ' '; }
export TERM=xterm # not dumb, as for other tests
"$EVTXSCAN" -q -t table "$log" | tr -dc '\033' | wc -c | tr -d ' '
script -qec "'$EVTXSCAN' -q '$log'" typescript >/dev/null
[ "$(count)" -gt 0 ] && echo 'colours on a terminal'
head -c 4000 typescript | grep -c 'Zone Transfer' >tables
[ "$(cat tables)" -gt 0 ] && echo 'a table on a terminal'
NO_COLOR=1 script -qec "'$EVTXSCAN' -q '$log'" typescript >/dev/null
count
script -qec "'$EVTXSCAN' -q --no-color '$log'" typescript >/dev/null
count
