# Paths become URIs that nothing in them can break out of, and that lead back to the same bytes.
mkdir -p 'a b/%41' "$(printf 'x\377')"
log=$SAMPLES/zone_transfer_success.evtx
cp "${CASE%/*}/../transfer.yml" rule.yml
uris() {
	"$EVTXSCAN" -q -r rule.yml -t sarif --keep-duplicates "$@" |
		jq -r '.runs[0] | [.results[].locations[0].physicalLocation.artifactLocation, .artifacts[].location] |
			map(.uri + " " + (.uriBaseId // "none")) | unique[]' | sed "s|$PWD|DIR|"
}
cp "$log" 'a b/%41/c?d#e.evtx'
cp "$log" "$(printf 'x\377')/line
end.evtx"
cp "$log" 'http:--evil.evtx'
cp "$log" 'back\slash.evtx'
uris 'a b'
uris "$(printf 'x\377')"
uris .//./http:--evil.evtx
uris 'back\slash.evtx'
uris "$PWD/./a b//%41"
(cd 'a b' && cp ../rule.yml . && uris ../back*.evtx)
uris - <"$log"
python3 -c "import zipfile
with zipfile.ZipFile('logs.zip', 'w') as file:
    file.write('http:--evil.evtx', 'in the/zip:1.evtx')"
uris logs.zip
sh "${CASE%/cli/*}/schemas/formats.sh" --keep-duplicates -r rule.yml .
