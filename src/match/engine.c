// SPDX-License-Identifier: Apache-2.0
// Literal engines: 4-gram filter and tries.
#include "match/engine.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

// Bits of the filter: 16 per literal keep false alarms below 10 %, and 2^17
// bits (16 KiB) stay in the first-level cache.
#define FILTER_BITS_PER_LITERAL 16
#define FILTER_LOG2_LEAST 10
#define FILTER_LOG2_MOST 17

// A literal of n bytes holds n - 3 grams: when all are long enough, not every
// position needs a look.
#define STRIDE_MOST 4

#define NONE UINT32_MAX

struct literal {
	struct str text;
	enum literal_anchor anchor;
	uint32_t id;
};

// A substring literal at its rarest four bytes.
struct gram_entry {
	uint32_t gram;
	uint32_t literal;
	uint32_t offset; // of the gram in the literal
};

// A node's literals: first index into `ends`, chained.
struct trie_end {
	uint32_t literal;
	uint32_t next;
};

struct trie {
	uint64_t *keys; // (node << 8 | byte) + 1, 0 = free
	uint32_t *nodes;
	size_t slot_count, used;
	uint32_t *first_end; // by node
	size_t node_count, node_cap;
	struct trie_end *ends;
	size_t end_count, end_cap;
};

struct engine {
	struct literal *literals;
	size_t count, cap;
	struct trie front, back;
	uint32_t *shorts; // substrings below four bytes
	size_t short_count, short_cap;
	struct gram_entry *grams; // sorted by bucket
	size_t gram_count, gram_cap;
	uint32_t *buckets; // first entry of each, one more at the end
	uint64_t *filter;
	unsigned filter_log2, bucket_log2;
	unsigned stride; // every so many positions of a value are looked at
	bool textual;
};

static uint32_t load_gram(const char *at)
{
	uint32_t gram;

	memcpy(&gram, at, sizeof(gram));
	return gram;
}

// The high bits of the product are the well-mixed ones.
static uint32_t gram_hash(uint32_t gram, unsigned log2)
{
	return gram * 0x9E3779B1u >> (32 - log2);
}

struct engine *engine_new(void)
{
	return mem_zalloc(sizeof(struct engine));
}

static void trie_release(struct trie *trie)
{
	free(trie->keys);
	free(trie->nodes);
	free(trie->first_end);
	free(trie->ends);
}

void engine_free(struct engine *engine)
{
	if (engine == NULL)
		return;
	trie_release(&engine->front);
	trie_release(&engine->back);
	free(engine->literals);
	free(engine->shorts);
	free(engine->grams);
	free(engine->buckets);
	free(engine->filter);
	free(engine);
}

size_t engine_size(const struct engine *engine)
{
	return sizeof(*engine) + engine->cap * sizeof(*engine->literals) +
	       engine->gram_count * sizeof(*engine->grams) +
	       ((size_t)1 << engine->bucket_log2) * sizeof(*engine->buckets) +
	       ((size_t)1 << engine->filter_log2) / 8 +
	       (engine->front.slot_count + engine->back.slot_count) * 12 +
	       (engine->front.node_cap + engine->back.node_cap) * sizeof(uint32_t);
}

void engine_add(struct engine *engine, struct str text, enum literal_anchor anchor, uint32_t id)
{
	mem_grow(&engine->literals, &engine->cap, engine->count + 1, sizeof(*engine->literals));
	engine->literals[engine->count++] = (struct literal){text, anchor, id};
}

// ---- tries --------------------------------------------------------------

static size_t trie_slot(const struct trie *trie, uint64_t key)
{
	size_t at = (size_t)(key * 0x9E3779B97F4A7C15u >> 20) & (trie->slot_count - 1);

	while (trie->keys[at] != 0 && trie->keys[at] != key)
		at = (at + 1) & (trie->slot_count - 1);
	return at;
}

static uint32_t trie_new_node(struct trie *trie)
{
	mem_grow(&trie->first_end, &trie->node_cap, trie->node_count + 1, sizeof(*trie->first_end));
	trie->first_end[trie->node_count] = NONE;
	return (uint32_t)trie->node_count++;
}

