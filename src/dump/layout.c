// SPDX-License-Identifier: Apache-2.0
// Field paths -> the text between values.
#include "dump/layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"
#include "output/escape.h"

// What an open element holds so far. JSON has "#attributes":{ open in HAS_ATTRIBUTES
// and "#text":[ in HAS_ITEMS; XML has its start tag open up to HAS_ATTRIBUTES.
enum state { IS_NEW, HAS_ATTRIBUTES, HAS_CHILDREN, HAS_TEXT, HAS_ITEMS, IS_LEAF };

struct element {
	struct str name; // as in paths
	struct str tag;	 // XML
	enum state state;
	uint32_t serial; // of this element in the record
};

// A field's path taken apart.
struct path {
	struct str parts[LIMIT_XML_DEPTH];
	size_t count;
	struct str attribute; // ptr NULL: it is the element's text
};

// A layout and the key of its map entry: shape and slots.
struct entry {
	struct layout layout;
	uint32_t *key;
};

#define RECENT 256u

struct layouts {
	enum layout_syntax syntax;
	struct arena kept;
	struct map map;
	struct entry *recent[RECENT]; // by shape
	struct arena scratch;	      // of one build
	struct layout once;	      // of fields that are known by nothing
	// The build.
	struct map names; // element and name -> times used
	struct element open[LIMIT_XML_DEPTH + 1];
	size_t depth;
	uint32_t serial;
	struct buf text;
	struct path path;
};

struct layouts *layouts_new(enum layout_syntax syntax)
{
	struct layouts *layouts = mem_zalloc(sizeof(*layouts));

	layouts->syntax = syntax;
	return layouts;
}

void layouts_free(struct layouts *layouts)
{
	if (layouts == NULL)
		return;
	map_release(&layouts->map);
	map_release(&layouts->names);
	arena_release(&layouts->kept);
	arena_release(&layouts->scratch);
	buf_release(&layouts->text);
	free(layouts);
}

// ---- paths --------------------------------------------------------------

// Where the attribute begins in `tail`, the end of a path as long as the name:
// Leaf@Attribute against Leaf_Attribute. SIZE_MAX when it is none.
static size_t attribute_at(struct str tail, struct str name)
{
	size_t at = 0;

	while (at < tail.len && tail.ptr[at] == name.ptr[at])
		at++;
	if (at == tail.len || tail.ptr[at] != '@' || name.ptr[at] != '_' ||
	    !str_eq(str_sub(tail, at + 1, SIZE_MAX), str_sub(name, at + 1, SIZE_MAX)))
		return SIZE_MAX;
	return at;
}

// Length of the path's last part. A Data's name may hold '/' and '@', so the
// field's own name tells how long it is.
static size_t leaf_length(const struct field *field, struct str *attribute)
{
	struct str path = field->path;
	struct str name = field->name;
	size_t at = path.len;

	*attribute = (struct str){NULL, 0};
	if (name.len <= path.len &&
	    (name.len == path.len || path.ptr[path.len - name.len - 1] == '/')) {
		struct str tail = str_sub(path, path.len - name.len, SIZE_MAX);
		size_t split;

		if (str_eq(tail, name))
			return name.len;
		split = attribute_at(tail, name);
		if (split != SIZE_MAX) {
			*attribute = str_sub(tail, split + 1, SIZE_MAX);
			return name.len;
		}
	}
	// Level_Text is the text of RenderingInfo/Level.
	while (at > 0 && path.ptr[at - 1] != '/')
		at--;
	return path.len - at;
}

static void split_path(struct path *out, const struct field *field)
{
	size_t leaf = leaf_length(field, &out->attribute);
	struct str rest = str_sub(field->path, 0, field->path.len - leaf);
	struct str part;

	out->count = 0;
	if (rest.len > 0)
		rest.len--; // the '/' before the leaf
	while (rest.len > 0 && out->count + 1 < LIMIT_XML_DEPTH && str_split(&rest, '/', &part))
		out->parts[out->count++] = part;
	part = str_sub(field->path, field->path.len - leaf, SIZE_MAX);
	if (out->attribute.ptr != NULL)
		part.len -= out->attribute.len + 1;
	out->parts[out->count++] = part;
}

// ---- names --------------------------------------------------------------

