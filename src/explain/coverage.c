// SPDX-License-Identifier: Apache-2.0
// Could each rule ever have hit in these logs?
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "explain/internal.h"
#include "output/escape.h"
#include "output/json.h"

enum cover {
	COVER_FIRED,
	COVER_POSSIBLE,
	COVER_NO_FIELD,
	COVER_NO_EVENT_ID,
	COVER_NO_CHANNEL,
	COVER_NOT_PLACED,
	COVER_COUNT,
};

static const struct str cover_words[COVER_COUNT] = {
	STR_INIT("fired"),
	STR_INIT("could have fired"),
	STR_INIT("field never present"),
	STR_INIT("no such event id"),
	STR_INIT("no such channel"),
	STR_INIT("not placed"),
};

// What is known of a rule so far.
struct seen {
	bool channel, event; // a record of its channels, and one that it could look at
	bool complete;	     // its fields allow a hit: nothing more to learn
	uint64_t fired, reported;
};

// A rule that looks at events of a kind.
struct looker {
	const struct rule *rule;
	const struct view *view;
};

// Channel, event id and provider.
struct kind {
	struct str channel, provider;
	uint32_t event_id;
	uint64_t records;
	struct looker *lookers;
	size_t count;
};

struct coverage {
	const struct ruleset *set;
	struct match_state *state;
	struct arena arena;
	struct map kinds;
	uint64_t other_kinds; // records of kinds that found no room
	struct arena scratch; // of a kind that found no room
	struct map channels;  // that were looked at
	struct seen *seen;    // by rule index
	bool *present;	      // by item index: its field occurred, or need not
	struct buf key;
};

struct coverage *coverage_new(const struct ruleset *set, const struct matcher *matcher)
{
	struct coverage *c = mem_zalloc(sizeof(*c));

	c->set = set;
	c->state = match_state_new(matcher, false);
	c->seen = mem_zalloc((set->count + 1) * sizeof(*c->seen));
	c->present = mem_zalloc((set->item_count + 1) * sizeof(*c->present));
	return c;
}

void coverage_free(struct coverage *c)
{
	if (c == NULL)
		return;
	match_state_free(c->state);
	map_release(&c->kinds);
	map_release(&c->channels);
	buf_release(&c->key);
	arena_release(&c->arena);
	arena_release(&c->scratch);
	free(c->seen);
	free(c->present);
	free(c);
}

// ---- kinds of events ----------------------------------------------------

static bool has_channel(const struct view *view, struct str channel)
{
	return (view->any_record || channel_listed(view->channels, view->channel_count, channel)) &&
	       (view->also == NULL || has_channel(view->also, channel));
}

static void note_channel(struct coverage *c, struct str channel)
{
	const struct ruleset *set = c->set;

	if (map_get(&c->channels, channel) != NULL)
		return;
	map_add(&c->channels, arena_str(&c->arena, channel), c);
	for (size_t i = 0; i < set->count; i++) {
		for (size_t k = 0; k < set->rules[i]->view_count; k++)
			c->seen[i].channel |= has_channel(set->rules[i]->views[k], channel);
	}
}

// Can the rule be true for events of which only the kind is known?
static bool fits(struct coverage *c, const struct rule *rule, const struct inspect_kind *kind)
{
	struct arena scratch = {0};
	bool possible = false;

	for (size_t i = 0; i < rule->detection.condition_count && !possible; i++) {
		struct trigger_set set;

		possible =
			inspect_trigger(c->state, &rule->detection, rule->detection.conditions[i],
					kind, &scratch, &set) != TRIGGER_FALSE;
	}
	arena_release(&scratch);
	return possible;
}

static struct kind *make_kind(struct coverage *c, const struct event *event, struct arena *arena)
{
	const struct inspect_kind known = {&event->channel, &event->provider, &event->event_id};
	const struct ruleset *set = c->set;
	struct kind *kind = arena_zalloc(arena, sizeof(*kind));
	struct looker *lookers = NULL;
	size_t cap = 0;

	kind->channel = arena_str(arena, event->channel);
	kind->provider = arena_str(arena, event->provider);
	kind->event_id = event->event_id;
	note_channel(c, event->channel);
	for (size_t i = 0; i < set->count; i++) {
		const struct rule *rule = set->rules[i];

		for (size_t k = 0; k < rule->view_count; k++) {
			if (!view_accepts(rule->views[k], event->channel, event->event_id,
					  event->provider) ||
			    !fits(c, rule, &known))
				continue;
			mem_grow(&lookers, &cap, kind->count + 1, sizeof(*lookers));
			lookers[kind->count++] = (struct looker){rule, rule->views[k]};
		}
	}
	kind->lookers = arena_array(arena, kind->count, sizeof(*lookers));
	if (kind->count > 0) // NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): mem_grow()
		memcpy(kind->lookers, lookers, kind->count * sizeof(*lookers));
	free(lookers);
	return kind;
}

