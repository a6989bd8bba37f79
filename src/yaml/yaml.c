// SPDX-License-Identifier: Apache-2.0
// libyaml events -> nodes. The only file that includes libyaml.
#include "yaml/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/text.h"

// What one call of yaml_parse works with.
struct builder {
	yaml_parser_t parser;
	struct arena *arena; // of nodes
	struct arena *texts;
	struct diag_list *diags;
	struct str path;
	struct str text;
	size_t start;	    // offset of this document
	size_t nodes;	    // made in this document, aliases count as one each
	struct map anchors; // of this document
	unsigned depth;	    // collections that are open
	size_t refused;	    // documents with an error
	size_t intact;	    // documents before the first of these
	bool bad;	    // this document has an error
	bool ended;	    // nothing more is read
};

// Items of a sequence or a mapping while it grows.
struct items {
	struct yaml_node **nodes;
	size_t count;
	size_t cap;
};

static struct place place_at(const struct builder *b, size_t line, size_t col)
{
	return (struct place){b->path, (unsigned)line + 1, (unsigned)col + 1};
}

static bool limit_reached(struct builder *b, const yaml_event_t *event, const char *what)
{
	diag_add(b->diags, DIAG_ERROR, "E_YAML",
		 place_at(b, event->start_mark.line, event->start_mark.column), "%s", what);
	b->bad = true;
	return false;
}

// Do documents follow behind this character of the text?
static bool documents_follow(struct str text, size_t index)
{
	size_t at = 0;

	while (index > 0 && at < text.len) {
		utf8_next(text, &at);
		index--;
	}
	return str_find(text, STR("\n---"), at > 0 ? at - 1 : 0) != SIZE_MAX;
}

static void syntax_error(struct builder *b)
{
	const yaml_parser_t *p = &b->parser;
	size_t line = p->problem_mark.line;
	size_t col = p->problem_mark.column;
	size_t index = p->problem_mark.index;

	// Errors of the character reader have an offset only.
	if (p->error == YAML_READER_ERROR) {
		line = p->mark.line;
		col = p->mark.column;
		index = p->mark.index;
	}
	// libyaml does not go on from here.
	diag_add(b->diags, DIAG_ERROR, "E_YAML", place_at(b, line, col), "%s%s%s%s",
		 p->context != NULL ? p->context : "", p->context != NULL ? ": " : "",
		 p->problem != NULL ? p->problem : "unreadable YAML",
		 documents_follow(b->text, index) ? "; the documents behind it are not read" : "");
	b->bad = b->ended = true;
}

static bool opens(yaml_event_type_t type)
{
	return type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT;
}

static bool closes(yaml_event_type_t type)
{
	return type == YAML_SEQUENCE_END_EVENT || type == YAML_MAPPING_END_EVENT;
}

static bool next_event(struct builder *b, yaml_event_t *event)
{
	mem_watch();
	if (!yaml_parser_parse(&b->parser, event)) {
		if (mem_failed())
			mem_exhausted(0);
		syntax_error(b);
		return false;
	}
	b->depth = b->depth + opens(event->type) - closes(event->type);
	if (b->depth <= LIMIT_YAML_DEPTH_PASSED)
		return true;
	if (documents_follow(b->text, event->start_mark.index))
		limit_reached(b, event,
			      "nested so deeply that the documents behind it are not read");
	b->ended = true;
	yaml_event_delete(event);
	return false;
}

static struct yaml_node *new_node(struct builder *b, const yaml_event_t *event, enum yaml_kind kind)
{
	struct yaml_node *node = arena_zalloc(b->arena, sizeof(*node));

	node->kind = kind;
	node->line = (unsigned)event->start_mark.line + 1;
	node->col = (unsigned)event->start_mark.column + 1;
	return node;
}

static void remember_anchor(struct builder *b, const yaml_char_t *anchor, struct yaml_node *node)
{
	if (anchor != NULL)
		map_entry(&b->anchors, arena_str(b->arena, str_from((const char *)anchor)))->value =
			node;
}

static bool build(struct builder *b, yaml_event_t *event, unsigned depth, struct yaml_node **out);

// Nodes up to the matching end event. Mappings deliver key, value, key, ...
static bool build_children(struct builder *b, yaml_event_type_t end, unsigned depth,
			   struct items *items)
{
	for (;;) {
		yaml_event_t event;
		struct yaml_node *child = NULL;
		bool done;

		if (!next_event(b, &event))
			return false;
		done = event.type == end;
		if (!done && !build(b, &event, depth + 1, &child)) {
			yaml_event_delete(&event);
			return false;
		}
		yaml_event_delete(&event);
		if (done)
			return true;
		mem_grow(&items->nodes, &items->cap, items->count + 1, sizeof(*items->nodes));
		items->nodes[items->count++] = child;
	}
}

