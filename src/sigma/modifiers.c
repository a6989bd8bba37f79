// SPDX-License-Identifier: Apache-2.0
// The modifiers: one table row and one function each (sigma-engine.md 2).
//
// A modifier changes one pattern in place; modifiers_apply runs it over all
// patterns of the item, and into the forms of an any_of. What a modifier may
// follow shows in its function (types) and its row (position).
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "sigma/pattern.h"

static bool type_error(const struct modifier_chain *chain, const struct pattern *p)
{
	static const char *const kinds[] = {
		[PATTERN_TEXT] = "text",
		[PATTERN_REGEX] = "a regular expression",
		[PATTERN_CIDR] = "a network",
		[PATTERN_NUMBER] = "a number",
		[PATTERN_BOOL] = "a boolean",
		[PATTERN_NULL] = "null",
		[PATTERN_EXISTS] = "existence",
		[PATTERN_FIELD] = "a field reference",
		[PATTERN_TIME] = "a part of a time",
		[PATTERN_ANY_OF] = "several forms",
	};

	return modifier_error(chain, "E_MODIFIER_TYPE", "modifier '%.*s' does not fit %s",
			      STR_ARG(chain->name), kinds[p->kind]);
}

// ---- text ---------------------------------------------------------------

static void add_edges(struct arena *arena, struct pattern *p, bool front, bool back)
{
	size_t n = p->text.count;
	uint32_t *cps = arena_array(arena, n + 2, sizeof(*cps));
	size_t at = 0;

	front = front && (n == 0 || p->text.cps[0] != PAT_ANY_RUN);
	back = back && (n == 0 || p->text.cps[n - 1] != PAT_ANY_RUN);
	if (front)
		cps[at++] = PAT_ANY_RUN;
	memcpy(cps + at, p->text.cps, n * sizeof(*cps));
	at += n;
	if (back && !(front && n == 0))
		cps[at++] = PAT_ANY_RUN;
	p->text.cps = cps;
	p->text.count = at;
}

static bool relate(struct modifier_chain *chain, struct pattern *p, bool front, bool back)
{
	if (p->kind == PATTERN_TEXT) {
		add_edges(chain->ctx->arena, p, front, back);
		return true;
	}
	if (p->kind == PATTERN_FIELD) {
		// startswith|endswith is contains, as with text.
		front |= p->field.relation == RELATION_SUFFIX ||
			 p->field.relation == RELATION_CONTAINS;
		back |= p->field.relation == RELATION_PREFIX ||
			p->field.relation == RELATION_CONTAINS;
		p->field.relation = front && back ? RELATION_CONTAINS
				    : front	  ? RELATION_SUFFIX
						  : RELATION_PREFIX;
		return true;
	}
	// On a regular expression `.*` at the edges does not change a search.
	return p->kind == PATTERN_REGEX || type_error(chain, p);
}

static bool mod_contains(struct modifier_chain *chain, struct pattern *p)
{
	return relate(chain, p, true, true);
}

static bool mod_startswith(struct modifier_chain *chain, struct pattern *p)
{
	return relate(chain, p, false, true);
}

static bool mod_endswith(struct modifier_chain *chain, struct pattern *p)
{
	return relate(chain, p, true, false);
}

static bool mod_cased(struct modifier_chain *chain, struct pattern *p)
{
	if (p->kind != PATTERN_TEXT)
		return type_error(chain, p);
	p->text.cased = true;
	return true;
}

// Letters and digits of all scripts: Unicode's, as PCRE2 knows them.
struct words {
	struct regex *regex; // NULL until one beyond ASCII is asked for
	struct regex_scratch *scratch;
};

static bool is_word(struct words *words, uint32_t cp)
{
	char utf8[4] = "";
	struct err err = {""};

	if (cp < 0x80)
		return ascii_is_alnum((char)cp) || cp == '_';
	if (pat_is_wild(cp))
		return false;
	if (words->regex == NULL) {
		if (regex_compile(STR("[\\p{L}\\p{N}]"), 0, &words->regex, NULL, &err) != RC_OK)
			return false;
		words->scratch = regex_scratch_new();
	}
	return regex_search(words->regex, words->scratch,
			    (struct str){utf8, utf8_encode(cp, utf8)}) == REGEX_YES;
}

