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
#define ALL_SOURCES UINT32_MAX

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

	struct evtx_template *own;

	if (evtx_book_is_full(book))
		return;
	own = intern(book, template);
	put_id(book, &key, own);
	key.source = ALL_SOURCES;
	put_id(book, &key, own);
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
					   uint32_t id, enum evtx_book_answer *answer)
{
	struct id_key key = {source, id};
	const struct evtx_template *found = NULL;

	*answer = EVTX_BOOK_NONE;
	if (evtx_book_is_full(book))
		return NULL;
	found = map_get(&book->ids, key_of(&key));
	*answer = EVTX_BOOK_OWN;
	if (found == NULL) {
		key.source = ALL_SOURCES;
		found = map_get(&book->ids, key_of(&key));
		*answer = found != NULL ? EVTX_BOOK_FOREIGN : EVTX_BOOK_NONE;
	}
	if (found != &book->several)
		return found;
	*answer = EVTX_BOOK_SEVERAL;
	return NULL;
}
