// SPDX-License-Identifier: Apache-2.0
// Proposing what silences a hit.
#include "explain/propose.h"

#include <stdlib.h>
#include <string.h>

#include "allow/facts.h"
#include "base/ip.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/tm.h"
#include "output/escape.h"
#include "yaml/json.h"

#define DAY (86400 * TM_TICKS_PER_SECOND)
#define DAYS_DEFAULT 90
#define TO_FILL_IN "CHANGE-ME"
#define DATE_LEN 10    // "2026-11-23"
#define FIELDS_MOST 64 // of a filter; rules in use match on fewer than ten

// A line of a hits file, in an arena.
struct line {
	const struct yaml_node *root;
	unsigned classes;
	struct allow_facts facts;
	struct str title, id;
};

struct proposal {
	struct arena arena;
	struct propose_options options;
	struct line hit;
	uint64_t number;
	struct buf text;
	const struct allowlist *list;	// NULL: a filter
	struct str fields[FIELDS_MOST]; // of the filter, and their values
	struct str values[FIELDS_MOST];
	size_t count;
};

// ---- reading hits -------------------------------------------------------

static struct allow_values read_values(struct arena *arena, const struct yaml_node *node)
{
	struct str *values;

	if (node == NULL || node->kind != YAML_SEQUENCE)
		return (struct allow_values){NULL, 0};
	values = arena_array(arena, node->count, sizeof(*values));
	for (size_t i = 0; i < node->count; i++)
		values[i] = node->items[i]->kind == YAML_SCALAR ? node->items[i]->text
								: (struct str){NULL, 0};
	return (struct allow_values){values, node->count};
}

static unsigned read_classes(struct arena *arena, const struct yaml_node *facts)
{
	struct allow_values names = read_values(arena, yaml_get(facts, "Classes"));
	unsigned mask = 0;

	for (size_t i = 0; i < names.count; i++) {
		enum allow_class class;

		if (allow_class_from_name(names.items[i], &class))
			mask |= ALLOW_MASK(class);
	}
	return mask;
}

static bool read_line(struct arena *arena, struct str text, struct line *out)
{
	struct allow_named named[ALLOW_FACT_COUNT];
	const struct yaml_node *facts;

	memset(out, 0, sizeof(*out));
	out->root = json_parse_object(arena, text);
	if (out->root == NULL)
		return false;
	facts = yaml_get(out->root, "AllowFacts");
	out->classes = read_classes(arena, facts);
	allow_facts_named(&out->facts, named);
	for (size_t i = 0; i < ALLOW_FACT_COUNT; i++)
		*named[i].values = read_values(arena, yaml_get(facts, named[i].name));
	out->title = yaml_get_text(out->root, "RuleTitle");
	out->id = yaml_get_text(out->root, "RuleID");
	out->facts.has_time =
		tm_parse(yaml_get_text(out->root, "Timestamp"), true, &out->facts.time);
	return out->title.len > 0 || out->id.len > 0;
}

// ---- writing YAML -------------------------------------------------------

// In single quotes where they can hold it, else as JSON, which is YAML too.
static void put_scalar(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] >= ' ' && (unsigned char)text.ptr[i] < 0x7F)
			continue;
		escape_json(out, text);
		return;
	}
	buf_put_char(out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\'')
			buf_put_char(out, '\'');
		buf_put_char(out, text.ptr[i]);
	}
	buf_put_char(out, '\'');
}

static void put_pair(struct buf *out, const char *key, struct str text)
{
	buf_printf(out, "    %s: ", key);
	put_scalar(out, text);
	buf_put_char(out, '\n');
}

static void put_values(struct buf *out, const char *key, const struct allow_values *values)
{
	buf_printf(out, "    %s: [", key);
	for (size_t i = 0; i < values->count; i++) {
		buf_put_text(out, i > 0 ? ", " : "");
		put_scalar(out, values->items[i]);
	}
	buf_put_text(out, "]\n");
}

