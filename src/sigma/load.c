// SPDX-License-Identifier: Apache-2.0
// Documents -> rules: kinds and metadata (sigma-engine.md 1.1 to 1.3).
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/tm.h"
#include "sigma/action.h"
#include "sigma/parse.h"
#include "sigma/ruleset.h"

const char *rule_level_name(enum rule_level level)
{
	static const char *const names[] = {"",	      "informational", "low",
					    "medium", "high",	       "critical"};

	return names[level];
}

bool rule_level_parse(struct str text, enum rule_level *out)
{
	for (int i = LEVEL_INFORMATIONAL; i <= LEVEL_CRITICAL; i++) {
		if (str_eq_nocase(text, str_from(rule_level_name((enum rule_level)i)))) {
			*out = (enum rule_level)i;
			return true;
		}
	}
	return false;
}

bool uuid_normalise(struct arena *arena, struct str text, struct str *out)
{
	static const size_t hyphens[] = {8, 13, 18, 23};
	char digits[36];
	size_t n = 0;

	if (str_starts_nocase(text, STR("urn:uuid:")))
		text = str_sub(text, 9, SIZE_MAX);
	if (text.len > 2 && text.ptr[0] == '{' && text.ptr[text.len - 1] == '}')
		text = str_sub(text, 1, text.len - 2);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '-')
			continue;
		if (ascii_hex(text.ptr[i]) < 0)
			return false;
		for (size_t k = 0; k < 4; k++) {
			if (n == hyphens[k])
				digits[n++] = '-';
		}
		if (n == sizeof(digits))
			return false;
		digits[n++] = ascii_lower(text.ptr[i]);
	}
	if (n != sizeof(digits))
		return false;
	*out = arena_str(arena, (struct str){digits, n});
	return true;
}

struct rule_ref rule_ref_parse(const struct value_context *ctx, const struct yaml_node *node)
{
	struct rule_ref ref = {.name = node->text, .place = yaml_place(ctx->path, node)};

	uuid_normalise(ctx->arena, node->text, &ref.name);
	return ref;
}

bool text_list_parse(const struct value_context *ctx, const struct yaml_node *node,
		     enum diag_severity severity, const char *code, struct str **out, size_t *count)
{
	size_t n = node->kind == YAML_SEQUENCE ? node->count : 1;

	*count = 0;
	*out = arena_array(ctx->arena, n, sizeof(**out));
	for (size_t i = 0; i < n; i++) {
		const struct yaml_node *item = node->kind == YAML_SEQUENCE ? node->items[i] : node;

		if (item->kind != YAML_SCALAR) {
			diag_add(ctx->diags, severity, code, yaml_place(ctx->path, item),
				 "expected text or a list of texts");
			return false;
		}
		if (!yaml_is_null(item))
			(*out)[(*count)++] = item->text;
	}
	return true;
}

// ---- metadata -----------------------------------------------------------

static void warn(const struct value_context *ctx, const struct yaml_node *node, const char *code,
		 const char *message)
{
	diag_add(ctx->diags, DIAG_WARNING, code, yaml_place(ctx->path, node), "%s", message);
}

static void parse_texts(const struct value_context *ctx, const struct yaml_node *doc,
			const char *key, struct str **out, size_t *count)
{
	const struct yaml_node *node = yaml_get(doc, key);

	if (!yaml_is_null(node))
		text_list_parse(ctx, node, DIAG_WARNING, "E_META", out, count);
}

static size_t code_points(struct str s)
{
	size_t n = 0;

	for (size_t at = 0; at < s.len; n++)
		utf8_next(s, &at);
	return n;
}

static bool parse_title(const struct value_context *ctx, const struct yaml_node *doc,
			struct rule *rule)
{
	const struct yaml_node *node = yaml_get(doc, "title");

	if (node != NULL && node->kind == YAML_SCALAR && node->text.len > 0 &&
	    code_points(node->text) <= 256) {
		rule->title = node->text;
		return true;
	}
	diag_add(ctx->diags, DIAG_ERROR, "E_TITLE",
		 yaml_place(ctx->path, node != NULL ? node : doc),
		 node != NULL ? "a title is text of 1 to 256 characters" : "a rule needs a title");
	return false;
}

