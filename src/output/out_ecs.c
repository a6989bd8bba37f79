// SPDX-License-Identifier: Apache-2.0
// Hits as alerts in the Elastic Common Schema: one object a line.
//
// The record is told as Winlogbeat tells it (winlog.*), its well-known fields as ECS
// names them (ecs_fields.h); all that ECS has no name for is below "evtxscan". Absent
// values are left out. Lists of pairs are arrays of {name, value}: as objects they would
// give the index a field for every name.
#include <inttypes.h>

#include "base/limits.h"
#include "base/tm.h"
#include "output/describe.h"
#include "output/ecs_fields.h"
#include "output/output_internal.h"
#include "output/tags.h"

#define ECS_VERSION "8.17.0"

// ---- a tree from paths --------------------------------------------------

#define TREE_DEPTH 8

// Objects are opened and closed as the paths ask for it, which come grouped:
// "event.code", "event.kind", "log.file.path".
struct tree {
	struct json json;
	struct arena *arena;
	struct str open[TREE_DEPTH];
	size_t depth;
};

static void tree_close(struct tree *tree, size_t depth)
{
	while (tree->depth > depth) {
		json_close(&tree->json, '}');
		tree->depth--;
	}
}

// The last part of the path becomes a key, those before it objects.
static void tree_key(struct tree *tree, const char *path)
{
	struct str rest = str_from(path);
	struct str part;
	size_t depth = 0;

	while (str_split(&rest, '.', &part) && rest.ptr != NULL && rest.len > 0) {
		if (depth == tree->depth || !str_eq(tree->open[depth], part)) {
			tree_close(tree, depth);
			json_key(&tree->json, part);
			json_open(&tree->json, '{');
			tree->open[tree->depth++] = part;
		}
		depth++;
	}
	tree_close(tree, depth);
	json_key(&tree->json, part);
}

static void put_text(struct tree *tree, const char *path, struct str value)
{
	if (value.len == 0)
		return;
	tree_key(tree, path);
	json_str(&tree->json, value);
}

static void put_number(struct tree *tree, const char *path, uint64_t value)
{
	if (value > INT64_MAX)
		return;
	tree_key(tree, path);
	json_u64(&tree->json, value);
}

static void put_number_as_text(struct tree *tree, const char *path, uint64_t value)
{
	put_text(tree, path, arena_printf(tree->arena, "%" PRIu64, value));
}

static bool is_date(uint64_t ticks)
{
	return ticks != 0 && ticks < TM_YEAR_10000;
}

static void put_date(struct tree *tree, const char *path, uint64_t ticks)
{
	if (!is_date(ticks))
		return;
	tree_key(tree, path);
	json_time(&tree->json, ticks);
}

static void put_bool(struct tree *tree, const char *path, bool value)
{
	tree_key(tree, path);
	json_bool(&tree->json, value);
}

static void put_texts(struct tree *tree, const char *path, const struct str *texts, size_t count)
{
	if (count == 0)
		return;
	tree_key(tree, path);
	output_put_strings(&tree->json, texts, count);
}

static void put_pairs(struct tree *tree, const char *path, const struct hit_pair *pairs,
		      size_t count)
{
	if (count == 0)
		return;
	tree_key(tree, path);
	json_open(&tree->json, '[');
	for (size_t i = 0; i < count; i++) {
		json_open(&tree->json, '{');
		json_put_str(&tree->json, "name", pairs[i].name);
		json_put_str(&tree->json, "value", pairs[i].value);
		json_close(&tree->json, '}');
	}
	json_close(&tree->json, ']');
}

// ---- event, rule, threat ------------------------------------------------

static void put_base(struct tree *tree, const struct hit *hit)
{
	struct buf message = {0};

	describe_hit(&message, hit);
	// Data streams want a date; evtxscan.time_known says whether it is one.
	put_date(tree, "@timestamp", is_date(hit->time) ? hit->time : TM_UNIX_EPOCH);
	put_text(tree, "ecs.version", STR(ECS_VERSION));
	put_text(tree, "message", buf_str(&message));
	put_texts(tree, "tags", hit->tags, hit->tag_count);
	buf_release(&message);
}

static void put_categories(struct tree *tree, const struct ecs_event *event)
{
	struct str texts[3];
	size_t count = 0;

	if (event->category == NULL)
		return;
	texts[0] = str_from(event->category);
	put_texts(tree, "event.category", texts, 1);
	while (count < 3 && event->types[count] != NULL) {
		texts[count] = str_from(event->types[count]);
		count++;
	}
	put_texts(tree, "event.type", texts, count);
	put_text(tree, "event.outcome", str_from(event->outcome));
}

