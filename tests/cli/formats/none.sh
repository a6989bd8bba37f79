# No hits at all: an empty layer, an empty run, no lines.
sh "${CASE%/cli/*}/schemas/formats.sh" "$SAMPLES/sysmon22_quiet.evtx"
jq -c '.techniques, .legendItems, .gradient' out.navigator
jq -c '.runs[0] | .results, .tool.driver.rules, .invocations[0].executionSuccessful, [.artifacts[].length]' out.sarif
wc -c out.timesketch out.ecs | awk '{ print $1 }'
