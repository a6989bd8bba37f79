// SPDX-License-Identifier: Apache-2.0
// A mapping of log sources, then events (event_text.h), with lines "%%" between.
//
// It loads or has errors with places. Log sources are placed on views of the mapping,
// or there is a reason. Through each view that accepts an event, a field has values that
// are text, the same when it is asked for again.
#include "event_text.h"
#include "match/fields.h"

static const struct str words[] = {
	STR_INIT(""),	    STR_INIT("windows"),  STR_INIT("process_creation"),
	STR_INIT("sysmon"), STR_INIT("security"), STR_INIT("a")};
#define WORDS (sizeof(words) / sizeof(words[0]))

static void check_field(const struct logsources *sources, const struct view *view,
			const struct event *event, struct str name)
{
	struct instances first = fields_resolve(sources, view, event, name);
	struct instances again = fields_resolve(sources, view, event, name);

	CHECK(first.count == again.count);
	for (size_t i = 0; i < first.count; i++) {
		struct str text = instance_text(&first.items[i], event);

		CHECK(is_text(text));
		check_same(text, instance_text(&again.items[i], event), "values");
		check_same(text_fold(event->arena, text), instance_folded(&again.items[i], event),
			   "folded values");
	}
}

static void check_view(const struct logsources *sources, const struct view *view,
		       const struct event *event)
{
	if (!view_accepts(view, event->channel, event->event_id, event->provider))
		return;
	(void)fields_when(sources, view, event);
	for (size_t i = 0; i < view->field_count; i++)
		check_field(sources, view, event, view->fields[i].name);
	for (size_t i = 0; i < event->count; i++)
		check_field(sources, view, event, event->fields[i].name);
	for (size_t i = 0; i < sources->derived_count; i++)
		check_field(sources, view, event, sources->derived[i].name);
}

static void place(struct logsources *sources, const struct event *event)
{
	for (size_t i = 0; i < WORDS * WORDS * 2; i++) {
		struct logsource wanted = {.product = words[i % 2],
					   .category = words[i / 2 % WORDS],
					   .service = words[i / 2 / WORDS]};
		struct str reason = {NULL, 0};
		size_t count = 0;
		const struct view **views = logsources_place(sources, &wanted, &count, &reason);

		CHECK(count != 0 || reason.len != 0);
		for (size_t k = 0; k < count; k++)
			check_view(sources, views[k], event);
		(void)logsources_optional(sources, &wanted, &count);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = input_of(data, size);
	struct str text = take_section(&input);
	struct arena arena = {0}, event_arena = {0};
	struct logsources sources;
	struct diag_list diags;
	struct event event;

	diag_init(&diags, &arena);
	event_of_text(&event, &event_arena, input, 1);
	CHECK(logsources_parse(&arena, STR("s"), text, &STR("all"), 1, &sources, &diags) ==
	      (diags.errors == 0));
	for (size_t i = 0; i < diags.count; i++)
		CHECK(diags.items[i].message.len != 0 && is_text(diags.items[i].message));
	if (diags.errors == 0)
		place(&sources, &event);
	logsources_release(&sources);
	diag_release(&diags);
	arena_release(&event_arena);
	arena_release(&arena);
	return 0;
}