// A dash that no word character precedes and one follows (2.4).
static bool mod_windash(struct modifier_chain *chain, struct pattern *p)
{
	struct words words = {NULL, NULL};
	uint32_t *cps;

	if (p->kind != PATTERN_TEXT || p->text.bytes)
		return type_error(chain, p);
	cps = arena_array(chain->ctx->arena, p->text.count, sizeof(*cps));
	memcpy(cps, p->text.cps, p->text.count * sizeof(*cps));
	for (size_t i = 0; i + 1 < p->text.count; i++) {
		if (pat_is_dash(cps[i]) && is_word(&words, cps[i + 1]) &&
		    (i == 0 || !is_word(&words, cps[i - 1])))
			cps[i] = PAT_DASH;
	}
	p->text.cps = cps;
	regex_free(words.regex);
	regex_scratch_free(words.scratch);
	return true;
}

// ---- regular expressions ------------------------------------------------

static bool mod_re(struct modifier_chain *chain, struct pattern *p)
{
	struct str source = p->written;

	if (p->kind != PATTERN_TEXT)
		return type_error(chain, p);
	memset(p, 0, sizeof(*p));
	p->kind = PATTERN_REGEX;
	p->written = source;
	p->regex.source = source;
	return true;
}

static bool regex_flag(struct modifier_chain *chain, struct pattern *p, unsigned flag)
{
	if (p->kind != PATTERN_REGEX)
		return type_error(chain, p);
	p->regex.flags |= flag;
	return true;
}

static bool mod_ignorecase(struct modifier_chain *chain, struct pattern *p)
{
	return regex_flag(chain, p, REGEX_CASELESS);
}

static bool mod_multiline(struct modifier_chain *chain, struct pattern *p)
{
	return regex_flag(chain, p, REGEX_MULTILINE);
}

static bool mod_dotall(struct modifier_chain *chain, struct pattern *p)
{
	return regex_flag(chain, p, REGEX_DOTALL);
}

// ---- networks, numbers, times, fields -----------------------------------

static bool mod_cidr(struct modifier_chain *chain, struct pattern *p)
{
	struct str written = p->written;
	struct err err = {""};

	if (p->kind != PATTERN_TEXT)
		return type_error(chain, p);
	memset(p, 0, sizeof(*p));
	p->kind = PATTERN_CIDR;
	p->written = written;
	if (ip_net_parse(written, &p->cidr, &err) == RC_OK)
		return true;
	return modifier_error(chain, "E_CIDR", "'%.*s' is no network: %s", STR_ARG(written),
			      err.text);
}

static bool compare_with(struct modifier_chain *chain, struct pattern *p, enum compare_op op)
{
	if (p->kind == PATTERN_NUMBER && !p->number.compared) {
		p->number.op = op;
		p->number.compared = true;
		return true;
	}
	if (p->kind == PATTERN_TIME && !p->time.compared) {
		p->time.op = op;
		p->time.compared = true;
		return true;
	}
	return type_error(chain, p);
}

static bool mod_lt(struct modifier_chain *chain, struct pattern *p)
{
	return compare_with(chain, p, COMPARE_LT);
}

static bool mod_lte(struct modifier_chain *chain, struct pattern *p)
{
	return compare_with(chain, p, COMPARE_LTE);
}

static bool mod_gt(struct modifier_chain *chain, struct pattern *p)
{
	return compare_with(chain, p, COMPARE_GT);
}

static bool mod_gte(struct modifier_chain *chain, struct pattern *p)
{
	return compare_with(chain, p, COMPARE_GTE);
}

static bool time_part(struct modifier_chain *chain, struct pattern *p, enum time_part part,
		      int64_t low, int64_t high)
{
	int64_t value;

	if (p->kind != PATTERN_NUMBER || p->number.compared || !p->number.value.is_integer ||
	    p->number.value.magnitude > INT32_MAX)
		return type_error(chain, p);
	value = (int64_t)p->number.value.magnitude;
	if (p->number.value.negative)
		value = -value;
	if (value < low || value > high)
		diag_add(chain->ctx->diags, DIAG_WARNING, "W_TIME_RANGE", chain->place,
			 "%.*s %lld never occurs", STR_ARG(chain->name), (long long)value);
	p->kind = PATTERN_TIME;
	p->time.part = part;
	p->time.op = COMPARE_EQ;
	p->time.value = value;
	p->time.compared = false;
	return true;
}

