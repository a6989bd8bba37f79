// SPDX-License-Identifier: Apache-2.0
// libFuzzer: any bytes as a rule file, matched against one event and correlated.
#include <stddef.h>
#include <stdint.h>

#include "base/embedded.h"
#include "correlate/correlate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void match_one(const struct ruleset *set)
{
	static const char *const names[] = {"Image", "CommandLine", "Data", "EventID", "Data"};
	static const char *const texts[] = {"C:\\a\\nslookup.exe", "nslookup -type=axfr x.org", "",
					    "0x10", "5"};
	struct arena arena = {0};
	struct field fields[5];
	struct event event;
	struct matcher *matcher = matcher_new(set);
	struct match_state *state = match_state_new(matcher, true);
	struct correlator *correlator = correlator_new(set);
	const struct corr_alert *alerts;
	const struct match *matches;
	struct match_reason reasons[8];

	event_init(&event, &arena);
	event.fields = fields;
	event.count = 5;
	event.channel = STR("Microsoft-Windows-Sysmon/Operational");
	event.provider = STR("Microsoft-Windows-Sysmon");
	event.event_id = 1;
	for (size_t i = 0; i < 5; i++)
		fields[i] = (struct field){
			.name = str_from(names[i]),
			.path = str_from(names[i]),
			.section = FIELD_EVENT_DATA,
			.value = value_of_text(str_from(texts[i]), VALUE_STRING),
		};
	for (uint64_t n = 0; n < 3; n++) {
		size_t count = match_event(state, &event, NULL, &matches);

		for (size_t i = 0; i < count; i++) {
			match_explain(state, &matches[i], reasons, 8);
			if (correlator_wants(correlator, matches[i].rule))
				correlator_feed(correlator, &matches[i], state,
						&(struct corr_record){.sequence = n, .time = n});
		}
	}
	correlator_run(correlator, &alerts);
	correlator_free(correlator);
	match_state_free(state);
	matcher_free(matcher);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct embedded_file *sources = embedded_find("logsources.yml");
	struct ruleset *set = ruleset_new();

	// A first byte of 1 marks a log-source mapping.
	if (size > 0 && data[0] == '\x01') {
		(void)!ruleset_set_sources(set, STR("s"),
					   (struct str){(const char *)data + 1, size - 1}, NULL, 0);
		ruleset_free(set);
		return 0;
	}
	(void)!ruleset_set_sources(
		set, STR("s"), (struct str){(const char *)sources->data, sources->size}, NULL, 0);
	ruleset_add(set, STR("r"), (struct str){(const char *)data, size});
	ruleset_link(set, NULL);
	match_one(set);
	ruleset_free(set);
	return 0;
}
