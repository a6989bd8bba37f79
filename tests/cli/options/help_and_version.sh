# Help and version go to standard output; each command has its own.
"$EVTXSCAN" --version | grep -cE '^evtxscan [0-9]+\.[0-9]+\.[0-9]+ \(libevtx [0-9]+\)$'
"$EVTXSCAN" -h | head -n 2 | cut -c 1-40
"$EVTXSCAN" help | head -n 1
for command in scan synth rules allowlist; do
	"$EVTXSCAN" $command --help | sed -n 's/^  .*--\([a-z-]*\).*/\1/p' | tr '\n' ' '
	echo
done
