# What a command reads is never overwritten by it, not even with -C.
# shellcheck disable=SC2094 # that is the point
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
cp "${CASE%/*}/../transfer.yml" rule.yml
printf 'version: 1\n' >allow.yml
mkdir rules
cp rule.yml rules
ln -s rules/rule.yml link.yml
"$EVTXSCAN" rules export pack 2>/dev/null
cp "$SAMPLES/zone_transfer_success.yml" events.yml
"$EVTXSCAN" -q -t jsonl -o hits.jsonl log.evtx
echo secret >passwords
before=$(find . -type f | sort | xargs sha256sum)
keep() {
	"$EVTXSCAN" "$@" -C >out 2>said
	status=$?
	echo "$status: $*"
	cat said
}
keep -q -r rule.yml -o rule.yml log.evtx
keep -q -r rules -o rules/rule.yml log.evtx
keep -q -r rules -o link.yml log.evtx
keep -q --filters rule.yml -o ./rule.yml log.evtx
keep -q --allowlist allow.yml -o allow.yml log.evtx
keep -q --allowlist allow.yml --ledger allow.yml log.evtx
keep -q --password-file passwords -o passwords log.evtx
keep search -q --password-file passwords -o passwords axfr log.evtx
keep -q --logsources rule.yml -o rule.yml log.evtx
keep -q --placeholders rule.yml -o rule.yml log.evtx
keep synth events.yml -o events.yml
keep allowlist add --from hits.jsonl --hit 1 -o hits.jsonl
keep allowlist check allow.yml -o allow.yml
keep lint rule.yml -o rule.yml
keep lint rules -o rules/rule.yml
keep explain rule.yml -o rule.yml
keep test rule.yml -o rule.yml
keep test --known-fps allow.yml -o allow.yml log.evtx
keep test --evtx-path log.evtx --rule-path rule.yml -o rule.yml
keep dump log.evtx -o log.evtx
echo '-- standard input'
keep -q -r rule.yml - -o log.evtx <log.evtx
keep -q -r rule.yml - --ledger log.evtx <log.evtx
keep -q -r rule.yml --carve log.evtx - -o log.evtx <hits.jsonl
keep dump - -o log.evtx <log.evtx
keep metrics - -o log.evtx <log.evtx
keep verify - -o log.evtx <log.evtx
keep search -q axfr - -o log.evtx <log.evtx
keep explain rule.yml - -o log.evtx <log.evtx
keep allowlist add --from - --hit 1 -o hits.jsonl <hits.jsonl
(
	TMPDIR=nowhere
	export TMPDIR
	keep dump - -o log.evtx <log.evtx
)
echo "$before" | sha256sum -c --quiet
echo "unchanged $?"
echo '-- it is spared only where it is read'
cp hits.jsonl copy.jsonl
keep -q -r rule.yml log.evtx -o copy.jsonl <copy.jsonl
keep dump - -o other.jsonl <log.evtx
echo '-- words are no files'
echo x >bash
keep completions bash -o bash
echo x >builtin
keep -q -r builtin -o builtin log.evtx
keep rules -r builtin -o rules/new.yml
