# Archives give what the folder gives: hits, records, evidence; on standard input too.
mkdir case case/host1 case/host2
cp "$SAMPLES/zone_transfer_success.evtx" case/host1/DNS%254Analytical.evtx
cp "$SAMPLES/zone_transfer_refused.evtx" case/host2/renamed
cp "$SAMPLES/sweep_just_under.evtx" case/host2/sweep.evtx
echo text >case/host2/notes.txt
python3 - <<'END'
import tarfile, zipfile
names = ("case/host1/DNS%254Analytical.evtx", "case/host2/notes.txt", "case/host2/renamed",
         "case/host2/sweep.evtx")
with zipfile.ZipFile("deflated.zip", "w", zipfile.ZIP_DEFLATED) as file:
    for name in names:
        file.write(name)
with zipfile.ZipFile("outer.zip", "w") as file:
    file.write("deflated.zip")
for kind in ("", "gz", "xz"):
    with tarfile.open("case.tar." + kind if kind else "case.tar", "w:" + kind) as file:
        for name in names:
            file.add(name)
END
# expect NAME ARGUMENTS...: what the folder gives, but for the paths
expect() {
	name=$1
	shift
	"$EVTXSCAN" -q -t jsonl --ledger ledger.json -C "$@" | sed "s|\"$name/|\"|g" >hits
	echo "$name $?" "$(jq -c '.Totals | [.Files, .Chunks, .RecordsRead, .Bytes]' ledger.json)"
	if [ -e expected ]; then cmp expected hits; else mv hits expected; fi
}
expect . ./case
for file in deflated.zip case.tar case.tar.gz case.tar.xz; do
	for threads in 1 3; do
		expect $file --threads $threads $file
	done
done
expect outer.zip/deflated.zip outer.zip
expect - - <deflated.zip
for reader in native libevtx; do
	"$EVTXSCAN" dump --reader $reader deflated.zip >dump.$reader
	"$EVTXSCAN" dump --reader $reader case >folder.$reader
	cmp dump.$reader folder.$reader
done
"$EVTXSCAN" -q -t csv --no-confirm --reader libevtx deflated.zip >by.libevtx
"$EVTXSCAN" -q -t csv --no-confirm deflated.zip >by.native
cmp by.libevtx by.native
wc -l <expected | tr -d ' '
