// SPDX-License-Identifier: Apache-2.0
// Hits as SARIF 2.1.0, for CI and code scanning: one run.
//
// Results are written as they come, with the hit as JSONL has it as their properties;
// rules, artifacts and the invocation follow, because only then they are known. Section
// numbers are those of the standard (OASIS, SARIF 2.1.0).
//
// Memory: the description of each rule that hit, so at most what the rule set has.
#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/text.h"
#include "evtxscan.h"
#include "output/describe.h"
#include "output/escape.h"
#include "output/output_internal.h"

#define SCHEMA                                                                                     \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"                      \
	"sarif-schema-2.1.0.json"
// What relative paths are relative to; code scanning knows it by this name.
#define BASE_ID "%SRCROOT%"
// What is written at a time behind the results.
#define FLUSH_SIZE (1u << 16)

struct sarif {
	struct arena arena;
	struct map rules; // key -> index + 1
	struct buf descriptors;
	struct json json; // into `descriptors`
	struct buf key;
};

// By describe_level(). A level other than "none" wants kind "fail" (3.27.9).
static const struct severity {
	const char *level, *kind;
	const char *security; // security-severity, as code scanning cuts it: over 9, 7, 4, 0
} severities[DESCRIBE_LEVELS] = {
	{"none", "review", NULL},   {"none", "informational", NULL}, {"note", "fail", "2.0"},
	{"warning", "fail", "5.5"}, {"error", "fail", "8.0"},	     {"error", "fail", "9.5"},
};

// ---- texts and places ---------------------------------------------------

// A message is no plain text: braces make placeholders (3.11.5) and are doubled; what looks
// like a link, [text](target), would become one (3.11.6).
static void put_message_text(struct json *json, struct str text)
{
	struct buf out = {0};

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		buf_put_char(&out, c);
		if (c == '{' || c == '}')
			buf_put_char(&out, c);
		else if (c == ']' && i + 1 < text.len && text.ptr[i + 1] == '(')
			buf_put_char(&out, ' ');
	}
	json_put_str(json, "text", buf_str(&out));
	buf_release(&out);
}

static void put_message(struct json *json, const char *key, struct str text)
{
	json_put_open(json, key, '{');
	put_message_text(json, text);
	json_close(json, '}');
}

// Parts "." and empty ones are left out (3.10.2); ".." stays, for what it leads to depends
// on the file system.
static void put_location(struct json *json, struct str path)
{
	bool is_absolute = path.len > 0 && path.ptr[0] == '/';
	struct str rest = path;
	struct str part;
	struct buf uri = {0};

	buf_put_text(&uri, is_absolute ? "file://" : "");
	while (str_split(&rest, '/', &part)) {
		if (part.len == 0 || str_eq(part, STR(".")))
			continue;
		if (is_absolute || uri.len > 0)
			buf_put_char(&uri, '/');
		escape_uri_path(&uri, part);
	}
	json_put_str(json, "uri", uri.len > 0 ? buf_str(&uri) : STR("."));
	if (!is_absolute)
		json_put_str(json, "uriBaseId", STR(BASE_ID));
	buf_release(&uri);
}

// The index of the artifact is that of the file in the ledger.
static void put_place(struct json *json, struct str path, size_t file, const struct hit *hit,
		      bool has_artifacts)
{
	json_put_open(json, "locations", '[');
	json_open(json, '{');
	json_put_open(json, "physicalLocation", '{');
	json_put_open(json, "artifactLocation", '{');
	put_location(json, path);
	if (has_artifacts)
		json_put_u64(json, "index", file);
	json_close(json, '}');
	if (hit != NULL && hit->has_position) {
		json_put_open(json, "region", '{');
		json_put_u64(json, "byteOffset", hit->offset);
		json_close(json, '}');
	}
	json_close(json, '}');
	json_close(json, '}');
	json_close(json, ']');
}

// ---- rules --------------------------------------------------------------