static void trie_grow(struct trie *trie)
{
	struct trie old = *trie;

	trie->slot_count = old.slot_count != 0 ? old.slot_count * 2 : 64;
	trie->keys = mem_zalloc(trie->slot_count * sizeof(*trie->keys));
	trie->nodes = mem_zalloc(trie->slot_count * sizeof(*trie->nodes));
	for (size_t i = 0; i < old.slot_count; i++) {
		if (old.keys[i] != 0) {
			size_t at = trie_slot(trie, old.keys[i]);

			trie->keys[at] = old.keys[i];
			trie->nodes[at] = old.nodes[i];
		}
	}
	free(old.keys);
	free(old.nodes);
}

static uint64_t trie_key(uint32_t node, char byte)
{
	return ((uint64_t)node << 8 | (unsigned char)byte) + 1;
}

static uint32_t trie_step_or_add(struct trie *trie, uint32_t node, char byte)
{
	size_t at;

	if ((trie->used + 1) * 2 > trie->slot_count)
		trie_grow(trie);
	at = trie_slot(trie, trie_key(node, byte));
	if (trie->keys[at] == 0) {
		trie->keys[at] = trie_key(node, byte);
		trie->nodes[at] = trie_new_node(trie);
		trie->used++;
	}
	return trie->nodes[at];
}

static void trie_add(struct trie *trie, struct str text, bool backwards, uint32_t literal)
{
	uint32_t node = 0;

	if (trie->node_count == 0)
		trie_new_node(trie);
	for (size_t i = 0; i < text.len; i++)
		node = trie_step_or_add(trie, node, text.ptr[backwards ? text.len - 1 - i : i]);
	mem_grow(&trie->ends, &trie->end_cap, trie->end_count + 1, sizeof(*trie->ends));
	trie->ends[trie->end_count] = (struct trie_end){literal, trie->first_end[node]};
	trie->first_end[node] = (uint32_t)trie->end_count++;
}

static void report_ends(const struct engine *engine, const struct trie *trie, uint32_t node,
			bool at_end, void (*report)(void *, uint32_t), void *user)
{
	for (uint32_t end = trie->first_end[node]; end != NONE; end = trie->ends[end].next) {
		const struct literal *literal = &engine->literals[trie->ends[end].literal];

		if (at_end || literal->anchor != LITERAL_EQUAL)
			report(user, literal->id);
	}
}

static void run_trie(const struct engine *engine, const struct trie *trie, struct str value,
		     bool backwards, void (*report)(void *, uint32_t), void *user)
{
	uint32_t node = 0;

	if (trie->node_count == 0)
		return;
	report_ends(engine, trie, 0, value.len == 0, report, user);
	if (trie->used == 0)
		return; // the empty literal alone: there are no edges
	for (size_t i = 0; i < value.len; i++) {
		uint64_t key = trie_key(node, value.ptr[backwards ? value.len - 1 - i : i]);
		size_t at = trie_slot(trie, key);

		if (trie->keys[at] == 0)
			return;
		node = trie->nodes[at];
		if (trie->first_end[node] != NONE)
			report_ends(engine, trie, node, i + 1 == value.len, report, user);
	}
}

// ---- grams --------------------------------------------------------------

// Text as logs hold it: a literal is filed under four bytes that are rare here.
static const char common_text[] =
	"c:\\windows\\system32\\cmd.exe /c c:\\windows\\system32\\windowspowershell\\v1.0\\"
	"powershell.exe -noprofile -executionpolicy bypass -command c:\\program files (x86)\\"
	"microsoft\\ c:\\users\\administrator\\appdata\\local\\temp\\ c:\\programdata\\ "
	"c:\\windows\\syswow64\\rundll32.exe svchost.exe -k netsvcs -p -s hklm\\system\\"
	"currentcontrolset\\services\\ hklm\\software\\microsoft\\windows\\currentversion\\"
	"explorer\\ hku\\s-1-5-21- nt authority\\system microsoft corporation operating system "
	"https://www. http:// .com .dll .exe .ps1 .txt get-item set-item new-object "
	"system.management.automation namespace function param return string true false "
	"sha1= md5= sha256= imphash= 0x00000000 conhost.exe taskhostw.exe explorer.exe "
	"services.exe lsass.exe wmiprvse.exe microsoft-windows- security-auditing operational ";

