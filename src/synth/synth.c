// SPDX-License-Identifier: Apache-2.0
// Descriptions: layers, repetition, the file.
#include "synth/synth.h"

#include "base/limits.h"
#include "evtx/writer.h"
#include "synth/copies.h"
#include "synth/event.h"
#include "synth/merge.h"
#include "synth/source.h"

struct job {
	struct source source;
	struct writer writer;
	struct buf *out;
	size_t start; // of the file in `out`
	const struct yaml_node *templates;
	const struct yaml_node *defaults;
	uint64_t next_record_id;
};

// One copy of an event: System, payload, record.
static bool write_copy(struct job *job, const struct yaml_node *node, uint64_t shift)
{
	struct source *source = &job->source;
	struct evtx_event event;
	struct err err = {""};

	if (!event_build(source, node, &event))
		return false;
	if (event.time > UINT64_MAX - shift)
		return source_error(source, node, "the time of copy %llu is out of range",
				    (unsigned long long)source->copy + 1);
	event.time += shift;
	// A given id is the one of the first copy.
	if (yaml_get(node, "record_id") == NULL || source->copy != 0)
		event.record_id = job->next_record_id;
	job->next_record_id = event.record_id + 1;
	if (writer_add(&job->writer, &event, &err) != RC_OK)
		return source_error(source, node, "%s", err.text);
	if (job->out->len - job->start > LIMIT_SYNTH_OUTPUT)
		return source_error(source, node, "the log would exceed %llu bytes",
				    (unsigned long long)LIMIT_SYNTH_OUTPUT);
	return true;
}

static bool write_event(struct job *job, const struct yaml_node *event)
{
	struct source *source = &job->source;
	struct copies copies;

	if (!copies_parse(source, event, &copies))
		return false;
	for (uint64_t i = 0; i < copies.count; i++) {
		bool good;

		copies_select(source, &copies, i);
		good = write_copy(job, event, copies.step * i);
		arena_reset(source->copy_arena);
		if (!good)
			return false;
	}
	return true;
}

// Lay the template of that name over `event`.
static bool use_template(struct job *job, const struct yaml_node *name, struct yaml_node **event)
{
	if (name->kind == YAML_SCALAR && job->templates != NULL) {
		for (size_t i = 0; i < job->templates->count; i++) {
			const struct yaml_pair *pair = &job->templates->pairs[i];

			if (!str_eq(pair->key->text, name->text))
				continue;
			*event = merge_events(job->source.arena, *event, pair->value);
			return true;
		}
	}
	return source_error(&job->source, name, "there is no template '%.*s'", STR_ARG(name->text));
}

static bool use_templates(struct job *job, const struct yaml_node *use, struct yaml_node **event)
{
	if (use == NULL)
		return true;
	if (use->kind != YAML_SEQUENCE)
		return use_template(job, use, event);
	for (size_t i = 0; i < use->count; i++) {
		if (!use_template(job, use->items[i], event))
			return false;
	}
	return true;
}

static void add_event(struct job *job, const struct yaml_node *own)
{
	struct yaml_node *event = NULL;

	if (!event_check_keys(&job->source, own, true))
		return;
	if (job->defaults != NULL)
		event = merge_events(job->source.arena, NULL, job->defaults);
	if (!use_templates(job, yaml_get(own, "use"), &event))
		return;
	write_event(job, merge_events(job->source.arena, event, own));
}

static bool check_templates(struct job *job)
{
	const struct yaml_node *templates = job->templates;
	bool good = true;

	if (templates == NULL)
		return true;
	if (templates->kind != YAML_MAPPING)
		return source_error(&job->source, templates, "templates must be a mapping");
	for (size_t i = 0; i < templates->count; i++)
		good &= event_check_keys(&job->source, templates->pairs[i].value, false);
	return good;
}

// The four keys of a description; false after a diagnostic.
static bool open_document(struct job *job, const struct yaml_node *root, uint64_t *first_id)
{
	static const char *const keys[] = {"log", "templates", "defaults", "events", NULL};
	static const char *const log_keys[] = {"first_header_id", NULL};
	struct source *source = &job->source;
	const struct yaml_node *log = yaml_get(root, "log");

	if (!source_check_keys(source, root, keys) ||
	    (log != NULL && !source_check_keys(source, log, log_keys)))
		return false;
	job->templates = yaml_get(root, "templates");
	job->defaults = yaml_get(root, "defaults");
	return check_templates(job) &&
	       (job->defaults == NULL || event_check_keys(source, job->defaults, false)) &&
	       event_uint(source, log, "first_header_id", UINT64_MAX - UINT32_MAX, 1, first_id);
}

static void write_log(struct job *job, const struct yaml_node *root)
{
	const struct yaml_node *events = yaml_get(root, "events");
	uint64_t first_id;

	if (!open_document(job, root, &first_id))
		return;
	if (events == NULL || events->kind != YAML_SEQUENCE) {
		source_error(&job->source, root, "events must be a list");
		return;
	}
	writer_init(&job->writer, job->out, first_id);
	for (size_t i = 0; i < events->count; i++)
		add_event(job, events->items[i]);
	writer_finish(&job->writer);
	writer_release(&job->writer);
}

bool synth_build_node(struct arena *arena, struct str path, const struct yaml_node *root,
		      struct buf *out, struct diag_list *diags)
{
	struct arena copy_arena = {0};
	struct job job = {
		.source = {.path = path, .diags = diags, .arena = arena, .copy_arena = &copy_arena},
		.out = out,
		.start = out->len,
		.next_record_id = 1,
	};
	size_t errors = diags->errors;

	write_log(&job, root);
	arena_release(&copy_arena);
	if (diags->errors != errors)
		out->len = job.start;
	return diags->errors == errors;
}

bool synth_build(struct arena *arena, struct str path, struct str yaml_text, struct buf *out,
		 struct diag_list *diags)
{
	struct yaml_file file = {0};

	if (!yaml_parse(arena, path, yaml_text, &file, diags))
		return false;
	if (file.count == 1)
		return synth_build_node(arena, path, file.documents[0], out, diags);
	diag_add(diags, DIAG_ERROR, "E_SYNTH", (struct place){path, 1, 1},
		 "expected one YAML document, found %zu", file.count);
	return false;
}
