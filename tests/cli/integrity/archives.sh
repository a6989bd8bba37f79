# Files in archives and on their own have the same hashes and facts; archives have hashes of their own.
mkdir case other
for edit in clean hidden dirty; do
	"$EVTXSCAN" synth "${CASE%/*}/log.yml" -C -o log || exit 9
	python3 -B "${CASE%/*}/edit.py" "$edit" log "case/$edit.evtx" || exit 8
done
printf 'ElfFile\0 but no log' >case/short.evtx
cp case/clean.evtx other/twin.evtx
python3 -c '
import sys, tarfile, zipfile
with tarfile.open("case.tar.gz", "w:gz") as tar, zipfile.ZipFile("case.zip", "w", zipfile.ZIP_DEFLATED) as zip:
    for name in sys.argv[1:]:
        tar.add(name)
        zip.write(name)
' case/clean.evtx case/dirty.evtx case/hidden.evtx case/short.evtx
head -c 9000 case.zip >broken.zip
facts() {
	jq -c --arg base "$1" '.Files[] | [(.Path | ltrimstr($base)), .SHA256, .Integrity]' ledger.json
}
"$EVTXSCAN" -q -t csv -C --ledger ledger.json case >hits
facts '' >expected
jq -r '.Files[] | "\(.SHA256)  \(.Path)"' ledger.json | sha256sum -c
for archive in case.tar.gz case.zip; do
	for threads in 1 3; do
		"$EVTXSCAN" -q -t csv -C --threads $threads --ledger ledger.json $archive >hits
		facts $archive/ | cmp - expected
		jq -r '.Archives[] | "\(.SHA256)  \(.Path)"' ledger.json | sha256sum -c
	done
done
# A duplicate has the hash of its original. What cannot be unpacked is hashed as it is.
"$EVTXSCAN" -q -t csv -C --ledger ledger.json broken.zip case other >hits
jq -r '.Archives[], .Files[] | select(.SHA256) | "\(.SHA256)  \(.Path)"' ledger.json | sha256sum -c
jq -c '.Files[] | [.Path, .State, .SHA256 != null, .Integrity.Found.Records]' ledger.json
# Without a ledger nothing is hashed but what has hits.
"$EVTXSCAN" -t csv case >hits 2>messages
echo "$(grep -c Hints messages) hints"
