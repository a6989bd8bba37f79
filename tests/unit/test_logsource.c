// SPDX-License-Identifier: Apache-2.0
// The log-source mapping of the program: what each of its views accepts.
#include "rule_fixture.h"

#include "sigma/logsource_parse.h"

// A name that a channel pattern accepts; "X*" stands for all that begin so.
static struct str sample(struct arena *arena, struct str pattern)
{
	if (str_ends(pattern, STR("*")))
		return arena_printf(arena, "%.*sZ", (int)pattern.len - 1, pattern.ptr);
	return pattern;
}

static struct str upper(struct arena *arena, struct str text)
{
	struct str copy = arena_str(arena, text);

	for (size_t i = 0; i < copy.len; i++) {
		if (copy.ptr[i] >= 'a' && copy.ptr[i] <= 'z')
			((char *)copy.ptr)[i] = (char)(copy.ptr[i] - 'a' + 'A');
	}
	return copy;
}

static bool listed(const struct view *view, uint32_t id)
{
	for (size_t i = 0; i < view->event_id_count; i++) {
		if (view->event_ids[i] == id)
			return true;
	}
	return false;
}

static void check_ids(const struct view *view, struct str channel, struct str provider)
{
	for (size_t i = 0; i < view->event_id_count; i++) {
		uint32_t id = view->event_ids[i];

		assert_true(view_accepts(view, channel, id, provider));
		if (!listed(view, id + 1))
			assert_false(view_accepts(view, channel, id + 1, provider));
	}
	if (view->event_id_count == 0)
		assert_true(view_accepts(view, channel, 12345, provider));
}

static void check_view(const struct view *view)
{
	struct arena arena = {0};
	struct str provider =
		view->provider_count > 0 ? sample(&arena, view->providers[0]) : STR("Anybody");
	uint32_t id = view->event_id_count > 0 ? view->event_ids[0] : 1;

	for (size_t i = 0; i < view->channel_count; i++) {
		struct str channel = sample(&arena, view->channels[i]);

		check_ids(view, channel, provider);
		assert_true(view_accepts(view, upper(&arena, channel), id, provider));
		assert_false(view_accepts(view, arena_printf(&arena, "Z%.*s", STR_ARG(channel)), id,
					  provider));
		if (view->provider_count > 0)
			assert_false(view_accepts(view, channel, id, STR("Somebody Else")));
	}
	assert_false(view_accepts(view, STR(""), id, provider));
	arena_release(&arena);
}

static void check_all(const struct map *sources)
{
	for (size_t i = 0; i < sources->count; i++) {
		const struct source_entry *entry = sources->entries[i].value;

		for (size_t k = 0; k < entry->view_count; k++)
			check_view(&entry->views[k]);
	}
}

static void every_view_accepts_exactly_its_own(void **state)
{
	struct ruleset *set = good_rules(STR(""));

	(void)state;
	assert_true(set->sources.categories.count > 10);
	assert_true(set->sources.services.count > 10);
	check_all(&set->sources.categories);
	check_all(&set->sources.services);
	ruleset_free(set);
}

static size_t place(struct ruleset *set, struct str category, struct str product,
		    struct str service, struct str *reason)
{
	struct logsource wanted = {.category = category, .product = product, .service = service};
	size_t count;

	*reason = (struct str){NULL, 0};
	logsources_place(&set->sources, &wanted, &count, reason);
	return count;
}

static void rules_are_placed_or_told_why_not(void **state)
{
	struct ruleset *set = good_rules(STR(""));
	struct str none = {NULL, 0};
	struct str reason;

	(void)state;
	assert_true(place(set, STR("process_creation"), STR("windows"), none, &reason) >= 2);
	assert_true(place(set, STR("Process_Creation"), STR("Windows"), none, &reason) >= 2);
	assert_true(place(set, none, STR("windows"), STR("security"), &reason) > 0);
	assert_int_equal(place(set, none, STR("windows"), none, &reason), 1);
	assert_int_equal(place(set, none, STR("linux"), STR("auditd"), &reason), 0);
	assert_true(reason.len > 0);
	assert_int_equal(place(set, STR("nothing"), STR("windows"), none, &reason), 0);
	assert_true(reason.len > 0);
	assert_int_equal(place(set, none, STR("windows"), STR("nothing"), &reason), 0);
	assert_true(reason.len > 0);
	ruleset_free(set);
}

static void a_pair_without_active_views_has_a_reason(void **state)
{
	struct logsource wanted = {.category = STR("c"), .service = STR("s")};
	struct str reason = {NULL, 0};
	struct arena arena = {0};
	struct logsources sources;
	struct diag_list diags;
	size_t count;

	(void)state;
	diag_init(&diags, &arena);
	assert_true(logsources_parse(
		&arena, STR("m"),
		STR("version: 1\n"
		    "categories: {c: {sources: [{id: x, default: false, channels: [A]}]}}\n"
		    "services: {s: {channels: {official: [A]}}}\n"),
		NULL, 0, &sources, &diags));
	logsources_place(&sources, &wanted, &count, &reason);
	assert_int_equal(count, 0);
	assert_true(reason.len > 0);
	logsources_release(&sources);
	diag_release(&diags);
	arena_release(&arena);
}

static void category_and_service_must_both_accept(void **state)
{
	struct ruleset *set = good_rules(STR(""));
	struct logsource wanted = {.category = STR("process_creation"), .service = STR("security")};
	struct str reason = {NULL, 0};
	size_t count;
	const struct view **views = logsources_place(&set->sources, &wanted, &count, &reason);
	bool security = false;

	(void)state;
	for (size_t i = 0; i < count; i++) {
		security |= view_accepts(views[i], STR("Security"), 4688,
					 STR("Microsoft-Windows-Security-Auditing"));
		assert_false(view_accepts(views[i], STR("Microsoft-Windows-Sysmon/Operational"), 1,
					  STR("Microsoft-Windows-Sysmon")));
		assert_false(view_accepts(views[i], STR("Security"), 4689,
					  STR("Microsoft-Windows-Security-Auditing")));
	}
	assert_true(security);
	ruleset_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_view_accepts_exactly_its_own),
		cmocka_unit_test(rules_are_placed_or_told_why_not),
		cmocka_unit_test(a_pair_without_active_views_has_a_reason),
		cmocka_unit_test(category_and_service_must_both_accept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
