# Without a rule, or with one that gives up, hits that are missing are no finding: status 0 would be a lie.
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
cp "${CASE%/*}/../transfer.yml" .
printf 'RuleId;RuleName;MatchString\n' >known.csv
sed 's/condition:/conditoin:/' transfer.yml >broken.yml
sed 's/service: .*/service: nowhere/' transfer.yml >unplaced.yml
cat >rule.yml <<'Y'
title: Too Much
id: 5f3b6f0e-1111-4a52-9a5e-3f5f0a3f0201
logsource: {product: windows, service: application}
detection: {one: {F|re: '^(a+)+$'}, condition: one}
level: high
Y
cat >events.yml <<'Y'
defaults: {provider: P, channel: Application, computer: H, event_id: 7, time: 2026-11-12T09:00:01Z}
events: [{data: {F: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab}}]
Y
"$EVTXSCAN" synth events.yml -o slow.evtx
run() {
	echo "-- $*"
	"$EVTXSCAN" test "$@"
	echo "status $?"
}
for rules in broken unplaced; do
	run --known-fps known.csv -r $rules.yml log.evtx
	run --evtx-path log.evtx --rule-path $rules.yml
done
run --known-fps known.csv -r transfer.yml -m critical log.evtx
run --evtx-path log.evtx --rule-path transfer.yml -m critical
run --known-fps known.csv -r rule.yml slow.evtx
run --evtx-path slow.evtx --rule-path rule.yml
