// SPDX-License-Identifier: Apache-2.0
// Documents of test files -> tests.
#include "testing/case.h"

#include <stdlib.h>

struct parser {
	struct arena *arena;
	struct str path;
	struct diag_list *diags;
};

static bool bad(struct parser *p, const struct yaml_node *node, const char *what, struct str name)
{
	diag_add(p->diags, DIAG_ERROR, "E_TEST", yaml_place(p->path, node), "%s%.*s", what,
		 STR_ARG(name));
	return false;
}

static bool check_keys(struct parser *p, const struct yaml_node *map, const char *const *known)
{
	bool good = true;

	if (map->kind != YAML_MAPPING)
		return bad(p, map, "expected a mapping, found ", str_from(yaml_kind_name(map)));
	for (size_t i = 0; i < map->count; i++) {
		const struct yaml_node *key = map->pairs[i].key;
		size_t k = 0;

		while (known[k] != NULL && !str_eq(key->text, str_from(known[k])))
			k++;
		if (known[k] == NULL)
			good = bad(p, key, "unknown key ", key->text);
	}
	return good;
}

// ---- paths --------------------------------------------------------------

static struct str beside(struct parser *p, struct str name)
{
	size_t end = p->path.len;

	if (str_eq(name, STR("builtin")) || str_starts(name, STR("/")))
		return arena_str(p->arena, name);
	while (end > 0 && p->path.ptr[end - 1] != '/')
		end--;
	return arena_printf(p->arena, "%.*s%.*s", (int)end, p->path.ptr, STR_ARG(name));
}

static bool parse_path(struct parser *p, const struct yaml_node *node, struct str *out)
{
	if (node->kind != YAML_SCALAR || node->text.len == 0)
		return bad(p, node, "expected a path, found ", str_from(yaml_kind_name(node)));
	*out = beside(p, node->text);
	return true;
}

static bool parse_paths(struct parser *p, const struct yaml_node *node, struct case_paths *out)
{
	bool good = true;

	if (node == NULL)
		return true;
	out->count = node->kind == YAML_SEQUENCE ? node->count : 1;
	out->items = arena_array(p->arena, out->count, sizeof(*out->items));
	if (node->kind != YAML_SEQUENCE)
		return parse_path(p, node, out->items);
	for (size_t i = 0; i < node->count; i++)
		good &= parse_path(p, node->items[i], &out->items[i]);
	return good;
}

// ---- expectations -------------------------------------------------------

static bool parse_number(struct parser *p, const struct yaml_node *node, uint64_t *out)
{
	if (node->kind == YAML_SCALAR && str_to_u64(node->text, out))
		return true;
	return bad(p, node, "expected a number, found ",
		   node->kind == YAML_SCALAR ? node->text : str_from(yaml_kind_name(node)));
}

static int by_number(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left;
	uint64_t b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

static bool parse_records(struct parser *p, const struct yaml_node *list, struct case_expect *out)
{
	bool good = true;

	if (list->kind != YAML_SEQUENCE)
		return bad(p, list, "records is a list of EventRecordIDs, not ",
			   str_from(yaml_kind_name(list)));
	out->has_records = true;
	out->record_count = list->count;
	out->records = arena_array(p->arena, list->count, sizeof(*out->records));
	for (size_t i = 0; i < list->count; i++)
		good &= parse_number(p, list->items[i], &out->records[i]);
	if (list->count > 0)
		qsort(out->records, list->count, sizeof(*out->records), by_number);
	return good;
}

static bool parse_expect(struct parser *p, const struct yaml_node *node, struct case_expect *out)
{
	static const char *const keys[] = {"rule", "count", "records", "suppressed", NULL};
	const struct yaml_node *count = yaml_get(node, "count");
	const struct yaml_node *records = yaml_get(node, "records");
	const struct yaml_node *suppressed = yaml_get(node, "suppressed");
	bool good = check_keys(p, node, keys);

	out->rule = yaml_get_text(node, "rule");
	out->has_count = count != NULL;
	out->has_suppressed = suppressed != NULL;
	if (good && out->rule.len == 0)
		good = bad(p, node,
			   "an expectation names its rule: ", STR("rule: id, name or title"));
	if (count != NULL && records != NULL)
		good = bad(p, count, "count and records exclude each other", STR(""));
	if (count != NULL)
		good &= parse_number(p, count, &out->count);
	if (suppressed != NULL)
		good &= parse_number(p, suppressed, &out->suppressed);
	return (records == NULL || parse_records(p, records, out)) && good;
}

static bool parse_expects(struct parser *p, const struct yaml_node *document, struct test_case *out)
{
	const struct yaml_node *list = yaml_get(document, "expect");
	bool good = true;

	if (list == NULL || list->kind != YAML_SEQUENCE)
		return bad(p, list != NULL ? list : document,
			   "expect must be a list; [] with 'exact: true' expects silence", STR(""));
	out->expect_count = list->count;
	out->expects = arena_array(p->arena, list->count, sizeof(*out->expects));
	for (size_t i = 0; i < list->count; i++)
		good &= parse_expect(p, list->items[i], &out->expects[i]);
	return good;
}

// ---- the document -------------------------------------------------------

// The part of the document that synth reads.
static struct yaml_node *description(struct parser *p, const struct yaml_node *document)
{
	static const char *const keys[] = {"log", "templates", "defaults", "events"};
	struct yaml_node *node = arena_zalloc(p->arena, sizeof(*node));

	*node = *document;
	node->count = 0;
	node->pairs = arena_array(p->arena, document->count, sizeof(*node->pairs));
	for (size_t i = 0; i < document->count; i++) {
		for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
			if (str_eq(document->pairs[i].key->text, str_from(keys[k])))
				node->pairs[node->count++] = document->pairs[i];
		}
	}
	return node;
}

static bool parse_exact(struct parser *p, const struct yaml_node *node, bool *out)
{
	struct yaml_value value;

	if (node == NULL)
		return true;
	value = node->kind == YAML_SCALAR ? yaml_resolve(node) : (struct yaml_value){0};
	if (value.type != YAML_BOOL)
		return bad(p, node, "exact is true or false", STR(""));
	*out = value.boolean;
	return true;
}

bool case_parse(struct arena *arena, struct str path, const struct yaml_node *document,
		struct test_case *out, struct diag_list *diags)
{
	static const char *const keys[] = {"name", "rules",	"filters",  "allowlist",
					   "log",  "templates", "defaults", "events",
					   "evtx", "exact",	"expect",   NULL};
	struct parser p = {arena, path, diags};
	const struct yaml_node *allowlist = yaml_get(document, "allowlist");
	bool has_events = yaml_get(document, "events") != NULL;
	bool good = check_keys(&p, document, keys);

	out->name = yaml_get_text(document, "name");
	if (out->name.len == 0)
		out->name = arena_printf(arena, "line %u", document->line);
	if (document->kind != YAML_MAPPING)
		return false;
	good &= parse_paths(&p, yaml_get(document, "rules"), &out->rules);
	good &= parse_paths(&p, yaml_get(document, "filters"), &out->filters);
	good &= parse_paths(&p, yaml_get(document, "evtx"), &out->logs);
	if (allowlist != NULL)
		good &= parse_path(&p, allowlist, &out->allowlist);
	if (has_events == (out->logs.count > 0))
		good = bad(&p, document, "a test wants either events or evtx", STR(""));
	if (has_events)
		out->events = description(&p, document);
	good &= parse_exact(&p, yaml_get(document, "exact"), &out->exact);
	return parse_expects(&p, document, out) && good;
}
