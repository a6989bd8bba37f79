// SPDX-License-Identifier: Apache-2.0
// The ledger as JSON: everything, nothing cut.
#include <errno.h>
#include <string.h>

#include "output/json.h"
#include "output/ledger.h"

// The text is written out whenever it grows past this, so that an account of
// a million files stays small in memory.
#define FLUSH_SIZE (1u << 16)

struct writer {
	struct buf text;
	struct json json;
	FILE *stream;
	int error; // errno of the first failure
};

static void drain(struct writer *writer, size_t least)
{
	struct buf *text = &writer->text;

	if (text->len == 0 || text->len < least)
		return;
	errno = 0;
	if (writer->error == 0 && fwrite(text->ptr, 1, text->len, writer->stream) != text->len)
		writer->error = errno != 0 ? errno : EIO;
	buf_reset(text);
}

static void put_reasons(struct json *json, const struct ledger_file *file)
{
	json_put_open(json, "Reasons", '[');
	for (size_t i = 0; i < file->reason_count; i++) {
		json_open(json, '{');
		json_put_str(json, "Reason", file->reasons[i].text);
		json_put_u64(json, "Records", file->reasons[i].count);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void put_hash(struct json *json, struct str sha256)
{
	if (sha256.len != 0)
		json_put_str(json, "SHA256", sha256);
	else
		json_put_null(json, "SHA256");
}

static void put_file(struct json *json, const struct ledger_file *file)
{
	static const char *const states[] = {"complete", "partial", "unreadable", "duplicate"};

	json_open(json, '{');
	json_put_str(json, "Path", file->path);
	put_hash(json, file->sha256);
	json_put_u64(json, "Size", file->size);
	json_put_str(json, "State", str_from(states[file->state]));
	json_put_str(json, "Status", file->status);
	json_put_u64(json, "Chunks", file->chunks);
	json_put_u64(json, "ChunksFailed", file->chunks_failed);
	json_put_u64(json, "RecordsRead", file->records);
	json_put_u64(json, "RecordsCarved", file->recovered);
	json_put_u64(json, "RecordsByLibevtx", file->fallback);
	json_put_u64(json, "RecordsFailed", file->failed);
	put_reasons(json, file);
	json_key(json, STR("Integrity"));
	file_facts_put_json(json, file->facts);
	json_close(json, '}');
}

static void put_files(struct writer *writer, const struct ledger *ledger)
{
	struct json *json = &writer->json;

	json_put_open(json, "Files", '[');
	for (size_t i = 0; i < ledger->file_count; i++) {
		put_file(json, &ledger->files[i]);
		drain(writer, FLUSH_SIZE);
	}
	json_close(json, ']');
}

static void put_archives(struct json *json, const struct ledger *ledger)
{
	json_put_open(json, "Archives", '[');
	for (size_t i = 0; i < ledger->archive_count; i++) {
		json_open(json, '{');
		json_put_str(json, "Path", ledger->archives[i].path);
		put_hash(json, ledger->archives[i].sha256);
		json_put_u64(json, "Size", ledger->archives[i].size);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void put_totals(struct json *json, const struct ledger_totals *totals)
{
	json_put_open(json, "Totals", '{');
	json_put_u64(json, "Files", totals->files);
	json_put_u64(json, "FilesPartial", totals->partial);
	json_put_u64(json, "FilesUnreadable", totals->unreadable);
	json_put_u64(json, "FilesDuplicate", totals->duplicates);
	json_put_u64(json, "Bytes", totals->bytes);
	json_put_u64(json, "Chunks", totals->chunks);
	json_put_u64(json, "ChunksFailed", totals->chunks_failed);
	json_put_u64(json, "RecordsRead", totals->records);
	json_put_u64(json, "RecordsCarved", totals->recovered);
	json_put_u64(json, "RecordsByLibevtx", totals->fallback);
	json_put_u64(json, "RecordsFailed", totals->failed);
	json_close(json, '}');
}

static void put_notes(struct json *json, const char *key, const struct ledger_notes *notes)
{
	json_put_open(json, key, '[');
	for (size_t i = 0; i < notes->count; i++) {
		json_open(json, '{');
		json_put_str(json, "Name", notes->items[i].name);
		json_put_str(json, "Text", notes->items[i].text);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void put_counts(struct json *json, const char *key, const struct ledger_counts *counts)
{
	json_put_open(json, key, '[');
	for (size_t i = 0; i < counts->count; i++) {
		json_open(json, '{');
		json_put_str(json, "Name", counts->items[i].name);
		json_put_u64(json, "Count", counts->items[i].count);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void put_recovery(struct json *json, const struct ledger_recovery *recovery)
{
	json_put_open(json, "Recovery", '{');
	json_put_u64(json, "Beginnings", recovery->beginnings);
	json_put_u64(json, "Trusted", recovery->trusted);
	json_put_u64(json, "AlsoLive", recovery->live);
	json_put_u64(json, "FoundAgain", recovery->again);
	json_put_u64(json, "TemplateFromElsewhere", recovery->lent);
	json_put_u64(json, "TemplateFromAnotherLog", recovery->foreign);
	json_put_u64(json, "ChunksFound", recovery->chunks);
	json_put_u64(json, "Hits", recovery->hits);
	put_counts(json, "NotTrusted", &recovery->doubts);
	json_close(json, '}');
}

static void put_rules(struct json *json, const struct ledger *ledger)
{
	json_put_open(json, "Rules", '{');
	json_put_u64(json, "Loaded", ledger->rules);
	json_put_u64(json, "Correlations", ledger->correlations);
	json_put_u64(json, "Filters", ledger->filters);
	json_put_u64(json, "NotChosen", ledger->unused);
	put_notes(json, "Refused", &ledger->refused);
	put_notes(json, "WithoutLogSource", &ledger->unplaced);
	put_counts(json, "RegexLimits", &ledger->regex_limits);
	put_counts(json, "HitsWithoutGroupField", &ledger->no_group);
	put_counts(json, "HitsNotCorrelated", &ledger->too_many);
	json_close(json, '}');
}

static void put_hits(struct json *json, const struct ledger *ledger)
{
	json_put_open(json, "Hits", '{');
	json_put_u64(json, "Total", ledger->hits);
	json_put_u64(json, "Suppressed", ledger->suppressed);
	json_put_u64(json, "Confirmed", ledger->confirmed);
	json_put_u64(json, "Differs", ledger->differs);
	json_put_u64(json, "Unreadable", ledger->unconfirmed);
	put_counts(json, "ByLevel", &ledger->levels);
	json_put_open(json, "ByRule", '[');
	for (size_t i = 0; i < ledger->rule_hit_count; i++) {
		const struct ledger_rule_hits *rule = &ledger->rule_hits[i];

		json_open(json, '{');
		json_put_str(json, "RuleID", rule->id);
		json_put_str(json, "RuleTitle", rule->title);
		json_put_str(json, "Level", rule->level);
		json_put_u64(json, "Hits", rule->hits);
		json_put_u64(json, "Suppressed", rule->suppressed);
		json_close(json, '}');
	}
	json_close(json, ']');
	json_close(json, '}');
}

static void put_allowlist(struct json *json, const struct ledger *ledger)
{
	json_put_open(json, "Allowlist", '{');
	json_put_open(json, "Entries", '[');
	for (size_t i = 0; i < ledger->allow_count; i++) {
		const struct ledger_allow *allow = &ledger->allow[i];

		json_open(json, '{');
		json_put_str(json, "Name", allow->name);
		json_put_str(json, "Class", allow->section);
		json_put_str(json, "Owner", allow->owner);
		json_put_u64(json, "Silenced", allow->silenced);
		json_put_u64(json, "AfterExpiry", allow->after_expiry);
		json_close(json, '}');
	}
	json_close(json, ']');
	put_notes(json, "Refused", &ledger->allow_refused);
	json_close(json, '}');
	put_counts(json, "FilterHits", &ledger->filter_hits);
}

static void put_cover(struct json *json, const struct ledger_cover *cover)
{
	json_open(json, '{');
	json_put_str(json, "RuleID", cover->id);
	json_put_str(json, "RuleTitle", cover->title);
	json_put_str(json, "Level", cover->level);
	json_put_str(json, "RuleFile", cover->file);
	json_put_str(json, "Status", cover->status);
	json_put_str(json, "Missing", cover->missing);
	json_put_u64(json, "Hits", cover->hits);
	json_close(json, '}');
}

static void put_coverage(struct writer *writer, const struct ledger *ledger)
{
	struct json *json = &writer->json;

	json_put_open(json, "Coverage", '{');
	json_put_open(json, "Records", '[');
	for (size_t i = 0; i < ledger->kind_count; i++) {
		const struct ledger_kind *kind = &ledger->kinds[i];

		json_open(json, '{');
		json_put_str(json, "Channel", kind->channel);
		json_put_str(json, "Provider", kind->provider);
		json_put_u64(json, "EventID", kind->event_id);
		json_put_u64(json, "Records", kind->records);
		json_put_u64(json, "Rules", kind->rules);
		json_close(json, '}');
		drain(writer, FLUSH_SIZE);
	}
	json_close(json, ']');
	json_put_u64(json, "OtherRecords", ledger->other_kinds);
	json_put_open(json, "Rules", '[');
	for (size_t i = 0; i < ledger->cover_count; i++) {
		put_cover(json, &ledger->cover[i]);
		drain(writer, FLUSH_SIZE);
	}
	json_close(json, ']');
	json_close(json, '}');
}

enum rc ledger_write_json(const struct ledger *ledger, FILE *stream, struct err *err)
{
	struct writer writer = {.stream = stream};
	struct json *json = &writer.json;

	json->out = &writer.text;
	json_open(json, '{');
	json_put_str(json, "Program", STR("evtxscan"));
	json_put_str(json, "Version", ledger->version);
	json_put_bool(json, "Complete", ledger->complete);
	json_put_bool(json, "Interrupted", ledger->interrupted);
	json_put_str(json, "RecordsLookedAt", ledger->choice);
	json_put_u64(json, "RecordsWithoutTime", ledger->timeless);
	put_totals(json, &ledger->totals);
	put_files(&writer, ledger);
	if (ledger->recovery.was_asked)
		put_recovery(json, &ledger->recovery);
	put_archives(json, ledger);
	put_rules(json, ledger);
	put_hits(json, ledger);
	put_allowlist(json, ledger);
	if (ledger->has_coverage)
		put_coverage(&writer, ledger);
	put_notes(json, "Warnings", &ledger->warnings);
	json_close(json, '}');
	buf_put_char(&writer.text, '\n');
	drain(&writer, 0);
	buf_release(&writer.text);
	errno = 0;
	if ((fflush(stream) != 0 || ferror(stream)) && writer.error == 0)
		writer.error = errno != 0 ? errno : EIO;
	if (writer.error == 0)
		return RC_OK;
	err_set(err, "cannot write the ledger: %s", strerror(writer.error));
	return RC_FATAL;
}
