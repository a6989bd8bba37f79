# Suppressed hits: not there, or, when they are asked for, marked and never counted.
list=${CASE%/cli/*}/samples/allowlists/secondary.yml
log=$SAMPLES/zone_transfer_secondary.evtx
sh "${CASE%/cli/*}/schemas/formats.sh" --allowlist "$list" "$log"
jq -c '[.runs[0].results[].suppressions] | unique' out.sarif
sh "${CASE%/cli/*}/schemas/formats.sh" --allowlist "$list" --show-suppressed "$log"
jq -c '[.runs[0].results[].suppressions] | group_by(.) | map([length, .[0]])[]' out.sarif
jq -c '.techniques[] | select(.techniqueID == "T1596.001") | .score' out.navigator
jq -c 'select(.suppressed_by) | [.tag[-1], .suppressed_by]' out.timesketch | sort -u
jq -r 'select(.evtxscan.suppressed_by) | .evtxscan.suppressed_by' out.ecs | sort -u
