// SPDX-License-Identifier: Apache-2.0
// What every fuzz target needs: its entry, a check, parts of the input, a file.
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// A property that must hold for any input. `abort` is what fuzzers take for a find.
#define CHECK(property)                                                                            \
	do {                                                                                       \
		if (!(property)) {                                                                 \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #property);     \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

// Both texts are shown when they differ.
static inline void check_same(struct str left, struct str right, const char *what)
{
	if (str_eq(left, right))
		return;
	fprintf(stderr, "%s differ:\n%.*s\n---\n%.*s\n", what, STR_ARG(left), STR_ARG(right));
	abort();
}

// Text as it travels inside the program: UTF-8, or the form of a lone surrogate.
static inline bool is_text(struct str s)
{
	for (size_t at = 0; at < s.len;) {
		if (utf8_next(s, &at) == TEXT_INVALID)
			return false;
	}
	return true;
}

static inline struct str input_of(const uint8_t *data, size_t size)
{
	return (struct str){(const char *)data, size};
}

// The first byte of the input, 0 when nothing is left.
static inline unsigned take_byte(struct str *input)
{
	unsigned byte = input->len > 0 ? (unsigned char)input->ptr[0] : 0;

	*input = str_sub(*input, 1, SIZE_MAX);
	return byte;
}

// The input up to a line "%%", or all of it.
static inline struct str take_section(struct str *input)
{
	size_t end = str_find(*input, STR("\n%%\n"), 0);
	struct str section = str_sub(*input, 0, end);

	*input = end == SIZE_MAX ? (struct str){NULL, 0} : str_sub(*input, end + 4, SIZE_MAX);
	return section;
}

// The one file of a target, in memory: its descriptor and what opens it again.
struct memory_file {
	int fd;
	char path[32];
};

static inline const struct memory_file *memory_file(struct str bytes)
{
	static struct memory_file file;

	if (file.path[0] == '\0') {
		file.fd = memfd_create("fuzz", MFD_CLOEXEC);
		CHECK(file.fd >= 0);
		snprintf(file.path, sizeof(file.path), "/proc/self/fd/%d", file.fd);
	}
	CHECK(ftruncate(file.fd, 0) == 0);
	CHECK(pwrite(file.fd, bytes.ptr, bytes.len, 0) == (ssize_t)bytes.len);
	return &file;
}

#endif
