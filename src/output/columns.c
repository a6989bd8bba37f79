// SPDX-License-Identifier: Apache-2.0
// One row a column. Names that Hayabusa has are its own, and so is what they hold.
#include "output/columns.h"

#include <string.h>

#include "output/output_internal.h"
#include "output/tags.h"

// ---- cells --------------------------------------------------------------

static struct cell text_cell(struct str text)
{
	return (struct cell){.kind = CELL_TEXT, .text = text};
}

static struct cell number_cell(bool known, uint64_t number)
{
	return (struct cell){.kind = CELL_NUMBER, .known = known, .number = number};
}

static struct cell texts_cell(const struct str *texts, size_t count)
{
	return (struct cell){.kind = CELL_TEXTS, .texts = texts, .count = count};
}

static struct cell pairs_cell(const struct hit_pair *pairs, size_t count)
{
	return (struct cell){.kind = CELL_PAIRS, .pairs = pairs, .count = count};
}

// A column that is one member of the hit.
#define TEXT_COLUMN(name, expression)                                                              \
	static struct cell name(const struct hit *hit, struct arena *arena)                        \
	{                                                                                          \
		(void)arena;                                                                       \
		(void)hit;                                                                         \
		return text_cell(expression);                                                      \
	}
#define NUMBER_COLUMN(name, known, expression)                                                     \
	static struct cell name(const struct hit *hit, struct arena *arena)                        \
	{                                                                                          \
		(void)arena;                                                                       \
		return number_cell(known, expression);                                             \
	}

static struct cell timestamp(const struct hit *hit, struct arena *arena)
{
	(void)arena;
	return (struct cell){.kind = CELL_TIME, .time = hit->time};
}

static struct cell datetime(const struct hit *hit, struct arena *arena)
{
	(void)arena;
	return (struct cell){.kind = CELL_UTC, .time = hit->time};
}

TEXT_COLUMN(rule_title, hit->rule_title)
TEXT_COLUMN(level, hit->level)
NUMBER_COLUMN(risk_score, hit->risk_score >= 0, (uint64_t)hit->risk_score)
TEXT_COLUMN(computer, hit->computer)
TEXT_COLUMN(channel, hit->channel)
TEXT_COLUMN(provider, hit->provider)
NUMBER_COLUMN(event_id, output_names_record(hit), hit->event_id)
NUMBER_COLUMN(record_id, output_names_record(hit), hit->record_id)
TEXT_COLUMN(rule_id, hit->rule_id)
TEXT_COLUMN(rule_file, hit->rule_file)
TEXT_COLUMN(evtx_file, hit->evtx_file)
TEXT_COLUMN(confirmed, output_confirmed_name(hit->confirmed))
TEXT_COLUMN(suppressed_by, hit->suppressed_by)
TEXT_COLUMN(rule_author, hit->rule_author)
TEXT_COLUMN(rule_modified, hit->rule_modified)
TEXT_COLUMN(rule_created, hit->rule_date)
TEXT_COLUMN(status, hit->rule_status)
TEXT_COLUMN(file_hash, hit->file_sha256)
NUMBER_COLUMN(chunk, hit->has_position, hit->chunk)
NUMBER_COLUMN(offset, hit->has_position, hit->offset)
TEXT_COLUMN(carved, hit->recovered ? STR("yes") : STR(""))
TEXT_COLUMN(timestamp_desc, STR("evtxscan"))

static struct cell tags(const struct hit *hit, struct arena *arena)
{
	(void)arena;
	return texts_cell(hit->tags, hit->tag_count);
}

static struct cell details(const struct hit *hit, struct arena *arena)
{
	(void)arena;
	return pairs_cell(hit->details, hit->detail_count);
}

static struct cell some_tags(const struct hit *hit, struct arena *arena, enum tag_kind kind)
{
	size_t count;
	const struct str *texts = tags_select(hit->tags, hit->tag_count, kind, arena, &count);

	return texts_cell(texts, count);
}

static struct cell tactics(const struct hit *hit, struct arena *arena)
{
	return some_tags(hit, arena, TAG_TACTIC);
}

static struct cell techniques(const struct hit *hit, struct arena *arena)
{
	return some_tags(hit, arena, TAG_TECHNIQUE);
}

static struct cell other_tags(const struct hit *hit, struct arena *arena)
{
	return some_tags(hit, arena, TAG_OTHER);
}

// Fields of the record besides System, `all` or only those not in Details.
static struct cell some_fields(const struct hit *hit, struct arena *arena, bool all)
{
	struct hit_pair *pairs = arena_array(arena, hit->field_count, sizeof(*pairs));
	size_t count = 0;

