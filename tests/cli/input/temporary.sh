# Standard input that cannot be kept is named, and nothing is lost silently.
TMPDIR=missing "$EVTXSCAN" -t jsonl - <"$SAMPLES/zone_transfer_success.evtx" 2>messages
echo "status $?"
grep UNREADABLE messages
TMPDIR=/$(printf '%05000d' 0) "$EVTXSCAN" -t jsonl - <"$SAMPLES/zone_transfer_success.evtx" 2>messages
echo "status $?"
grep UNREADABLE messages
# A broken archive that cannot be opened, one without logs, and one whose names begin with "./".
printf 'PK\003\004 and nothing' >broken.zip
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
echo text >notes.txt
python3 -c '
import tarfile
with tarfile.open("dots.tar", "w") as tar:
    tar.add("log.evtx", "./log.evtx")
with tarfile.open("none.tar", "w") as tar:
    tar.add("notes.txt")'
for file in broken.zip none.tar dots.tar; do
	"$EVTXSCAN" dump $file | jq -rs 'length'
done
"$EVTXSCAN" -q -t jsonl dots.tar | jq -r .EvtxFile | sort -u
# A file of passwords has a bound.
head -c 70000 /dev/zero | tr '\0' x >passwords
"$EVTXSCAN" dump --password-file passwords dots.tar
echo "status $?"
