// SPDX-License-Identifier: Apache-2.0
// System values and the checks of one event.
#include "synth/event.h"

#include "synth/payload.h"
#include "synth/typed.h"

bool event_check_keys(struct source *source, const struct yaml_node *event, bool whole)
{
	static const char *const keys[] = {
		"use",	      "provider",   "guid",	   "event_source_name",
		"event_id",   "qualifiers", "version",	   "level",
		"task",	      "opcode",	    "keywords",	   "time",
		"record_id",  "channel",    "computer",	   "user",
		"process_id", "thread_id",  "activity_id", "related_activity_id",
		"data",	      "data_name",  "binary",	   "user_data",
		"repeat",     "every",	    "for_each",	   NULL};

	if (!source_check_keys(source, event, whole ? keys : keys + 1))
		return false;
	if (yaml_get(event, "user_data") != NULL &&
	    (yaml_get(event, "data") != NULL || yaml_get(event, "data_name") != NULL ||
	     yaml_get(event, "binary") != NULL))
		return source_error(source, event, "an event has user_data or data, not both");
	return true;
}

bool event_uint(struct source *source, const struct yaml_node *map, const char *key, uint64_t max,
		uint64_t fallback, uint64_t *out)
{
	const struct yaml_node *node = map != NULL ? yaml_get(map, key) : NULL;
	struct str text;

	*out = fallback;
	if (node == NULL)
		return true;
	if (node->kind != YAML_SCALAR)
		return source_error(source, node, "%s must be a number", key);
	text = source_text(source, node);
	if ((str_to_u64(text, out) || str_hex_to_u64(text, out)) && *out <= max)
		return true;
	return source_error(source, node, "%s: '%.*s' is not a number from 0 to %llu", key,
			    STR_ARG(text), (unsigned long long)max);
}

// A text that must be there, or may be absent (the empty slice).
static bool get_text(struct source *source, const struct yaml_node *map, const char *key,
		     bool required, struct str *out)
{
	const struct yaml_node *node = yaml_get(map, key);

	*out = (struct str){NULL, 0};
	if (node != NULL && node->kind == YAML_SCALAR)
		*out = source_text(source, node);
	else if (node != NULL)
		return source_error(source, node, "%s must be text", key);
	if (out->len != 0 || !required)
		return true;
	return source_error(source, node != NULL ? node : map, "the event lacks its %s", key);
}

static bool get_guid(struct source *source, const struct yaml_node *map, const char *key,
		     const unsigned char **out)
{
	const struct yaml_node *node = yaml_get(map, key);
	struct str bytes;

	*out = NULL;
	if (node == NULL)
		return true;
	if (!typed_scalar(source, node, store_guid, 0, "a GUID", &bytes))
		return false;
	*out = (const unsigned char *)bytes.ptr;
	return true;
}

static bool get_names(struct source *source, const struct yaml_node *node, struct evtx_event *event)
{
	const struct yaml_node *user = yaml_get(node, "user");

	return get_text(source, node, "provider", true, &event->provider) &&
	       get_text(source, node, "event_source_name", false, &event->event_source_name) &&
	       get_text(source, node, "channel", true, &event->channel) &&
	       get_text(source, node, "computer", true, &event->computer) &&
	       get_guid(source, node, "guid", &event->guid) &&
	       get_guid(source, node, "activity_id", &event->activity_id) &&
	       get_guid(source, node, "related_activity_id", &event->related_activity_id) &&
	       (user == NULL ||
		typed_scalar(source, user, store_sid, 0, "a SID such as S-1-5-18", &event->user));
}

static bool get_numbers(struct source *source, const struct yaml_node *node,
			struct evtx_event *event)
{
	struct {
		const char *key;
		uint64_t max, fallback, value;
	} n[] = {{"event_id", UINT16_MAX, 0, 0},
		 {"qualifiers", UINT16_MAX, 0, 0},
		 {"version", UINT8_MAX, 0, 0},
		 {"level", UINT8_MAX, 4, 0},
		 {"task", UINT16_MAX, 0, 0},
		 {"opcode", UINT8_MAX, 0, 0},
		 {"keywords", UINT64_MAX, UINT64_C(1) << 63, 0},
		 {"record_id", UINT64_MAX / 2, 0, 0},
		 {"process_id", UINT32_MAX, 4, 0},
		 {"thread_id", UINT32_MAX, 8, 0}};

	for (size_t i = 0; i < sizeof(n) / sizeof(n[0]); i++) {
		if (!event_uint(source, node, n[i].key, n[i].max, n[i].fallback, &n[i].value))
			return false;
	}
	event->event_id = (uint16_t)n[0].value;
	event->qualifiers = (uint16_t)n[1].value;
	event->has_qualifiers = yaml_get(node, "qualifiers") != NULL;
	event->version = (uint8_t)n[2].value;
	event->level = (uint8_t)n[3].value;
	event->task = (uint16_t)n[4].value;
	event->opcode = (uint8_t)n[5].value;
	event->keywords = n[6].value;
	event->record_id = n[7].value;
	event->process_id = (uint32_t)n[8].value;
	event->thread_id = (uint32_t)n[9].value;
	if (yaml_get(node, "event_id") == NULL)
		return source_error(source, node, "the event lacks its event_id");
	return true;
}

static bool get_time(struct source *source, const struct yaml_node *node, uint64_t *out)
{
	const struct yaml_node *time = yaml_get(node, "time");
	struct str bytes;

	if (time == NULL)
		return source_error(source, node, "the event lacks its time");
	if (!typed_scalar(source, time, store_filetime, 8, "an ISO 8601 time", &bytes))
		return false;
	*out = 0;
	for (size_t i = 0; i < 8; i++)
		*out |= (uint64_t)(unsigned char)bytes.ptr[i] << (8 * i);
	return true;
}

bool event_build(struct source *source, const struct yaml_node *node, struct evtx_event *event)
{
	*event = (struct evtx_event){0};
	if (!get_names(source, node, event) || !get_numbers(source, node, event) ||
	    !get_time(source, node, &event->time))
		return false;
	event->payload = payload_build(source, node, &event->user_data);
	return event->payload != NULL;
}
