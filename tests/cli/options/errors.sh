# What is wrong on the command line, and status 2.
try() {
	"$EVTXSCAN" "$@"
	echo "$? for: $*"
}
try
try --bogus x
try -Zq x
try -q -o
try --output
try --quiet=3 x
try --f x
try -t xml x
try -m bad x
try --fail-on never x
try --from yesterday x
try --to 2026-13-01 x
try --last 5 x
try --event-id abc x
try --exclude-event-id 7-3 x
try --channel , x
try completions tcsh
try explain -t jsonl x
try --timezone Mars/Olympus_Mons x
try --timezone ../etc/passwd x
try --timezone +24:00 --from yesterday x
try verify --timezone UTC x
TZ=Mars/Olympus_Mons try --timezone local x
try synth --strict a.yml
try rules --allowlist x
try -q dump x.evtx
try synth
try synth a.yml
try rules bogus
try rules export
try allowlist
try allowlist check
for option in --output --ledger --rules --allowlist; do
	"$EVTXSCAN" $option '' nowhere
	echo "status $?"
done
