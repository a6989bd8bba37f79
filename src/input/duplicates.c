// SPDX-License-Identifier: Apache-2.0
// Equal size and equal beginning make a suspect; the hash of all bytes decides.
//
// The beginning holds the file's next record id and the checksums of its first
// chunk, so that different logs are hardly ever suspects: nothing is hashed
// in a collection without duplicates, although most of its logs have 68 KiB.
#include "input/duplicates.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "input/reader.h"

struct suspect {
	const struct input_file *file;
	size_t index;
	char hash[SHA256_TEXT_SIZE]; // empty when it cannot be read
};

static int by_beginning(const void *left, const void *right)
{
	const struct input_file *a = ((const struct suspect *)left)->file;
	const struct input_file *b = ((const struct suspect *)right)->file;

	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	return (a->head_hash > b->head_hash) - (a->head_hash < b->head_hash);
}

static int by_index(const void *left, const void *right)
{
	size_t a = ((const struct suspect *)left)->index;
	size_t b = ((const struct suspect *)right)->index;

	return (a > b) - (a < b);
}

// Keep those that share size and beginning with another one, in order of the list.
static size_t keep_suspects(struct suspect *suspects, size_t count)
{
	size_t kept = 0;

	if (count != 0)
		qsort(suspects, count, sizeof(*suspects), by_beginning);
	for (size_t i = 0; i < count; i++) {
		bool like_next = i + 1 < count && by_beginning(&suspects[i], &suspects[i + 1]) == 0;
		bool like_kept = kept > 0 && by_beginning(&suspects[i], &suspects[kept - 1]) == 0;

		if (like_next || like_kept)
			suspects[kept++] = suspects[i];
	}
	if (kept != 0)
		qsort(suspects, kept, sizeof(*suspects), by_index);
	return kept;
}

static void hash_all(const struct input_list *list, struct suspect *suspects, size_t count)
{
	struct input_reader *reader = input_reader_new(list);

	for (size_t i = 0; i < count && !progress_stopped(list->progress); i++) {
		struct err err = {""};

		if (input_hash(reader, suspects[i].index, suspects[i].hash, &err) != RC_OK)
			suspects[i].hash[0] = '\0'; // the scan will say why
	}
	input_reader_free(reader);
}

void duplicates_mark(struct input_list *list)
{
	struct suspect *suspects = mem_alloc((list->count + 1) * sizeof(*suspects));
	struct map seen = {0};
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (list->files[i].error.len == 0)
			suspects[count++] = (struct suspect){&list->files[i], i, ""};
	}
	count = keep_suspects(suspects, count);
	hash_all(list, suspects, count);
	for (size_t i = 0; i < count; i++) {
		struct input_file *file = &list->files[suspects[i].index];
		struct str hash = str_from(suspects[i].hash);
		const struct suspect *original;
		struct map_entry *entry;

		if (hash.len == 0)
			continue;
		entry = map_entry(&seen, hash);
		if (entry->value == NULL) {
			entry->value = &suspects[i];
			continue;
		}
		original = entry->value;
		file->duplicate_of = original->file->path;
		file->original = original->index;
		if (list->progress != NULL)
			atomic_fetch_sub(&list->progress->total, file->size);
	}
	map_release(&seen);
	free(suspects);
}
