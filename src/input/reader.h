// SPDX-License-Identifier: Apache-2.0
// Reading the files of a list by position, wherever they are.
//
// One reader belongs to one thread. It keeps the last file, or the archive that
// the last file is in, open. Reading is cheap in ascending order of file and
// position; going back in an archive reads it again from its start.
#ifndef INPUT_READER_H
#define INPUT_READER_H

#include "base/err.h"
#include "base/sha256.h"
#include "input/input.h"

struct input_reader;

// `list` must outlive the reader and not change meanwhile.
struct input_reader *input_reader_new(const struct input_list *list);
void input_reader_free(struct input_reader *reader);
// Close what is open.
void input_reader_close(struct input_reader *reader);

// Read `len` bytes of the file from `at` on. *got < len only at its end. RC_FAILED
// with the reason when it cannot be opened or read; *got bytes are good then, too.
MUST_USE enum rc input_read(struct input_reader *reader, size_t file, uint64_t at, void *out,
			    size_t len, size_t *got, struct err *err);

// Hash the whole file.
MUST_USE enum rc input_hash(struct input_reader *reader, size_t file, char out[SHA256_TEXT_SIZE],
			    struct err *err);
// Hash the archive that the file is in; *size gets its bytes. RC_END when `progress` (or
// NULL) was told to stop.
MUST_USE enum rc input_hash_archive(struct input_reader *reader, size_t file,
				    struct progress *progress, char out[SHA256_TEXT_SIZE],
				    uint64_t *size, struct err *err);

#endif