static void put_date(struct buf *out, const char *key, uint64_t ticks)
{
	char text[TM_TEXT_SIZE];

	tm_format(ticks, text);
	buf_printf(out, "    %s: %.*s\n", key, DATE_LEN, text);
}

// ---- an entry of the allowlist ------------------------------------------

// A client's "address" is a computer's name where the event is of that computer.
static bool are_addresses(const struct allow_values *values)
{
	struct ip_net net;
	struct err err;
	size_t i = 0;

	while (i < values->count && ip_net_parse(values->items[i], &net, &err) == RC_OK)
		i++;
	return i == values->count;
}

// What identifies whoever caused the hit: its address and zones, or an account
// on a computer. False when the hit has neither, or the class takes another.
static bool put_who(const struct proposal *p, enum allow_class class, struct buf *out)
{
	const struct allow_facts *facts = &p->hit.facts;
	const struct allow_values *account =
		facts->account_sid.count > 0 ? &facts->account_sid : &facts->account_name;
	bool has_address = class != ALLOW_AUTHORISED_OPERATORS && facts->address.count > 0 &&
			   facts->zone.count > 0;
	bool has_account = class != ALLOW_SECONDARY_NAMESERVERS &&
			   class != ALLOW_EXTERNAL_SCANNERS && account->count > 0 &&
			   facts->computer.count > 0;

	if (has_address && (!has_account || are_addresses(&facts->address))) {
		put_values(out, "address", &facts->address);
		put_values(out, "zones", &facts->zone);
		if (class == ALLOW_SECONDARY_NAMESERVERS && facts->computer.count > 0)
			put_values(out, "server", &facts->computer);
		return true;
	}
	if (!has_account)
		return false;
	put_values(out, "account", account);
	put_values(out, "computer", &facts->computer);
	if (class == ALLOW_MONITORING_TOOLS && facts->parent.count > 0)
		put_values(out, "parent", &facts->parent);
	return true;
}

static void put_end(const struct proposal *p, enum allow_class class, struct buf *out)
{
	uint64_t time = p->hit.facts.time;

	if (class == ALLOW_ASSESSMENTS) {
		put_pair(out, "engagement", STR(TO_FILL_IN));
		put_date(out, "from", time);
	}
	if (p->options.expires != NULL)
		put_pair(out, class == ALLOW_ASSESSMENTS ? "to" : "expires",
			 str_from(p->options.expires));
	else if (class == ALLOW_ASSESSMENTS)
		put_date(out, "to", time);
	else
		put_date(out, "expires", time + DAYS_DEFAULT * DAY);
}

static void put_comment(const struct proposal *p, struct buf *out)
{
	buf_printf(out, "# From hit %llu: ", (unsigned long long)p->number);
	escape_terminal(out, p->hit.title);
	buf_put_char(out, '\n');
}

static void put_entry(const struct proposal *p, enum allow_class class, struct str who,
		      struct buf *out)
{
	char time[TM_TEXT_SIZE];
	struct buf name = {0};

	tm_format(p->hit.facts.time, time);
	buf_printf(&name, "%.*s, %s", STR_ARG(p->hit.title), time);
	put_comment(p, out);
	buf_printf(out, "version: 1\n%s:\n  - name: ", allow_class_name(class));
	put_scalar(out, buf_str(&name));
	buf_put_char(out, '\n');
	buf_put_str(out, who);
	put_pair(out, "owner", str_from(p->options.owner != NULL ? p->options.owner : TO_FILL_IN));
	put_end(p, class, out);
	buf_release(&name);
}

static void put_refusals(const struct diag_list *diags, struct buf *why)
{
	for (size_t i = 0; i < diags->count; i++) {
		buf_put_text(why, i > 0 ? "; " : "");
		buf_put_str(why, diags->items[i].message);
		buf_printf(why, " [%s]", diags->items[i].code);
	}
}

