# What was not read, refused or read twice is in SARIF and in the layer, and the status is 3.
head -c 40000 "$SAMPLES/zone_transfer_success.evtx" >cut.evtx
cp "$SAMPLES/zone_transfer_refused.evtx" one.evtx
cp one.evtx two.evtx
cp "${CASE%/*}/../transfer.yml" rule.yml
sed 's/EventID:/EventID|cird:/; s/0001$/0002/' rule.yml >broken.yml
sed 's/dns-server-analytic/no-such-service/; s/0001$/0003/' rule.yml >nowhere.yml
cat >allowlist.yml <<'Y'
version: 1
external_scanners:
  - {name: all, network: 0.0.0.0/0, zones: [corp.example], owner: x, expires: 2027-06-30}
Y
sh "${CASE%/cli/*}/schemas/formats.sh" -r rule.yml -r broken.yml -r nowhere.yml --allowlist allowlist.yml \
	cut.evtx nowhere.evtx one.evtx two.evtx
"$EVTXSCAN" -q -r rule.yml -t sarif -o /dev/null cut.evtx
echo "status $?"
jq -c '.runs[0].invocations[0] | .executionSuccessful, (.toolExecutionNotifications[] |
	[.level, .message.text, .locations[0].physicalLocation.artifactLocation.uri]),
	(.toolConfigurationNotifications[] | [.level, .message.text])' out.sarif
jq -r '.description | sub(".*Techniques: [0-9]*. "; "")' out.navigator
