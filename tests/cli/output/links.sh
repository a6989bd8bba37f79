# What is open is written to as it is, other links stay and lead to the results.
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
mkdir dev
ln -s /proc/self/fd/1 dev/stdout # as /dev/stdout is
ln -s /proc/self/fd dev/fd
scan() {
	"$EVTXSCAN" -q -t csv --columns EventID "$@" log.evtx
	echo "status $?" >&2
}
echo '-- open descriptors'
scan >want
for name in dev/stdout dev/fd/1 /proc/self/fd/1 /dev/stdout; do
	scan -o $name >out
	cmp out want
	scan -C -o $name >>out
	wc -l <out
	scan -o $name | cmp - want
done
scan -o dev/fd/7 7>out
cmp out want
scan -o dev/fd/8
scan -o dev/fd/7 7<want
readlink dev/stdout
echo '-- a descriptor that the program opens itself is none of the outputs'
scan -o own.csv --ledger /dev/fd/3
scan -o own.csv --ledger dev/fd/4
scan -o /dev/fd/3 --ledger own.json
"$EVTXSCAN" dump - -o /dev/fd/3 <log.evtx
echo "status $?" >&2
find . -name 'own.*'
scan -o own.csv --ledger /dev/fd/3 3>own.json
cmp own.csv want
jq .Complete own.json
rm own.*
echo '-- links to files'
echo old >target.csv
ln -s target.csv link.csv
scan -o link.csv
cat target.csv
scan -C -o link.csv
readlink link.csv
cmp target.csv want
mkdir far
ln -s ../far/new.csv dev/far.csv
scan -o dev/far.csv
ls far
scan -C -o dev/far.csv --ledger dev/far.json
readlink dev/far.csv
cmp far/new.csv want
ln -s loop loop
scan -o loop
scan -C -o loop
scan -C -o hits.csv --ledger loop
readlink loop
mkdir chain
: >chain/0
for i in $(seq 41); do
	ln -s $((i - 1)) "chain/$i"
done
scan -C -o chain/40
cmp chain/0 want
scan -C -o chain/41
readlink chain/41 chain/1
find chain -type l | wc -l
ln -s nowhere/x.csv lost.csv
scan -C -o lost.csv
ln -s /dev/full full
scan -o full
"$EVTXSCAN" dump -C -o link.csv log.evtx
readlink link.csv
head -c 9 target.csv
echo
ls . dev far
