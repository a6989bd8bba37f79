# What a rule can consist of, in words: all kinds of values, not, 1 of them, views, correlations.
cp "$CASE.yml" kinds.yml
id=5f3b6f0e-1111-4a52-9a5e-3f5f0a3f01
for rule in ${id}01 ${id}02 only_counted ${id}05; do
	"$EVTXSCAN" explain -r kinds.yml "$rule" 2>/dev/null
done
"$EVTXSCAN" explain --strict -r kinds.yml only_counted || echo "status $?"