// The name, or name_1, name_2, where the object has it already.
static struct str unique_name(struct layouts *layouts, uint32_t serial, struct str name)
{
	struct arena *arena = &layouts->scratch;
	struct str key = arena_printf(arena, "%u/%.*s", serial, STR_ARG(name));
	struct map_entry *entry = map_entry(&layouts->names, key);
	size_t *times = entry->value;

	if (times == NULL) {
		entry->value = arena_zalloc(arena, sizeof(*times));
		return name;
	}
	// Another field may have such a name of its own.
	for (;;) {
		struct str next = arena_printf(arena, "%.*s_%zu", STR_ARG(name), ++*times);

		key = arena_printf(arena, "%u/%.*s", serial, STR_ARG(next));
		entry = map_entry(&layouts->names, key);
		if (entry->value != NULL)
			continue;
		entry->value = arena_zalloc(arena, sizeof(*times));
		return next;
	}
}

static void put_key(struct layouts *layouts, uint32_t serial, struct str name)
{
	escape_json(&layouts->text, unique_name(layouts, serial, name));
	buf_put_char(&layouts->text, ':');
}

// A name that XML can carry; the log may hold any bytes.
static struct str xml_name(struct layouts *layouts, struct str name)
{
	struct str out = arena_str(&layouts->scratch, name.len != 0 ? name : STR("_"));
	char *bytes = arena_alloc(&layouts->scratch, out.len);

	for (size_t i = 0; i < out.len; i++) {
		char c = out.ptr[i];
		bool first = ascii_is_alpha(c) || c == '_';
		bool later = ascii_is_digit(c) || c == '-' || c == '.';

		bytes[i] = first || (later && i != 0) ? c : '_';
	}
	return (struct str){bytes, out.len};
}

// ---- JSON ---------------------------------------------------------------

static void json_close_element(struct layouts *layouts, const struct element *element)
{
	static const char *const ends[] = {
		[IS_NEW] = "null", [HAS_ATTRIBUTES] = "}}", [HAS_CHILDREN] = "}",
		[HAS_TEXT] = "}",  [HAS_ITEMS] = "]}",	    [IS_LEAF] = "",
	};

	buf_put_text(&layouts->text, ends[element->state]);
}

static void json_open_element(struct layouts *layouts, struct element *parent)
{
	static const char *const before[] = {
		[IS_NEW] = "{",	  [HAS_ATTRIBUTES] = "},", [HAS_CHILDREN] = ",",
		[HAS_TEXT] = ",", [HAS_ITEMS] = "],",	   [IS_LEAF] = ",",
	};

	buf_put_text(&layouts->text, before[parent->state]);
	put_key(layouts, parent->serial, layouts->open[layouts->depth].name);
}

static void json_attribute(struct layouts *layouts, const struct element *element, struct str name)
{
	buf_put_text(&layouts->text, element->state == IS_NEW ? "{\"#attributes\":{" : ",");
	// Apart from the names of children.
	put_key(layouts, element->serial | UINT32_C(1) << 31, name);
}

static enum state json_text(struct layouts *layouts, const struct element *element, bool repeats)
{
	if (element->state == HAS_ITEMS) {
		buf_put_char(&layouts->text, ',');
		return HAS_ITEMS;
	}
	if (element->state == IS_NEW && repeats) {
		buf_put_text(&layouts->text, "{\"#text\":[");
		return HAS_ITEMS;
	}
	if (element->state == IS_NEW)
		return IS_LEAF;
	buf_put_text(&layouts->text, element->state == HAS_ATTRIBUTES ? "}," : ",");
	buf_put_text(&layouts->text, "\"#text\":");
	return HAS_TEXT;
}

// ---- XML ----------------------------------------------------------------

static void xml_close_element(struct layouts *layouts, const struct element *element)
{
	if (element->state == IS_NEW || element->state == HAS_ATTRIBUTES)
		buf_put_text(&layouts->text, "/>");
	else
		buf_printf(&layouts->text, "</%.*s>", STR_ARG(element->tag));
}

