# Where no rule runs, or one gives up, that there is no hit says nothing: exit status 2 and 3.
sed 's/service: .*/service: nowhere/' "${CASE%/*}/../transfer.yml" >unplaced.yml
cat >rule.yml <<'Y'
title: Too Much
id: 5f3b6f0e-1111-4a52-9a5e-3f5f0a3f0201
logsource: {product: windows, service: application}
detection: {one: {F|re: '^(a+)+$'}, condition: one}
---
title: Other
logsource: {product: windows, service: application}
detection: {one: {F: aaaa}, condition: one}
Y
cat >events.yml <<'Y'
defaults: {provider: P, channel: Application, computer: H, event_id: 7, time: 2026-11-12T09:00:01Z}
events:
  - data: {F: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab}
  - data: {F: aaaa}
Y
"$EVTXSCAN" synth events.yml -o log.evtx
run() {
	echo "-- $*"
	"$EVTXSCAN" explain "$@" >out
	echo "status $?"
	grep -e ' read, ' -e 'not placed' -e 'NOT DECIDED' out
}
run 'Too Much' -r rule.yml log.evtx
run Other -r rule.yml log.evtx
run rule.yml log.evtx
run Other -r rule.yml --rule nosuch log.evtx
run Other -r rule.yml --rule 'Too*' log.evtx
run Other -r rule.yml --rule Other log.evtx
run Other -r rule.yml --rule 'Too*'
run unplaced.yml log.evtx
run unplaced.yml
