# The exported pack finds what the built-in one finds.
"$EVTXSCAN" rules export new/pack 2>messages
echo "status $?"
sed 's/[0-9][0-9]* files/N files/' messages
for file in "$RULES"/t1596_001/*.yml; do
	cmp "$file" "new/pack/t1596_001/${file##*/}"
done
"$EVTXSCAN" -q -t jsonl "$SAMPLES" | jq -c 'del(.RuleFile)' >builtin
"$EVTXSCAN" -q -t jsonl --strict -r new/pack "$SAMPLES" | jq -c 'del(.RuleFile)' >exported
test -s builtin && cmp builtin exported && echo 'same hits'
"$EVTXSCAN" rules export new/pack 2>messages
echo "again $?"
sed 's/pack.*yml/pack RULE/' messages
"$EVTXSCAN" rules export new/pack -C 2>/dev/null
echo "clobber $?"
