// SPDX-License-Identifier: Apache-2.0
// Reading rules/logsources.yml.
#include "sigma/logsource_parse.h"

#include <string.h>

#include "base/buf.h"

struct parser {
	struct arena *arena;
	struct diag_list *diags;
	struct str path;
	struct logsources *out;
	const struct yaml_node *transforms;
	const struct str *opt_in;
	size_t opt_in_count;
	bool *opt_in_known; // for each: a view of that name is off by default
	struct buf off;	    // names of all views that are off by default
};

static void error_at(struct parser *p, const struct yaml_node *node, const char *message,
		     struct str what)
{
	diag_add(p->diags, DIAG_ERROR, "E_LOGSOURCES", yaml_place(p->path, node), "%s%s%.*s%s",
		 message, what.len > 0 ? " '" : "", STR_ARG(what), what.len > 0 ? "'" : "");
}

// A scalar or a list of scalars, appended to what is there.
static void add_texts(struct parser *p, const struct yaml_node *node, struct str **list,
		      size_t *count)
{
	size_t more = node == NULL ? 0 : node->kind == YAML_SEQUENCE ? node->count : 1;
	struct str *grown = arena_array(p->arena, *count + more, sizeof(*grown));

	if (*count > 0)
		memcpy(grown, *list, *count * sizeof(*grown));
	*list = grown;
	for (size_t i = 0; i < more; i++) {
		const struct yaml_node *item = node->kind == YAML_SEQUENCE ? node->items[i] : node;

		if (item->kind != YAML_SCALAR)
			error_at(p, item, "expected text", (struct str){NULL, 0});
		else
			(*list)[(*count)++] = item->text;
	}
}

static void add_ids(struct parser *p, const struct yaml_node *node, uint32_t **list, size_t *count)
{
	if (node == NULL)
		return;
	if (node->kind != YAML_SEQUENCE) {
		error_at(p, node, "event_ids must be a list", (struct str){NULL, 0});
		return;
	}
	*list = arena_array(p->arena, node->count, sizeof(**list));
	for (size_t i = 0; i < node->count; i++) {
		uint64_t id;

		if (node->items[i]->kind != YAML_SCALAR || !str_to_u64(node->items[i]->text, &id) ||
		    id > UINT32_MAX)
			error_at(p, node->items[i], "not an event id", (struct str){NULL, 0});
		else
			(*list)[(*count)++] = (uint32_t)id;
	}
}

// `channels:` is a list, or a mapping with `official:` and `also:`.
static void add_channels(struct parser *p, const struct yaml_node *node, struct str **list,
			 size_t *count)
{
	if (node == NULL)
		return;
	if (node->kind == YAML_MAPPING) {
		add_texts(p, yaml_get(node, "official"), list, count);
		add_texts(p, yaml_get(node, "also"), list, count);
	} else {
		add_texts(p, node, list, count);
	}
}

// ---- transforms and field sources ---------------------------------------

static bool builtin_transform(struct str name, enum transform_kind *out)
{
	static const struct {
		const char *name;
		enum transform_kind kind;
	} known[] = {
		{"hex_to_dec", TRANSFORM_HEX_TO_DEC},
		{"reg_path", TRANSFORM_REG_PATH},
		{"logon_pick", TRANSFORM_LOGON_PICK},
		{"nt_device_path", TRANSFORM_NONE}, // needs a volume map; unchanged without
		{"hash_part", TRANSFORM_HASH_PART},
		{"registered_domain", TRANSFORM_REGISTERED_DOMAIN},
		{"subdomain", TRANSFORM_SUBDOMAIN},
		{"dns_name", TRANSFORM_DNS_NAME},
		{"dns_host", TRANSFORM_DNS_NAME},
		{"ip_address", TRANSFORM_IP_ADDRESS},
		{"dns_type", TRANSFORM_DNS_TYPE},
		{"name_error", TRANSFORM_NAME_ERROR},
		{"sid", TRANSFORM_SID},
		{"account", TRANSFORM_ACCOUNT},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (str_eq(name, str_from(known[i].name))) {
			*out = known[i].kind;
			return true;
		}
	}
	return false;
}

