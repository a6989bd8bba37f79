# Without a rule a scan would find nothing, whatever is in the logs: it says so.
log=$SAMPLES/zone_transfer_success.evtx
run() {
	"$EVTXSCAN" "$@" "$log" >out
	echo "status $?, $(wc -l <out | tr -d ' ') lines"
}
for choice in '--rule typo' '--tag attack.t9999' '--status unsupported' '--exclude-rule *' \
	'--exclude-tag * -m low' '--status nonsense' '--exclude-status stable,nonsense'; do
	set -f
	# shellcheck disable=SC2086 # words are meant
	run -q --strict --fail-on low -t csv $choice
done
run -q -t csv --status 'st*' --exclude-status 'exp*'
run explain --coverage --rule typo
: >empty.yml
run -q -t csv -r empty.yml
run -q -t csv -r /dev/null
sed 's/condition:/conditoin:/' "${CASE%/*}/../transfer.yml" >broken.yml
run -q -t csv -r broken.yml
run -q -t csv -r broken.yml --rule x
run -q -t csv -r broken.yml -r "${CASE%/*}/../transfer.yml"
for source in 'service: nowhere' 'product: linux'; do
	sed "s/ ${source% *} .*/ $source/; s/Given/Lost/" "${CASE%/*}/../transfer.yml" >unplaced.yml
	run -q -t csv -r unplaced.yml
done
run -q -t csv -r unplaced.yml -r "${CASE%/*}/../transfer.yml"
run -q -t csv -r unplaced.yml -r "${CASE%/*}/../transfer.yml" --exclude-rule '*Given*'
run -q -t csv -r unplaced.yml -r broken.yml
run explain --coverage -r unplaced.yml
mkdir folder
run -q -t csv -r folder