static bool has_duplicates(const struct yaml_node *map)
{
	for (size_t i = 0; i < map->count; i++) {
		for (size_t k = 0; k < i; k++) {
			if (map->pairs[i].key->kind == YAML_SCALAR &&
			    map->pairs[k].key->kind == YAML_SCALAR &&
			    str_eq(map->pairs[i].key->text, map->pairs[k].key->text))
				return true;
		}
	}
	return false;
}

// Small mappings, nearly all, are not worth a table.
#define SMALL_MAPPING 16

static void check_duplicate_keys(struct builder *b, const struct yaml_node *map)
{
	struct map seen = {0};

	if (map->count <= SMALL_MAPPING && !has_duplicates(map))
		return;
	for (size_t i = 0; i < map->count; i++) {
		struct yaml_node *key = map->pairs[i].key;
		const struct yaml_node *first;

		if (key->kind != YAML_SCALAR)
			continue;
		first = map_get(&seen, key->text);
		if (first != NULL) {
			diag_add(b->diags, DIAG_ERROR, "E_YAML_DUPKEY", yaml_place(b->path, key),
				 "duplicate key '%.*s', first written in line %u",
				 STR_ARG(key->text), first->line);
			b->bad = true;
		} else {
			map_add(&seen, key->text, key);
		}
	}
	map_release(&seen);
}

// ---- merge keys (`<<: *anchor`) -----------------------------------------

static bool is_merge_key(const struct yaml_node *key)
{
	return key->kind == YAML_SCALAR && !key->quoted && str_eq(key->text, STR("<<"));
}

// The merged mapping's pairs whose keys are not there yet: the first one wins.
static bool merge_pairs(struct builder *b, struct map *seen, struct yaml_node *node,
			const struct yaml_node *source)
{
	struct yaml_pair *grown =
		arena_array(b->arena, node->count + source->count, sizeof(*grown));

	for (size_t i = 0; i < node->count; i++)
		grown[i] = node->pairs[i];
	node->pairs = grown;
	for (size_t i = 0; i < source->count; i++) {
		struct yaml_node *key = source->pairs[i].key;

		if (key->kind != YAML_SCALAR || map_add(seen, key->text, key))
			grown[node->count++] = source->pairs[i];
	}
	b->nodes += node->count; // each merge copies: no small text may make it much
	return b->nodes <= LIMIT_YAML_NODES;
}

static void merge_error(struct builder *b, const struct yaml_node *at, const char *what)
{
	diag_add(b->diags, DIAG_ERROR, "E_YAML", yaml_place(b->path, at), "%s", what);
	b->bad = true;
}

static void merge_source(struct builder *b, struct map *seen, struct yaml_node *node,
			 const struct yaml_node *source)
{
	if (source->kind != YAML_MAPPING)
		merge_error(b, source, "'<<' merges a mapping or a list of mappings");
	else if (!b->bad && !merge_pairs(b, seen, node, source))
		merge_error(b, source, "too many nodes in one document (100,000 at most)");
}

static void merge_all(struct builder *b, struct map *seen, struct yaml_node *node,
		      const struct yaml_node *source)
{
	if (source->kind != YAML_SEQUENCE) {
		merge_source(b, seen, node, source);
		return;
	}
	for (size_t i = 0; i < source->count; i++)
		merge_source(b, seen, node, source->items[i]);
}

// Own keys win over merged ones wherever `<<` stands, as in PyYAML.
static void resolve_merges(struct builder *b, struct yaml_node *node)
{
	const struct yaml_node *source = NULL;
	struct map seen = {0};
	size_t kept = 0;

	for (size_t i = 0; i < node->count; i++) {
		if (is_merge_key(node->pairs[i].key))
			source = node->pairs[i].value;
		else
			node->pairs[kept++] = node->pairs[i];
	}
	if (source == NULL)
		return;
	node->count = kept;
	for (size_t i = 0; i < node->count; i++) {
		if (node->pairs[i].key->kind == YAML_SCALAR)
			map_add(&seen, node->pairs[i].key->text, node);
	}
	merge_all(b, &seen, node, source);
	map_release(&seen);
}

