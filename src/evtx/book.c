// SPDX-License-Identifier: Apache-2.0
// Two maps: templates by content, each kept once, and by source and id.
#include "evtx/book.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"
#include "evtx/format.h"

struct evtx_book {
	struct map templates; // key: count, GUID, form
	struct map ids;	      // key: source, id -> template, or &several
	struct arena arena;
	struct evtx_template several; // stands for more than one
};

#define GUID_SIZE 16

struct evtx_book *evtx_book_new(void)
{
	return mem_zalloc(sizeof(struct evtx_book));
}

void evtx_book_free(struct evtx_book *book)
{
	if (book == NULL)
		return;
	map_release(&book->templates);
	map_release(&book->ids);
	arena_release(&book->arena);
	free(book);
}

bool evtx_book_is_full(const struct evtx_book *book)
{
	return book->arena.used > LIMIT_TEMPLATE_BOOK;
}

// The book's copy of a template.
static struct evtx_template *intern(struct evtx_book *book, const struct evtx_template *template)
{
	size_t size = sizeof(template->count) + GUID_SIZE + template->form.len;
	char *bytes = mem_alloc(size);
	struct str key = {bytes, size};
	struct evtx_template *own;

	memcpy(bytes, &template->count, sizeof(template->count));
	memcpy(bytes + sizeof(template->count), template->guid.ptr, GUID_SIZE);
	memcpy(bytes + size - template->form.len, template->form.ptr, template->form.len);
	own = map_get(&book->templates, key);
	if (own == NULL) {
		own = arena_alloc(&book->arena, sizeof(*own));
		key = arena_str(&book->arena, key);
		own->count = template->count;
		own->guid = str_sub(key, sizeof(own->count), GUID_SIZE);
		own->form = str_sub(key, sizeof(own->count) + GUID_SIZE, SIZE_MAX);
		map_add(&book->templates, key, own);
	}
	free(bytes);
	return own;
}

struct id_key {
	uint32_t source, id;
};

static struct str key_of(const struct id_key *key)
{
	return (struct str){(const char *)key, sizeof(*key)};
}

static void put_id(struct evtx_book *book, const struct id_key *key, void *template)
{
	void *known = map_get(&book->ids, key_of(key));

	if (known == NULL)
		map_add(&book->ids, arena_str(&book->arena, key_of(key)), template);
	else if (known != template)
		map_entry(&book->ids, key_of(key))->value = &book->several;
}

void evtx_book_add(struct evtx_book *book, uint32_t source, const struct evtx_template *template)
{
	struct id_key key = {source, load_u32((const unsigned char *)template->guid.ptr)};

	if (!evtx_book_is_full(book))
		put_id(book, &key, intern(book, template));
}

void evtx_book_absorb(struct evtx_book *book, const struct evtx_book *from)
{
	for (size_t i = 0; i < from->ids.count && !evtx_book_is_full(book); i++) {
		const struct map_entry *entry = &from->ids.entries[i];
		struct id_key key;

		memcpy(&key, entry->key.ptr, sizeof(key));
		put_id(book, &key,
		       entry->value == &from->several ? &book->several
						      : intern(book, entry->value));
	}
}

const struct evtx_template *evtx_book_find(const struct evtx_book *book, uint32_t source,
					   uint32_t id, bool *several)
{
	struct id_key key = {source, id};
	const struct evtx_template *found = NULL;

	if (!evtx_book_is_full(book))
		found = map_get(&book->ids, key_of(&key));
	*several = found == &book->several;
	return *several ? NULL : found;
}