// What Elastic's own rules of these levels have.
static void put_severity(struct tree *tree, const struct hit *hit)
{
	static const uint64_t severities[DESCRIBE_LEVELS] = {0, 1, 21, 47, 73, 99};
	unsigned level = describe_level(hit->level);

	if (level != 0)
		put_number(tree, "event.severity", severities[level]);
}

static void put_event(struct tree *tree, const struct hit *hit, const struct ecs_event *event)
{
	char id[SHA256_TEXT_SIZE];

	describe_fingerprint(hit, id);
	put_text(tree, "event.kind", STR("alert"));
	put_text(tree, "event.module", STR("evtxscan"));
	put_text(tree, "event.dataset", STR("evtxscan.hit"));
	put_text(tree, "event.id", str_from(id));
	put_text(tree, "event.provider", hit->provider);
	if (output_names_record(hit))
		put_number_as_text(tree, "event.code", hit->event_id);
	put_severity(tree, hit);
	if (hit->risk_score >= 0)
		put_number(tree, "event.risk_score", (uint64_t)hit->risk_score);
	if (hit->correlation != NULL) {
		put_date(tree, "event.start", hit->correlation->first);
		put_date(tree, "event.end", hit->correlation->last);
	} else if (event != NULL) {
		put_categories(tree, event);
	}
}

// The folder of the rule's file.
static struct str ruleset_of(struct str path)
{
	while (path.len > 0 && path.ptr[path.len - 1] != '/')
		path.len--;
	return str_sub(path, 0, path.len > 0 ? path.len - 1 : 0);
}

static void put_rule(struct tree *tree, const struct hit *hit)
{
	put_text(tree, "rule.id", hit->rule_id);
	put_text(tree, "rule.name", hit->rule_title);
	put_text(tree, "rule.description", hit->rule_description);
	put_texts(tree, "rule.author", &hit->rule_author, hit->rule_author.len != 0);
	if (hit->reference_count != 0)
		put_text(tree, "rule.reference", hit->references[0]);
	put_text(tree, "rule.category", hit->source_view);
	put_text(tree, "rule.ruleset", ruleset_of(hit->rule_file));
	put_text(tree, "rule.version",
		 hit->rule_modified.len != 0 ? hit->rule_modified : hit->rule_date);
}

static size_t add_once(struct str *texts, size_t count, struct str text)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(texts[i], text))
			return count;
	}
	texts[count] = text;
	return count + 1;
}

// Of a sub-technique also the technique.
static void put_techniques(struct tree *tree, const struct hit *hit)
{
	size_t count;
	const struct str *ids =
		tags_select(hit->tags, hit->tag_count, TAG_TECHNIQUE, tree->arena, &count);
	struct str *parents = arena_array(tree->arena, count, sizeof(*parents));
	struct str *subs = arena_array(tree->arena, count, sizeof(*subs));
	size_t parent_count = 0;
	size_t sub_count = 0;

	for (size_t i = 0; i < count; i++) {
		parent_count = add_once(parents, parent_count, str_sub(ids[i], 0, TECHNIQUE_LEN));
		if (ids[i].len > TECHNIQUE_LEN)
			sub_count = add_once(subs, sub_count, ids[i]);
	}
	put_texts(tree, "threat.technique.id", parents, parent_count);
	put_texts(tree, "threat.technique.subtechnique.id", subs, sub_count);
}

static void put_threat(struct tree *tree, const struct hit *hit)
{
	struct str *ids = arena_array(tree->arena, hit->tag_count, sizeof(*ids));
	struct str *names = arena_array(tree->arena, hit->tag_count, sizeof(*names));
	size_t count = 0;
	bool is_known = false;

	for (size_t i = 0; i < hit->tag_count; i++) {
		enum tag_kind kind = tag_kind(hit->tags[i]);

		is_known |= kind != TAG_OTHER;
		if (kind != TAG_TACTIC)
			continue;
		ids[count] = tag_tactic_id(hit->tags[i]);
		names[count++] = tag_text(hit->tags[i], tree->arena);
	}
	if (!is_known)
		return;
	put_text(tree, "threat.framework", STR("MITRE ATT&CK"));
	put_texts(tree, "threat.tactic.id", ids, count);
	put_texts(tree, "threat.tactic.name", names, count);
	put_techniques(tree, hit);
}

// ---- the record ---------------------------------------------------------

static struct str system_value(const struct hit *hit, const char *path)
{
	for (size_t i = 0; i < hit->field_count; i++) {
		if (str_eq(hit->fields[i].path, str_from(path)))
			return hit->fields[i].value;
	}
	return (struct str){NULL, 0};
}

