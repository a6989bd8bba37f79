# Names of fields: dots do not nest, nothing overwrites what the format itself says, values without names count up.
"$EVTXSCAN" synth "$CASE.yml" -o log.evtx || exit 1
sh "${CASE%/cli/*}/schemas/formats.sh" -r "${CASE%/*}/../transfer.yml" log.evtx
jq -c '[.message[:15], .timestamp, (to_entries[] | select(.key | test("^field_[a_mt]")) | [.key, .value])]' out.timesketch
jq -c '.winlog.event_data' out.ecs
