// SPDX-License-Identifier: Apache-2.0
// An allowlist file: sections, entries, and what belongs together in one.
#include "allow/allow_parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tm.h"

#define LONGEST_WINDOW (92 * 86400 * TM_TICKS_PER_SECOND)

enum allow_key {
	KEY_NAME,
	KEY_OWNER,
	KEY_EXPIRES,
	KEY_FROM,
	KEY_TO,
	KEY_ENGAGEMENT,
	KEY_ADDRESS,
	KEY_ZONES,
	KEY_SERVER,
	KEY_ACCOUNT,
	KEY_COMPUTER,
	KEY_PARENT,
	KEY_COUNT,
};

static const char *const key_names[KEY_COUNT] = {
	[KEY_NAME] = "name",
	[KEY_OWNER] = "owner",
	[KEY_EXPIRES] = "expires",
	[KEY_FROM] = "from",
	[KEY_TO] = "to",
	[KEY_ENGAGEMENT] = "engagement",
	[KEY_ADDRESS] = "address",
	[KEY_ZONES] = "zones",
	[KEY_SERVER] = "server",
	[KEY_ACCOUNT] = "account",
	[KEY_COMPUTER] = "computer",
	[KEY_PARENT] = "parent",
};

#define BIT(key) (1u << KEY_##key)
#define LASTING (BIT(NAME) | BIT(OWNER) | BIT(EXPIRES))
#define WINDOW (BIT(FROM) | BIT(TO))

static const struct allow_section sections[ALLOW_CLASS_COUNT] = {
	[ALLOW_SECONDARY_NAMESERVERS] = {LASTING | BIT(ADDRESS) | BIT(ZONES) | BIT(SERVER), LASTING,
					 24, 64, false},
	[ALLOW_MONITORING_TOOLS] = {LASTING | BIT(ADDRESS) | BIT(ZONES) | BIT(ACCOUNT) |
					    BIT(COMPUTER) | BIT(PARENT),
				    LASTING, 24, 64, false},
	[ALLOW_ASSESSMENTS] = {BIT(NAME) | BIT(OWNER) | BIT(ENGAGEMENT) | WINDOW | BIT(ADDRESS) |
				       BIT(ZONES) | BIT(ACCOUNT) | BIT(COMPUTER),
			       BIT(NAME) | BIT(OWNER) | BIT(ENGAGEMENT) | WINDOW, 24, 64, false},
	[ALLOW_EXTERNAL_SCANNERS] = {LASTING | BIT(ADDRESS) | BIT(ZONES), LASTING, 16, 32,
				     true}, // asks for names, never gets a zone
	[ALLOW_AUTHORISED_OPERATORS] = {LASTING | WINDOW | BIT(ACCOUNT) | BIT(COMPUTER), LASTING,
					24, 64, false},
};

// One entry while it is read: the value under each key, NULL when absent.
struct draft {
	const struct yaml_node *node;
	const struct allow_section *section;
	const struct yaml_node *values[KEY_COUNT];
	struct allow_entry entry;
};

void allow_refuse(struct allow_parser *p, const struct yaml_node *node, const char *code,
		  const char *hint, const char *format, ...)
{
	char text[512];
	struct diag *diag;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	diag = diag_add(p->diags, DIAG_ERROR, code, yaml_place(p->path, node), "%s", text);
	if (hint != NULL)
		diag_hint(p->diags, diag, "%s", hint);
}

// "name, owner, expires", as a hint.
static const char *key_list(struct allow_parser *p, unsigned keys)
{
	struct str list = STR("keys of this section:");

	for (unsigned i = 0; i < KEY_COUNT; i++) {
		if (keys & 1u << i)
			list = arena_printf(p->arena, "%.*s %s", STR_ARG(list), key_names[i]);
	}
	return list.ptr;
}

static void find_values(struct allow_parser *p, struct draft *draft)
{
	for (size_t i = 0; i < draft->node->count; i++) {
		const struct yaml_pair *pair = &draft->node->pairs[i];
		unsigned key = 0;

		while (key < KEY_COUNT && (pair->key->kind != YAML_SCALAR ||
					   !str_eq(pair->key->text, str_from(key_names[key]))))
			key++;
		if (key < KEY_COUNT && draft->section->keys & 1u << key)
			draft->values[key] = pair->value;
		else
			allow_refuse(p, pair->key, "E_ALLOW_KEY", key_list(p, draft->section->keys),
				     "`%.*s` is not a key of section %s", STR_ARG(pair->key->text),
				     allow_class_name(draft->entry.class));
	}
}

static void check_required(struct allow_parser *p, const struct draft *draft)
{
	for (unsigned key = 0; key < KEY_COUNT; key++) {
		if (draft->section->required & 1u << key && draft->values[key] == NULL)
			allow_refuse(p, draft->node, "E_ALLOW_MISSING", NULL,
				     "an entry of %s needs `%s`",
				     allow_class_name(draft->entry.class), key_names[key]);
	}
}

