# Both readers give the same hits, and libevtx confirms all of them.
"$EVTXSCAN" -q -t jsonl "$SAMPLES" >native.jsonl
echo "status $?"
"$EVTXSCAN" -q -t jsonl --reader libevtx "$SAMPLES" >libevtx.jsonl
echo "status $?"
for reader in native libevtx; do
	jq -c 'del(.Confirmed, .Evidence)' $reader.jsonl >$reader.hits
done
test -s native.hits && cmp native.hits libevtx.hits && echo 'same hits'
jq -r 'select(.Correlation == null) | .Confirmed' native.jsonl | sort -u
jq -r '.Confirmed' libevtx.jsonl | sort -u
jq -es 'all(.[] | select(.Correlation == null) | .Evidence; .Chunk >= 0 and .Offset > 0)' native.jsonl
"$EVTXSCAN" --reader mine x
echo "status $?"
