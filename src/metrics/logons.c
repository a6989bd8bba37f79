// SPDX-License-Identifier: Apache-2.0
// Who logged on, or tried to, from where.
//
// Logons are Security 4624 and 4625. What else says who wanted in has rows of
// its own, so that the sums of the rows with a logon type are those of 4624 and
// 4625: explicit credentials (4648), which may have been right or wrong, checks
// of NTLM credentials (4776) and Kerberos tickets (4768, 4771) on domain
// controllers.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "metrics/internal.h"
#include "metrics/words.h"

bool logons_mean(struct str provider, uint32_t event_id)
{
	switch (event_id) {
	case 4624:
	case 4625:
	case 4648:
	case 4768:
	case 4771:
	case 4776:
		return str_eq_nocase(provider, STR("Microsoft-Windows-Security-Auditing"));
	default:
		return false;
	}
}

// ---- events -------------------------------------------------------------

// What is looked at of a logon event, found in one go.
struct facts {
	const struct field *domain, *user, *host, *address, *type, *status, *substatus;
};

static void find_facts(const struct event *event, struct facts *facts)
{
	const struct {
		struct str name;
		const struct field **field;
	} wanted[] = {
		{STR_INIT("TargetDomainName"), &facts->domain},
		{STR_INIT("TargetUserName"), &facts->user},
		{STR_INIT("WorkstationName"), &facts->host},
		{STR_INIT("Workstation"), &facts->host},
		{STR_INIT("IpAddress"), &facts->address},
		{STR_INIT("LogonType"), &facts->type},
		{STR_INIT("Status"), &facts->status},
		{STR_INIT("SubStatus"), &facts->substatus},
	};

	memset(facts, 0, sizeof(*facts));
	for (size_t i = 0; i < event->count; i++) {
		const struct field *field = &event->fields[i];

		if (field->section == FIELD_SYSTEM)
			continue;
		for (size_t k = 0; k < sizeof(wanted) / sizeof(wanted[0]); k++) {
			if (*wanted[k].field == NULL && str_eq(field->name, wanted[k].name))
				*wanted[k].field = field;
		}
	}
}

static uint32_t number_of(const struct field *field, uint32_t otherwise)
{
	uint64_t number;

	if (field == NULL || !value_to_u64(&field->value, &number) || number > UINT32_MAX)
		return otherwise;
	return (uint32_t)number;
}

// An IPv4 address that a socket for both kinds took in is one (::ffff:a.b.c.d).
static uint32_t address_number(struct metrics *metrics, const struct event *event,
			       const struct field *field)
{
	static const struct str mapped = STR_INIT("::ffff:");
	struct str text = field != NULL ? event_text(event, field) : STR("");

	if (str_eq(text, STR("-")))
		text = STR("");
	else if (str_starts_nocase(text, mapped) && str_find_char(text, '.', 0) != SIZE_MAX)
		text = str_sub(text, mapped.len, text.len - mapped.len);
	return names_number(&metrics->texts, text);
}

static uint32_t type_of(uint32_t event_id, const struct facts *facts)
{
	uint32_t type;

	switch (event_id) {
	case 4648:
		return LOGON_EXPLICIT;
	case 4776:
		return LOGON_NTLM;
	case 4768:
	case 4771:
		return LOGON_KERBEROS;
	default:
		type = number_of(facts->type, LOGON_TYPELESS);
		return type < LOGON_EXPLICIT ? type : LOGON_TYPELESS;
	}
}

// Why, as exactly as the event says it.
static uint32_t failure_of(const struct facts *facts)
{
	uint32_t status = number_of(facts->substatus, 0);

	return status != 0 ? status : number_of(facts->status, 0);
}

static void count_reason(struct metrics *metrics, struct logon *logon, uint32_t status)
{
	struct reason **at = &logon->reasons;
	size_t count = 0;

	while (*at != NULL && (*at)->status != status) {
		at = &(*at)->next;
		count++;
	}
	if (count == LIMIT_METRICS_REASONS)
		return;
	if (*at == NULL) {
		*at = arena_zalloc(&metrics->logons.arena, sizeof(**at));
		(*at)->status = status;
	}
	(*at)->count++;
}

static bool failed(uint32_t event_id, uint32_t status)
{
	return event_id == 4625 || event_id == 4771 || (event_id != 4624 && status != 0);
}

void logons_event(struct metrics *metrics, const struct place *place, const struct event *event)
{
	struct logon_key key;
	struct logon *logon;
	struct facts facts;
	uint32_t status;

	find_facts(event, &facts);
	status = failure_of(&facts);
	key = (struct logon_key){
		.domain = text_number(metrics, event, facts.domain),
		.user = text_number(metrics, event, facts.user),
		.host = text_number(metrics, event, facts.host),
		.address = address_number(metrics, event, facts.address),
		.computer = place->key.computer,
		.type = type_of(event->event_id, &facts),
	};
	logon = cells_get(&metrics->logons, (struct str){(const char *)&key, sizeof(key)},
			  sizeof(*logon));
	tally_add(&logon->tally, event->time);
	metrics->logon_failures += event->event_id == 4625;
	metrics->logon_successes += event->event_id == 4624;
	if (event->event_id == 4648) {
		logon->uses++;
	} else if (failed(event->event_id, status)) {
		logon->failures++;
		count_reason(metrics, logon, status);
	} else {
		logon->successes++;
	}
}

