# Encrypted zip archives. locked.zip.base64 is `zip -P infected locked.zip
# zone_transfer_success.evtx`, in samples/.
base64 -d "${CASE%/*}/locked.zip.base64" >locked.zip
printf 'wrong\r\ninfected' >passwords
printf 'wrong\n' >wrong
: >empty
run() {
	"$EVTXSCAN" -r "${CASE%/*}/../transfer.yml" -t csv "$@" locked.zip | wc -l | tr -d ' '
}
run
run --password-file wrong
run --password-file passwords
run --password-file empty
run --password-file nowhere
