// SPDX-License-Identifier: Apache-2.0
// Placing rules: which views serve a log source.
#include "sigma/logsource.h"

#include <string.h>

#include "sigma/logsource_parse.h"

bool channel_listed(const struct str *channels, size_t count, struct str channel)
{
	for (size_t i = 0; i < count; i++) {
		struct str name = channels[i];

		if (str_ends(name, STR("*"))
			    ? str_starts_nocase(channel, str_sub(name, 0, name.len - 1))
			    : str_eq_nocase(channel, name))
			return true;
	}
	return false;
}

static bool id_listed(const uint32_t *ids, size_t count, uint32_t id)
{
	for (size_t i = 0; i < count; i++) {
		if (ids[i] == id)
			return true;
	}
	return count == 0;
}

bool view_accepts(const struct view *view, struct str channel, uint32_t event_id,
		  struct str provider)
{
	if (view->also != NULL && !view_accepts(view->also, channel, event_id, provider))
		return false;
	if (view->any_record)
		return true;
	return channel_listed(view->channels, view->channel_count, channel) &&
	       id_listed(view->event_ids, view->event_id_count, event_id) &&
	       (view->provider_count == 0 ||
		channel_listed(view->providers, view->provider_count, provider));
}

// The active views of an entry.
static size_t active_views(const struct source_entry *entry, const struct view **out)
{
	size_t n = 0;

	for (size_t i = 0; i < entry->view_count; i++) {
		if (!entry->views[i].opt_in)
			out[n++] = &entry->views[i];
	}
	return n;
}

static const struct view *both(struct arena *arena, const struct view *category,
			       const struct view *service)
{
	struct view *view = arena_alloc(arena, sizeof(*view));

	*view = *category;
	view->also = service;
	return view;
}

static const struct view **combine(struct arena *arena, const struct source_entry *category,
				   const struct source_entry *service, size_t *count)
{
	size_t most = category->view_count * service->view_count;
	const struct view **out = arena_array(arena, most, sizeof(struct view *));
	const struct view **left = arena_array(arena, category->view_count, sizeof(struct view *));
	const struct view **right = arena_array(arena, service->view_count, sizeof(struct view *));
	size_t lefts = active_views(category, left);
	size_t rights = active_views(service, right);

	for (size_t i = 0; i < lefts; i++) {
		for (size_t k = 0; k < rights; k++)
			out[(*count)++] = both(arena, left[i], right[k]);
	}
	return out;
}

static const struct view **unplaced(struct arena *arena, struct str *reason, const char *what,
				    struct str name)
{
	*reason = arena_printf(arena, "%s '%.*s' is not in the log-source mapping", what,
			       STR_ARG(name));
	return NULL;
}

const struct view **logsources_place(struct logsources *sources, const struct logsource *wanted,
				     size_t *count, struct str *reason)
{
	struct arena *arena = sources->arena;
	struct source_entry *category = NULL;
	struct source_entry *service = NULL;
	const struct view **views;

	*count = 0;
	if (wanted->category.len > 0)
		category = map_get(&sources->categories, arena_str_lower(arena, wanted->category));
	if (wanted->service.len > 0)
		service = map_get(&sources->services, arena_str_lower(arena, wanted->service));
	if (wanted->product.len > 0 && !str_eq_nocase(wanted->product, STR("windows"))) {
		struct str key = arena_printf(arena, "%.*s/%.*s", STR_ARG(wanted->product),
					      STR_ARG(wanted->category));

		category = map_get(&sources->others, arena_str_lower(arena, key));
		service = NULL;
		if (category == NULL) {
			*reason = arena_printf(arena, "product '%.*s' writes no Windows event log",
					       STR_ARG(wanted->product));
			return NULL;
		}
	} else if (wanted->category.len > 0 && category == NULL) {
		return unplaced(arena, reason, "category", wanted->category);
	} else if (wanted->service.len > 0 && service == NULL) {
		return unplaced(arena, reason, "service", wanted->service);
	}
	if (category == NULL && service == NULL) { // product: windows alone
		views = arena_array(arena, 1, sizeof(struct view *));
		views[(*count)++] = sources->any_view;
		return views;
	}
	if (category != NULL && service != NULL) {
		views = combine(arena, category, service, count);
	} else {
		category = category != NULL ? category : service;
		views = arena_array(arena, category->view_count, sizeof(struct view *));
		*count = active_views(category, views);
	}
	if (*count == 0)
		*reason = arena_printf(arena,
				       "log source '%.*s%.*s' has no active view (no EVTX "
				       "channel, or opt-in)",
				       STR_ARG(wanted->category), STR_ARG(wanted->service));
	return views;
}

const struct view **logsources_optional(const struct logsources *sources,
					const struct logsource *wanted, size_t *count)
{
	const struct source_entry *entries[] = {
		map_get(&sources->categories, arena_str_lower(sources->arena, wanted->category)),
		map_get(&sources->services, arena_str_lower(sources->arena, wanted->service)),
	};
	const struct view **out = NULL;

	*count = 0;
	for (size_t i = 0; i < 2; i++) {
		const struct source_entry *entry = entries[i];
		const struct view **more;

		if (entry == NULL)
			continue;
		more = arena_array(sources->arena, *count + entry->view_count,
				   sizeof(const struct view *));
		if (*count > 0)
			memcpy(more, out, *count * sizeof(const struct view *));
		out = more;
		for (size_t k = 0; k < entry->view_count; k++) {
			if (entry->views[k].opt_in)
				out[(*count)++] = &entry->views[k];
		}
	}
	return out;
}
