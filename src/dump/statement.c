// SPDX-License-Identifier: Apache-2.0
// The statement of `verify`.
#include "dump/statement.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "output/escape.h"
#include "output/human.h"
#include "output/json.h"
#include "refreader/differences.h"

// ---- sums ---------------------------------------------------------------

struct kind {
	const char *name, *about;
};

// Known differences, then known failures; false behind the last.
static bool kind_at(size_t index, struct kind *out)
{
	if (index < differences_count)
		*out = (struct kind){differences[index].name, differences[index].about};
	else if (index < differences_count + known_failures_count)
		*out = (struct kind){known_failures[index - differences_count].name,
				     known_failures[index - differences_count].about};
	else
		return false;
	return true;
}

void statement_init(struct statement *statement, struct str version, struct str library_version)
{
	*statement = (struct statement){.version = version, .library_version = library_version};
	statement->kinds =
		mem_zalloc((differences_count + known_failures_count) * sizeof(*statement->kinds));
}

void statement_release(struct statement *statement)
{
	free(statement->kinds);
	statement->kinds = NULL;
}

void statement_add_item(struct statement *statement, const struct verify_item *item)
{
	struct kind kind;

	for (size_t i = 0; item->explained != NULL && kind_at(i, &kind); i++)
		statement->kinds[i] += strcmp(kind.name, item->explained) == 0;
}

void statement_add_file(struct statement *statement, const struct statement_file *file)
{
	struct verify_counts *sum = &statement->counts;

	statement->files++;
	statement->unread += file->problem.len > 0;
	statement->duplicates += file->duplicate_of.len > 0;
	sum->both += file->counts.both;
	sum->only_native += file->counts.only_native;
	sum->only_ref += file->counts.only_ref;
	sum->lost += file->counts.lost;
	sum->fields += file->counts.fields;
	sum->explained += file->counts.explained;
	sum->unexplained += file->counts.unexplained;
}

// Records that one reader did not give: nobody confirms the other's.
static uint64_t count_alone(const struct statement *statement)
{
	return statement->counts.only_native + statement->counts.only_ref;
}

bool statement_is_good(const struct statement *statement)
{
	return statement->unread == 0 && statement->counts.unexplained == 0 &&
	       statement->counts.lost == 0 && count_alone(statement) == 0;
}

// ---- text ---------------------------------------------------------------

static void begin_line(struct buf *out, const char *name)
{
	buf_printf(out, "  %-16s", name);
}

static void put_line(struct buf *out, const char *name, struct str text)
{
	begin_line(out, name);
	escape_terminal(out, text);
	buf_put_char(out, '\n');
}

void statement_put_head(const struct statement *statement, struct buf *out)
{
	buf_printf(
		out,
		"Statement of evtxscan %.*s. Two readers that share no code read each log: native\n"
		"(of evtxscan %.*s) and libevtx (%.*s). Their results were compared record by\n"
		"record, and each field by its text.\n",
		STR_ARG(statement->version), STR_ARG(statement->version),
		STR_ARG(statement->library_version));
}

static void put_identity(struct str path, struct str sha256, uint64_t size, struct buf *out)
{
	buf_put_char(out, '\n');
	escape_terminal(out, path);
	buf_put_char(out, '\n');
	put_line(out, "SHA-256:", sha256.len > 0 ? sha256 : STR("not known"));
	begin_line(out, "Size:");
	human_plural(out, size, "byte");
	buf_put_char(out, '\n');
}

void statement_put_archive(const struct statement_archive *archive, struct buf *out)
{
	put_identity(archive->path, archive->sha256, archive->size, out);
}

void statement_put_file_head(const struct statement_file *file, struct buf *out)
{
	const struct file_facts *facts = file->result.facts;

	put_identity(file->path, file->result.sha256, file->size, out);
	if (facts == NULL)
		return;
	file_facts_put_text(facts, out);
	for (size_t i = 0; i < facts->hint_count; i++)
		put_line(out, "Hint:", facts->hints[i].text);
}

void statement_put_item(const struct verify_item *item, struct buf *out)
{
	begin_line(out, item->kind == VERIFY_LOST ? "Lost:" : "Difference:");
	verify_put_text(out, item);
}

static void put_records(struct buf *out, const char *name, uint64_t count)
{
	begin_line(out, name);
	human_plural(out, count, "record");
}

void statement_put_file_counts(const struct statement_file *file, struct buf *out)
{
	const struct verify_counts *counts = &file->counts;

	if (file->duplicate_of.len > 0) {
		put_line(out, "Same bytes as:", file->duplicate_of);
		return;
	}
	if (file->problem.len > 0)
		put_line(out, "NOT READ:", file->problem);
	put_records(out, "Read by both:", counts->both);
	buf_put_text(out, ", ");
	human_plural(out, counts->fields, "field");
	buf_put_text(out, " compared\n");
	put_records(out, "By one alone:", counts->only_native);
	buf_put_text(out, " by native, ");
	human_number(out, counts->only_ref);
	buf_put_text(out, " by libevtx\n");
	put_records(out, "By neither:", counts->lost);
	buf_put_char(out, '\n');
	begin_line(out, "Differences:");
	human_number(out, counts->explained);
	buf_put_text(out, " explained, ");
	human_number(out, counts->unexplained);
	buf_put_text(out, " unexplained\n");
}

