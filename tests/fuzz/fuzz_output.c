// SPDX-License-Identifier: Apache-2.0
// Texts for the fields of hits, with lines "%%" between, printed in every format.
//
// JSON in all its forms is JSON, one object a line where it is lines. Each row of CSV
// has as many cells as its header. Of what a terminal shows no control character is
// left. The HTML report has as many elements that run or load as one of plain texts.
#include "../unit/json_check.h"
#include "fuzz.h"
#include "output/output.h"

#define TEXTS 12u

static struct str printed(enum output_format format, const struct hit *hits, size_t count)
{
	struct str text;
	char *bytes = NULL;
	FILE *stream = open_memstream(&bytes, &text.len);
	struct output *output = output_new(format, stream, NULL);
	struct err err;

	for (size_t i = 0; i < count; i++)
		CHECK(output_hit(output, &hits[i], &err) == RC_OK);
	CHECK(output_end(output, &err) == RC_OK);
	output_free(output);
	fclose(stream);
	text.ptr = bytes;
	CHECK(utf8_is_valid(text));
	return text;
}

static void check_lines(struct str text)
{
	struct str line;

	while (text.len > 0 && str_split(&text, '\n', &line))
		CHECK(line.len == 0 || json_is_valid(line));
}

// Cells of the row at *at; moves behind it.
static size_t count_cells(struct str csv, size_t *at)
{
	size_t cells = 1;
	bool quoted = false;

	for (; *at < csv.len; ++*at) {
		char c = csv.ptr[*at];

		quoted ^= c == '"';
		cells += !quoted && c == ',';
		if (!quoted && c == '\n') {
			CHECK(*at > 0 && csv.ptr[*at - 1] == '\r');
			++*at;
			return cells;
		}
	}
	CHECK(*at < csv.len); // the row has no end
	return cells;
}

static void check_csv(struct str csv, size_t hits)
{
	size_t at = 0;
	size_t cells = count_cells(csv, &at);

	for (; hits > 0; hits--)
		CHECK(count_cells(csv, &at) == cells);
	CHECK(at == csv.len);
}

static void check_terminal(struct str text)
{
	for (size_t at = 0; at < text.len;) {
		uint32_t cp = utf8_next(text, &at);

		CHECK(cp == '\n' || (cp >= 0x20 && (cp < 0x7F || cp >= 0xA0)));
	}
}

static size_t count(struct str text, struct str word)
{
	size_t found = 0;

	for (size_t at = 0; (at = str_find(text, word, at)) != SIZE_MAX; at++)
		found++;
	return found;
}

static void check_html(struct str html, struct str plain)
{
	static const struct str words[] = {
		STR_INIT("<script"), STR_INIT("</script"), STR_INIT("<img"),
		STR_INIT("<iframe"), STR_INIT("<svg"),	   STR_INIT("<!--"),
		STR_INIT("<style"),  STR_INIT("</style"),  STR_INIT("<")};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		CHECK(count(html, words[i]) == count(plain, words[i]));
}

// Two hits whose texts are those given, over and over.
struct material {
	struct str texts[TEXTS];
	struct hit_pair pairs[TEXTS];
	struct hit_match matches[TEXTS];
	struct hit_field fields[TEXTS];
	struct hit hits[2];
};

static void make_hits(struct material *m, size_t count, uint64_t time)
{
	const struct str *t = m->texts;

	for (size_t i = 0; i < TEXTS; i++) {
		m->texts[i] = m->texts[i % count];
		m->pairs[i] = (struct hit_pair){t[i], t[(i + 5) % count]};
		m->matches[i] = (struct hit_match){t[i], t[(i + 1) % count], t[(i + 2) % count],
						   t[(i + 3) % count]};
		m->fields[i] = (struct hit_field){t[i], t[(i + 1) % count], t[(i + 2) % count]};
	}
	m->hits[0] = (struct hit){.time = time,
				  .rule_title = t[0],
				  .rule_id = t[1],
				  .rule_file = t[2],
				  .rule_description = t[3],
				  .level = STR("high"),
				  .risk_score = -1,
				  .tags = t,
				  .tag_count = count,
				  .references = t,
				  .reference_count = count,
				  .computer = t[4],
				  .channel = t[5],
				  .provider = t[6],
				  .details = m->pairs,
				  .detail_count = count,
				  .evtx_file = t[7],
				  .suppressed_by = t[8],
				  .source_view = t[9],
				  .matches = m->matches,
				  .match_count = count,
				  .attributes = m->pairs,
				  .attribute_count = count,
				  .fields = m->fields,
				  .field_count = count};
	m->hits[1] = m->hits[0];
	m->hits[1].rule_title = t[10];
	m->hits[1].level = t[11];
	m->hits[1].fields = NULL;
	m->hits[1].field_count = 0;
}

static void check_formats(const struct material *hostile, const struct material *plain)
{
	static const enum output_format documents[] = {OUTPUT_JSON, OUTPUT_NAVIGATOR, OUTPUT_SARIF};
	static const enum output_format lines[] = {OUTPUT_JSONL, OUTPUT_TIMESKETCH, OUTPUT_ECS};
	static const enum output_format shown[] = {OUTPUT_TABLE, OUTPUT_LIST};
	struct str text, other;

	for (size_t i = 0; i < 3; i++) {
		text = printed(documents[i], hostile->hits, 2);
		CHECK(json_is_valid(text));
		free((char *)text.ptr);
		text = printed(lines[i], hostile->hits, 2);
		check_lines(text);
		free((char *)text.ptr);
	}
	for (size_t i = 0; i < 2; i++) {
		text = printed(shown[i], hostile->hits, 2);
		check_terminal(text);
		free((char *)text.ptr);
	}
	text = printed(OUTPUT_CSV, hostile->hits, 2);
	check_csv(text, 2);
	free((char *)text.ptr);
	if (hostile->hits[0].rule_title.len % 4 != 0) // HTML takes much longer than the rest
		return;
	text = printed(OUTPUT_HTML, hostile->hits, 2);
	other = printed(OUTPUT_HTML, plain->hits, 2);
	check_html(text, other);
	free((char *)text.ptr);
	free((char *)other.ptr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct material hostile, plain;
	struct str input = input_of(data, size);
	uint64_t time = (uint64_t)take_byte(&input) << 54;
	size_t count = 0;

	do {
		plain.texts[count] = STR("x");
		hostile.texts[count++] = take_section(&input);
	} while (input.len > 0 && count < TEXTS);
	make_hits(&hostile, count, time);
	make_hits(&plain, count, time);
	check_formats(&hostile, &plain);
	return 0;
}