// Either both or none.
static void check_pair(struct allow_parser *p, const struct draft *draft, enum allow_key one,
		       enum allow_key other)
{
	enum allow_key there = draft->values[one] != NULL ? one : other;
	enum allow_key lacking = there == one ? other : one;

	if (draft->values[there] == NULL || draft->values[lacking] != NULL)
		return;
	allow_refuse(p, draft->values[there], "E_ALLOW_PAIR",
		     "one loose term would silence more than was meant", "`%s` without `%s`",
		     key_names[there], key_names[lacking]);
}

static void check_belonging(struct allow_parser *p, const struct draft *draft)
{
	check_pair(p, draft, KEY_ADDRESS, KEY_ZONES);
	if (draft->entry.class != ALLOW_ASSESSMENTS) {
		check_pair(p, draft, KEY_ACCOUNT, KEY_COMPUTER);
		check_pair(p, draft, KEY_FROM, KEY_TO);
	}
	if (draft->values[KEY_PARENT] != NULL && draft->values[KEY_ACCOUNT] == NULL)
		allow_refuse(p, draft->values[KEY_PARENT], "E_ALLOW_PAIR", NULL,
			     "`parent` without `account` and `computer`");
	if (draft->values[KEY_ADDRESS] == NULL && draft->values[KEY_ZONES] == NULL &&
	    draft->values[KEY_ACCOUNT] == NULL && draft->values[KEY_COMPUTER] == NULL)
		allow_refuse(p, draft->node, "E_ALLOW_MISSING", key_list(p, draft->section->keys),
			     "the entry does not say who");
}

static void add_value(struct allow_parser *p, const struct draft *draft, enum allow_key key,
		      const struct yaml_node *node)
{
	struct str text;

	if (!allow_scalar(p, node, key_names[key], &text))
		return;
	if (key == KEY_ADDRESS)
		allow_add_address(p, draft->section, node, text);
	else if (key == KEY_ZONES)
		allow_add_zone(p, draft->section, node, text);
	else if (key == KEY_ACCOUNT)
		allow_add_account(p, node, text);
	else if (key == KEY_PARENT)
		allow_add_parent(p, node, text);
	else
		allow_add_computer(p, node, text);
}

// The conditions: each a value or a list of values.
static void read_conditions(struct allow_parser *p, struct draft *draft)
{
	static const unsigned facts[KEY_COUNT] = {
		[KEY_ADDRESS] = 1u << ALLOW_ADDRESS,   [KEY_ZONES] = 1u << ALLOW_ZONE,
		[KEY_SERVER] = 1u << ALLOW_COMPUTER,   [KEY_ACCOUNT] = 1u << ALLOW_ACCOUNT,
		[KEY_COMPUTER] = 1u << ALLOW_COMPUTER, [KEY_PARENT] = 1u << ALLOW_PARENT,
	};

	for (unsigned i = KEY_ADDRESS; i <= KEY_PARENT; i++) {
		const struct yaml_node *value = draft->values[i];
		enum allow_key key = (enum allow_key)i;

		if (value == NULL)
			continue;
		draft->entry.facts |= facts[key];
		if (value->kind != YAML_SEQUENCE || value->count == 0) {
			add_value(p, draft, key, value);
			continue;
		}
		for (size_t k = 0; k < value->count; k++)
			add_value(p, draft, key, value->items[k]);
	}
}

static bool read_time(struct allow_parser *p, const struct draft *draft, enum allow_key key,
		      uint64_t *ticks)
{
	// Without the key: no bound. That its absence is right was checked.
	return draft->values[key] == NULL ||
	       allow_time(p, draft->values[key], key_names[key],
			  key == KEY_FROM ? ZONE_EARLIEST : ZONE_LATEST, ticks);
}

static void read_window(struct allow_parser *p, struct draft *draft)
{
	struct allow_entry *entry = &draft->entry;
	uint64_t to = UINT64_MAX;

	entry->until = UINT64_MAX;
	if (!read_time(p, draft, KEY_EXPIRES, &entry->until) ||
	    !read_time(p, draft, KEY_FROM, &entry->from) || !read_time(p, draft, KEY_TO, &to))
		return;
	if (draft->values[KEY_FROM] == NULL || draft->values[KEY_TO] == NULL)
		return;
	if (to < entry->from || entry->until < entry->from)
		allow_refuse(p, draft->values[KEY_FROM], "E_ALLOW_WINDOW", NULL,
			     "the window ends before it begins");
	else if (to - entry->from > LONGEST_WINDOW)
		allow_refuse(p, draft->values[KEY_TO], "E_ALLOW_WINDOW",
			     "make an entry for each engagement",
			     "the window is longer than 92 days");
	if (to < entry->until)
		entry->until = to;
}

static void read_texts(struct allow_parser *p, struct draft *draft)
{
	struct allow_entry *entry = &draft->entry;
	struct {
		enum allow_key key;
		struct str *text;
	} const texts[] = {{KEY_NAME, &entry->name},
			   {KEY_OWNER, &entry->owner},
			   {KEY_ENGAGEMENT, &entry->engagement}};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct yaml_node *value = draft->values[texts[i].key];

		if (value != NULL)
			allow_scalar(p, value, key_names[texts[i].key], texts[i].text);
	}
	if (entry->name.len != 0 && !map_add(&p->names, entry->name, p))
		allow_refuse(p, draft->values[KEY_NAME], "E_ALLOW_DUPLICATE",
			     "names tell entries apart in the report",
			     "there is another entry '%.*s'", STR_ARG(entry->name));
}

