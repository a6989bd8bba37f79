# Help and version go to standard output; each command has its own.
"$EVTXSCAN" --version | grep -cE '^evtxscan [0-9]+\.[0-9]+\.[0-9]+ \(libevtx [0-9]+\)$'
"$EVTXSCAN" -h | sed -n 1,2p | cut -c 1-40
"$EVTXSCAN" help | sed -n 1p
for command in scan synth rules allowlist; do
	"$EVTXSCAN" $command --help | sed -n 's/^  .*--\([a-z-]*\).*/\1/p' | tr '\n' ' '
	echo
done
for command in scan dump verify synth rules allowlist test lint explain search metrics completions; do
	echo "$command: $("$EVTXSCAN" $command --help | grep '^A PATH')"
done
"$EVTXSCAN" --help | sed -n '/^Exit status/,$p'
