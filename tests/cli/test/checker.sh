# The options and the output of evtx-sigma-checker.
mkdir logs rules
cp "$SAMPLES/zone_transfer_refused.evtx" logs
"$EVTXSCAN" rules export pack 2>/dev/null
cp pack/t1596_001/zone_transfer_analytical.yml rules
printf 'title: THOR\nlogsources:\n  any:\n    category: process_creation\n' >thor.yml
"$EVTXSCAN" test --log-source thor.yml --evtx-path logs/ --rule-path rules/ --rule-level informational >findings.json
echo "exit $?"
jq -c '[.RuleId, .RuleTitle, .RuleLevel, .RuleFile, .EvtxFile, .Timestamp, .Event.Event.System.EventRecordID]' \
	findings.json
head -n 1 findings.json | jq -r .Match
echo '-- what SigmaHQ greps for'
grep -Ec '"RuleId":"77ee2f83-712f-480b-96c5-1ee9652c4704".*Computer: dns1\.corp\.example' findings.json
grep -c '"RuleLevel":"medium"' findings.json
echo '-- our mapping has an effect'
sed 's/Microsoft-Windows-DNSServer\/Analytical/Elsewhere/g' "$RULES/logsources.yml" >mapping.yml
"$EVTXSCAN" test --log-source mapping.yml --evtx-path logs --rule-path rules | wc -l
echo '-- levels'
"$EVTXSCAN" test --evtx-path logs --rule-path rules --rule-level high | wc -l
echo '-- a correlation has no record'
"$EVTXSCAN" test --evtx-path "$SAMPLES/sweep_burst.evtx" --rule-path pack --rule-level medium |
	jq -c '[.RuleTitle, .Match, .Event]'
echo '-- a log that cannot be read'
head -c 40000 logs/*.evtx >logs/cut.evtx
"$EVTXSCAN" test --evtx-path logs --rule-path rules >/dev/null
echo "exit $?"
echo '-- usage'
"$EVTXSCAN" test --rule-path rules logs
echo "exit $?"
"$EVTXSCAN" test --evtx-path logs --log-source nowhere.yml
echo "exit $?"
