// SPDX-License-Identifier: Apache-2.0
// Comparing the readers.
#include "dump/verify.h"

#include <stdlib.h>

#include "base/mem.h"
#include "dump/source.h"
#include "evtx/format.h"
#include "refreader/differences.h"
#include "refreader/refreader.h"

// A record as libevtx has it, or why it has none.
struct ref {
	uint64_t header_id;
	bool is_read;
	struct event event;
	struct str reason;
};

struct verify {
	const struct input_list *list;
	verify_report_fn *report;
	void *user;
	struct verify_counts counts; // of the file
	struct source *source;
	struct refreader *refreader;
	struct arena arena; // of libevtx's records of the chunk
	struct ref *refs;
	size_t count, cap;
	size_t next;	    // first one that no native record had yet
	struct str refused; // why libevtx refuses the chunk; empty when it does not
	struct str file;
};

struct verify *verify_new(const struct input_list *list, verify_report_fn *report, void *user)
{
	struct verify *verify = mem_zalloc(sizeof(*verify));

	verify->list = list;
	verify->report = report;
	verify->user = user;
	verify->source = source_new(list, false);
	return verify;
}

void verify_free(struct verify *verify)
{
	if (verify == NULL)
		return;
	source_free(verify->source);
	refreader_close(verify->refreader);
	arena_release(&verify->arena);
	free(verify->refs);
	free(verify);
}

static void report(struct verify *verify, struct verify_item item)
{
	struct verify_counts *counts = &verify->counts;

	item.file = verify->file;
	counts->only_native += item.kind == VERIFY_NATIVE;
	counts->only_ref += item.kind == VERIFY_REF;
	if (item.kind == VERIFY_LOST)
		counts->lost++;
	else if (item.explained != NULL)
		counts->explained++;
	else
		counts->unexplained++;
	verify->report(verify->user, &item);
}

// ---- libevtx ------------------------------------------------------------

static void add_ref(struct verify *verify, const struct event *event, enum rc rc,
		    const struct err *err)
{
	struct ref *ref;

	mem_grow(&verify->refs, &verify->cap, verify->count + 1, sizeof(*verify->refs));
	ref = &verify->refs[verify->count++];
	*ref = (struct ref){.header_id = event->header_id, .is_read = rc == RC_OK};
	if (ref->is_read)
		ref->event = *event;
	else
		ref->reason = arena_str(&verify->arena, str_from(err->text));
}

// All that libevtx finds in the source's chunk.
static enum rc read_refs(struct verify *verify, struct err *err)
{
	size_t len;
	const void *bytes = source_bytes(verify->source, &len);
	struct event event;
	enum rc rc;

	arena_reset(&verify->arena);
	verify->count = 0;
	verify->next = 0;
	rc = refreader_set_chunk(&verify->refreader, bytes, len, err);
	if (rc == RC_OK)
		rc = refreader_start_chunk(verify->refreader, err);
	if (rc != RC_OK)
		return rc;
	for (;;) {
		struct err why = {""};

		rc = refreader_next(verify->refreader, &verify->arena, &event, &why);
		if (rc == RC_END)
			return RC_OK;
		add_ref(verify, &event, rc, &why);
	}
}

// ---- fields -------------------------------------------------------------

static void report_field(struct verify *verify, const struct event *event, enum verify_kind kind,
			 const struct field *native, const struct field *ref)
{
	struct verify_item item = {
		.kind = kind,
		.header_id = event->header_id,
		.offset = event->offset,
	};
	const struct difference *difference = NULL;

	if (native != NULL) {
		item.path = native->path;
		item.native = event_text(event, native);
	}
	if (ref != NULL) {
		item.path = ref->path;
		item.ref = value_text(&ref->value, event->arena);
	}
	if (kind == VERIFY_FIELD)
		difference =
			difference_explain(&native->value, item.native, item.ref, event->arena);
	if (difference != NULL)
		item.explained = difference->name;
	report(verify, item);
}

static bool same_text(const struct event *event, const struct field *a, const struct field *b)
{
	return str_eq(event_text(event, a), value_text(&b->value, event->arena));
}

// The next of libevtx's fields at that path from `from` on; their count when
// there is none.
static size_t find_path(const struct event *ref, size_t from, struct str path)
{
	while (from < ref->count && !str_eq(ref->fields[from].path, path))
		from++;
	return from;
}

static void compare_fields(struct verify *verify, const struct event *native,
			   const struct event *ref)
{
	size_t next = 0;

	for (size_t i = 0; i < native->count; i++) {
		const struct field *field = &native->fields[i];
		size_t at = find_path(ref, next, field->path);

		if (at == ref->count) {
			report_field(verify, native, VERIFY_NATIVE_FIELD, field, NULL);
			continue;
		}
		for (; next < at; next++)
			report_field(verify, native, VERIFY_REF_FIELD, NULL, &ref->fields[next]);
		verify->counts.fields++;
		if (!same_text(native, field, &ref->fields[next]))
			report_field(verify, native, VERIFY_FIELD, field, &ref->fields[next]);
		next++;
	}
	for (; next < ref->count; next++)
		report_field(verify, native, VERIFY_REF_FIELD, NULL, &ref->fields[next]);
}