// Windows' names of levels; security audits have 0.
static struct str level_name(struct str level)
{
	static const char *const names[] = {"information", "critical",	  "error",
					    "warning",	   "information", "verbose"};

	if (level.len != 1 || level.ptr[0] < '0' || level.ptr[0] > '5')
		return (struct str){NULL, 0};
	return str_from(names[level.ptr[0] - '0']);
}

static void put_values(struct tree *tree, const struct hit *hit, const struct ecs_event *event)
{
	struct ecs_value *values;
	size_t count = ecs_values_of(hit, event, tree->arena, &values);

	for (size_t i = 0; i < count; i++) {
		if (values[i].kind == ECS_NUMBER)
			put_number(tree, values[i].path, values[i].number);
		else if (values[i].kind == ECS_TEXTS)
			put_texts(tree, values[i].path, values[i].texts, values[i].count);
		else
			put_text(tree, values[i].path, values[i].text);
	}
}

static void put_system_number(struct tree *tree, const struct hit *hit, const char *path,
			      const char *system)
{
	uint64_t number;

	if (str_to_u64(system_value(hit, system), &number))
		put_number(tree, path, number);
}

static bool is_data(struct str path)
{
	return str_starts(path, STR("EventData/"));
}

static bool is_user_data(struct str path)
{
	return str_starts(path, STR("UserData/"));
}

static bool is_other(struct str path)
{
	return !is_data(path) && !is_user_data(path);
}

// Winlogbeat calls data without names param1, param2, ...
static struct str data_name(const struct hit_field *field, struct arena *arena, size_t *unnamed)
{
	if (str_eq(field->path, STR("EventData/Data")))
		return arena_printf(arena, "param%zu", ++*unnamed);
	return describe_index_name(field->name, arena);
}

// The fields whose path is one of those wanted, as an object.
static void put_fields(struct tree *tree, const char *path, const struct hit *hit,
		       bool (*is_wanted)(struct str path))
{
	size_t most = hit->field_count < LIMIT_INDEX_FIELDS ? hit->field_count : LIMIT_INDEX_FIELDS;
	struct hit_pair *pairs = arena_array(tree->arena, most, sizeof(*pairs));
	size_t unnamed = 0;
	size_t count = 0;

	for (size_t i = 0; i < most; i++) {
		const struct hit_field *field = &hit->fields[i];

		if (is_wanted(field->path))
			pairs[count++] = (struct hit_pair){data_name(field, tree->arena, &unnamed),
							   field->value};
	}
	if (count == 0)
		return;
	tree_key(tree, path);
	output_put_pairs(&tree->json, tree->arena, pairs, count);
}

static void put_winlog(struct tree *tree, const struct hit *hit)
{
	put_text(tree, "winlog.channel", hit->channel);
	put_text(tree, "winlog.computer_name", hit->computer);
	put_text(tree, "winlog.provider_name", hit->provider);
	put_text(tree, "winlog.provider_guid", system_value(hit, "System/Provider@Guid"));
	if (output_names_record(hit)) {
		put_number_as_text(tree, "winlog.event_id", hit->event_id);
		put_number_as_text(tree, "winlog.record_id", hit->record_id);
	}
	put_system_number(tree, hit, "winlog.version", "System/Version");
	put_text(tree, "winlog.activity_id", system_value(hit, "System/Correlation@ActivityID"));
	put_text(tree, "winlog.related_activity_id",
		 system_value(hit, "System/Correlation@RelatedActivityID"));
	put_system_number(tree, hit, "winlog.process.pid", "System/Execution@ProcessID");
	put_system_number(tree, hit, "winlog.process.thread.id", "System/Execution@ThreadID");
	put_text(tree, "winlog.user.identifier", system_value(hit, "System/Security@UserID"));
	put_fields(tree, "winlog.event_data", hit, is_data);
	put_fields(tree, "winlog.user_data", hit, is_user_data);
}

// ---- what ECS has no name for -------------------------------------------

static void put_matches(struct tree *tree, const struct hit *hit)
{
	if (hit->match_count == 0)
		return;
	tree_key(tree, "evtxscan.matched_on");
	json_open(&tree->json, '[');
	for (size_t i = 0; i < hit->match_count; i++) {
		json_open(&tree->json, '{');
		json_put_str(&tree->json, "selection", hit->matches[i].selection);
		json_put_str(&tree->json, "field", hit->matches[i].field);
		json_put_str(&tree->json, "value", hit->matches[i].value);
		json_put_str(&tree->json, "pattern", hit->matches[i].pattern);
		json_close(&tree->json, '}');
	}
	json_close(&tree->json, ']');
}