static bool mod_minute(struct modifier_chain *chain, struct pattern *p)
{
	return time_part(chain, p, TIME_MINUTE, 0, 59);
}

static bool mod_hour(struct modifier_chain *chain, struct pattern *p)
{
	return time_part(chain, p, TIME_HOUR, 0, 23);
}

static bool mod_day(struct modifier_chain *chain, struct pattern *p)
{
	return time_part(chain, p, TIME_DAY, 1, 31);
}

static bool mod_week(struct modifier_chain *chain, struct pattern *p)
{
	return time_part(chain, p, TIME_WEEK, 1, 53);
}

static bool mod_month(struct modifier_chain *chain, struct pattern *p)
{
	return time_part(chain, p, TIME_MONTH, 1, 12);
}

static bool mod_year(struct modifier_chain *chain, struct pattern *p)
{
	return time_part(chain, p, TIME_YEAR, 1601, 9999);
}

static bool mod_exists(struct modifier_chain *chain, struct pattern *p)
{
	if (!chain->has_field)
		return modifier_error(chain, "E_EXISTS_FIELD", "'exists' needs a field name");
	if (p->kind != PATTERN_BOOL)
		return type_error(chain, p);
	p->kind = PATTERN_EXISTS;
	return true;
}

static bool mod_fieldref(struct modifier_chain *chain, struct pattern *p)
{
	struct str written = p->written;

	if (p->kind != PATTERN_TEXT)
		return type_error(chain, p);
	for (size_t i = 0; i < p->text.count; i++) {
		if (pat_is_wild(p->text.cps[i]))
			return modifier_error(chain, "E_FIELDREF",
					      "a field name cannot hold wildcards: '%.*s'",
					      STR_ARG(written));
	}
	memset(p, 0, sizeof(*p));
	p->kind = PATTERN_FIELD;
	p->written = written;
	p->field.name = written;
	p->field.relation = RELATION_EQUAL;
	return true;
}

// ---- the table ----------------------------------------------------------

enum position { ANYWHERE, FIRST_ORDER, FIRST_TYPE };

static const struct modifier {
	const char *name;
	bool (*apply)(struct modifier_chain *chain, struct pattern *p); // NULL: acts on the list
	enum position position; // FIRST_*: nothing may stand before; which error says so
} modifiers[] = {
	{"contains", mod_contains, ANYWHERE},
	{"startswith", mod_startswith, ANYWHERE},
	{"endswith", mod_endswith, ANYWHERE},
	{"all", NULL, ANYWHERE},
	{"neq", NULL, ANYWHERE},
	{"cased", mod_cased, ANYWHERE},
	{"re", mod_re, FIRST_ORDER},
	{"i", mod_ignorecase, ANYWHERE},
	{"ignorecase", mod_ignorecase, ANYWHERE},
	{"m", mod_multiline, ANYWHERE},
	{"multiline", mod_multiline, ANYWHERE},
	{"s", mod_dotall, ANYWHERE},
	{"dotall", mod_dotall, ANYWHERE},
	{"base64", encode_base64, ANYWHERE},
	{"base64offset", encode_base64offset, ANYWHERE},
	{"wide", encode_wide, ANYWHERE},
	{"utf16le", encode_wide, ANYWHERE},
	{"utf16be", encode_utf16be, ANYWHERE},
	{"utf16", encode_utf16, ANYWHERE},
	{"windash", mod_windash, ANYWHERE},
	{"cidr", mod_cidr, FIRST_ORDER},
	{"lt", mod_lt, ANYWHERE},
	{"lte", mod_lte, ANYWHERE},
	{"gt", mod_gt, ANYWHERE},
	{"gte", mod_gte, ANYWHERE},
	{"minute", mod_minute, FIRST_TYPE},
	{"hour", mod_hour, FIRST_TYPE},
	{"day", mod_day, FIRST_TYPE},
	{"week", mod_week, FIRST_TYPE},
	{"month", mod_month, FIRST_TYPE},
	{"year", mod_year, FIRST_TYPE},
	{"exists", mod_exists, FIRST_TYPE},
	{"fieldref", mod_fieldref, FIRST_TYPE},
	{"expand", expand_placeholders, ANYWHERE},
};