// An identifier is asked for, whatever the rule lacks.
static struct str rule_id(const struct hit *hit)
{
	if (hit->rule_id.len != 0)
		return hit->rule_id;
	return hit->rule_title.len != 0 ? hit->rule_title : STR("rule without id");
}

static void put_list(struct buf *out, const char *title, const struct str *texts, size_t count)
{
	if (count != 0)
		buf_printf(out, "\n\n%s:", title);
	for (size_t i = 0; i < count; i++) {
		buf_put_text(out, "\n- ");
		buf_put_str(out, texts[i]);
	}
}

static void put_help(struct json *json, const struct hit *hit, struct str description)
{
	struct buf text = {0};

	buf_put_str(&text, description);
	put_list(&text, "False positives", hit->falsepositives, hit->falsepositive_count);
	put_list(&text, "References", hit->references, hit->reference_count);
	put_message(json, "help", buf_str(&text));
	buf_release(&text);
}

// The first reference that is a link.
static void put_help_uri(struct json *json, const struct hit *hit)
{
	for (size_t i = 0; i < hit->reference_count; i++) {
		struct str reference = str_trim(hit->references[i]);
		struct buf uri = {0};

		if (!str_starts_nocase(reference, STR("https://")) &&
		    !str_starts_nocase(reference, STR("http://")))
			continue;
		escape_uri(&uri, reference);
		json_put_str(json, "helpUri", buf_str(&uri));
		buf_release(&uri);
		return;
	}
}

// Each once (3.8.2): code scanning reads security-severity only of what is tagged so.
static void put_tags(struct json *json, const struct hit *hit, struct arena *arena)
{
	struct str *tags = arena_array(arena, hit->tag_count + 1, sizeof(*tags));

	tags[0] = STR("security");
	json_put_open(json, "tags", '[');
	for (size_t i = 0; i <= hit->tag_count; i++) {
		size_t seen = 0;

		if (i > 0)
			tags[i] = utf8_sanitise(arena, hit->tags[i - 1]);
		while (!str_eq(tags[seen], tags[i]))
			seen++;
		if (seen == i)
			json_str(json, tags[i]);
	}
	json_close(json, ']');
}

static void put_rule_properties(struct json *json, const struct hit *hit, struct arena *arena)
{
	const struct severity *severity = &severities[describe_level(hit->level)];

	json_put_open(json, "properties", '{');
	put_tags(json, hit, arena);
	if (severity->security != NULL)
		json_put_str(json, "security-severity", str_from(severity->security));
	json_put_str(json, "level", hit->level);
	json_put_str(json, "status", hit->rule_status);
	json_put_str(json, "author", hit->rule_author);
	json_put_str(json, "date", hit->rule_date);
	json_put_str(json, "modified", hit->rule_modified);
	json_put_str(json, "file", hit->rule_file);
	json_close(json, '}');
}

static void put_rule(struct json *json, const struct hit *hit, struct arena *arena)
{
	struct str description =
		hit->rule_description.len != 0 ? str_trim(hit->rule_description) : hit->rule_title;

	json_open_line(json, '{');
	json_put_str(json, "id", rule_id(hit));
	json_put_str(json, "name", hit->rule_title);
	put_message(json, "shortDescription", hit->rule_title);
	put_message(json, "fullDescription", description);
	put_help_uri(json, hit);
	put_help(json, hit, description);
	json_put_open(json, "defaultConfiguration", '{');
	json_put_str(json, "level", str_from(severities[describe_level(hit->level)].level));
	json_close(json, '}');
	put_rule_properties(json, hit, arena);
	json_close(json, '}');
}

// The index of the hit's rule, which is described when it is new.
static size_t rule_index(struct sarif *sarif, const struct hit *hit, struct arena *arena)
{
	struct str key;
	uintptr_t place;

	buf_reset(&sarif->key);
	describe_rule_key(&sarif->key, hit);
	key = buf_str(&sarif->key);
	place = (uintptr_t)map_get(&sarif->rules, key);
	if (place == 0) {
		place = sarif->rules.count + 1;
		map_add(&sarif->rules, arena_str(&sarif->arena, key), (void *)place);
		put_rule(&sarif->json, hit, arena);
	}
	return place - 1;
}