static void parse_transform(struct parser *p, const struct yaml_node *node, struct transform *out)
{
	const struct yaml_node *as = yaml_get(node, "as");
	const struct yaml_node *table;
	struct transform_value *values;
	char key[64];

	out->part = yaml_get_text(node, "part");
	if (as == NULL || as->kind != YAML_SCALAR || builtin_transform(as->text, &out->kind))
		return;
	if (as->text.len >= sizeof(key)) {
		error_at(p, as, "unknown transform", as->text);
		return;
	}
	memcpy(key, as->text.ptr, as->text.len);
	key[as->text.len] = '\0';
	table = yaml_get(p->transforms, key);
	if (table == NULL || table->kind != YAML_MAPPING) {
		error_at(p, as, "unknown transform", as->text);
		return;
	}
	values = arena_array(p->arena, table->count, sizeof(*values));
	for (size_t i = 0; i < table->count; i++) {
		values[i].from = table->pairs[i].key->text;
		values[i].to = table->pairs[i].value->text;
	}
	out->kind = TRANSFORM_VALUES;
	out->values = values;
	out->value_count = table->count;
}

static void parse_join(struct parser *p, const struct yaml_node *list, struct field_source *out)
{
	out->names = arena_array(p->arena, list->count, sizeof(*out->names));
	out->transforms = arena_array(p->arena, list->count, sizeof(*out->transforms));
	out->count = list->count;
	for (size_t i = 0; i < list->count; i++) {
		const struct yaml_node *part = list->items[i];

		if (part->kind == YAML_SCALAR) {
			out->names[i] = part->text;
		} else {
			out->names[i] = yaml_get_text(part, "from");
			parse_transform(p, part, &out->transforms[i]);
		}
	}
}

static void parse_pairs(struct parser *p, const struct yaml_node *list, struct field_source *out)
{
	out->names = arena_array(p->arena, list->count * 2, sizeof(*out->names));
	for (size_t i = 0; i < list->count; i++) {
		const struct yaml_node *pair = list->items[i];

		if (pair->kind != YAML_SEQUENCE || pair->count != 2 ||
		    pair->items[0]->kind != YAML_SCALAR || pair->items[1]->kind != YAML_SCALAR) {
			error_at(p, pair, "join_pick wants pairs of field names",
				 (struct str){NULL, 0});
			continue;
		}
		out->names[out->count++] = pair->items[0]->text;
		out->names[out->count++] = pair->items[1]->text;
	}
}

static void parse_field_source(struct parser *p, const struct yaml_node *node,
			       struct field_source *out)
{
	const struct yaml_node *join = yaml_get(node, "join");
	const struct yaml_node *pick = yaml_get(node, "join_pick");

	out->separator = yaml_get_text(node, "sep");
	out->keep_raw = str_eq(yaml_get_text(node, "keep_raw"), STR("true"));
	if (node->kind == YAML_SCALAR) {
		add_texts(p, node, &out->names, &out->count);
		return;
	}
	parse_transform(p, node, &out->transform);
	if (join != NULL && join->kind == YAML_SEQUENCE) {
		out->kind = SOURCE_JOIN;
		parse_join(p, join, out);
	} else if (pick != NULL && pick->kind == YAML_SEQUENCE) {
		out->kind = SOURCE_JOIN_PICK;
		parse_pairs(p, pick, out);
	} else if (yaml_get(node, "from") != NULL) {
		add_texts(p, yaml_get(node, "from"), &out->names, &out->count);
	} else {
		error_at(p, node, "a field needs 'from', 'join' or 'join_pick'",
			 (struct str){NULL, 0});
	}
}

// ---- views --------------------------------------------------------------

static bool is_opted_in(struct parser *p, struct str id)
{
	bool found = false;

	buf_printf(&p->off, "%s%.*s", p->off.len > 0 ? ", " : "", STR_ARG(id));
	for (size_t i = 0; i < p->opt_in_count; i++) {
		if (str_eq(p->opt_in[i], STR("all")) || str_eq_nocase(p->opt_in[i], id)) {
			p->opt_in_known[i] = true;
			found = true;
		}
	}
	return found;
}

// What is switched on must be there to be switched on.
static void check_opt_in(struct parser *p)
{
	for (size_t i = 0; i < p->opt_in_count; i++) {
		struct diag *diag;

		if (p->opt_in_known[i] || str_eq(p->opt_in[i], STR("all")))
			continue;
		diag = diag_add(p->diags, DIAG_ERROR, "E_LOGSOURCES", (struct place){p->path, 0, 0},
				"no log-source view '%.*s' is off by default",
				STR_ARG(p->opt_in[i]));
		diag_hint(p->diags, diag, "those that are: %.*s", STR_ARG(buf_str(&p->off)));
	}
}

