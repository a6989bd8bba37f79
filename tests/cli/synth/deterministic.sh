# The same description gives the same bytes, to a file and to standard output; -C is needed to overwrite.
"$EVTXSCAN" synth "$SAMPLES/sweep_burst.yml" -o a.evtx
echo "status $?"
"$EVTXSCAN" synth "$SAMPLES/sweep_burst.yml" -o - >b.evtx
cmp a.evtx b.evtx && cmp a.evtx "$SAMPLES/sweep_burst.evtx" && echo same
"$EVTXSCAN" synth "$SAMPLES/sweep_burst.yml" -o a.evtx
echo "again $?"
