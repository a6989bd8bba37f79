# Hostile rules and values: they stay values, in every format, and no index field takes a wrong type.
"$EVTXSCAN" synth "${CASE%/*}/../hostile/hostile.yml" -o log.evtx || exit 1
cat >rule.yml <<'Y'
title: "=cmd|' /C calc'!A0 [click](http://evil.example) {0} {"
logsource: {product: windows, service: dns-server-analytic}
detection:
  selection:
    EventID: 271
  condition: selection
level: high
fields: [TCP, Source, QNAME, Zone, RCODE]
references: ['javascript:alert(1)', 'https://a b/%41%zz#x#y[1]"']
tags: [attack.t1059.001, attack.T1059.001, attack.t1059, security, "x\e[31m", attack.command_and_control, attack.t1]
Y
sh "${CASE%/cli/*}/schemas/formats.sh" -r rule.yml log.evtx
for format in navigator sarif timesketch ecs; do
	echo "$format, control bytes: $(tr -d '\n\040-\176\200-\377' <out.$format | wc -c | tr -d ' ')"
done
jq -c '.techniques[]' out.navigator
jq -c '.runs[0].tool.driver.rules[0] | .id, .shortDescription.text, .helpUri, .properties.tags' out.sarif
jq -ac '.runs[0].results[1].message.text' out.sarif
jq -c '[.source, .destination, .network, .dns.question.name, .dns.response_code]' out.ecs