static void set_key(struct coverage *c, struct str channel, struct str provider, uint32_t event_id)
{
	buf_reset(&c->key);
	buf_put(&c->key, &event_id, sizeof(event_id));
	buf_put(&c->key, &channel.len, sizeof(channel.len));
	buf_put_str(&c->key, channel);
	buf_put_str(&c->key, provider);
}

static const struct kind *find_kind(struct coverage *c, const struct event *event)
{
	struct kind *kind;

	set_key(c, event->channel, event->provider, event->event_id);
	kind = map_get(&c->kinds, buf_str(&c->key));
	if (kind == NULL && c->kinds.count >= LIMIT_COVERAGE_KINDS) {
		c->other_kinds++;
		arena_reset(&c->scratch);
		return make_kind(c, event, &c->scratch);
	}
	if (kind == NULL) {
		kind = make_kind(c, event, &c->arena);
		map_add(&c->kinds, arena_str(&c->arena, buf_str(&c->key)), kind);
	}
	kind->records++;
	return kind;
}

// ---- fields -------------------------------------------------------------

// Can the item hold for an event without its field?
static bool needs_field(const struct item *item)
{
	if (item->neq || item->field.len == 0)
		return false;
	for (size_t i = 0; i < item->count; i++) {
		enum pattern_kind kind = item->patterns[i].kind;
		bool needed = kind != PATTERN_NULL &&
			      (kind != PATTERN_EXISTS || item->patterns[i].boolean);

		if (needed == item->all)
			return needed;
	}
	return !item->all;
}

// Could the expression be true with the fields that occurred?
static bool is_possible(const struct coverage *c, const struct detection *detection,
			const struct expr *expr)
{
	switch (expr->kind) {
	case EXPR_ITEM:
		return c->present[expr->item->index] || !needs_field(expr->item);
	case EXPR_SELECTION:
		return is_possible(c, detection, detection->selections[expr->selection].body);
	case EXPR_NOT:
		return true;
	default:
		for (size_t i = 0; i < expr->count; i++) {
			bool possible = is_possible(c, detection, expr->kids[i]);

			if (possible == (expr->kind == EXPR_OR))
				return possible;
		}
		return expr->kind == EXPR_AND;
	}
}

static bool rule_is_possible(const struct coverage *c, const struct rule *rule)
{
	for (size_t i = 0; i < rule->detection.condition_count; i++) {
		if (is_possible(c, &rule->detection, rule->detection.conditions[i]))
			return true;
	}
	return false;
}

static void note_fields(struct coverage *c, const struct expr *expr)
{
	for (size_t i = 0; i < expr->count; i++)
		note_fields(c, expr->kids[i]);
	if (expr->kind == EXPR_ITEM && !c->present[expr->item->index])
		c->present[expr->item->index] = inspect_instances(c->state, expr->item).count > 0;
}

static void look(struct coverage *c, const struct looker *looker)
{
	const struct detection *detection = &looker->rule->detection;
	struct seen *seen = &c->seen[looker->rule->index];

	if (seen->complete || !inspect_view(c->state, looker->view, detection))
		return;
	seen->event = true;
	for (size_t i = 0; i < detection->selection_count; i++)
		note_fields(c, detection->selections[i].body);
	seen->complete = rule_is_possible(c, looker->rule);
}

void coverage_see(struct coverage *c, const struct event *event)
{
	const struct kind *kind = find_kind(c, event);

	match_begin(c->state, event);
	for (size_t i = 0; i < kind->count; i++)
		look(c, &kind->lookers[i]);
}

void coverage_fired(struct coverage *c, const struct rule *rule, bool reported)
{
	c->seen[rule->index].fired++;
	c->seen[rule->index].reported += reported;
}

// ---- putting together ---------------------------------------------------

static void absorb_kind(struct coverage *c, const struct kind *from)
{
	struct kind *kind;

	set_key(c, from->channel, from->provider, from->event_id);
	kind = map_get(&c->kinds, buf_str(&c->key));
	if (kind == NULL) {
		kind = arena_zalloc(&c->arena, sizeof(*kind));
		*kind = *from; // lookers stay the other's: nothing is looked at any more
		kind->channel = arena_str(&c->arena, from->channel);
		kind->provider = arena_str(&c->arena, from->provider);
		kind->lookers = NULL;
		map_add(&c->kinds, arena_str(&c->arena, buf_str(&c->key)), kind);
		return;
	}
	kind->records += from->records;
}

