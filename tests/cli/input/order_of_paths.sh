# The same bytes twice, for any order of the paths and for a path given twice.
cd "$SAMPLES" || exit 1
for format in table csv json jsonl html navigator sarif timesketch ecs; do
	"$EVTXSCAN" -q -t $format . >"$OLDPWD/1"
	"$EVTXSCAN" -q -t $format . >"$OLDPWD/2"
	"$EVTXSCAN" -q -t $format ./tools_*.evtx ./dns_*.evtx ./tools_renamed.evtx >"$OLDPWD/3"
	"$EVTXSCAN" -q -t $format ./tools_renamed.evtx ./dns_*.evtx ./tools_*.evtx >"$OLDPWD/4"
	test -s "$OLDPWD/1" && cmp "$OLDPWD/1" "$OLDPWD/2" && cmp "$OLDPWD/3" "$OLDPWD/4" &&
		echo "$format same"
done