	for (size_t i = 0; i < hit->field_count; i++) {
		const struct hit_field *field = &hit->fields[i];
		bool is_shown = false;

		for (size_t k = 0; !all && k < hit->detail_count; k++)
			is_shown |= str_eq(hit->details[k].name, field->name);
		if (!is_shown && !str_starts(field->path, STR("System/")))
			pairs[count++] = (struct hit_pair){field->name, field->value};
	}
	return pairs_cell(pairs, count);
}

static struct cell all_fields(const struct hit *hit, struct arena *arena)
{
	return some_fields(hit, arena, true);
}

static struct cell extra_fields(const struct hit *hit, struct arena *arena)
{
	return some_fields(hit, arena, false);
}

struct hit_pair columns_match(const struct hit *hit, size_t match)
{
	struct hit_pair pair = {hit->matches[match].field, hit->matches[match].value};

	for (size_t i = 0; pair.name.len == 0 && i < hit->field_count; i++) {
		if (str_eq(hit->fields[i].value, pair.value))
			pair.name = hit->fields[i].name;
	}
	if (pair.name.len == 0)
		pair.name = STR("any");
	return pair;
}

// Several patterns may have matched the same value.
static struct cell matched_on(const struct hit *hit, struct arena *arena)
{
	struct hit_pair *pairs = arena_array(arena, hit->match_count, sizeof(*pairs));
	size_t count = 0;

	for (size_t i = 0; i < hit->match_count; i++) {
		struct hit_pair pair = columns_match(hit, i);
		bool is_new = true;

		for (size_t k = 0; k < count; k++)
			is_new &= !str_eq(pairs[k].name, pair.name) ||
				  !str_eq(pairs[k].value, pair.value);
		if (is_new)
			pairs[count++] = pair;
	}
	return pairs_cell(pairs, count);
}

// ---- the table ----------------------------------------------------------

static const struct column all_columns[] = {
	{"Timestamp", 0, timestamp},
	{"RuleTitle", 0, rule_title},
	{"Level", 0, level},
	{"RiskScore", 0, risk_score},
	{"Computer", 0, computer},
	{"Channel", 0, channel},
	{"Provider", 0, provider},
	{"EventID", 0, event_id},
	{"RecordID", 0, record_id},
	{"Details", 0, details},
	{"RuleID", 0, rule_id},
	{"Tags", 0, tags},
	{"RuleFile", 0, rule_file},
	{"EvtxFile", 0, evtx_file},
	{"Confirmed", 0, confirmed},
	{"SuppressedBy", 0, suppressed_by},
	// Not by default.
	{"ExtraFieldInfo", NEED_FIELDS, extra_fields},
	{"AllFieldInfo", NEED_FIELDS, all_fields},
	{"MatchedOn", NEED_FIELDS, matched_on},
	{"MitreTactics", 0, tactics},
	{"MitreTags", 0, techniques},
	{"OtherTags", 0, other_tags},
	{"RuleAuthor", 0, rule_author},
	{"RuleModifiedDate", 0, rule_modified},
	{"RuleCreationDate", 0, rule_created},
	{"Status", 0, status},
	{"FileSHA256", NEED_HASH, file_hash},
	{"Chunk", 0, chunk},
	{"Offset", 0, offset},
	{"RecoveredRecord", 0, carved},
	// As Timesketch calls them.
	{"datetime", 0, datetime},
	{"timestamp_desc", 0, timestamp_desc},
	{"message", 0, rule_title},
};

#define COLUMN_COUNT (sizeof(all_columns) / sizeof(all_columns[0]))
#define DEFAULT_COUNT 16

#define FIRST "Timestamp,RuleTitle,Level,Computer,Channel,EventID,RecordID,"
#define SKETCH                                                                                     \
	"datetime,timestamp_desc,message,Level,Computer,Channel,EventID,MitreTactics,"             \
	"MitreTags,OtherTags,RecordID,Details,"
#define RULE_TAGS "MitreTactics,MitreTags,OtherTags,"
#define SOURCES "RuleFile,EvtxFile"