static void parse_when(struct parser *p, const struct yaml_node *node, struct view *view)
{
	if (node == NULL || node->kind != YAML_MAPPING)
		return;
	view->when = arena_array(p->arena, node->count, sizeof(*view->when));
	for (size_t i = 0; i < node->count; i++) {
		struct view_condition *when = &view->when[view->when_count++];

		when->field = node->pairs[i].key->text;
		add_texts(p, node->pairs[i].value, &when->values, &when->count);
	}
}

static void parse_fields(struct parser *p, const struct yaml_node *node, struct view *view)
{
	if (node == NULL || node->kind != YAML_MAPPING)
		return;
	view->fields = arena_array(p->arena, node->count, sizeof(*view->fields));
	for (size_t i = 0; i < node->count; i++) {
		struct named_source *field = &view->fields[view->field_count++];

		field->name = node->pairs[i].key->text;
		parse_field_source(p, node->pairs[i].value, &field->source);
	}
}

static void parse_view(struct parser *p, const struct yaml_node *node, struct str id,
		       struct view *view)
{
	view->id = id;
	add_channels(p, yaml_get(node, "channels"), &view->channels, &view->channel_count);
	add_ids(p, yaml_get(node, "event_ids"), &view->event_ids, &view->event_id_count);
	if (str_eq(yaml_get_text(node, "provider_required"), STR("true")))
		add_texts(p, yaml_get(node, "providers"), &view->providers, &view->provider_count);
	parse_when(p, yaml_get(node, "when"), view);
	parse_fields(p, yaml_get(node, "fields"), view);
	add_texts(p, yaml_get(node, "hide"), &view->hidden, &view->hidden_count);
	add_texts(p, yaml_get(node, "absent"), &view->absent, &view->absent_count);
	if (view->field_count + view->hidden_count > 0)
		view->field_map = p->out->field_maps++;
	view->trace_only = str_eq(yaml_get_text(node, "trace_only"), STR("true"));
	view->opt_in = str_eq(yaml_get_text(node, "default"), STR("false")) && !is_opted_in(p, id);
}

static void parse_entry(struct parser *p, struct str name, const struct yaml_node *node,
			struct source_entry *entry)
{
	const struct yaml_node *sources = yaml_get(node, "sources");

	entry->name = name;
	if (sources == NULL || sources->kind != YAML_SEQUENCE) {
		entry->views = arena_array(p->arena, 1, sizeof(*entry->views));
		parse_view(p, node, name, &entry->views[0]);
		entry->view_count = entry->views[0].channel_count > 0;
		return;
	}
	entry->views = arena_array(p->arena, sources->count, sizeof(*entry->views));
	entry->view_count = sources->count;
	for (size_t i = 0; i < sources->count; i++)
		parse_view(p, sources->items[i], yaml_get_text(sources->items[i], "id"),
			   &entry->views[i]);
}

static void parse_entries(struct parser *p, const struct yaml_node *node, struct map *out)
{
	if (node == NULL || node->kind != YAML_MAPPING)
		return;
	for (size_t i = 0; i < node->count; i++) {
		struct str name = arena_str_lower(p->arena, node->pairs[i].key->text);
		struct source_entry *entry = arena_zalloc(p->arena, sizeof(*entry));

		if (yaml_get(node->pairs[i].value, "alias_of") == NULL) {
			parse_entry(p, name, node->pairs[i].value, entry);
			map_add(out, name, entry);
		}
	}
	for (size_t i = 0; i < node->count; i++) {
		struct str target = yaml_get_text(node->pairs[i].value, "alias_of");
		struct source_entry *entry;

		if (target.len == 0)
			continue;
		entry = map_get(out, arena_str_lower(p->arena, target));
		if (entry == NULL)
			error_at(p, node->pairs[i].value, "alias of an unknown source", target);
		else
			map_add(out, arena_str_lower(p->arena, node->pairs[i].key->text), entry);
	}
}

// ---- the rest -----------------------------------------------------------

static void parse_derived(struct parser *p, const struct yaml_node *list)
{
	if (list == NULL || list->kind != YAML_SEQUENCE)
		return;
	p->out->derived = arena_array(p->arena, list->count, sizeof(*p->out->derived));
	for (size_t i = 0; i < list->count; i++) {
		const struct yaml_node *node = list->items[i];
		struct named_source *field = &p->out->derived[p->out->derived_count++];

		field->name = yaml_get_text(node, "name");
		if (field->name.len == 0)
			error_at(p, node, "a derived field needs a name", (struct str){NULL, 0});
		// The hash parts of the original table have no `as`.
		parse_field_source(p, node, &field->source);
		if (field->source.transform.kind == TRANSFORM_NONE &&
		    field->source.transform.part.len > 0)
			field->source.transform.kind = TRANSFORM_HASH_PART;
		add_channels(p, yaml_get(node, "channels"), &field->channels,
			     &field->channel_count);
		add_ids(p, yaml_get(node, "event_ids"), &field->event_ids, &field->event_id_count);
	}
}

