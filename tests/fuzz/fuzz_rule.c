// SPDX-License-Identifier: Apache-2.0
// Rules, then events (event_text.h), with lines "%%" between.
//
// What is refused has an error with its place. With and without the index the same
// rules hit, by the same condition; a plan that is called empty or idle hits nothing.
// An explanation names items of the rule. Alerts do not depend on the order of feeding.
#include "base/embedded.h"
#include "correlate/correlate.h"
#include "event_text.h"

#define EVENTS 16u
#define REASONS 16u

struct run {
	const struct ruleset *set;
	struct matcher *matcher;
	struct match_state *indexed, *naive;
	struct event events[EVENTS];
	size_t count;
	struct arena arena;
};

// Read in no time, unlike the embedded mapping, which every 16th length of input gets.
static const char small_sources[] =
	"version: 1\n"
	"categories:\n"
	"  process_creation:\n"
	"    sources:\n"
	"      - {id: sysmon-1, default: true, channels: [Microsoft-Windows-Sysmon/Operational],\n"
	"         event_ids: [1]}\n"
	"      - {id: security-4688, default: true, channels: [Security], event_ids: [4688],\n"
	"         fields: {Image: NewProcessName, ParentImage: ParentProcessName,\n"
	"                  ProcessId: {from: NewProcessId, as: hex_to_dec, keep_raw: true},\n"
	"                  User: {join: [SubjectDomainName, SubjectUserName], sep: '\\'}},\n"
	"         hide: [ProcessId]}\n"
	"services:\n"
	"  sysmon: {channels: {official: [Microsoft-Windows-Sysmon/Operational]}}\n"
	"  security: {channels: {official: [Security]}}\n"
	"derived_fields:\n"
	"  - {name: md5, from: Hashes, as: hash_part, part: MD5}\n"
	"  - {name: RegisteredDomain, from: [QNAME, QueryName], as: registered_domain}\n";

static struct ruleset *read_rules(struct str text)
{
	const struct embedded_file *file = embedded_find("logsources.yml");
	struct str sources = text.len % 16 == 0 ? (struct str){(const char *)file->data, file->size}
						: str_from(small_sources);
	struct ruleset *set = ruleset_new();

	CHECK(ruleset_set_sources(set, STR("s"), sources, NULL, 0));
	ruleset_add(set, STR("r"), text);
	CHECK(set->refused == 0 || set->diags.errors != 0);
	ruleset_link(set, NULL);
	return set;
}

static void check_diags(const struct diag_list *diags, struct str text)
{
	size_t lines = 1;

	for (size_t i = 0; i < text.len; i++)
		lines += text.ptr[i] == '\n' || text.ptr[i] == '\r' || (text.ptr[i] & 0x80) != 0;
	for (size_t i = 0; i < diags->count; i++) {
		CHECK(is_text(diags->items[i].message) && diags->items[i].message.len != 0);
		CHECK(diags->items[i].line <= lines + 1);
		CHECK((diags->items[i].line == 0) == (diags->items[i].col == 0));
	}
}

static void explain(struct run *run, const struct match *match)
{
	struct match_reason reasons[REASONS];
	size_t count = match_explain(run->indexed, match, reasons, REASONS);

	CHECK(match->rule->kind == RULE_DETECTION && match->view != NULL);
	for (size_t i = 0; i < count; i++) {
		CHECK(reasons[i].item != NULL && is_text(reasons[i].value));
		CHECK(reasons[i].item->index < run->set->item_count);
	}
}

// event.h: what tells events apart stands there once at most, in System, and the id in
// decimal.
static bool is_plain(const struct event *event)
{
	const struct field *id = event_find(event, STR("EventID"));

	if (event->event_id != 0 && id != NULL && !value_is_decimal(&id->value))
		return false;
	for (size_t i = 0; i < event->count; i++) {
		const struct field *field = &event->fields[i];

		if (event_tells_apart(field->name) &&
		    (field->section != FIELD_SYSTEM || event_find(event, field->name) != field))
			return false;
	}
	return true;
}

static void match_one(struct run *run, const struct event *event)
{
	struct value channel = value_of_text(event->channel, VALUE_STRING);
	struct value provider = value_of_text(event->provider, VALUE_STRING);
	const struct match *with, *without;
	const struct plan *plan = match_plan(run->indexed, &channel, &provider, event->event_id);
	bool is_empty = match_plan_is_empty(plan);
	bool is_idle = match_plan_is_idle(run->indexed, plan);
	size_t count = match_event(run->indexed, event, plan, &with);

	CHECK(match_event(run->naive, event, NULL, &without) == count);
	CHECK(count == 0 || !is_empty);
	CHECK(count == 0 || !is_idle || !is_plain(event));
	for (size_t i = 0; i < count; i++) {
		CHECK(with[i].rule == without[i].rule && with[i].view == without[i].view);
		CHECK(with[i].condition == without[i].condition);
		CHECK(with[i].filtered == without[i].filtered);
		explain(run, &with[i]);
	}
}

