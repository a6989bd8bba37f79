# Each format validates and says what JSONL says: all samples with the pack, correlations among them.
sh "${CASE%/cli/*}/schemas/formats.sh" "$SAMPLES" | sed 's/, [1-9][0-9]* hits$/, some hits/'
jq -s 'map(select(.Correlation)) | length > 10' hits