static const struct modifier *find_modifier(struct str name)
{
	for (size_t i = 0; i < sizeof(modifiers) / sizeof(modifiers[0]); i++) {
		if (str_eq(name, str_from(modifiers[i].name)))
			return &modifiers[i];
	}
	return NULL;
}

// How many characters to insert, drop or replace between two words; far more
// than any typing error when they are long.
static size_t distance(struct str a, struct str b)
{
	size_t row[17];

	if (a.len >= sizeof(row) / sizeof(row[0]) || b.len >= sizeof(row) / sizeof(row[0]))
		return SIZE_MAX;
	for (size_t i = 0; i <= a.len; i++)
		row[i] = i;
	for (size_t k = 0; k < b.len; k++) {
		size_t corner = row[0]++;

		for (size_t i = 0; i < a.len; i++) {
			size_t best = corner + (a.ptr[i] != b.ptr[k]);

			corner = row[i + 1];
			if (row[i] + 1 < best)
				best = row[i] + 1;
			row[i + 1] = corner + 1 < best ? corner + 1 : best;
		}
	}
	return row[a.len];
}

// Whether somebody who wrote `name` may have meant `known`.
static bool similar(struct str name, struct str known)
{
	if (str_eq_nocase(str_trim(name), known))
		return true;
	return name.len > 2 && known.len > 2 &&
	       (str_starts_nocase(known, name) || str_starts_nocase(name, known) ||
		(known.len > 4 && distance(name, known) <= 2));
}

static bool unknown_modifier(struct modifier_chain *chain)
{
	struct str name = chain->name;
	struct diag *diag;

	modifier_error(chain, "E_MODIFIER_UNKNOWN", "unknown modifier '%.*s'", STR_ARG(name));
	diag = &chain->ctx->diags->items[chain->ctx->diags->count - 1];
	for (size_t i = 0; i < sizeof(modifiers) / sizeof(modifiers[0]); i++) {
		if (similar(name, str_from(modifiers[i].name))) {
			diag_hint(chain->ctx->diags, diag, "did you mean '%s'?", modifiers[i].name);
			return false;
		}
	}
	diag_hint(chain->ctx->diags, diag,
		  "modifiers are lower case, separated by '|' without blanks");
	return false;
}

static bool apply_to_pattern(struct modifier_chain *chain, const struct modifier *modifier,
			     struct pattern *p)
{
	if (chain->ctx->arena->used > LIMIT_RULES_MEMORY)
		return modifier_error(chain, "E_VALUE_TYPE",
				      "the rules loaded take more than 256 MiB of memory");
	if (p->kind != PATTERN_ANY_OF)
		return modifier->apply(chain, p);
	for (size_t i = 0; i < p->any_of.count; i++) {
		if (!apply_to_pattern(chain, modifier, &p->any_of.list[i]))
			return false;
	}
	return true;
}

static bool apply_one(struct modifier_chain *chain, size_t position, struct item *item)
{
	const struct modifier *modifier = find_modifier(chain->name);

	if (modifier == NULL)
		return unknown_modifier(chain);
	if (modifier->position != ANYWHERE && position > 0)
		return modifier_error(chain,
				      modifier->position == FIRST_ORDER ? "E_MODIFIER_ORDER"
									: "E_MODIFIER_TYPE",
				      "modifier '%s' must come first", modifier->name);
	if (modifier->apply == NULL) {
		item->all |= strcmp(modifier->name, "all") == 0;
		item->neq |= strcmp(modifier->name, "neq") == 0;
		return true;
	}
	for (size_t i = 0; i < item->count; i++) {
		if (!apply_to_pattern(chain, modifier, &item->patterns[i]))
			return false;
	}
	return true;
}

