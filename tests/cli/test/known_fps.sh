# Benign logs with a table of known false positives: what it does not name fails.
cp "$SAMPLES/zone_transfer_refused.evtx" benign.evtx
"$EVTXSCAN" test --known-fps /dev/null benign.evtx
echo "exit $?"
echo '-- by address, by JSON, by case; blanks count'
cat >table.csv <<'END'
RuleId;RuleName;MatchString
77EE2F83-712F-480B-96C5-1EE9652C4704;DNS Zone Transfer Requested;Source: 198\.51\.100\.66  
END
id=$("$EVTXSCAN" rules list -t jsonl | jq -r 'select(.Title == "DNS Zone Transfer Refused").ID')
printf '%s;DNS Zone Transfer Refused;"EventID":271,.*"RCODE":9\r\n' "$id" >>table.csv
printf '%s;DNS Zone Transfer Refused;computer: dns1\n' "$id" >>table.csv
"$EVTXSCAN" test --known-fps table.csv benign.evtx
echo "exit $?"
echo '-- all known'
printf '%s;DNS Zone Transfer Refused;.*\n' "$id" >>table.csv
"$EVTXSCAN" test --known-fps table.csv -t tap benign.evtx | grep -v '^ok'
echo '-- levels'
"$EVTXSCAN" test --known-fps /dev/null --min-level high benign.evtx
echo "exit $?"
echo '-- a log that cannot be read fails'
head -c 40000 benign.evtx >cut.evtx
"$EVTXSCAN" test --known-fps table.csv cut.evtx
echo "exit $?"
echo '-- a table that is none'
printf 'RuleId;RuleName;MatchString\nonly;two\na;b;(\n' >bad.csv
"$EVTXSCAN" test --known-fps bad.csv benign.evtx
echo "exit $?"
"$EVTXSCAN" test --known-fps nowhere.csv benign.evtx
echo "exit $?"