// ---- rows ---------------------------------------------------------------

struct logon_row {
	const struct logon *logon;
	struct str account, host, address, computer;
};

static int compare_logons(const void *left, const void *right)
{
	const struct logon_row *a = left;
	const struct logon_row *b = right;
	int order = compare_numbers(b->logon->failures, a->logon->failures);

	if (order == 0)
		order = compare_numbers(b->logon->successes, a->logon->successes);
	if (order == 0)
		order = compare_numbers(b->logon->uses, a->logon->uses);
	if (order == 0)
		order = str_cmp(a->account, b->account);
	if (order == 0)
		order = compare_numbers(a->logon->key.type, b->logon->key.type);
	if (order == 0)
		order = str_cmp(a->host, b->host);
	if (order == 0)
		order = str_cmp(a->address, b->address);
	return order != 0 ? order : str_cmp(a->computer, b->computer);
}

static struct rows logon_rows(const struct metrics *metrics, struct arena *arena)
{
	size_t count = cells_count(&metrics->logons);
	struct logon_row *rows = arena_array(arena, count, sizeof(*rows));

	for (size_t i = 0; i < count; i++) {
		const struct logon *logon = cells_at(&metrics->logons, i);
		const struct logon_key *key = &logon->key;

		rows[i] = (struct logon_row){
			.logon = logon,
			.account = account_text(metrics, arena, key->domain, key->user),
			.host = names_text(&metrics->texts, key->host),
			.address = names_text(&metrics->texts, key->address),
			.computer = names_text(&metrics->computers, key->computer),
		};
	}
	qsort(rows, count, sizeof(*rows), compare_logons);
	return (struct rows){rows, count, sizeof(*rows)};
}

// What is behind the bounds is of any type.
static bool is_others(const struct logon_key *key)
{
	return key->user == NAME_OTHERS && key->host == NAME_OTHERS && key->address == NAME_OTHERS;
}

static struct str type_name(const struct logon_key *key)
{
	switch (key->type) {
	case LOGON_EXPLICIT:
		return STR("explicit credentials (4648)");
	case LOGON_NTLM:
		return STR("NTLM check (4776)");
	case LOGON_KERBEROS:
		return STR("Kerberos ticket (4768, 4771)");
	default:
		return is_others(key) ? STR("") : logon_type_name(key->type);
	}
}

// The most frequent one; of equals the lower status.
static struct str failure_text(const struct logon *logon, struct arena *arena)
{
	const struct reason *most = logon->reasons;
	struct str words;

	if (most == NULL)
		return STR("");
	for (const struct reason *reason = most->next; reason != NULL; reason = reason->next) {
		if (reason->count > most->count ||
		    (reason->count == most->count && reason->status < most->status))
			most = reason;
	}
	if (most->status == 0)
		return STR("");
	words = status_words(most->status, logon->key.type == LOGON_KERBEROS);
	return arena_printf(arena, "%.*s%s0x%" PRIx32 "%s", STR_ARG(words),
			    words.len > 0 ? " (" : "", most->status, words.len > 0 ? ")" : "");
}

static void fill_logon(const struct metrics *metrics, const void *item, struct arena *arena,
		       struct cell *cells)
{
	const struct logon_row *row = item;
	const struct logon *logon = row->logon;

	(void)metrics;
	cells[0] = cell_number(logon->failures);
	cells[1] = cell_number(logon->successes);
	cells[2] = cell_number(logon->uses);
	if (logon->key.type < LOGON_EXPLICIT && !is_others(&logon->key))
		cells[3] = cell_number(logon->key.type);
	cells[4] = cell_text(type_name(&logon->key));
	cells[5] = cell_text(row->account);
	cells[6] = cell_text(row->computer);
	cells[7] = cell_text(row->host);
	cells[8] = cell_text(row->address);
	cells[9] = cell_text(failure_text(logon, arena));
	cells[10] = cell_time(logon->tally.first);
	cells[11] = cell_time(logon->tally.last);
}

static void sum_logons(const struct metrics *metrics, size_t rows, struct buf *out)
{
	(void)rows;
	put_count(out, metrics->logon_failures, "failed", "failed");
	buf_put_text(out, ", ");
	put_count(out, metrics->logon_successes, "succeeded", "succeeded");
}

const struct section section_logons = {
	.name = STR_INIT("logons"),
	.columns = {{"Failures", COLUMN_NUMBER, true},
		    {"Successes", COLUMN_NUMBER, false},
		    {"Explicit", COLUMN_NUMBER, false},
		    {"LogonType", COLUMN_NUMBER, false},
		    {"TypeName", COLUMN_TEXT, false},
		    {"Account", COLUMN_TEXT, true},
		    {"Computer", COLUMN_TEXT, false},
		    {"SourceHost", COLUMN_TEXT, true},
		    {"SourceAddress", COLUMN_TEXT, false},
		    {"MostFailures", COLUMN_TEXT, false},
		    {"First", COLUMN_TIME, true},
		    {"Last", COLUMN_TIME, false}},
	.column_count = 12,
	.rows = logon_rows,
	.fill = fill_logon,
	.sum = sum_logons,
};
