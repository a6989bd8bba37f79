# Archives are hashed too; members, duplicates and threads of reading give what the folder gives.
mkdir case
cp "$SAMPLES/zone_transfer_success.evtx" "$SAMPLES/zone_transfer_refused.evtx" case
cp "$SAMPLES/zone_transfer_refused.evtx" case/twin.evtx
python3 -c '
import sys, tarfile
with tarfile.open("case.tar.gz", "w:gz") as tar:
    for name in sys.argv[1:]:
        tar.add(name)
' case/*
"$EVTXSCAN" verify case >folder 2>messages
cat messages
"$EVTXSCAN" verify case.tar.gz 2>messages | sed 's|case.tar.gz/||' >archive
diff folder archive | sed "s/$(sha256sum <case.tar.gz | cut -c 1-64)/the SHA-256/; s/[0-9,]* bytes/N bytes/"
"$EVTXSCAN" verify -t jsonl case.tar.gz 2>messages | jq -r 'select(.SHA256) | "\(.SHA256)  \(.File // .Archive | ltrimstr("case.tar.gz/"))"' |
	sha256sum -c
tail -n 1 folder
