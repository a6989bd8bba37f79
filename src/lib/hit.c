// SPDX-License-Identifier: Apache-2.0
// The getters of a hit.
#include <stdlib.h>
#include <string.h>

#include "lib/internal.h"
#include "output/output.h"
#include "sigma/rule.h"

_Static_assert((int)EVTXSCAN_CONFIRMED_OFF == (int)CONFIRMED_OFF, "the same numbers");
_Static_assert((int)EVTXSCAN_CONFIRMED_YES == (int)CONFIRMED_YES, "the same numbers");
_Static_assert((int)EVTXSCAN_CONFIRMED_DIFFERS == (int)CONFIRMED_DIFFERS, "the same numbers");
_Static_assert((int)EVTXSCAN_CONFIRMED_UNREADABLE == (int)CONFIRMED_UNREADABLE, "the same numbers");
_Static_assert((int)EVTXSCAN_CONFIRMED_RECOVERED == (int)CONFIRMED_RECOVERED, "the same numbers");

void lib_hit_init(struct evtxscan_hit *out, const struct hit *hit)
{
	memset(out, 0, sizeof(*out));
	out->hit = hit;
	if (hit->time != 0)
		out->time_len = tm_format(hit->time, out->time);
}

void lib_hit_release(struct evtxscan_hit *hit)
{
	free(hit->json);
}

// ---- JSON ---------------------------------------------------------------

static bool print_json(FILE *stream, const void *what)
{
	struct output *output = output_new(OUTPUT_JSONL, stream, NULL);
	bool ok = output_hit(output, what, NULL) == RC_OK;

	ok = output_end(output, NULL) == RC_OK && ok;
	output_free(output);
	return ok;
}

struct evtxscan_str evtxscan_hit_json(struct evtxscan_hit *hit)
{
	if (hit->json == NULL)
		hit->json = lib_print(print_json, hit->hit, &hit->json_len);
	return (struct evtxscan_str){hit->json, hit->json_len};
}

// ---- rule ---------------------------------------------------------------

struct evtxscan_str evtxscan_hit_rule_title(const struct evtxscan_hit *hit)
{
	return lib_str(hit->hit->rule_title);
}

struct evtxscan_str evtxscan_hit_rule_id(const struct evtxscan_hit *hit)
{
	return lib_str(hit->hit->rule_id);
}

struct evtxscan_str evtxscan_hit_rule_file(const struct evtxscan_hit *hit)
{
	return lib_str(hit->hit->rule_file);
}

enum evtxscan_level evtxscan_hit_level(const struct evtxscan_hit *hit)
{
	enum rule_level level = LEVEL_UNSET;

	rule_level_parse(hit->hit->level, &level);
	return (enum evtxscan_level)level;
}

int evtxscan_hit_risk_score(const struct evtxscan_hit *hit)
{
	return hit->hit->risk_score;
}

size_t evtxscan_hit_tag_count(const struct evtxscan_hit *hit)
{
	return hit->hit->tag_count;
}

struct evtxscan_str evtxscan_hit_tag(const struct evtxscan_hit *hit, size_t index)
{
	return lib_str(index < hit->hit->tag_count ? hit->hit->tags[index] : STR(""));
}

bool evtxscan_hit_is_alert(const struct evtxscan_hit *hit)
{
	return hit->hit->correlation != NULL;
}

// ---- event --------------------------------------------------------------

uint64_t evtxscan_hit_time(const struct evtxscan_hit *hit)
{
	return hit->hit->time;
}

struct evtxscan_str evtxscan_hit_time_text(const struct evtxscan_hit *hit)
{
	return (struct evtxscan_str){hit->time, hit->time_len};
}

struct evtxscan_str evtxscan_hit_computer(const struct evtxscan_hit *hit)
{
	return lib_str(hit->hit->computer);
}

struct evtxscan_str evtxscan_hit_channel(const struct evtxscan_hit *hit)
{
	return lib_str(hit->hit->channel);
}

struct evtxscan_str evtxscan_hit_provider(const struct evtxscan_hit *hit)
{
	return lib_str(hit->hit->provider);
}

uint32_t evtxscan_hit_event_id(const struct evtxscan_hit *hit)
{
	return hit->hit->event_id;
}

uint64_t evtxscan_hit_record_id(const struct evtxscan_hit *hit)
{
	return hit->hit->record_id;
}

size_t evtxscan_hit_detail_count(const struct evtxscan_hit *hit)
{
	return hit->hit->detail_count;
}

struct evtxscan_pair evtxscan_hit_detail(const struct evtxscan_hit *hit, size_t index)
{
	const struct hit_pair none = {{"", 0}, {"", 0}};
	const struct hit_pair *pair =
		index < hit->hit->detail_count ? &hit->hit->details[index] : &none;

	return (struct evtxscan_pair){lib_str(pair->name), lib_str(pair->value)};
}

size_t evtxscan_hit_match_count(const struct evtxscan_hit *hit)
{
	return hit->hit->match_count;
}

struct evtxscan_match evtxscan_hit_match(const struct evtxscan_hit *hit, size_t index)
{
	const struct hit_match none = {{"", 0}, {"", 0}, {"", 0}, {"", 0}};
	const struct hit_match *match =
		index < hit->hit->match_count ? &hit->hit->matches[index] : &none;

	return (struct evtxscan_match){lib_str(match->selection), lib_str(match->field),
				       lib_str(match->value), lib_str(match->pattern)};
}

// ---- evidence -----------------------------------------------------------

struct evtxscan_str evtxscan_hit_evtx_file(const struct evtxscan_hit *hit)
{
	return lib_str(hit->hit->evtx_file);
}

struct evtxscan_str evtxscan_hit_sha256(const struct evtxscan_hit *hit)
{
	return lib_str(hit->hit->file_sha256);
}

bool evtxscan_hit_position(const struct evtxscan_hit *hit, uint64_t *chunk, uint64_t *offset)
{
	*chunk = hit->hit->chunk;
	*offset = hit->hit->offset;
	return hit->hit->has_position;
}

enum evtxscan_confirmed evtxscan_hit_confirmed(const struct evtxscan_hit *hit)
{
	return (enum evtxscan_confirmed)hit->hit->confirmed;
}

struct evtxscan_str evtxscan_hit_suppressed_by(const struct evtxscan_hit *hit)
{
	return lib_str(hit->hit->suppressed_by);
}