// ---- results ------------------------------------------------------------

static void sarif_begin(struct output_state *state)
{
	struct sarif *sarif = mem_zalloc(sizeof(*sarif));

	sarif->json.out = &sarif->descriptors;
	state->own = sarif;
	buf_put_text(&state->text, "{\"$schema\":\"" SCHEMA "\",\n\"version\":\"2.1.0\","
				   "\"runs\":[{\"results\":[");
}

static void sarif_release(struct output_state *state)
{
	struct sarif *sarif = state->own;

	map_release(&sarif->rules);
	buf_release(&sarif->descriptors);
	buf_release(&sarif->key);
	arena_release(&sarif->arena);
	free(sarif);
}

// All results have the list or none (3.27.23).
static void put_suppressions(struct json *json, const struct hit *hit)
{
	json_put_open(json, "suppressions", '[');
	if (hit->suppressed_by.len != 0) {
		json_open(json, '{');
		json_put_str(json, "kind", STR("external"));
		json_put_str(json, "status", STR("accepted"));
		json_put_str(json, "justification", hit->suppressed_by);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void sarif_hit(struct output_state *state, const struct hit *hit)
{
	struct json json = {.out = &state->text};
	const struct severity *severity = &severities[describe_level(hit->level)];
	char fingerprint[SHA256_TEXT_SIZE];
	struct buf message = {0};

	describe_hit(&message, hit);
	describe_fingerprint(hit, fingerprint);
	buf_put_text(&state->text, state->hits != 0 ? ",\n" : "\n");
	json_open(&json, '{');
	json_put_str(&json, "ruleId", rule_id(hit));
	json_put_u64(&json, "ruleIndex", rule_index(state->own, hit, &state->arena));
	json_put_str(&json, "kind", str_from(severity->kind));
	json_put_str(&json, "level", str_from(severity->level));
	put_message(&json, "message", buf_str(&message));
	put_place(&json, hit->evtx_file, hit->file, hit, state->options.ledger != NULL);
	json_put_open(&json, "partialFingerprints", '{');
	json_put_str(&json, "evtxscanHit/v1", str_from(fingerprint));
	json_close(&json, '}');
	if (hit->risk_score >= 0)
		json_put_u64(&json, "rank", (uint64_t)hit->risk_score);
	put_suppressions(&json, hit);
	json_key(&json, STR("properties"));
	output_put_hit(&json, &state->arena, hit);
	json_close(&json, '}');
	buf_release(&message);
}

// ---- what follows -------------------------------------------------------

static void put_tool(struct output_state *state, struct json *json)
{
	const struct sarif *sarif = state->own;

	json_put_open(json, "tool", '{');
	json_put_open(json, "driver", '{');
	json_put_str(json, "name", STR("evtxscan"));
	json_put_str(json, "version", STR(EVTXSCAN_VERSION));
	json_put_str(json, "semanticVersion", STR(EVTXSCAN_VERSION));
	json_put_open(json, "rules", '[');
	buf_put_str(json->out, buf_str(&sarif->descriptors));
	json_close(json, ']');
	json_close(json, '}');
	json_close(json, '}');
}

static void flush_if_long(struct output_state *state)
{
	if (state->text.len > FLUSH_SIZE)
		output_flush(state);
}

static void put_artifacts(struct output_state *state, struct json *json)
{
	const struct ledger *ledger = state->options.ledger;

	json_put_open(json, "artifacts", '[');
	for (size_t i = 0; ledger != NULL && i < ledger->file_count; i++) {
		const struct ledger_file *file = &ledger->files[i];

		json_open_line(json, '{');
		json_put_open(json, "location", '{');
		put_location(json, file->path);
		json_close(json, '}');
		json_put_u64(json, "length", file->size);
		if (file->sha256.len != 0) {
			json_put_open(json, "hashes", '{');
			json_put_str(json, "sha-256", file->sha256);
			json_close(json, '}');
		}
		json_close(json, '}');
		flush_if_long(state);
	}
	json_close(json, ']');
}

static void put_notification(struct output_state *state, struct json *json, const char *level,
			     struct str text)
{
	json_put_str(json, "level", str_from(level));
	put_message(json, "message", str_trim(text));
	json_close(json, '}');
	flush_if_long(state);
}

static void put_notes(struct output_state *state, struct json *json, const char *level,
		      const char *what, const struct ledger_notes *notes)
{
	struct buf text = {0};

	for (size_t i = 0; i < notes->count; i++) {
		buf_reset(&text);
		buf_printf(&text, "%s: ", what);
		buf_put_str(&text, notes->items[i].name);
		buf_put_text(&text, notes->items[i].name.len != 0 ? ": " : "");
		buf_put_str(&text, notes->items[i].text);
		json_open_line(json, '{');
		put_notification(state, json, level, buf_str(&text));
	}
	buf_release(&text);
}

static void put_counts(struct output_state *state, struct json *json, const char *what,
		       const struct ledger_counts *counts)
{
	struct buf text = {0};

	for (size_t i = 0; i < counts->count; i++) {
		buf_reset(&text);
		buf_printf(&text, "%s: ", what);
		buf_put_str(&text, counts->items[i].name);
		buf_printf(&text, ": %llu", (unsigned long long)counts->items[i].count);
		json_open_line(json, '{');
		put_notification(state, json, "warning", buf_str(&text));
	}
	buf_release(&text);
}

// Files that were not read, or not all of them.
static void put_files(struct output_state *state, struct json *json, const struct ledger *ledger)
{
	static const char *const levels[] = {"warning", "warning", "error", "note"};
	struct buf text = {0};

	for (size_t i = 0; i < ledger->file_count; i++) {
		const struct ledger_file *file = &ledger->files[i];

		if (!ledger_file_is_notable(file))
			continue;
		buf_reset(&text);
		ledger_put_file(file, &text);
		json_open_line(json, '{');
		put_place(json, file->path, i, NULL, true);
		put_notification(state, json, levels[file->state], buf_str(&text));
	}
	buf_release(&text);
}

static void put_invocation(struct output_state *state, struct json *json)
{
	const struct ledger *ledger = state->options.ledger;

	json_put_open(json, "invocations", '[');
	json_open(json, '{');
	json_put_bool(json, "executionSuccessful", ledger == NULL || ledger->complete);
	if (ledger != NULL) {
		json_put_open(json, "toolExecutionNotifications", '[');
		put_files(state, json, ledger);
		put_counts(state, json, "regular expression gave up (limit), values",
			   &ledger->regex_limits);
		put_counts(state, json, "hits not correlated, too many in one timespan (--memory)",
			   &ledger->too_many);
		put_notes(state, json, "warning", "warning", &ledger->warnings);
		json_close(json, ']');
		json_put_open(json, "toolConfigurationNotifications", '[');
		put_notes(state, json, "error", "refused", &ledger->refused);
		put_notes(state, json, "error", "refused", &ledger->allow_refused);
		put_notes(state, json, "note", "no log source", &ledger->unplaced);
		json_close(json, ']');
	}
	json_close(json, '}');
	json_close(json, ']');
}

static void sarif_end(struct output_state *state)
{
	struct json json = {.out = &state->text, .needs_comma = true};

	buf_put_text(&state->text, "\n]");
	put_tool(state, &json);
	put_invocation(state, &json);
	put_artifacts(state, &json);
	json_put_open(&json, "originalUriBaseIds", '{');
	json_put_open(&json, BASE_ID, '{');
	put_message(&json, "description", STR("the working directory of the scan"));
	json_close(&json, '}');
	json_close(&json, '}');
	buf_put_text(&state->text, "}]}\n");
}

const struct output_driver output_sarif = {
	.name = STR_INIT("sarif"),
	.needs = NEED_HASH | NEED_FACTS,
	.begin = sarif_begin,
	.hit = sarif_hit,
	.end = sarif_end,
	.release = sarif_release,
};
