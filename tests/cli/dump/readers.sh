# Both readers give the same XML and CSV but for what libevtx prints its own way.
"$EVTXSCAN" synth "$(dirname "$CASE")/events.yml" -o log.evtx || exit 9
for format in xml csv; do
	"$EVTXSCAN" dump -t $format log.evtx | sed 's/-3/-2147483645/' >native || exit 8
	"$EVTXSCAN" dump -t $format --reader libevtx log.evtx >other || exit 7
	diff native other || exit 6
done