void coverage_absorb(struct coverage *c, const struct coverage *from)
{
	for (size_t i = 0; i < from->kinds.count; i++)
		absorb_kind(c, from->kinds.entries[i].value);
	c->other_kinds += from->other_kinds;
	for (size_t i = 0; i < c->set->count; i++) {
		struct seen *to = &c->seen[i];

		to->channel |= from->seen[i].channel;
		to->event |= from->seen[i].event;
		to->fired += from->seen[i].fired;
		to->reported += from->seen[i].reported;
	}
	for (size_t i = 0; i < c->set->item_count; i++)
		c->present[i] |= from->present[i];
}

// ---- results ------------------------------------------------------------

static enum cover rule_status(const struct coverage *c, const struct rule *rule);

// A correlation of types that order or join needs all its rules; others one.
static enum cover correlation_status(const struct coverage *c, const struct rule *rule)
{
	const struct correlation *correlation = rule->correlation;
	bool all = correlation->expression == NULL && correlation_is_temporal(correlation->type);
	enum cover result = all ? COVER_POSSIBLE : COVER_NOT_PLACED;

	if (rule->broken)
		return COVER_NOT_PLACED;
	for (size_t i = 0; i < correlation->rule_count; i++) {
		const struct rule *target = correlation->rules[i].target;
		enum cover status = target != NULL ? rule_status(c, target) : COVER_NOT_PLACED;

		if (status == COVER_FIRED)
			status = COVER_POSSIBLE;
		if (all ? status > result : status < result)
			result = status;
	}
	return result;
}

static enum cover rule_status(const struct coverage *c, const struct rule *rule)
{
	const struct seen *seen = &c->seen[rule->index];

	if (seen->fired > 0)
		return COVER_FIRED;
	if (rule->kind == RULE_CORRELATION)
		return correlation_status(c, rule);
	if (rule->view_count == 0)
		return COVER_NOT_PLACED;
	if (!seen->channel)
		return COVER_NO_CHANNEL;
	if (!seen->event)
		return COVER_NO_EVENT_ID;
	return rule_is_possible(c, rule) ? COVER_POSSIBLE : COVER_NO_FIELD;
}

static void add_name(struct buf *out, struct str name)
{
	struct str rest = buf_str(out);
	struct str part;

	while (str_split(&rest, ',', &part)) {
		if (str_eq(str_trim(part), name))
			return;
	}
	buf_put_text(out, out->len > 0 ? ", " : "");
	buf_put_str(out, name);
}

// Fields that the expression misses.
static void add_missing(const struct coverage *c, const struct detection *detection,
			const struct expr *expr, struct buf *out)
{
	if (is_possible(c, detection, expr))
		return;
	if (expr->kind == EXPR_ITEM)
		add_name(out, expr->item->field);
	else if (expr->kind == EXPR_SELECTION)
		add_missing(c, detection, detection->selections[expr->selection].body, out);
	for (size_t i = 0; i < expr->count; i++)
		add_missing(c, detection, expr->kids[i], out);
}

// What the status misses.
static void put_missing(const struct coverage *c, const struct rule *rule, enum cover status,
			struct arena *arena, struct buf *out)
{
	const uint32_t *ids;

	if (rule->kind == RULE_CORRELATION) {
		buf_put_text(out, status > COVER_POSSIBLE ? "through the rules it refers to" : "");
		return;
	}
	if (status == COVER_NOT_PLACED)
		buf_put_str(out, c->set->unplaced[rule->index]);
	for (size_t i = 0; i < rule->view_count; i++) {
		const struct view *view = rule->views[i];
		size_t count = explain_view_ids(view, arena, &ids);

		if (count == 0) {
			struct asked_ids asked = explain_asked_ids(&rule->detection, arena);

			ids = asked.ids;
			count = asked.count;
		}
		for (size_t k = 0; status == COVER_NO_CHANNEL && k < view->channel_count; k++)
			add_name(out, view->channels[k]);
		for (size_t k = 0; status == COVER_NO_EVENT_ID && k < count; k++)
			add_name(out, arena_printf(arena, "%u", ids[k]));
	}
	for (size_t i = 0; status == COVER_NO_FIELD && i < rule->detection.condition_count; i++)
		add_missing(c, &rule->detection, rule->detection.conditions[i], out);
}

