# More lost records than are described: those told are the first of each log, with any number of threads.
PYTHONPATH="${CASE%/*}/../../bounds" python3 -B - <<'P'
import crafted
junk = [lambda at: bytes(4)]
logs = {"a.evtx": [crafted.chunk(junk * 2030, first_number=1 + 2030 * i) for i in range(9)],
        "b.evtx": [crafted.chunk(junk * 3)]}
for name, chunks in logs.items():
    open(name, "wb").write(crafted.log(*chunks))
P
"$EVTXSCAN" -C -t csv --threads 1 --ledger one.json a.evtx b.evtx
echo "status $?"
for threads in 2 3; do
	"$EVTXSCAN" -q -C -t csv --threads $threads --ledger other.json a.evtx b.evtx >out 2>&1
	cmp one.json other.json && echo "$threads threads: same"
done
