# A file that cannot be read is no success, but is hashed and named.
printf 'no log' >text.evtx
exec "$EVTXSCAN" verify text.evtx
