# A file that cannot be read is no success.
printf 'no log' >text.evtx
exec "$EVTXSCAN" verify text.evtx