static void put_log(struct tree *tree, const struct hit *hit)
{
	put_text(tree, "evtxscan.log.sha256", hit->file_sha256);
	if (hit->has_position) {
		put_number(tree, "evtxscan.log.chunk", hit->chunk);
		put_number(tree, "evtxscan.log.offset", hit->offset);
	}
	if (output_names_record(hit))
		put_number_as_text(tree, "evtxscan.log.header_record_id", hit->header_id);
	put_bool(tree, "evtxscan.log.recovered", hit->recovered);
	put_text(tree, "evtxscan.log.recovered_from", hit->recovered_from);
}

static void put_records(struct tree *tree, const struct hit_correlation *correlation)
{
	tree_key(tree, "evtxscan.correlation.records");
	json_open(&tree->json, '[');
	for (size_t i = 0; i < correlation->record_count; i++) {
		const struct hit_record *record = &correlation->records[i];

		json_open(&tree->json, '{');
		if (is_date(record->time))
			json_put_time(&tree->json, "time", record->time);
		json_put_str(&tree->json, "rule_id", record->rule_id);
		json_put_str(&tree->json, "computer", record->computer);
		json_put_str(&tree->json, "channel", record->channel);
		json_put_str(&tree->json, "record_id",
			     arena_printf(tree->arena, "%" PRIu64, record->record_id));
		json_put_str(&tree->json, "path", record->file);
		json_close(&tree->json, '}');
	}
	json_close(&tree->json, ']');
	put_number(tree, "evtxscan.correlation.record_total", correlation->record_total);
}

static void put_correlation(struct tree *tree, const struct hit_correlation *correlation)
{
	put_text(tree, "evtxscan.correlation.type", correlation->type);
	put_pairs(tree, "evtxscan.correlation.group", correlation->group, correlation->group_count);
	tree_key(tree, "evtxscan.correlation.value");
	json_double(&tree->json, correlation->value);
	put_date(tree, "evtxscan.correlation.first", correlation->first);
	put_date(tree, "evtxscan.correlation.trigger", correlation->trigger);
	put_date(tree, "evtxscan.correlation.last", correlation->last);
	put_texts(tree, "evtxscan.correlation.values", correlation->values,
		  correlation->value_count);
	put_number(tree, "evtxscan.correlation.value_total", correlation->value_total);
	put_records(tree, correlation);
}

static void put_own(struct tree *tree, const struct hit *hit)
{
	put_bool(tree, "evtxscan.time_known", is_date(hit->time));
	put_text(tree, "evtxscan.level", hit->level);
	put_text(tree, "evtxscan.confirmed", output_confirmed_name(hit->confirmed));
	put_text(tree, "evtxscan.suppressed_by", hit->suppressed_by);
	put_pairs(tree, "evtxscan.details", hit->details, hit->detail_count);
	put_matches(tree, hit);
	put_text(tree, "evtxscan.rule.file", hit->rule_file);
	put_text(tree, "evtxscan.rule.status", hit->rule_status);
	put_texts(tree, "evtxscan.rule.references", hit->references, hit->reference_count);
	put_texts(tree, "evtxscan.rule.falsepositives", hit->falsepositives,
		  hit->falsepositive_count);
	put_pairs(tree, "evtxscan.rule.attributes", hit->attributes, hit->attribute_count);
	put_log(tree, hit);
	if (hit->correlation != NULL)
		put_correlation(tree, hit->correlation);
	put_fields(tree, "evtxscan.fields", hit, is_other);
	if (hit->field_count > LIMIT_INDEX_FIELDS)
		put_number(tree, "evtxscan.fields_left_out", hit->field_count - LIMIT_INDEX_FIELDS);
}

static void ecs_hit(struct output_state *state, const struct hit *hit)
{
	struct tree tree = {.json = {.out = &state->text}, .arena = &state->arena};
	const struct ecs_event *event = ecs_event_of(hit);

	json_open(&tree.json, '{');
	put_base(&tree, hit);
	put_event(&tree, hit, event);
	put_rule(&tree, hit);
	put_threat(&tree, hit);
	put_text(&tree, "log.file.path", hit->evtx_file);
	put_text(&tree, "log.level", level_name(system_value(hit, "System/Level")));
	put_text(&tree, "host.name", hit->computer);
	put_values(&tree, hit, event);
	put_winlog(&tree, hit);
	put_own(&tree, hit);
	tree_close(&tree, 0);
	json_close(&tree.json, '}');
	buf_put_char(&state->text, '\n');
}

const struct output_driver output_ecs = {
	.name = STR_INIT("ecs"),
	.needs = NEED_HASH | NEED_FIELDS,
	.hit = ecs_hit,
};