static void adopt_items(struct builder *b, struct yaml_node *node, const struct items *items)
{
	if (node->kind == YAML_SEQUENCE) {
		node->count = items->count;
		node->items = arena_array(b->arena, items->count, sizeof(*node->items));
		for (size_t i = 0; i < items->count; i++)
			node->items[i] = items->nodes[i];
		return;
	}
	node->count = items->count / 2;
	node->pairs = arena_array(b->arena, node->count, sizeof(*node->pairs));
	for (size_t i = 0; i < node->count; i++)
		node->pairs[i] = (struct yaml_pair){items->nodes[2 * i], items->nodes[2 * i + 1]};
	check_duplicate_keys(b, node);
	resolve_merges(b, node);
}

static bool build_collection(struct builder *b, const yaml_event_t *event, enum yaml_kind kind,
			     unsigned depth, struct yaml_node **out)
{
	struct items items = {0};
	bool sequence = kind == YAML_SEQUENCE;
	bool ok;

	*out = new_node(b, event, kind);
	ok = build_children(b, sequence ? YAML_SEQUENCE_END_EVENT : YAML_MAPPING_END_EVENT, depth,
			    &items);
	if (ok) {
		adopt_items(b, *out, &items);
		// Known only now: an alias inside its own anchor would be a cycle.
		remember_anchor(b,
				sequence ? event->data.sequence_start.anchor
					 : event->data.mapping_start.anchor,
				*out);
	}
	free(items.nodes);
	return ok;
}

static bool build_alias(struct builder *b, const yaml_event_t *event, struct yaml_node **out)
{
	struct str name = str_from((const char *)event->data.alias.anchor);

	*out = map_get(&b->anchors, name);
	if (*out != NULL)
		return true;
	diag_add(b->diags, DIAG_ERROR, "E_YAML",
		 place_at(b, event->start_mark.line, event->start_mark.column),
		 "alias '*%.*s' has no anchor before it", STR_ARG(name));
	b->bad = true;
	return false;
}

// Quoted or a block, or plain with a tag that says so.
static bool is_text(const yaml_event_t *event)
{
	const char *tag = (const char *)event->data.scalar.tag;

	return event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE ||
	       (tag != NULL && (strcmp(tag, "!") == 0 || strcmp(tag, YAML_STR_TAG) == 0));
}

// One node from its first event (which the caller deletes).
static bool build(struct builder *b, yaml_event_t *event, unsigned depth, struct yaml_node **out)
{
	if (depth > LIMIT_YAML_DEPTH)
		return limit_reached(b, event, "nested too deeply (64 levels at most)");
	if (++b->nodes > LIMIT_YAML_NODES)
		return limit_reached(b, event, "too many nodes in one document (100,000 at most)");
	if (event->end_mark.index - b->start > LIMIT_YAML_DOCUMENT)
		return limit_reached(b, event, "a document is larger than 1 MiB");
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		*out = new_node(b, event, YAML_SCALAR);
		(*out)->quoted = is_text(event);
		(*out)->text =
			arena_str(b->texts, (struct str){(const char *)event->data.scalar.value,
							 event->data.scalar.length});
		remember_anchor(b, event->data.scalar.anchor, *out);
		return true;
	case YAML_ALIAS_EVENT:
		return build_alias(b, event, out);
	case YAML_SEQUENCE_START_EVENT:
		return build_collection(b, event, YAML_SEQUENCE, depth, out);
	case YAML_MAPPING_START_EVENT:
		return build_collection(b, event, YAML_MAPPING, depth, out);
	default:
		return limit_reached(b, event, "unexpected YAML structure");
	}
}

// Nodes of a tree when every alias is written out; stops at the limit, which a
// tree that is too deep counts as. An alias bomb is small as a graph and huge as
// a tree, and rules are walked as trees (sigma-engine.md S-005).
static size_t expanded_size(const struct yaml_node *node, size_t budget, unsigned depth)
{
	size_t size = 1;

	if (depth > LIMIT_YAML_DEPTH)
		return budget + 1;
	for (size_t i = 0; i < node->count && size <= budget; i++) {
		if (node->kind == YAML_SEQUENCE) {
			size += expanded_size(node->items[i], budget - size, depth + 1);
		} else {
			size += expanded_size(node->pairs[i].key, budget - size, depth + 1);
			if (size <= budget)
				size += expanded_size(node->pairs[i].value, budget - size,
						      depth + 1);
		}
	}
	return size;
}

