// SPDX-License-Identifier: Apache-2.0
// Could each rule ever have hit in these logs?
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "correlate/correlate.h"
#include "explain/internal.h"
#include "output/escape.h"
#include "output/json.h"

// Kinds that are remembered; a log can invent channels and providers.
#define KINDS_MOST 4096

enum cover {
	COVER_FIRED,
	COVER_POSSIBLE,
	COVER_NO_FIELD,
	COVER_NO_EVENT_ID,
	COVER_NO_CHANNEL,
	COVER_NOT_PLACED,
	COVER_COUNT,
};

static const char *const cover_words[COVER_COUNT] = {
	"fired",	   "could have fired", "field never present", "no such event id",
	"no such channel", "not placed",
};

// What is known of a rule so far.
struct seen {
	bool channel, event; // a record of its channels, and one that it could look at
	bool complete;	     // its fields allow a hit: nothing more to learn
	uint64_t hits;
};

// A rule that looks at events of a kind.
struct looker {
	const struct rule *rule;
	const struct view *view;
};

// Channel, event id and provider.
struct kind {
	struct looker *lookers;
	size_t count;
};

struct coverage {
	struct explain *explain;
	struct arena arena;
	struct map kinds;
	struct arena kind_arena;
	struct map channels; // that were looked at
	struct seen *seen;   // by rule index
	bool *present;	     // by item index: its field occurred, or need not
	struct buf key;
	struct correlator *correlator;
	uint64_t events;
};

struct coverage *coverage_new(struct explain *explain)
{
	struct coverage *c = mem_zalloc(sizeof(*c));

	c->explain = explain;
	c->seen = mem_zalloc((explain->set->count + 1) * sizeof(*c->seen));
	c->present = mem_zalloc((explain->set->item_count + 1) * sizeof(*c->present));
	c->correlator = correlator_new(explain->set);
	return c;
}

void coverage_free(struct coverage *c)
{
	if (c == NULL)
		return;
	correlator_free(c->correlator);
	map_release(&c->kinds);
	map_release(&c->channels);
	buf_release(&c->key);
	arena_release(&c->arena);
	arena_release(&c->kind_arena);
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
	const struct ruleset *set = c->explain->set;

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

		possible = inspect_trigger(c->explain->state, &rule->detection,
					   rule->detection.conditions[i], kind, &scratch,
					   &set) != TRIGGER_FALSE;
	}
	arena_release(&scratch);
	return possible;
}

static struct kind *make_kind(struct coverage *c, const struct event *event)
{
	const struct inspect_kind known = {&event->channel, &event->provider, &event->event_id};
	const struct ruleset *set = c->explain->set;
	struct kind *kind = arena_zalloc(&c->kind_arena, sizeof(*kind));
	struct looker *lookers = NULL;
	size_t cap = 0;

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
	kind->lookers = arena_array(&c->kind_arena, kind->count, sizeof(*lookers));
	if (kind->count > 0)
		memcpy(kind->lookers, lookers, kind->count * sizeof(*lookers));
	free(lookers);
	return kind;
}

static const struct kind *find_kind(struct coverage *c, const struct event *event)
{
	struct kind *kind;

	buf_reset(&c->key);
	buf_put(&c->key, &event->event_id, sizeof(event->event_id));
	buf_put(&c->key, &event->channel.len, sizeof(event->channel.len));
	buf_put_str(&c->key, event->channel);
	buf_put_str(&c->key, event->provider);
	kind = map_get(&c->kinds, buf_str(&c->key));
	if (kind == NULL) {
		if (c->kinds.count >= KINDS_MOST) {
			map_release(&c->kinds);
			arena_reset(&c->kind_arena);
		}
		kind = make_kind(c, event);
		map_add(&c->kinds, arena_str(&c->kind_arena, buf_str(&c->key)), kind);
	}
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
		c->present[expr->item->index] =
			inspect_instances(c->explain->state, expr->item).count > 0;
}

static void look(struct coverage *c, const struct looker *looker)
{
	const struct detection *detection = &looker->rule->detection;
	struct seen *seen = &c->seen[looker->rule->index];

	if (seen->complete || !inspect_view(c->explain->state, looker->view, detection))
		return;
	seen->event = true;
	for (size_t i = 0; i < detection->selection_count; i++)
		note_fields(c, detection->selections[i].body);
	seen->complete = rule_is_possible(c, looker->rule);
}