// Everything below EventData is a Data with a Name, but for Data without one,
// Binary, and what is nested deeper.
static void xml_open_element(struct layouts *layouts, const struct element *parent)
{
	struct element *element = &layouts->open[layouts->depth];
	struct buf *text = &layouts->text;

	if (parent->state == IS_NEW || parent->state == HAS_ATTRIBUTES)
		buf_put_char(text, '>');
	if (layouts->depth != 2 || !str_eq(parent->name, STR("EventData")) ||
	    layouts->path.count != 2 || str_eq(element->name, STR("Data")) ||
	    str_eq(element->name, STR("Binary"))) {
		element->tag = xml_name(layouts, element->name);
		buf_printf(text, "<%.*s", STR_ARG(element->tag));
		return;
	}
	element->tag = STR("Data");
	(void)unique_name(layouts, element->serial, STR("Name")); // taken
	buf_put_text(text, "<Data Name=\"");
	escape_xml(text, element->name);
	buf_put_char(text, '"');
}

static void xml_attribute(struct layouts *layouts, const struct element *element, struct str name)
{
	struct str safe = unique_name(layouts, element->serial, xml_name(layouts, name));

	buf_printf(&layouts->text, " %.*s=\"", STR_ARG(safe));
}

// ---- the tree -----------------------------------------------------------

static struct element *innermost(struct layouts *layouts)
{
	return &layouts->open[layouts->depth];
}

static void close_to(struct layouts *layouts, size_t depth)
{
	while (layouts->depth > depth) {
		const struct element *element = innermost(layouts);

		if (layouts->syntax == LAYOUT_JSON)
			json_close_element(layouts, element);
		else
			xml_close_element(layouts, element);
		layouts->depth--;
	}
}

static void open_below(struct layouts *layouts, struct str name)
{
	struct element *parent = innermost(layouts);
	struct element *element = parent + 1;

	layouts->depth++;
	*element = (struct element){.name = name, .serial = ++layouts->serial};
	if (layouts->syntax == LAYOUT_JSON)
		json_open_element(layouts, parent);
	else
		xml_open_element(layouts, parent);
	parent->state = HAS_CHILDREN;
}

static bool can_hold_more(const struct element *element)
{
	return element->state <= HAS_CHILDREN;
}

// Close what the path leaves and open what it enters, up to its last part.
static void go_to(struct layouts *layouts, const struct path *path, bool goes_on)
{
	size_t keep = 0;

	while (keep < layouts->depth && keep + 1 < path->count &&
	       str_eq(layouts->open[keep + 1].name, path->parts[keep]) &&
	       can_hold_more(&layouts->open[keep + 1]))
		keep++;
	if (goes_on && keep + 1 == path->count && keep < layouts->depth &&
	    str_eq(layouts->open[keep + 1].name, path->parts[keep]))
		keep++;
	close_to(layouts, keep);
	while (layouts->depth < path->count)
		open_below(layouts, path->parts[layouts->depth]);
}

// True when the innermost element is that of the path and takes the field too.
static bool takes(const struct layouts *layouts, const struct path *path, bool follows)
{
	const struct element *element = &layouts->open[path->count];

	if (layouts->depth < path->count)
		return false;
	if (path->attribute.ptr != NULL)
		return element->state == HAS_ATTRIBUTES && layouts->depth == path->count;
	if (element->state == HAS_ITEMS)
		return follows;
	return element->state == HAS_ATTRIBUTES || element->state == HAS_CHILDREN;
}

// A text that stands alone in its element, several times in a row.
static bool is_repeated(const struct field *a, const struct field *b)
{
	return str_eq(a->path, b->path) && str_eq(a->name, b->name);
}

static void put_attribute(struct layouts *layouts)
{
	struct element *element = innermost(layouts);

	if (layouts->syntax == LAYOUT_JSON)
		json_attribute(layouts, element, layouts->path.attribute);
	else
		xml_attribute(layouts, element, layouts->path.attribute);
	element->state = HAS_ATTRIBUTES;
}

static void put_field(struct layouts *layouts, const struct event *event, size_t i)
{
	const struct field *field = &event->fields[i];
	bool is_json = layouts->syntax == LAYOUT_JSON;
	bool follows = i > 0 && is_repeated(field - 1, field);
	struct element *element;

	split_path(&layouts->path, field);
	go_to(layouts, &layouts->path, takes(layouts, &layouts->path, follows && is_json));
	if (layouts->path.attribute.ptr != NULL) {
		put_attribute(layouts);
		return;
	}
	element = innermost(layouts);
	if (is_json) {
		bool repeats = i + 1 < event->count && is_repeated(field, field + 1);

		element->state = json_text(layouts, element, repeats);
		return;
	}
	if (element->state != HAS_CHILDREN)
		buf_put_char(&layouts->text, '>');
	element->state = HAS_TEXT;
}