// ---- records ------------------------------------------------------------

// What libevtx has and the native reader does not, for the reason given.
static void report_ref(struct verify *verify, const struct ref *ref, struct str reason)
{
	report(verify, (struct verify_item){
			       .kind = ref->is_read ? VERIFY_REF : VERIFY_LOST,
			       .header_id = ref->header_id,
			       .reason = ref->is_read ? reason : ref->reason,
		       });
}

static void report_lost(struct verify *verify, const struct event *event, const char *reason)
{
	report(verify, (struct verify_item){
			       .kind = VERIFY_LOST,
			       .header_id = event->header_id,
			       .offset = event->offset,
			       .reason = str_from(reason),
		       });
}

static void report_native(struct verify *verify, const struct event *event, struct str reason)
{
	const struct known_failure *known = difference_explain_failure(reason);

	report(verify, (struct verify_item){.kind = VERIFY_NATIVE,
					    .header_id = event->header_id,
					    .offset = event->offset,
					    .reason = reason,
					    .explained = known != NULL ? known->name : NULL});
}

// libevtx's record of that id; those before it have no counterpart. libevtx does
// not tell the id of a record that it cannot read: such ones wait until a
// later one shows that they are passed.
static struct ref *find_ref(struct verify *verify, uint64_t header_id)
{
	size_t at = verify->next;

	while (at < verify->count && verify->refs[at].header_id != header_id)
		at++;
	if (at == verify->count)
		return verify->next < verify->count && !verify->refs[verify->next].is_read &&
				       verify->refs[verify->next].header_id == 0
			       ? &verify->refs[verify->next++]
			       : NULL;
	for (; verify->next < at; verify->next++)
		report_ref(verify, &verify->refs[verify->next], STR("not listed"));
	return &verify->refs[verify->next++];
}

static size_t chunk_offset(const struct event *event)
{
	return (size_t)((event->offset - EVTX_FILE_HEADER_SIZE) % CHUNK_SIZE);
}

// A record that libevtx does not list, or of a chunk that it refuses: what it says when it is
// asked for that one alone.
static void ask_alone(struct verify *verify, const struct event *native)
{
	struct err err = {""};
	struct event event;

	if (verify->refreader == NULL) {
		report_native(verify, native, verify->refused);
		return;
	}
	if (refreader_read(verify->refreader, native->header_id, chunk_offset(native),
			   &verify->arena, &event, &err) != RC_OK) {
		report_native(verify, native, str_from(err.text));
		return;
	}
	if (verify->refused.len != 0)
		verify->counts.both++;
	else
		report_native(verify, native,
			      verify->next == verify->count ? STR(DIFFERENCE_WALK_END)
							    : STR("not listed"));
	compare_fields(verify, native, &event);
}

// Of a chunk that libevtx refuses: does it read alone what the native reader does not?
static bool reads_alone(struct verify *verify, const struct event *lost)
{
	struct err ignored;
	struct event event;

	return verify->refused.len != 0 && verify->refreader != NULL &&
	       refreader_read(verify->refreader, lost->header_id, chunk_offset(lost),
			      &verify->arena, &event, &ignored) == RC_OK;
}

static void take_record(struct verify *verify, enum rc rc, const struct event *event,
			const struct err *err)
{
	struct ref *ref = find_ref(verify, event->header_id);

	if (rc != RC_OK && ref == NULL && reads_alone(verify, event)) {
		report_ref(verify, &(struct ref){.header_id = event->header_id, .is_read = true},
			   str_from(err->text));
	} else if (rc != RC_OK && (ref == NULL || !ref->is_read)) {
		report_lost(verify, event, err->text);
	} else if (rc != RC_OK) {
		report_ref(verify, ref, str_from(err->text));
	} else if (ref == NULL) {
		ask_alone(verify, event);
	} else if (!ref->is_read) {
		report_native(verify, event, ref->reason);
	} else {
		verify->counts.both++;
		compare_fields(verify, event, &ref->event);
	}
}

static void verify_chunk(struct verify *verify)
{
	struct err err = {""};
	struct event event;
	enum rc rc;

	verify->refused = (struct str){NULL, 0};
	if (read_refs(verify, &err) != RC_OK)
		verify->refused = arena_str(&verify->arena, str_from(err.text));
	while ((rc = source_next(verify->source, &event, &err)) != RC_END)
		take_record(verify, rc, &event, &err);
	for (; verify->next < verify->count; verify->next++)
		report_ref(verify, &verify->refs[verify->next], STR("not listed"));
}

enum rc verify_file(struct verify *verify, size_t file, struct verify_counts *counts,
		    struct err *err)
{
	enum rc rc;

	verify->file = verify->list->files[file].path;
	verify->counts = (struct verify_counts){0};
	rc = source_open(verify->source, file, err);
	while (rc == RC_OK && (rc = source_next_chunk(verify->source, err)) == RC_OK)
		verify_chunk(verify);
	*counts = verify->counts;
	if (rc != RC_END || source_info(verify->source)->cut.text[0] == '\0')
		return rc == RC_END ? RC_OK : RC_FAILED;
	err_set(err, "%s", source_info(verify->source)->cut.text);
	return RC_FAILED;
}
