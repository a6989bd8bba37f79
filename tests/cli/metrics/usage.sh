# No log, no such section or format, a CSV of several sections, an output that is a log.
"$EVTXSCAN" metrics; echo $?
"$EVTXSCAN" metrics --only gaps,nothing x.evtx; echo $?
"$EVTXSCAN" metrics -t xml x.evtx; echo $?
"$EVTXSCAN" metrics -t json x.evtx; echo $?
"$EVTXSCAN" metrics -t csv x.evtx; echo $?
"$EVTXSCAN" metrics -t csv --only gaps,steps x.evtx; echo $?
"$EVTXSCAN" metrics --most 0 x.evtx; echo $?
"$EVTXSCAN" metrics --threads 2 x.evtx; echo $?
"$EVTXSCAN" synth "${CASE%/*}/system.yml" -o log.evtx || exit 9
"$EVTXSCAN" metrics -C -o log.evtx log.evtx; echo $?
"$EVTXSCAN" metrics log.evtx >/dev/full; echo $?