static void keep_document(struct builder *b, struct yaml_node *root, struct items *documents)
{
	if (!b->bad && expanded_size(root, LIMIT_YAML_NODES, 1) > LIMIT_YAML_NODES) {
		diag_add(b->diags, DIAG_ERROR, "E_YAML", yaml_place(b->path, root),
			 "aliases expand to more than 100,000 nodes or 64 levels");
		b->bad = true;
	}
	if (b->bad || yaml_is_null(root))
		return;
	mem_grow(&documents->nodes, &documents->cap, documents->count + 1,
		 sizeof(*documents->nodes));
	documents->nodes[documents->count++] = root;
}

static void end_document(struct builder *b, const struct items *documents)
{
	if (b->refused == 0)
		b->intact = documents->count;
	b->refused += b->bad;
	b->bad = false;
}

// All documents of the stream, to the first syntax error. What is left of a document
// with another error is passed over.
static void build_documents(struct builder *b, struct items *documents)
{
	while (!b->ended) {
		yaml_event_t event;
		struct yaml_node *root = NULL;

		if (!next_event(b, &event))
			break;
		switch (event.type) {
		case YAML_STREAM_END_EVENT:
			b->ended = true;
			break;
		case YAML_STREAM_START_EVENT:
			break;
		case YAML_DOCUMENT_END_EVENT:
			end_document(b, documents);
			break;
		case YAML_DOCUMENT_START_EVENT:
			b->start = event.start_mark.index;
			b->nodes = 0;
			map_release(&b->anchors);
			break;
		default:
			if (!b->bad && build(b, &event, 1, &root))
				keep_document(b, root, documents);
			break;
		}
		yaml_event_delete(&event);
	}
	end_document(b, documents); // the last one may have broken off
}

bool yaml_parse(struct arena *arena, struct str path, struct str text, struct yaml_file *out,
		struct diag_list *diags)
{
	return yaml_parse_into(arena, arena, path, text, out, diags);
}

bool yaml_parse_into(struct arena *nodes, struct arena *texts, struct str path, struct str text,
		     struct yaml_file *out, struct diag_list *diags)
{
	struct builder b = {
		.arena = nodes, .texts = texts, .diags = diags, .path = path, .text = text};
	struct items documents = {0};
	size_t errors = diags->errors;

	memset(out, 0, sizeof(*out));
	out->path = path;
	if (text.len > LIMIT_YAML_FILE) {
		diag_add(diags, DIAG_ERROR, "E_YAML", (struct place){path, 0, 0},
			 "file is larger than 16 MiB");
		out->refused = 1;
		return false;
	}
	if (!yaml_parser_initialize(&b.parser))
		mem_exhausted(sizeof(b.parser));
	// libyaml insists on a pointer.
	yaml_parser_set_input_string(
		&b.parser, (const unsigned char *)(text.len > 0 ? text.ptr : ""), text.len);
	build_documents(&b, &documents);
	yaml_parser_delete(&b.parser);
	map_release(&b.anchors);
	out->count = documents.count;
	out->refused = b.refused;
	out->intact = b.intact;
	out->documents = arena_array(nodes, documents.count, sizeof(*out->documents));
	for (size_t i = 0; i < documents.count; i++)
		out->documents[i] = documents.nodes[i];
	free(documents.nodes);
	return diags->errors == errors;
}

struct place yaml_place(struct str path, const struct yaml_node *node)
{
	return (struct place){path, node != NULL ? node->line : 0, node != NULL ? node->col : 0};
}

bool yaml_is_null(const struct yaml_node *node)
{
	if (node == NULL)
		return true;
	if (node->kind != YAML_SCALAR)
		return node->count == 0;
	return yaml_resolve(node).type == YAML_NULL;
}

struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
	struct str name = str_from(key);

	if (map == NULL || map->kind != YAML_MAPPING)
		return NULL;
	for (size_t i = 0; i < map->count; i++) {
		if (map->pairs[i].key->kind == YAML_SCALAR && str_eq(map->pairs[i].key->text, name))
			return map->pairs[i].value;
	}
	return NULL;
}

struct str yaml_get_text(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = yaml_get(map, key);

	if (node == NULL || node->kind != YAML_SCALAR)
		return (struct str){NULL, 0};
	return node->text;
}

const char *yaml_kind_name(const struct yaml_node *node)
{
	if (node == NULL)
		return "nothing";
	switch (node->kind) {
	case YAML_MAPPING:
		return "a mapping";
	case YAML_SEQUENCE:
		return "a list";
	default:
		return "a scalar";
	}
}