static void parse_id(const struct value_context *ctx, const struct yaml_node *doc,
		     struct rule *rule)
{
	const struct yaml_node *node = yaml_get(doc, "id");

	if (node == NULL)
		return;
	if (node->kind == YAML_SCALAR && uuid_normalise(ctx->arena, node->text, &rule->id))
		return;
	warn(ctx, node, "E_ID", "the id is no UUID; it is kept as it is");
	rule->id = node->text;
}

static bool is_date(struct str text)
{
	struct tm_parts p = {0};
	struct str part;
	char separator = str_find_char(text, '/', 0) != SIZE_MAX ? '/' : '-';
	int *const fields[] = {&p.year, &p.month, &p.day};
	uint64_t ticks;
	size_t n = 0;

	while (str_split(&text, separator, &part)) {
		uint64_t value;

		if (n == 3 || part.len > 4 || !str_to_u64(part, &value))
			return false;
		*fields[n++] = (int)value;
	}
	// Years 1000 to 3999 are legal; the calendar starts at 1601 here, and no
	// rule is older.
	return n == 3 && p.year < 4000 && tm_join(&p, &ticks);
}

static void parse_dates(const struct value_context *ctx, const struct yaml_node *doc,
			struct rule *rule)
{
	static const char *const keys[] = {"date", "modified"};
	struct str *const fields[] = {&rule->date, &rule->modified};

	for (size_t i = 0; i < 2; i++) {
		const struct yaml_node *node = yaml_get(doc, keys[i]);

		if (node == NULL)
			continue;
		*fields[i] = node->text;
		if (node->kind != YAML_SCALAR || !is_date(node->text))
			warn(ctx, node, "E_DATE", "not a date of the form YYYY-MM-DD");
	}
}

static void parse_status_level(const struct value_context *ctx, const struct yaml_node *doc,
			       struct rule *rule)
{
	static const char *const states[] = {"unsupported", "deprecated", "experimental", "test",
					     "stable"};
	const struct yaml_node *status = yaml_get(doc, "status");
	const struct yaml_node *level = yaml_get(doc, "level");
	bool known = false;

	for (size_t i = 0; status != NULL && i < sizeof(states) / sizeof(states[0]); i++) {
		if (str_eq_nocase(status->text, str_from(states[i]))) {
			rule->status = str_from(states[i]);
			known = true;
		}
	}
	if (status != NULL && !known)
		warn(ctx, status, "E_STATUS",
		     "status is one of unsupported, deprecated, experimental, test, stable");
	if (level != NULL && !rule_level_parse(level->text, &rule->level))
		warn(ctx, level, "E_LEVEL",
		     "level is one of informational, low, medium, high, critical");
}

static void parse_tags(const struct value_context *ctx, const struct yaml_node *doc,
		       struct rule *rule)
{
	const struct yaml_node *node = yaml_get(doc, "tags");

	parse_texts(ctx, doc, "tags", &rule->tags, &rule->tag_count);
	for (size_t i = 0; i < rule->tag_count; i++) {
		if (str_find_char(rule->tags[i], '.', 0) == SIZE_MAX)
			diag_add(ctx->diags, DIAG_WARNING, "E_TAG", yaml_place(ctx->path, node),
				 "tag '%.*s' has no namespace", STR_ARG(rule->tags[i]));
	}
}

static bool is_related(struct arena *arena, const struct yaml_node *entry)
{
	static const char *const types[] = {"derived", "obsolete", "merged",
					    "renamed", "similar",  "correlation"};
	struct str type = yaml_get_text(entry, "type");
	struct str id;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (str_eq_nocase(type, str_from(types[i])))
			return uuid_normalise(arena, yaml_get_text(entry, "id"), &id);
	}
	return false;
}