static bool compile_regexes(struct modifier_chain *chain, struct pattern *p)
{
	struct regex_list *regexes = chain->ctx->regexes;
	struct err err = {""};
	size_t offset = 0;

	if (p->kind == PATTERN_ANY_OF) {
		for (size_t i = 0; i < p->any_of.count; i++) {
			if (!compile_regexes(chain, &p->any_of.list[i]))
				return false;
		}
		return true;
	}
	if (p->kind != PATTERN_REGEX)
		return true;
	if (regex_compile(p->regex.source, p->regex.flags, &p->regex.compiled, &offset, &err) !=
	    RC_OK)
		return modifier_error(
			chain, "E_REGEX",
			"regular expression '%.*s' does not compile: %s at character %zu",
			STR_ARG(p->regex.source), err.text, offset + 1);
	mem_grow(&regexes->items, &regexes->cap, regexes->count + 1, sizeof(*regexes->items));
	regexes->items[regexes->count++] = p->regex.compiled;
	return true;
}

static void warn(const struct modifier_chain *chain, const char *code, const char *message)
{
	diag_add(chain->ctx->diags, DIAG_WARNING, code, chain->place, "%s", message);
}

static bool is_exact(const struct pattern *p)
{
	for (size_t i = 0; p->kind == PATTERN_TEXT && i < p->text.count; i++) {
		if (pat_is_wild(p->text.cps[i]))
			return false;
	}
	return p->kind == PATTERN_TEXT;
}

static void warn_about_values(const struct modifier_chain *chain, const struct item *item)
{
	size_t exact = 0;
	size_t exists[2] = {0, 0};

	for (size_t i = 0; i < item->count; i++) {
		exact += is_exact(&item->patterns[i]);
		if (item->patterns[i].kind == PATTERN_EXISTS)
			exists[item->patterns[i].boolean]++;
	}
	if (item->all && item->count == 1)
		warn(chain, "W_ALL_SINGLE", "'all' with a single value has no effect");
	if (item->all && exact > 1 && chain->has_field && !str_eq(item->field, STR("Data")))
		warn(chain, "W_ALL_EXACT",
		     "'all' of several full values never matches a field with one value; "
		     "is 'contains' missing?");
	if (!item->all && exists[0] > 0 && exists[1] > 0)
		warn(chain, "W_EXISTS_BOTH", "'exists' true or false is always true");
}

static bool has_name(const struct str *names, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(names[i], name))
			return true;
	}
	return false;
}

static void warn_about_chain(struct modifier_chain *chain, const struct str *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t behind = count - i - 1;

		// Encoding twice is a thing that malware does.
		if (has_name(names + i + 1, behind, names[i]) && !str_eq(names[i], STR("base64")))
			warn(chain, "W_MODIFIER_REPEATED", "a modifier is repeated");
		if (str_eq(names[i], STR("base64offset")) &&
		    !has_name(names + i + 1, behind, STR("contains")))
			warn(chain, "W_BASE64OFFSET",
			     "'base64offset' gives parts of an encoded text; "
			     "without 'contains' behind it they hardly match");
	}
}

// A keyword compares nothing but text, numbers and patterns (1.10).
static bool check_keyword(struct modifier_chain *chain, const struct item *item)
{
	for (size_t i = 0; i < item->count; i++) {
		if (item->patterns[i].kind == PATTERN_NULL)
			return modifier_error(chain, "E_KEYWORD_NULL",
					      "null cannot be searched as a keyword");
	}
	return true;
}

bool modifiers_apply(const struct value_context *ctx, struct place place, const struct str *names,
		     size_t count, struct item *item)
{
	struct modifier_chain chain = {ctx, place, {NULL, 0}, item->field.len > 0};

	for (size_t i = 0; i < count; i++) {
		chain.name = names[i];
		if (!apply_one(&chain, i, item))
			return false;
	}
	for (size_t i = 0; i < item->count; i++) {
		if (!compile_regexes(&chain, &item->patterns[i]))
			return false;
	}
	warn_about_values(&chain, item);
	warn_about_chain(&chain, names, count);
	return item->field.len > 0 || check_keyword(&chain, item);
}