// A correlator, and its alerts as bytes.
struct correlating {
	struct spill *spill;
	struct correlations *correlations;
	struct correlator *correlator;
	struct buf alerts;
};

static void feed(struct run *run, struct correlator *correlator, size_t i)
{
	const struct event *event = &run->events[i];
	const struct match *matches;
	size_t count = match_event(run->indexed, event, NULL, &matches);
	struct corr_record record = {.sequence = i + 1,
				     .time = i * 1000000000,
				     .record_id = i,
				     .computer = event->computer};
	struct err err;

	for (size_t k = 0; k < count; k++) {
		if (matches[k].filtered == NULL && correlator_wants(correlator, matches[k].rule))
			CHECK(correlator_feed(correlator, &matches[k], run->indexed, &record,
					      &err) == RC_OK);
	}
}

static void put_number(struct buf *out, uint64_t number)
{
	buf_put(out, &number, sizeof(number));
}

static void put_text(struct buf *out, struct str text)
{
	put_number(out, text.len);
	buf_put_str(out, text);
}

static void put_alert(struct buf *out, const struct corr_alert *a)
{
	put_number(out, a->rule->index);
	put_number(out, a->record->sequence);
	put_number(out, a->first);
	put_number(out, a->trigger);
	put_number(out, a->last);
	put_number(out, a->value_total);
	put_number(out, a->member_total);
	buf_put(out, &a->value, sizeof(a->value));
	for (size_t i = 0; i < a->group_count; i++)
		put_text(out, a->group[i].value);
	for (size_t i = 0; i < a->value_count; i++)
		put_text(out, a->values[i]);
	for (size_t i = 0; i < a->member_count; i++)
		put_number(out, a->members[i].record->sequence);
}

static void take_alerts(void *user, const struct corr_alert *alerts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct corr_alert *a = &alerts[i];

		CHECK(a->first <= a->trigger && a->trigger <= a->last);
		CHECK(a->member_count > 0 && a->member_count <= a->member_total);
		put_alert(user, a);
	}
}

static void begin(struct run *run, struct correlating *c, size_t budget, uint64_t memory)
{
	c->spill = spill_new();
	c->correlations = correlations_new(run->set, memory);
	c->correlator = correlator_new(c->correlations, budget, c->spill);
}

static void end(struct correlating *c)
{
	correlator_free(c->correlator);
	correlations_free(c->correlations);
	spill_free(c->spill);
	buf_release(&c->alerts);
}

// Did any have too many hits for its memory?
static bool has_lost(const struct correlating *c)
{
	const struct corr_diagnostic *rows;
	size_t count = correlations_diagnostics(c->correlations, &rows);

	for (size_t i = 0; i < count; i++) {
		if (rows[i].too_many > 0)
			return true;
	}
	return false;
}

// One waits in memory; the other, fed the other way round, in a file, and groups come in parts.
static void correlate(struct run *run)
{
	struct correlating forward = {0}, backward = {0};
	struct err err;

	begin(run, &forward, SIZE_MAX, UINT64_MAX);
	begin(run, &backward, 512, 1024);
	for (size_t i = 0; i < run->count; i++) {
		feed(run, forward.correlator, i);
		feed(run, backward.correlator, run->count - 1 - i);
	}
	CHECK(correlations_run(forward.correlations, &forward.correlator, 1, take_alerts,
			       &forward.alerts, &err) == RC_OK);
	CHECK(correlations_run(backward.correlations, &backward.correlator, 1, take_alerts,
			       &backward.alerts, &err) == RC_OK);
	CHECK(!has_lost(&forward));
	CHECK(has_lost(&backward) || str_eq(buf_str(&forward.alerts), buf_str(&backward.alerts)));
	end(&forward);
	end(&backward);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = input_of(data, size);
	struct str text = take_section(&input);
	struct run run = {.set = read_rules(text)};

	check_diags(&run.set->diags, text);
	run.matcher = matcher_new(run.set);
	run.indexed = match_state_new(run.matcher, true);
	run.naive = match_state_new(run.matcher, false);
	while (input.len > 0 && run.count < EVENTS) {
		event_of_text(&run.events[run.count], &run.arena, take_section(&input),
			      (uint32_t)run.count + 1);
		run.count++;
	}
	for (size_t i = 0; i < 2 * run.count;
	     i++) // twice: a known shape is matched by what was kept
		match_one(&run, &run.events[i % run.count]);
	correlate(&run);
	match_state_free(run.indexed);
	match_state_free(run.naive);
	matcher_free(run.matcher);
	ruleset_free((struct ruleset *)run.set);
	arena_release(&run.arena);
	return 0;
}
