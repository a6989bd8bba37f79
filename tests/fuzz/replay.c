// SPDX-License-Identifier: Apache-2.0
// A fuzz target without a fuzzer: run it once on every file that is named.
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct buf bytes = {0};
		struct err err = {""};

		if (file_read(argv[i], SIZE_MAX, &bytes, &err) != RC_OK) {
			fprintf(stderr, "%s: %s\n", argv[i], err.text);
			return 1;
		}
		LLVMFuzzerTestOneInput((const uint8_t *)bytes.ptr, bytes.len);
		buf_release(&bytes);
	}
	printf("%d inputs replayed\n", argc - 1);
	return 0;
}