static struct str take_text(struct layouts *layouts, struct arena *arena)
{
	size_t len = layouts->text.len;
	char *text = arena_zalloc(arena, len + LAYOUT_PAD);

	if (len != 0)
		memcpy(text, layouts->text.ptr, len);
	buf_reset(&layouts->text);
	return (struct str){text, len};
}

static const char *const heads[] = {
	[LAYOUT_JSON] = "{\"Event\":",
	[LAYOUT_XML] = "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"",
};

static void build(struct layouts *layouts, const struct event *event, struct arena *arena,
		  struct layout *out)
{
	struct str *before = arena_array(arena, event->count + 1, sizeof(*before));

	map_release(&layouts->names);
	memset(&layouts->names, 0, sizeof(layouts->names));
	layouts->depth = 0;
	layouts->serial = 0;
	layouts->open[0] = (struct element){.tag = STR("Event")};
	buf_reset(&layouts->text);
	buf_put_text(&layouts->text, heads[layouts->syntax]);
	for (size_t i = 0; i < event->count; i++) {
		put_field(layouts, event, i);
		before[i] = take_text(layouts, arena);
		// What ends an attribute goes before what comes next.
		if (layouts->syntax == LAYOUT_XML && layouts->path.attribute.ptr != NULL)
			buf_put_char(&layouts->text, '"');
	}
	close_to(layouts, 0);
	if (layouts->syntax == LAYOUT_JSON)
		json_close_element(layouts, layouts->open);
	else
		xml_close_element(layouts, layouts->open);
	buf_put_text(&layouts->text, layouts->syntax == LAYOUT_JSON ? "}\n" : "\n");
	before[event->count] = take_text(layouts, arena);
	*out = (struct layout){.shape = event->shape, .count = event->count, .before = before};
}

// ---- the store ----------------------------------------------------------

static bool fits(const struct layout *layout, const struct event *event)
{
	if (layout->shape != event->shape || layout->count != event->count)
		return false;
	for (size_t i = 0; i < event->count; i++) {
		if (layout->slots[i] != event->fields[i].slot)
			return false;
	}
	return true;
}

// False when nothing is known about one of the fields.
static bool make_key(struct layouts *layouts, const struct event *event, struct str *key)
{
	uint32_t *words = arena_array(&layouts->scratch, event->count + 1, sizeof(*words));

	words[0] = event->shape;
	for (size_t i = 0; i < event->count; i++) {
		words[i + 1] = event->fields[i].slot;
		if (words[i + 1] == EVENT_NO_SLOT)
			return false;
	}
	*key = (struct str){(const char *)words, (event->count + 1) * sizeof(*words)};
	return event->shape != 0;
}

static void forget(struct layouts *layouts)
{
	map_release(&layouts->map);
	memset(&layouts->map, 0, sizeof(layouts->map));
	memset(layouts->recent, 0, sizeof(layouts->recent));
	arena_reset(&layouts->kept);
}

static struct entry *find_entry(struct layouts *layouts, const struct event *event, struct str key)
{
	struct entry *entry = map_get(&layouts->map, key);
	struct str kept;

	if (entry != NULL)
		return entry;
	if (layouts->kept.used > LIMIT_DUMP_LAYOUTS)
		forget(layouts);
	entry = arena_zalloc(&layouts->kept, sizeof(*entry));
	entry->key = arena_alloc(&layouts->kept, key.len);
	memcpy(entry->key, key.ptr, key.len);
	build(layouts, event, &layouts->kept, &entry->layout);
	entry->layout.slots = entry->key + 1;
	kept = (struct str){(const char *)entry->key, key.len};
	(void)map_add(&layouts->map, kept, entry);
	return entry;
}

const struct layout *layouts_get(struct layouts *layouts, const struct event *event)
{
	struct entry **recent = &layouts->recent[event->shape % RECENT];
	struct str key;

	if (*recent != NULL && fits(&(*recent)->layout, event))
		return &(*recent)->layout;
	arena_reset(&layouts->scratch);
	if (!make_key(layouts, event, &key)) {
		build(layouts, event, &layouts->scratch, &layouts->once);
		return &layouts->once;
	}
	*recent = find_entry(layouts, event, key);
	return &(*recent)->layout;
}