static void check_related(const struct value_context *ctx, const struct yaml_node *doc)
{
	const struct yaml_node *node = yaml_get(doc, "related");

	if (yaml_is_null(node))
		return;
	if (node->kind != YAML_SEQUENCE)
		warn(ctx, node, "E_RELATED", "related is a list of mappings with id and type");
	for (size_t i = 0; node->kind == YAML_SEQUENCE && i < node->count; i++) {
		if (!is_related(ctx->arena, node->items[i]))
			warn(ctx, node->items[i], "E_RELATED",
			     "a related rule has an id (UUID) and a type: derived, obsolete, "
			     "merged, renamed, similar or correlation");
	}
}

static bool is_standard(struct str key)
{
	static const char *const keys[] = {
		"title",      "id",	  "name",	 "related",	   "taxonomy",
		"status",     "level",	  "description", "license",	   "author",
		"references", "date",	  "modified",	 "falsepositives", "fields",
		"scope",      "tags",	  "logsource",	 "detection",	   "correlation",
		"filter",     "generate", "action",	 "risk_score",	   "allowlist",
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (str_eq(key, str_from(keys[i])))
			return true;
	}
	return false;
}

static struct str joined(struct arena *arena, const struct yaml_node *node)
{
	struct buf text = {0};
	struct str copy;

	for (size_t i = 0; i < node->count && node->kind == YAML_SEQUENCE; i++) {
		if (i > 0)
			buf_put_text(&text, ", ");
		buf_put_str(&text, node->items[i]->text);
	}
	if (node->kind == YAML_SCALAR)
		buf_put_str(&text, node->text);
	copy = arena_str(arena, buf_str(&text));
	buf_release(&text);
	return copy;
}

static void parse_attributes(const struct value_context *ctx, const struct yaml_node *doc,
			     struct rule *rule)
{
	rule->attributes = arena_array(ctx->arena, doc->count, sizeof(*rule->attributes));
	for (size_t i = 0; i < doc->count; i++) {
		const struct yaml_node *key = doc->pairs[i].key;

		if (key->kind == YAML_SCALAR && !is_standard(key->text))
			rule->attributes[rule->attribute_count++] = (struct rule_attribute){
				key->text, joined(ctx->arena, doc->pairs[i].value)};
	}
}

static void parse_own_attributes(const struct value_context *ctx, const struct yaml_node *doc,
				 struct rule *rule)
{
	const struct yaml_node *score = yaml_get(doc, "risk_score");
	uint64_t value;

	rule->risk_score = -1;
	rule->branch = yaml_get_text(doc, "branch");
	parse_texts(ctx, doc, "allowlist", &rule->allowlist, &rule->allowlist_count);
	if (score == NULL)
		return;
	if (score->kind == YAML_SCALAR && str_to_u64(score->text, &value) && value <= 100)
		rule->risk_score = (int)value;
	else
		warn(ctx, score, "E_META", "risk_score is a number from 0 to 100");
}

static bool parse_metadata(const struct value_context *ctx, const struct yaml_node *doc,
			   struct rule *rule)
{
	const struct yaml_node *taxonomy = yaml_get(doc, "taxonomy");
	bool ok = parse_title(ctx, doc, rule);

	parse_id(ctx, doc, rule);
	rule->id_place = yaml_place(ctx->path, yaml_get(doc, "id"));
	rule->name_place = yaml_place(ctx->path, yaml_get(doc, "name"));
	rule->tags_place = yaml_place(ctx->path, yaml_get(doc, "tags"));
	rule->allowlist_place = yaml_place(ctx->path, yaml_get(doc, "allowlist"));
	rule->name = yaml_get_text(doc, "name");
	rule->description = yaml_get_text(doc, "description");
	rule->author = yaml_get_text(doc, "author");
	parse_dates(ctx, doc, rule);
	parse_status_level(ctx, doc, rule);
	parse_tags(ctx, doc, rule);
	check_related(ctx, doc);
	parse_texts(ctx, doc, "references", &rule->references, &rule->reference_count);
	parse_texts(ctx, doc, "falsepositives", &rule->falsepositives, &rule->falsepositive_count);
	parse_texts(ctx, doc, "fields", &rule->fields, &rule->field_count);
	parse_attributes(ctx, doc, rule);
	parse_own_attributes(ctx, doc, rule);
	if (taxonomy != NULL && !str_eq_nocase(taxonomy->text, STR("sigma"))) {
		diag_add(ctx->diags, DIAG_ERROR, "E_TAXONOMY", yaml_place(ctx->path, taxonomy),
			 "no field map for taxonomy '%.*s'", STR_ARG(taxonomy->text));
		ok = false;
	}
	return ok;
}