static void parse_positional(struct parser *p, const struct yaml_node *list)
{
	if (list == NULL || list->kind != YAML_SEQUENCE)
		return;
	p->out->positional = arena_array(p->arena, list->count, sizeof(*p->out->positional));
	for (size_t i = 0; i < list->count; i++) {
		struct positional_fields *row = &p->out->positional[p->out->positional_count++];

		row->provider = yaml_get_text(list->items[i], "provider");
		add_ids(p, yaml_get(list->items[i], "event_ids"), &row->event_ids,
			&row->event_id_count);
		add_texts(p, yaml_get(list->items[i], "names"), &row->names, &row->name_count);
	}
}

static void parse_known(struct parser *p, const struct yaml_node *list)
{
	if (list == NULL || list->kind != YAML_SEQUENCE)
		return;
	p->out->known = arena_array(p->arena, list->count, sizeof(*p->out->known));
	for (size_t i = 0; i < list->count; i++) {
		struct event_fields *row = &p->out->known[p->out->known_count++];

		add_channels(p, yaml_get(list->items[i], "channels"), &row->channels,
			     &row->channel_count);
		add_ids(p, yaml_get(list->items[i], "event_ids"), &row->event_ids,
			&row->event_id_count);
		add_texts(p, yaml_get(list->items[i], "names"), &row->names, &row->name_count);
	}
}

static void parse_aliases(struct parser *p, const struct yaml_node *map)
{
	if (map == NULL || map->kind != YAML_MAPPING)
		return;
	p->out->aliases = arena_array(p->arena, map->count, sizeof(*p->out->aliases));
	for (size_t i = 0; i < map->count; i++)
		p->out->aliases[p->out->alias_count++] =
			(struct field_alias){map->pairs[i].key->text, map->pairs[i].value->text};
}

bool logsources_parse(struct arena *arena, struct str path, struct str text,
		      const struct str *opt_in, size_t opt_in_count, struct logsources *out,
		      struct diag_list *diags)
{
	struct parser p = {.arena = arena,
			   .diags = diags,
			   .path = path,
			   .out = out,
			   .opt_in = opt_in,
			   .opt_in_count = opt_in_count};
	struct yaml_file file;
	size_t errors = diags->errors;
	struct view *any = arena_zalloc(arena, sizeof(*any));
	const struct yaml_node *root;

	memset(out, 0, sizeof(*out));
	out->arena = arena;
	out->field_maps = 1;
	any->id = STR("any");
	any->any_record = true;
	out->any_view = any;
	if (!yaml_parse(arena, path, text, &file, diags))
		return false;
	root = file.count > 0 ? file.documents[0] : NULL;
	if (root == NULL || root->kind != YAML_MAPPING) {
		error_at(&p, root, "the file is no mapping", (struct str){NULL, 0});
		return false;
	}
	if (file.count > 1) {
		error_at(&p, file.documents[1],
			 "log sources are one document, and this is a second one",
			 (struct str){NULL, 0});
		return false;
	}
	p.opt_in_known = arena_array(arena, opt_in_count, sizeof(*p.opt_in_known));
	p.transforms = yaml_get(root, "transforms");
	parse_derived(&p, yaml_get(root, "derived_fields"));
	parse_positional(&p, yaml_get(root, "positional_fields"));
	parse_known(&p, yaml_get(root, "event_fields"));
	parse_aliases(&p, yaml_get(root, "global_aliases"));
	parse_entries(&p, yaml_get(root, "categories"), &out->categories);
	parse_entries(&p, yaml_get(root, "services"), &out->services);
	parse_entries(&p, yaml_get(root, "other_products"), &out->others);
	if (out->categories.count + out->services.count == 0)
		error_at(&p, root, "no log sources: neither 'categories' nor 'services' has any",
			 (struct str){NULL, 0});
	check_opt_in(&p);
	buf_release(&p.off);
	return diags->errors == errors;
}

void logsources_release(struct logsources *sources)
{
	map_release(&sources->categories);
	map_release(&sources->services);
	map_release(&sources->others);
}
