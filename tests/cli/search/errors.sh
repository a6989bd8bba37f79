# What cannot be searched for says why, and nothing is scanned.
run() {
	"$EVTXSCAN" search "$@"
	echo "status $?"
}
run
run text
run -k text
run -w 'Image|endswiht: x' "$SAMPLES"
run -w 'not a mapping' "$SAMPLES"
run --regex '(' "$SAMPLES"
run --detection '{a: {EventID: 1}}' "$SAMPLES"
run --detection '{a: {EventID: 1}, condition: a}' -k x "$SAMPLES"
run text nowhere
run -r rules text "$SAMPLES"