// ---- log source ---------------------------------------------------------

static bool parse_logsource(const struct value_context *ctx, const struct yaml_node *doc,
			    struct rule *rule)
{
	static const char *const keys[] = {"category", "product", "service"};
	struct logsource *ls = &rule->logsource;
	struct str *const fields[] = {&ls->category, &ls->product, &ls->service};
	const struct yaml_node *node = yaml_get(doc, "logsource");
	bool any = false;

	ls->place = yaml_place(ctx->path, node != NULL ? node : doc);
	for (size_t i = 0; node != NULL && node->kind == YAML_MAPPING && i < 3; i++) {
		const struct yaml_node *value = yaml_get(node, keys[i]);

		if (yaml_is_null(value))
			continue;
		if (value->kind != YAML_SCALAR) {
			any = false;
			break;
		}
		*fields[i] = value->text;
		any |= value->text.len > 0;
	}
	if (any)
		return true;
	diag_add(ctx->diags, DIAG_ERROR, "E_LOGSOURCE", ls->place, "%s",
		 node == NULL ? "a rule needs a logsource"
			      : "a logsource names a category, a product or a service");
	return false;
}

// ---- documents ----------------------------------------------------------

static bool parse_detection_rule(const struct value_context *ctx, const struct yaml_node *doc,
				 struct rule *rule)
{
	const struct yaml_node *detection = yaml_get(doc, "detection");
	bool ok = parse_logsource(ctx, doc, rule);

	rule->kind = RULE_DETECTION;
	if (detection == NULL) {
		diag_add(ctx->diags, DIAG_ERROR, "E_DETECTION", yaml_place(ctx->path, doc),
			 "a rule needs a detection");
		return false;
	}
	return detection_parse(ctx, detection, false, &rule->detection) && ok;
}

static bool parse_body(const struct value_context *ctx, const struct yaml_node *doc,
		       struct rule *rule)
{
	if (yaml_get(doc, "correlation") != NULL) {
		rule->kind = RULE_CORRELATION;
		rule->correlation = correlation_parse(ctx, doc);
		return rule->correlation != NULL;
	}
	if (yaml_get(doc, "filter") != NULL) {
		bool ok = parse_logsource(ctx, doc, rule);

		rule->kind = RULE_FILTER;
		rule->filter = filter_parse(ctx, yaml_get(doc, "filter"));
		return rule->filter != NULL && ok;
	}
	return parse_detection_rule(ctx, doc, rule);
}

static void add_rule(struct ruleset *set, const struct value_context *ctx,
		     const struct yaml_node *doc)
{
	struct rule *rule = arena_zalloc(&set->arena, sizeof(*rule));
	bool ok;

	rule->path = ctx->path;
	rule->place = yaml_place(ctx->path, doc);
	ok = parse_metadata(ctx, doc, rule);
	ok = parse_body(ctx, doc, rule) && ok;
	if (!ok) {
		set->refused++;
		return;
	}
	rule->index = set->count;
	mem_grow(&set->rules, &set->cap, set->count + 1, sizeof(struct rule *));
	set->rules[set->count++] = rule;
}

static void add_document(struct ruleset *set, const struct value_context *ctx,
			 struct collection *collection, const struct yaml_node *doc)
{
	bool refused;