// The parser of allowlists decides whether the entry would blind a rule.
static bool try_class(struct proposal *p, enum allow_class class, struct buf *why)
{
	struct buf who = {0};
	struct diag_list diags;
	bool ok = false;

	diag_init(&diags, &p->arena);
	buf_reset(&p->text);
	buf_printf(why, "%s: ", allow_class_name(class));
	if (!put_who(p, class, &who)) {
		buf_put_text(why, "the hit does not carry what an entry of this class asks for");
	} else {
		put_entry(p, class, buf_str(&who), &p->text);
		p->list = allowlist_parse(&p->arena, STR("proposal"), buf_str(&p->text), &diags);
		ok = diags.errors == 0 &&
		     allow_check(p->list, p->hit.classes, &p->hit.facts, NULL) != NULL;
		put_refusals(&diags, why);
		if (!ok && diags.errors == 0)
			buf_put_text(why, "the entry would not silence the hit: it ends before");
	}
	buf_put_char(why, '\n');
	diag_release(&diags);
	buf_release(&who);
	return ok;
}

// A class that the user names, or the first that works; an assessment has a
// number that nobody knows here, so it comes last.
static bool propose_entry(struct proposal *p, struct buf *why)
{
	enum allow_class wanted = ALLOW_CLASS_COUNT;

	if (p->options.class != NULL &&
	    (!allow_class_from_name(str_from(p->options.class), &wanted) ||
	     !(p->hit.classes & ALLOW_MASK(wanted)))) {
		buf_printf(why, "'%s' is no class that the rule names\n", p->options.class);
		return false;
	}
	if (!p->hit.facts.has_time) {
		buf_put_text(why, "its event has no time; no entry silences such\n");
		return false;
	}
	for (unsigned i = 0; i < ALLOW_CLASS_COUNT; i++) {
		if (i != ALLOW_ASSESSMENTS && p->hit.classes & ALLOW_MASK(i) &&
		    (wanted == ALLOW_CLASS_COUNT || wanted == i) &&
		    try_class(p, (enum allow_class)i, why))
			return true;
	}
	return p->hit.classes & ALLOW_MASK(ALLOW_ASSESSMENTS) &&
	       (wanted == ALLOW_CLASS_COUNT || wanted == ALLOW_ASSESSMENTS) &&
	       try_class(p, ALLOW_ASSESSMENTS, why);
}

// ---- a filter -----------------------------------------------------------

static void add_field(struct proposal *p, struct str field, struct str value)
{
	for (size_t i = 0; i < p->count; i++) {
		if (str_eq(p->fields[i], field))
			return;
	}
	if (p->count == FIELDS_MOST)
		return;
	p->fields[p->count] = field;
	p->values[p->count++] = value;
}

// The fields that the rule matched on. False when they say no more than which
// kind of event it is: such a filter would silence all of them.
static bool gather_fields(struct proposal *p)
{
	const struct yaml_node *matches = yaml_get(p->hit.root, "MatchedOn");
	bool narrow = false;

	for (size_t i = 0; matches != NULL && i < matches->count; i++) {
		const struct yaml_node *match =
			matches->kind == YAML_SEQUENCE ? matches->items[i] : NULL;
		struct str field = yaml_get_text(match, "Field");
		struct str value = yaml_get_text(match, "Value");

		if (field.len == 0 || value.len == 0)
			continue;
		narrow |= !event_tells_apart(field) && !str_eq(field, STR("Computer"));
		add_field(p, field, value);
	}
	if (yaml_get_text(p->hit.root, "Computer").len > 0)
		add_field(p, STR("Computer"), yaml_get_text(p->hit.root, "Computer"));
	return narrow;
}

// Exactly this text: wildcards and backslashes escaped (sigma-engine.md 1.5).
static struct str escape_sigma(struct arena *arena, struct str text)
{
	struct buf out = {0};
	struct str copy;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '*' || text.ptr[i] == '?' || text.ptr[i] == '\\')
			buf_put_char(&out, '\\');
		buf_put_char(&out, text.ptr[i]);
	}
	copy = arena_str(arena, buf_str(&out));
	buf_release(&out);
	return copy;
}

