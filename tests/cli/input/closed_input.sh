# "-" with a closed standard input is reported as a file that cannot be read.
"$EVTXSCAN" -r "${CASE%/*}/../transfer.yml" -t jsonl - <&-
echo "status $?"
