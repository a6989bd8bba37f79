// SPDX-License-Identifier: Apache-2.0
// Hits as one HTML file: a template, the hits as JSON, the account as HTML, a
// style and a script (report/).
//
// Whoever opens it must be safe from what a log or a rule says: texts stand in
// JSON that cannot leave its element, or escaped in HTML, and the policy allows
// the style and the script by their hashes and nothing else, no connection either.
#include <stdlib.h>

#include "base/embedded.h"
#include "base/mem.h"
#include "base/sha256.h"
#include "output/html_page.h"
#include "output/output_internal.h"

struct report {
	struct html_hits *hits;
	const struct ledger *ledger; // may be NULL
	const struct zone *zone;     // may be NULL
	struct str rest;	     // of the template
	struct buf script;
};

static struct str part(const char *name)
{
	const struct embedded_file *file = embedded_find(name);

	return (struct str){(const char *)file->data, file->size};
}

static void load_script(struct buf *script)
{
	static const char *const names[] = {
		"report/text.js",     "report/data.js",	  "report/query.js", "report/view.js",
		"report/timeline.js", "report/facets.js", "report/table.js", "report/xml.js",
		"report/panel.js",    "report/main.js",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		buf_put_str(script, part(names[i]));
}

static void put_source(struct buf *out, const char *what, struct str text)
{
	struct sha256 *hash = sha256_new();
	char digest[SHA256_BASE64_SIZE];

	sha256_put(hash, text.ptr, text.len);
	sha256_base64(hash, digest);
	sha256_free(hash);
	buf_printf(out, "; %s 'sha256-%s'", what, digest);
}

static void put_policy(struct report *report, struct buf *out)
{
	buf_put_text(out, "default-src 'none'");
	put_source(out, "style-src", part("report/report.css"));
	put_source(out, "script-src", buf_str(&report->script));
	buf_put_text(out, "; base-uri 'none'; form-action 'none'; "
			  "require-trusted-types-for 'script'; trusted-types 'none'");
}

static void put_style(struct report *report, struct buf *out)
{
	(void)report;
	buf_put_str(out, part("report/report.css"));
}

static void put_script(struct report *report, struct buf *out)
{
	buf_put_str(out, buf_str(&report->script));
}

static void put_head(struct report *report, struct buf *out)
{
	if (report->ledger != NULL)
		html_put_head(report->ledger, report->hits, report->zone, out);
}

static void put_zone(struct report *report, struct buf *out)
{
	buf_put_text(out, zone_name(report->zone));
}

static void put_account(struct report *report, struct buf *out)
{
	if (report->ledger != NULL)
		html_put_account(report->ledger, out);
}

static const struct place {
	struct str name;
	void (*put)(struct report *report, struct buf *out);
} places[] = {
	{STR_INIT("policy"), put_policy},   {STR_INIT("style"), put_style},
	{STR_INIT("script"), put_script},   {STR_INIT("head"), put_head},
	{STR_INIT("account"), put_account}, {STR_INIT("zone"), put_zone},
};

static void put_place(struct report *report, struct str name, struct buf *out)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (str_eq(name, places[i].name))
			places[i].put(report, out);
	}
}

// The template up to the place of the hits, or its rest: {{name}} is a place.
static void put_template(struct report *report, struct buf *out)
{
	struct str *rest = &report->rest;

	for (;;) {
		size_t open = str_find(*rest, STR("{{"), 0);
		size_t close = str_find(*rest, STR("}}"), 0);
		struct str name;

		if (open == SIZE_MAX || close == SIZE_MAX) {
			buf_put_str(out, *rest);
			return;
		}
		name = str_sub(*rest, open + 2, close - open - 2);
		buf_put_str(out, str_sub(*rest, 0, open));
		*rest = str_sub(*rest, close + 2, rest->len);
		if (str_eq(name, STR("hits")))
			return;
		put_place(report, name, out);
	}
}

static void html_begin(struct output_state *state)
{
	struct report *report = mem_zalloc(sizeof(*report));

	state->own = report;
	report->zone = state->options.zone;
	report->hits = html_hits_new(report->zone);
	report->ledger = state->options.ledger;
	report->rest = part("report/report.html");
	load_script(&report->script);
	put_template(report, &state->text);
}

static void html_hit(struct output_state *state, const struct hit *hit)
{
	struct report *report = state->own;

	html_hits_add(report->hits, hit, &state->text);
}

static void html_end(struct output_state *state)
{
	struct report *report = state->own;

	html_hits_end(report->hits, &state->text);
	put_template(report, &state->text);
}

static uint64_t html_left_out(const struct output_state *state)
{
	const struct report *report = state->own;

	return html_hits_left_out(report->hits);
}

static void html_release(struct output_state *state)
{
	struct report *report = state->own;

	html_hits_free(report->hits);
	buf_release(&report->script);
	free(report);
}

const struct output_driver output_html = {
	.name = STR_INIT("html"),
	.needs = NEED_HASH | NEED_FIELDS | NEED_XML,
	.begin = html_begin,
	.hit = html_hit,
	.end = html_end,
	.left_out = html_left_out,
	.release = html_release,
};