static void read_entry(struct allow_parser *p, enum allow_class class, const struct yaml_node *node)
{
	struct draft draft = {.node = node, .section = &sections[class]};
	size_t nets = p->index.net_count;
	size_t texts = p->index.text_count;
	size_t errors = p->diags->errors;

	if (node->kind != YAML_MAPPING) {
		allow_refuse(p, node, "E_ALLOW_SYNTAX", NULL, "an entry is a mapping, not %s",
			     yaml_kind_name(node));
		return;
	}
	draft.entry.class = class;
	draft.entry.place = yaml_place(p->path, node);
	find_values(p, &draft);
	check_required(p, &draft);
	check_belonging(p, &draft);
	read_texts(p, &draft);
	read_window(p, &draft);
	read_conditions(p, &draft);
	// One bad value refuses the whole entry: what remains is not what was meant.
	if (p->diags->errors != errors) {
		p->index.net_count = nets;
		p->index.text_count = texts;
		return;
	}
	mem_grow(&p->entries, &p->entry_cap, p->entry_count + 1, sizeof(*p->entries));
	p->entries[p->entry_count++] = draft.entry;
}

static void read_section(struct allow_parser *p, const struct yaml_pair *pair)
{
	enum allow_class class;

	if (pair->key->kind != YAML_SCALAR || !allow_class_from_name(pair->key->text, &class)) {
		allow_refuse(p, pair->key, "E_ALLOW_SECTION",
			     "sections: secondary_nameservers, monitoring_tools, assessments, "
			     "external_scanners, authorised_operators",
			     "there is no section '%.*s'", STR_ARG(pair->key->text));
		return;
	}
	if (yaml_is_null(pair->value))
		return;
	if (pair->value->kind != YAML_SEQUENCE) {
		allow_refuse(p, pair->value, "E_ALLOW_SYNTAX", "begin each entry with '- name:'",
			     "section %s is a list of entries, not %s", allow_class_name(class),
			     yaml_kind_name(pair->value));
		return;
	}
	for (size_t i = 0; i < pair->value->count; i++)
		read_entry(p, class, pair->value->items[i]);
}

static void read_document(struct allow_parser *p, const struct yaml_file *file)
{
	// The first document, or none when that one is refused, which was said.
	bool is_refused = file->refused != 0 && file->intact == 0;
	size_t used = file->count != 0 && !is_refused;
	const struct yaml_node *root = used != 0 ? file->documents[0] : NULL;

	if (file->count > used)
		allow_refuse(p, file->documents[used], "E_ALLOW_SYNTAX", "remove the line '---'",
			     "an allowlist is one document; this one is not used");
	if (is_refused)
		return;
	if (!str_eq(yaml_get_text(root, "version"), STR("1"))) {
		allow_refuse(p, root, "E_ALLOW_VERSION", "begin the file with 'version: 1'",
			     "this is not an allowlist of version 1; nothing of it is used");
		return;
	}
	// NOLINTNEXTLINE(clang-analyzer-core.NullDereference): no root has no version
	for (size_t i = 0; i < root->count; i++) {
		const struct yaml_pair *pair = &root->pairs[i];

		if (pair->key->kind != YAML_SCALAR || !str_eq(pair->key->text, STR("version")))
			read_section(p, pair);
	}
}

// Move what was gathered into the arena, sorted.
static struct allowlist *finish(struct allow_parser *p)
{
	struct allowlist *list = arena_zalloc(p->arena, sizeof(*list));
	struct allow_index *index = arena_zalloc(p->arena, sizeof(*index));
	struct allow_entry *entries = arena_array(p->arena, p->entry_count, sizeof(*entries));

	*index = p->index;
	index->nets = arena_array(p->arena, index->net_count, sizeof(*index->nets));
	index->texts = arena_array(p->arena, index->text_count, sizeof(*index->texts));
	if (p->entry_count != 0)
		memcpy(entries, p->entries, p->entry_count * sizeof(*entries));
	if (index->net_count != 0)
		memcpy(index->nets, p->index.nets, index->net_count * sizeof(*index->nets));
	if (index->text_count != 0)
		memcpy(index->texts, p->index.texts, index->text_count * sizeof(*index->texts));
	allow_index_sort(index, entries);
	*list = (struct allowlist){p->path, entries, p->entry_count, index};
	free(p->entries);
	free(p->index.nets);
	free(p->index.texts);
	map_release(&p->names);
	return list;
}

const struct allowlist *allowlist_parse(struct arena *arena, struct str path, struct str text,
					struct diag_list *diags)
{
	struct allow_parser p = {.arena = arena, .diags = diags, .path = path};
	struct yaml_file file;

	yaml_parse(arena, path, text, &file, diags);
	read_document(&p, &file);
	return finish(&p);
}