void coverage_event(struct coverage *c, const struct event *event)
{
	const struct kind *kind = find_kind(c, event);
	struct corr_record record = {
		.sequence = c->events++,
		.time = event->time,
		.record_id = event->record_id,
		.event_id = event->event_id,
		.computer = event->computer,
		.channel = event->channel,
		.provider = event->provider,
	};
	const struct match *matches;
	size_t count = match_event(c->explain->state, event, NULL, &matches);

	for (size_t i = 0; i < count; i++) {
		if (matches[i].filtered != NULL)
			continue;
		c->seen[matches[i].rule->index].hits++;
		if (correlator_wants(c->correlator, matches[i].rule))
			correlator_feed(c->correlator, &matches[i], c->explain->state, &record);
	}
	for (size_t i = 0; i < kind->count; i++)
		look(c, &kind->lookers[i]);
}

// ---- results ------------------------------------------------------------

static enum cover rule_status(const struct coverage *c, const struct rule *rule);

// A correlation of types that order or join needs all its rules; others one.
static enum cover correlation_status(const struct coverage *c, const struct rule *rule)
{
	const struct correlation *correlation = rule->correlation;
	bool all = correlation->expression == NULL && (correlation->type == CORR_TEMPORAL ||
						       correlation->type == CORR_TEMPORAL_ORDERED);
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

	if (seen->hits > 0)
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
static void put_missing(struct coverage *c, const struct rule *rule, enum cover status,
			struct buf *out)
{
	const uint32_t *ids;

	if (rule->kind == RULE_CORRELATION) {
		buf_put_text(out, status > COVER_POSSIBLE ? "through the rules it refers to" : "");
		return;
	}
	if (status == COVER_NOT_PLACED)
		buf_put_str(out, c->explain->set->unplaced[rule->index]);
	for (size_t i = 0; i < rule->view_count; i++) {
		const struct view *view = rule->views[i];
		size_t count = explain_view_ids(view, &c->arena, &ids);

		if (count == 0)
			count = explain_asked_ids(&rule->detection, &c->arena, &ids);
		for (size_t k = 0; status == COVER_NO_CHANNEL && k < view->channel_count; k++)
			add_name(out, view->channels[k]);
		for (size_t k = 0; status == COVER_NO_EVENT_ID && k < count; k++)
			add_name(out, arena_printf(&c->arena, "%u", ids[k]));
	}
	for (size_t i = 0; status == COVER_NO_FIELD && i < rule->detection.condition_count; i++)
		add_missing(c, &rule->detection, rule->detection.conditions[i], out);
}

static void put_json_row(struct coverage *c, const struct rule *rule, enum cover status,
			 struct str missing, struct buf *out)
{
	struct json json = {.out = out};

	json_open(&json, '{');
	json_put_str(&json, "RuleTitle", rule->title);
	json_put_str(&json, "RuleID", rule->id);
	json_put_str(&json, "RuleFile", rule->path);
	json_put_str(&json, "Status", str_from(cover_words[status]));
	json_put_u64(&json, "Hits", c->seen[rule->index].hits);
	json_put_str(&json, "Missing", missing);
	json_close(&json, '}');
	buf_put_char(out, '\n');
}

static void put_table_row(struct coverage *c, const struct rule *rule, enum cover status,
			  struct str missing, struct buf *out)
{
	buf_printf(out, "%-19s  ", cover_words[status]);
	escape_terminal(out, rule->title);
	if (status == COVER_FIRED)
		buf_printf(out, ": %llu", (unsigned long long)c->seen[rule->index].hits);
	if (missing.len > 0) {
		buf_put_text(out, ": ");
		escape_terminal_cut(out, missing, 120);
	}
	buf_put_char(out, '\n');
}

static void run_correlations(struct coverage *c)
{
	const struct corr_alert *alerts;
	size_t count = correlator_run(c->correlator, &alerts);

	for (size_t i = 0; i < count; i++)
		c->seen[alerts[i].rule->index].hits++;
}

void coverage_put(struct coverage *c, bool jsonl, struct buf *out)
{
	const struct ruleset *set = c->explain->set;
	uint64_t totals[COVER_COUNT] = {0};
	uint64_t rules = 0;

	run_correlations(c);
	for (size_t i = 0; i < set->count; i++) {
		const struct rule *rule = set->rules[i];
		struct buf missing = {0};
		enum cover status;

		if (rule->kind == RULE_FILTER || rule->unused)
			continue;
		status = rule_status(c, rule);
		put_missing(c, rule, status, &missing);
		(jsonl ? put_json_row : put_table_row)(c, rule, status, buf_str(&missing), out);
		buf_release(&missing);
		totals[status]++;
		rules++;
	}
	if (jsonl)
		return;
	buf_printf(out, "\n%llu events, %llu rules:", (unsigned long long)c->events,
		   (unsigned long long)rules);
	for (size_t i = 0; i < COVER_COUNT; i++)
		buf_printf(out, "%s %llu %s", i > 0 ? "," : "", (unsigned long long)totals[i],
			   cover_words[i]);
	buf_put_char(out, '\n');
}