static void put_agreement(const struct statement *statement, struct buf *out)
{
	const struct verify_counts *counts = &statement->counts;

	if (statement->unread + counts->unexplained + counts->lost > 0)
		buf_put_text(out,
			     "The readers do not confirm each other in everything: see NOT READ, "
			     "Lost and UNEXPLAINED.\n");
	else if (counts->both == 0)
		buf_put_text(out, count_alone(statement) > 0
					  ? "No record was read by both readers.\n"
					  : "Neither reader finds a record.\n");
	else
		buf_printf(out, "Both readers say the same of all %s%s.\n",
			   count_alone(statement) > 0 ? "records that both give"
						      : "records and fields",
			   counts->explained > 0 ? ", but for the differences explained" : "");
}

// A reader is known to fail in some ways. What it fails at is as unconfirmed as anything
// else that the other alone says.
static void put_unconfirmed(const struct statement *statement, struct buf *out)
{
	uint64_t count = count_alone(statement);

	if (count == 0)
		return;
	human_plural(out, count, "record");
	buf_put_text(out, count == 1 ? " comes from one reader alone and is not confirmed.\n"
				     : " come from one reader alone and are not confirmed.\n");
}

void statement_put_conclusion(const struct statement *statement, struct buf *out)
{
	const char *head =
		"\nWhat libevtx is known to do, which explains differences, and how often:\n";
	struct kind kind;

	for (size_t i = 0; kind_at(i, &kind); i++) {
		if (statement->kinds[i] == 0)
			continue;
		buf_put_text(out, head);
		buf_put_text(out, "  ");
		human_number(out, statement->kinds[i]);
		buf_printf(out, " %s: %s\n", kind.name, kind.about);
		head = "";
	}
	buf_put_text(out, "\n");
	put_agreement(statement, out);
	put_unconfirmed(statement, out);
}

void statement_put_closing(const struct statement *statement, struct buf *out)
{
	const struct verify_counts *counts = &statement->counts;

	buf_put_text(out, statement_is_good(statement) ? "VERIFIED: " : "NOT VERIFIED: ");
	human_plural(out, statement->files, "file");
	if (statement->unread > 0)
		buf_printf(out, " (%llu not read to the end)",
			   (unsigned long long)statement->unread);
	buf_put_text(out, ", ");
	human_plural(out, counts->both, "record");
	buf_put_text(out, " and ");
	human_plural(out, counts->fields, "field");
	buf_put_text(out, " compared: ");
	human_plural(out, counts->explained, "difference");
	buf_put_text(out, " explained, ");
	human_number(out, counts->unexplained);
	buf_put_text(out, " unexplained; ");
	human_plural(out, count_alone(statement), "record");
	buf_put_text(out, " by one reader alone, ");
	human_number(out, counts->lost);
	buf_put_text(out, " lost by both\n");
}

// ---- JSON ---------------------------------------------------------------

static void put_hash(struct json *json, struct str sha256)
{
	if (sha256.len > 0)
		json_put_str(json, "SHA256", sha256);
	else
		json_put_null(json, "SHA256");
}

static void put_counts(struct json *json, const struct verify_counts *counts)
{
	json_put_u64(json, "Records", counts->both);
	json_put_u64(json, "OnlyNative", counts->only_native);
	json_put_u64(json, "OnlyLibevtx", counts->only_ref);
	json_put_u64(json, "LostByBoth", counts->lost);
	json_put_u64(json, "Fields", counts->fields);
	json_put_u64(json, "Explained", counts->explained);
	json_put_u64(json, "Unexplained", counts->unexplained);
}

void statement_put_archive_json(const struct statement_archive *archive, struct buf *out)
{
	struct json json = {.out = out};

	json_open(&json, '{');
	json_put_str(&json, "Archive", archive->path);
	put_hash(&json, archive->sha256);
	json_put_u64(&json, "Size", archive->size);
	json_close(&json, '}');
	buf_put_char(out, '\n');
}

void statement_put_file_json(const struct statement_file *file, struct buf *out)
{
	struct json json = {.out = out};

	json_open(&json, '{');
	json_put_str(&json, "File", file->path);
	put_hash(&json, file->result.sha256);
	json_put_u64(&json, "Size", file->size);
	if (file->duplicate_of.len > 0)
		json_put_str(&json, "SameBytesAs", file->duplicate_of);
	if (file->problem.len > 0)
		json_put_str(&json, "NotRead", file->problem);
	put_counts(&json, &file->counts);
	json_key(&json, STR("Integrity"));
	file_facts_put_json(&json, file->result.facts);
	json_close(&json, '}');
	buf_put_char(out, '\n');
}

static void put_kinds(struct json *json, const struct statement *statement)
{
	struct kind kind;

	json_put_open(json, "Explanations", '[');
	for (size_t i = 0; kind_at(i, &kind); i++) {
		if (statement->kinds[i] == 0)
			continue;
		json_open(json, '{');
		json_put_str(json, "Name", str_from(kind.name));
		json_put_str(json, "About", str_from(kind.about));
		json_put_u64(json, "Count", statement->kinds[i]);
		json_close(json, '}');
	}
	json_close(json, ']');
}

void statement_put_json(const struct statement *statement, struct buf *out)
{
	struct json json = {.out = out};

	json_open(&json, '{');
	json_put_bool(&json, "Verified", statement_is_good(statement));
	json_put_str(&json, "Evtxscan", statement->version);
	json_put_str(&json, "LibevtxVersion", statement->library_version);
	json_put_u64(&json, "Files", statement->files);
	json_put_u64(&json, "UnreadableFiles", statement->unread);
	json_put_u64(&json, "Duplicates", statement->duplicates);
	put_counts(&json, &statement->counts);
	put_kinds(&json, statement);
	json_close(&json, '}');
	buf_put_char(out, '\n');
}