static void fill_rule(const struct coverage *c, const struct rule *rule, struct ledger *ledger)
{
	enum cover status = rule_status(c, rule);
	struct arena scratch = {0};
	struct buf missing = {0};
	struct ledger_cover *row;

	put_missing(c, rule, status, &scratch, &missing);
	row = ledger_add_cover(ledger);
	*row = (struct ledger_cover){
		.id = rule->id,
		.title = rule->title,
		.level = str_from(rule_level_name(rule->level)),
		.file = rule->path,
		.status = cover_words[status],
		.missing = ledger_text(ledger, buf_str(&missing)),
		.hits = c->seen[rule->index].reported,
		.could_fire = status <= COVER_POSSIBLE,
	};
	buf_release(&missing);
	arena_release(&scratch);
}

static int by_name(const void *left, const void *right)
{
	const struct ledger_kind *a = left;
	const struct ledger_kind *b = right;
	int order = str_cmp(a->channel, b->channel);

	if (order == 0)
		order = str_cmp(a->provider, b->provider);
	return order != 0 ? order : (a->event_id > b->event_id) - (a->event_id < b->event_id);
}

// Which kinds found room depends on the threads: then none is listed.
static void fill_kinds(const struct coverage *c, struct ledger *ledger)
{
	bool listed = c->other_kinds == 0 && c->kinds.count <= LIMIT_COVERAGE_KINDS;

	ledger->other_kinds = c->other_kinds;
	for (size_t i = 0; i < c->kinds.count; i++) {
		const struct kind *kind = c->kinds.entries[i].value;
		struct ledger_kind *row;

		if (!listed) {
			ledger->other_kinds += kind->records;
			continue;
		}
		row = ledger_add_kind(ledger);
		*row = (struct ledger_kind){ledger_text(ledger, kind->channel),
					    ledger_text(ledger, kind->provider), kind->event_id,
					    kind->records, kind->count};
	}
	if (ledger->kind_count > 0)
		qsort(ledger->kinds, ledger->kind_count, sizeof(*ledger->kinds), by_name);
}

void coverage_fill(const struct coverage *c, struct ledger *ledger)
{
	const struct ruleset *set = c->set;

	ledger->has_coverage = true;
	fill_kinds(c, ledger);
	for (size_t i = 0; i < set->count; i++) {
		if (set->rules[i]->kind != RULE_FILTER && !set->rules[i]->unused)
			fill_rule(c, set->rules[i], ledger);
	}
}

// ---- printing -----------------------------------------------------------

static void put_json_row(const struct ledger_cover *row, struct buf *out)
{
	struct json json = {.out = out};

	json_open(&json, '{');
	json_put_str(&json, "RuleTitle", row->title);
	json_put_str(&json, "RuleID", row->id);
	json_put_str(&json, "RuleFile", row->file);
	json_put_str(&json, "Status", row->status);
	json_put_u64(&json, "Hits", row->hits);
	json_put_str(&json, "Missing", row->missing);
	json_close(&json, '}');
	buf_put_char(out, '\n');
}

static void put_table_row(const struct ledger_cover *row, struct buf *out)
{
	buf_printf(out, "%-19.*s  ", STR_ARG(row->status));
	escape_terminal(out, row->title);
	if (str_eq(row->status, cover_words[COVER_FIRED]))
		buf_printf(out, ": %llu", (unsigned long long)row->hits);
	if (row->missing.len > 0) {
		buf_put_text(out, ": ");
		escape_terminal_cut(out, row->missing, 120);
	}
	buf_put_char(out, '\n');
}

void coverage_put(const struct ledger *ledger, bool jsonl, struct buf *out)
{
	uint64_t totals[COVER_COUNT] = {0};
	uint64_t records = ledger->other_kinds;

	for (size_t i = 0; i < ledger->kind_count; i++)
		records += ledger->kinds[i].records;
	for (size_t i = 0; i < ledger->cover_count; i++) {
		const struct ledger_cover *row = &ledger->cover[i];

		(jsonl ? put_json_row : put_table_row)(row, out);
		for (int k = 0; k < COVER_COUNT; k++)
			totals[k] += str_eq(row->status, cover_words[k]);
	}
	if (jsonl)
		return;
	buf_printf(out, "\n%llu events, %zu rules:", (unsigned long long)records,
		   ledger->cover_count);
	for (size_t i = 0; i < COVER_COUNT; i++)
		buf_printf(out, "%s %llu %.*s", i > 0 ? "," : "", (unsigned long long)totals[i],
			   STR_ARG(cover_words[i]));
	buf_put_char(out, '\n');
}
