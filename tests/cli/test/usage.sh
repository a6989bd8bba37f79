# Usage errors, and nothing to test.
mkdir empty
printf 'title: no test here\n' >plain.yml
for words in '' 'nowhere' 'empty' 'plain.yml' '-t csv plain.yml' '--strict plain.yml' '--evtx-path empty empty' '-m high empty'; do
	echo "-- $words"
	# shellcheck disable=SC2086 # words
	"$EVTXSCAN" test $words 2>&1
	echo "exit $?"
done
"$EVTXSCAN" test --help | head -n 3
"$EVTXSCAN" --evtx-path x samples 2>&1
echo "exit $?"