// How often grams occur in it, by hash; 4 KiB, filled when engines are built.
#define COMMON_LOG2 12

static void count_common(uint8_t counts[1 << COMMON_LOG2])
{
	memset(counts, 0, 1 << COMMON_LOG2);
	for (size_t i = 0; i + 4 < sizeof(common_text); i++) {
		uint8_t *count = &counts[gram_hash(load_gram(common_text + i), COMMON_LOG2)];

		if (*count < UINT8_MAX)
			++*count;
	}
}

static unsigned commonness(const uint8_t *counts, const char *gram)
{
	unsigned count = counts[gram_hash(load_gram(gram), COMMON_LOG2)];

	if (count > 0)
		return 1000 + count;
	// Not in the sample: letters are likelier than odd characters.
	for (size_t i = 0; i < 4; i++)
		count += ascii_is_alpha(gram[i]) ? 3 : ascii_is_digit(gram[i]) ? 2 : 0;
	return count;
}

static uint32_t rarest_offset(const uint8_t *counts, struct str text)
{
	uint32_t best = 0;
	unsigned least = UINT32_MAX;

	for (size_t i = 0; i + 4 <= text.len; i++) {
		unsigned common = commonness(counts, text.ptr + i);

		if (common < least) {
			least = common;
			best = (uint32_t)i;
		}
	}
	return best;
}

static void add_gram(struct engine *engine, uint32_t literal, uint32_t offset)
{
	mem_grow(&engine->grams, &engine->gram_cap, engine->gram_count + 1, sizeof(*engine->grams));
	engine->grams[engine->gram_count++] = (struct gram_entry){
		load_gram(engine->literals[literal].text.ptr + offset), literal, offset};
}

// With a stride of n, n grams in a row are filed, so that one of them lies at a
// position that is looked at; around the rarest one.
static void add_grams(struct engine *engine, const uint8_t *counts, uint32_t literal)
{
	struct str text = engine->literals[literal].text;
	uint32_t first = rarest_offset(counts, text);
	uint32_t last = (uint32_t)text.len - 4 - (engine->stride - 1);

	if (first > last)
		first = last;
	for (uint32_t i = 0; i < engine->stride; i++)
		add_gram(engine, literal, first + i);
}

static unsigned log2_at_least(size_t n, unsigned least, unsigned most)
{
	unsigned log2 = least;

	while (log2 < most && (size_t)1 << log2 < n)
		log2++;
	return log2;
}

// Counting sort of the entries by bucket.
static void build_grams(struct engine *engine)
{
	size_t buckets;
	struct gram_entry *sorted;

	engine->filter_log2 = log2_at_least(engine->gram_count * FILTER_BITS_PER_LITERAL,
					    FILTER_LOG2_LEAST, FILTER_LOG2_MOST);
	engine->bucket_log2 = log2_at_least(engine->gram_count * 2, 4, 24);
	buckets = (size_t)1 << engine->bucket_log2;
	engine->filter = mem_zalloc(((size_t)1 << engine->filter_log2) / 8);
	engine->buckets = mem_zalloc((buckets + 2) * sizeof(*engine->buckets));
	for (size_t i = 0; i < engine->gram_count; i++) {
		uint32_t bit = gram_hash(engine->grams[i].gram, engine->filter_log2);

		engine->filter[bit / 64] |= UINT64_C(1) << (bit % 64);
		engine->buckets[gram_hash(engine->grams[i].gram, engine->bucket_log2) + 2]++;
	}
	for (size_t i = 2; i < buckets + 2; i++)
		engine->buckets[i] += engine->buckets[i - 1];
	sorted = mem_alloc(engine->gram_count * sizeof(*sorted));
	for (size_t i = 0; i < engine->gram_count; i++)
		sorted[engine->buckets[gram_hash(engine->grams[i].gram, engine->bucket_log2) +
				       1]++] = engine->grams[i];
	free(engine->grams);
	engine->grams = sorted;
}