static const struct profile {
	struct str name;
	struct str columns;
} profiles[] = {
	{STR_INIT("minimal"), STR_INIT(FIRST "Details,RuleID")},
	{STR_INIT("standard"), STR_INIT(FIRST "Details,ExtraFieldInfo,RuleID")},
	{STR_INIT("verbose"), STR_INIT(FIRST "Details,ExtraFieldInfo,RuleID," RULE_TAGS SOURCES)},
	{STR_INIT("all-field-info"), STR_INIT(FIRST "AllFieldInfo,RuleID," SOURCES)},
	{STR_INIT("all-field-info-verbose"),
	 STR_INIT(FIRST "AllFieldInfo,RuleID," RULE_TAGS SOURCES)},
	{STR_INIT("super-verbose"),
	 STR_INIT(FIRST "Details,ExtraFieldInfo,RuleID," RULE_TAGS "Provider,RuleAuthor,"
			"RuleModifiedDate,RuleCreationDate,Status,RiskScore,Confirmed,"
			"SuppressedBy,FileSHA256,Chunk,Offset,RecoveredRecord," SOURCES)},
	{STR_INIT("timesketch-minimal"), STR_INIT(SKETCH "RuleID," SOURCES)},
	{STR_INIT("timesketch-verbose"), STR_INIT(SKETCH "ExtraFieldInfo,RuleID," SOURCES)},
};

#define PROFILE_COUNT (sizeof(profiles) / sizeof(profiles[0]))

const struct columns *columns_default(void)
{
	static const struct column *items[DEFAULT_COUNT] = {
		&all_columns[0],  &all_columns[1],  &all_columns[2],  &all_columns[3],
		&all_columns[4],  &all_columns[5],  &all_columns[6],  &all_columns[7],
		&all_columns[8],  &all_columns[9],  &all_columns[10], &all_columns[11],
		&all_columns[12], &all_columns[13], &all_columns[14], &all_columns[15],
	};
	static const struct columns columns = {items, DEFAULT_COUNT};

	return &columns;
}

const struct columns *columns_search(void)
{
	static const struct column *items[] = {
		&all_columns[0],  &all_columns[4],  &all_columns[5],
		&all_columns[6],  &all_columns[7],  &all_columns[8],
		&all_columns[18], &all_columns[17], &all_columns[13],
	};
	static const struct columns columns = {items, sizeof(items) / sizeof(items[0])};

	return &columns;
}

// ---- choosing -----------------------------------------------------------

static const struct column *find(struct str name)
{
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		if (str_eq_nocase(name, str_from(all_columns[i].name)))
			return &all_columns[i];
	}
	return NULL;
}

static void unknown_column(struct str name, struct err *err)
{
	char names[400];
	size_t len = 0;

	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		size_t more = strlen(all_columns[i].name);

		if (len + more + 3 > sizeof(names))
			break;
		if (len != 0) {
			names[len++] = ',';
			names[len++] = ' ';
		}
		memcpy(names + len, all_columns[i].name, more);
		len += more;
	}
	err_set(err, "'%.*s' is none of %.*s", STR_ARG(str_sub(name, 0, 40)), (int)len, names);
}

static bool is_among(const struct columns *columns, const struct column *column)
{
	for (size_t i = 0; i < columns->count; i++) {
		if (columns->items[i] == column)
			return true;
	}
	return false;
}

enum rc columns_parse(struct str list, struct arena *arena, struct columns *out, struct err *err)
{
	struct str word;
	size_t most = 1;

	for (size_t i = 0; i < list.len; i++)
		most += list.ptr[i] == ',';
	out->items = arena_array(arena, most, sizeof(struct column *));
	out->count = 0;
	while (str_split(&list, ',', &word)) {
		const struct column *column = find(str_trim(word));

		if (column == NULL) {
			unknown_column(str_trim(word), err);
			return RC_FAILED;
		}
		// JSON would have a key twice.
		if (is_among(out, column)) {
			err_set(err, "%s is there twice", column->name);
			return RC_FAILED;
		}
		out->items[out->count++] = column;
	}
	return RC_OK;
}

enum rc columns_of_profile(struct str name, struct arena *arena, struct columns *out,
			   struct err *err)
{
	for (size_t i = 0; i < PROFILE_COUNT; i++) {
		if (str_eq_nocase(name, profiles[i].name))
			return columns_parse(profiles[i].columns, arena, out, err);
	}
	err_set(err,
		"'%.*s' is none of minimal, standard, verbose, all-field-info, "
		"all-field-info-verbose, super-verbose, timesketch-minimal, timesketch-verbose",
		STR_ARG(name));
	return RC_FAILED;
}

unsigned columns_needs(const struct columns *columns)
{
	unsigned needs = 0;

	for (size_t i = 0; i < columns->count; i++)
		needs |= columns->items[i]->needs;
	return needs;
}