static void put_filter(struct proposal *p, struct buf *out)
{
	struct buf title = {0};

	put_comment(p, out);
	buf_printf(&title, "Expected: %.*s", STR_ARG(p->hit.title));
	buf_put_text(out, "title: ");
	put_scalar(out, buf_str(&title));
	buf_put_text(out, "\nlogsource:\n    product: windows\nfilter:\n    rules:\n      - ");
	put_scalar(out, p->hit.id);
	buf_put_text(out, "\n    selection:\n");
	for (size_t i = 0; i < p->count; i++) {
		buf_put_text(out, "      ");
		put_scalar(out, p->fields[i]);
		buf_put_text(out, ": ");
		put_scalar(out, escape_sigma(&p->arena, p->values[i]));
		buf_put_char(out, '\n');
	}
	buf_put_text(out, "    condition: not selection\n");
	buf_release(&title);
}

static bool propose_filter(struct proposal *p, struct buf *why)
{
	if (p->options.class != NULL)
		buf_put_text(why, "the rule names no class of the allowlist\n");
	else if (yaml_get(p->hit.root, "Correlation") != NULL)
		buf_put_text(why,
			     "it is an alert of a correlation; silence the hits that it counts\n");
	else if (p->hit.id.len == 0)
		buf_put_text(why, "its rule has no id that a filter could name\n");
	else if (!gather_fields(p))
		buf_put_text(why,
			     "it matched on nothing but the kind of event; a filter would silence "
			     "them all\n");
	else
		put_filter(p, &p->text);
	return p->text.len > 0;
}

// ---- proposals ----------------------------------------------------------

struct proposal *proposal_new(const struct propose_options *options, struct str line,
			      uint64_t number, struct buf *why)
{
	struct proposal *p = mem_zalloc(sizeof(*p));
	bool ok = false;

	p->options = *options;
	p->number = number;
	if (!read_line(&p->arena, line, &p->hit))
		buf_put_text(why, "the line is no hit as 'scan -t jsonl' prints them\n");
	else if (yaml_get_text(p->hit.root, "SuppressedBy").len > 0)
		buf_put_text(why, "it is silenced already\n");
	else if (p->hit.classes != 0)
		ok = propose_entry(p, why);
	else
		ok = propose_filter(p, why);
	if (ok)
		return p;
	proposal_free(p);
	return NULL;
}

void proposal_free(struct proposal *p)
{
	if (p == NULL)
		return;
	buf_release(&p->text);
	arena_release(&p->arena);
	free(p);
}

struct str proposal_text(const struct proposal *p)
{
	return buf_str(&p->text);
}

static bool has_value(const struct yaml_node *root, struct str field, struct str value)
{
	const struct yaml_node *matches = yaml_get(root, "MatchedOn");

	if (str_eq(field, STR("Computer")) && text_eq_fold(yaml_get_text(root, "Computer"), value))
		return true;
	for (size_t i = 0; matches != NULL && i < matches->count; i++) {
		const struct yaml_node *match =
			matches->kind == YAML_SEQUENCE ? matches->items[i] : NULL;

		if (str_eq(yaml_get_text(match, "Field"), field) &&
		    text_eq_fold(yaml_get_text(match, "Value"), value))
			return true;
	}
	return false;
}

static bool filter_silences(const struct proposal *p, const struct line *hit)
{
	if (!str_eq_nocase(hit->id, p->hit.id))
		return false;
	for (size_t i = 0; i < p->count; i++) {
		if (!has_value(hit->root, p->fields[i], p->values[i]))
			return false;
	}
	return true;
}

bool proposal_silences(const struct proposal *p, struct str text, struct buf *name)
{
	struct arena arena = {0};
	struct line hit;
	bool silences = false;

	if (read_line(&arena, text, &hit))
		silences = p->list != NULL
				   ? allow_check(p->list, hit.classes, &hit.facts, NULL) != NULL
				   : filter_silences(p, &hit);
	if (silences) {
		escape_terminal(name, yaml_get_text(hit.root, "Timestamp"));
		buf_put_char(name, ' ');
		escape_terminal(name, hit.title);
		buf_put_text(name, " on ");
		escape_terminal(name, yaml_get_text(hit.root, "Computer"));
	}
	arena_release(&arena);
	return silences;
}