static void check_bucket(const struct engine *engine, struct str value, size_t at, uint32_t gram,
			 void (*report)(void *, uint32_t), void *user)
{
	uint32_t bucket = gram_hash(gram, engine->bucket_log2);

	for (uint32_t i = engine->buckets[bucket]; i < engine->buckets[bucket + 1]; i++) {
		const struct gram_entry *entry = &engine->grams[i];
		const struct literal *literal = &engine->literals[entry->literal];

		if (entry->gram != gram || entry->offset > at ||
		    literal->text.len > value.len - (at - entry->offset))
			continue;
		if (memcmp(value.ptr + at - entry->offset, literal->text.ptr, literal->text.len) ==
		    0)
			report(user, literal->id);
	}
}

static void run_grams(const struct engine *engine, struct str value,
		      void (*report)(void *, uint32_t), void *user)
{
	const uint64_t *filter = engine->filter;
	unsigned log2 = engine->filter_log2;

	if (engine->gram_count == 0 || value.len < 4)
		return;
	for (size_t at = 0; at + 4 <= value.len; at += engine->stride) {
		uint32_t gram = load_gram(value.ptr + at);
		uint32_t bit = gram_hash(gram, log2);

		if (filter[bit / 64] >> (bit % 64) & 1)
			check_bucket(engine, value, at, gram, report, user);
	}
}

static void run_shorts(const struct engine *engine, struct str value,
		       void (*report)(void *, uint32_t), void *user)
{
	for (size_t i = 0; i < engine->short_count; i++) {
		const struct literal *literal = &engine->literals[engine->shorts[i]];

		if (str_find(value, literal->text, 0) != SIZE_MAX)
			report(user, literal->id);
	}
}

// -------------------------------------------------------------------------

static void build_literal(struct engine *engine, const uint8_t *counts, uint32_t index)
{
	const struct literal *literal = &engine->literals[index];

	switch (literal->anchor) {
	case LITERAL_SUFFIX:
		trie_add(&engine->back, literal->text, true, index);
		return;
	case LITERAL_CONTAINS:
		if (literal->text.len >= 4) {
			add_grams(engine, counts, index);
			return;
		}
		mem_grow(&engine->shorts, &engine->short_cap, engine->short_count + 1,
			 sizeof(*engine->shorts));
		engine->shorts[engine->short_count++] = index;
		return;
	default:
		trie_add(&engine->front, literal->text, false, index);
	}
}

// What the texts of all other types are made of (event/value.c).
static bool is_textual(struct str literal)
{
	static const char others[] = "0123456789abcdefx{}-:.+sztrul";

	for (size_t i = 0; i < literal.len; i++) {
		if (memchr(others, literal.ptr[i], sizeof(others) - 1) == NULL)
			return true;
	}
	return false;
}

bool engine_is_textual(const struct engine *engine)
{
	return engine->textual;
}

void engine_build(struct engine *engine)
{
	uint8_t counts[1 << COMMON_LOG2];

	count_common(counts);
	engine->textual = true;
	engine->stride = STRIDE_MOST;
	for (size_t i = 0; i < engine->count; i++) {
		const struct literal *literal = &engine->literals[i];

		engine->textual &= is_textual(literal->text);
		if (literal->anchor == LITERAL_CONTAINS && literal->text.len >= 4 &&
		    literal->text.len - 3 < engine->stride)
			engine->stride = (unsigned)(literal->text.len - 3);
	}
	for (size_t i = 0; i < engine->count; i++)
		build_literal(engine, counts, (uint32_t)i);
	build_grams(engine);
}

void engine_run(const struct engine *engine, struct str value,
		void (*report)(void *user, uint32_t id), void *user)
{
	run_trie(engine, &engine->front, value, false, report, user);
	run_trie(engine, &engine->back, value, true, report, user);
	run_grams(engine, value, report, user);
	run_shorts(engine, value, report, user);
}