	if (doc->kind != YAML_MAPPING) {
		diag_add(ctx->diags, DIAG_ERROR, "E_DOC_TYPE", yaml_place(ctx->path, doc),
			 "a rule document is a mapping, this is %s", yaml_kind_name(doc));
		set->refused++;
		collection->previous = NULL;
		return;
	}
	doc = collection_next(collection, ctx, doc, &refused);
	set->refused += refused;
	if (refused) // what follows does not repeat the one before it instead
		collection->previous = NULL;
	if (doc != NULL)
		add_rule(set, ctx, doc);
}

void ruleset_add(struct ruleset *set, struct str path, struct str text)
{
	struct value_context ctx = {&set->arena, arena_str(&set->arena, path), &set->diags,
				    &set->placeholders, &set->regexes};
	struct collection collection = {0};
	struct yaml_file file;
	size_t count;

	// Rules keep texts, never nodes: those are two thirds of the memory.
	yaml_parse_into(&set->nodes, &set->arena, ctx.path, text, &file, &set->diags);
	count = file.count > file.intact && collection_is_in(text) ? file.intact : file.count;
	for (size_t i = 0; i < count; i++)
		add_document(set, &ctx, &collection, file.documents[i]);
	if (count < file.count)
		diag_add(ctx.diags, DIAG_ERROR, "E_ACTION",
			 yaml_place(ctx.path, file.documents[count]),
			 "not read, nor what is behind it: a document before it is refused, and "
			 "with 'action' it may depend on that one");
	set->refused += file.refused + (file.count - count);
	arena_reset(&set->nodes);
}

struct ruleset *ruleset_new(void)
{
	struct ruleset *set = mem_zalloc(sizeof(*set));

	diag_init(&set->diags, &set->arena);
	set->sources.arena = &set->arena;
	return set;
}

void ruleset_free(struct ruleset *set)
{
	if (set == NULL)
		return;
	for (size_t i = 0; i < set->regexes.count; i++)
		regex_free(set->regexes.items[i]);
	free(set->regexes.items);
	free(set->rules);
	free(set->unplaced);
	map_release(&set->by_id);
	map_release(&set->by_name);
	logsources_release(&set->sources);
	diag_release(&set->diags);
	arena_release(&set->nodes);
	arena_release(&set->arena);
	free(set);
}

bool ruleset_set_sources(struct ruleset *set, struct str path, struct str text,
			 const struct str *opt_in, size_t opt_in_count)
{
	return logsources_parse(&set->arena, arena_str(&set->arena, path), text, opt_in,
				opt_in_count, &set->sources, &set->diags);
}

bool ruleset_add_placeholders(struct ruleset *set, struct str path, struct str text)
{
	struct value_context ctx = {&set->arena, arena_str(&set->arena, path), &set->diags, NULL,
				    NULL};
	struct yaml_file file;
	const struct yaml_node *map;
	struct placeholder *items;
	size_t old = set->placeholders.count;

	if (!yaml_parse(&set->arena, ctx.path, text, &file, &set->diags))
		return false;
	map = file.count > 0 ? file.documents[0] : NULL;
	if (map == NULL || map->kind != YAML_MAPPING) {
		diag_add(&set->diags, DIAG_ERROR, "E_PLACEHOLDER", yaml_place(ctx.path, map),
			 "placeholders are a mapping of names to values");
		return false;
	}
	if (file.count > 1) {
		diag_add(&set->diags, DIAG_ERROR, "E_PLACEHOLDER",
			 yaml_place(ctx.path, file.documents[1]),
			 "placeholders are one document, and this is a second one");
		return false;
	}
	items = arena_array(&set->arena, old + map->count, sizeof(*items));
	if (old > 0)
		memcpy(items, set->placeholders.items, old * sizeof(*items));
	set->placeholders.items = items;
	for (size_t i = 0; i < map->count; i++) {
		struct placeholder *item = &items[set->placeholders.count];

		item->name = map->pairs[i].key->text;
		if (!text_list_parse(&ctx, map->pairs[i].value, DIAG_ERROR, "E_PLACEHOLDER",
				     &item->values, &item->count))
			return false;
		set->placeholders.count++;
	}
	return true;
}
