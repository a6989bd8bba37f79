# Results and account never go to one file or stream, however the two are called.
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
mkdir real
ln -s real link
try() {
	echo "-- $*" | sed "s|$PWD|PWD|"
	"$EVTXSCAN" "$@" -q -t csv log.evtx >out 2>said
	status=$?
	head -n 1 said | sed "s|$PWD|PWD|"
	echo "status $status, lines: $(wc -l <out | tr -d ' ')"
	ls real
}
try -o real/x.csv --ledger ./real/x.csv
try -o real/x.csv --ledger "$PWD/real/x.csv"
try -o link/x.csv --ledger real/../real/x.csv
try -C -o link/x.csv --ledger real/x.csv
echo old >real/x.csv
ln -s x.csv real/alias
try -C -o real/alias --ledger real/x.csv
rm real/*
try --ledger -
try -o - --ledger -
try -C --ledger out
try -o real/x.csv --ledger real/y.json
rm real/*
try -o /dev/null --ledger /dev/null
try -o real/x.csv --ledger -
echo '-- search'
"$EVTXSCAN" search -q -t csv -o x.csv --ledger ./x.csv axfr log.evtx
echo "status $?"
ls
