# The check itself can fail: each of these changes to a good document is found.
check=${CASE%/cli/*}/schemas/check.py
sh "${CASE%/cli/*}/schemas/formats.sh" "$SAMPLES/zone_transfer_success.evtx" >verdicts || exit 1
# spoil FORMAT SED-EXPRESSION
spoil() {
	sed "$2" "out.$1" >spoiled
	cmp -s "out.$1" spoiled && echo "$1: '$2' changes nothing"
	python3 -B "$check" "$1" spoiled --hits hits --ledger ledger >said && echo 'not found:'
	printf "%s problems: %s: %s\n" "$(grep -c "^$1: .*: " said)" "$1" "$2"
}
spoil navigator 's/"score":\([0-9]*\)/"score":\10/'
spoil navigator 's/"techniqueID":"T1590.002"/"techniqueID":"T1590.003"/'
spoil navigator 's/"domain"/"Domain"/'
spoil sarif 's/"byteOffset":8544/"byteOffset":8545/'
spoil sarif 's/"level":"error","message"/"level":"warning","message"/'
spoil sarif 's/"executionSuccessful":true/"executionSuccessful":false/'
spoil sarif 's/"ruleIndex":0/"ruleIndex":1/'
spoil sarif '3d'
spoil timesketch '1s/"timestamp":[0-9]*/"timestamp":1/'
spoil timesketch '1s/"event_id":270/"event_id":"270"/'
spoil timesketch '2d'
spoil ecs '1s/"severity":47/"severity":46/'
spoil ecs '1s/"ip":"198.51.100.66"/"ip":"198.51.100.666"/'
spoil ecs '1s/"kind":"alert"/"kind":"alert","kind":"event"/'
spoil ecs '1s/"offset":[0-9]*/"offset":1/'
