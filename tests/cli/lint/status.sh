# Exit status, strict mode, JSON, files, usage.
cat >clean.yml <<'Y'
title: Clean
logsource: {product: windows}
detection: {sel: {F: x}, condition: sel}
Y
cat >warning.yml <<'Y'
title: Warning
logsource: {product: windows}
detection: {sel: {F: x}, condition: sel or not sel}
Y
cat >note.yml <<'Y'
title: Note
logsource: {product: windows}
detection: {sel: {F: null}, condition: sel}
Y
cat >error.yml <<'Y'
title: "Error \" \t"
logsource: {product: windows}
detection: {sel: {"F|\u202Efoo": x}, condition: sel}
Y
lint() {
	"$EVTXSCAN" lint "$@"
	echo "status $?"
}
lint clean.yml
lint warning.yml
lint --strict warning.yml
lint note.yml
lint --strict -v note.yml
lint -r clean.yml warning.yml -t jsonl
lint -t jsonl error.yml warning.yml
lint --strict
lint builtin --strict
lint -t csv
lint -o clean.yml warning.yml
lint -C -o out.txt -q warning.yml
lint -C -o out.txt warning.yml
cat out.txt
