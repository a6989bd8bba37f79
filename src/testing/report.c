// SPDX-License-Identifier: Apache-2.0
// Results of tests: collecting and printing.
#include "testing/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "output/escape.h"

bool report_parse_format(struct str name, enum report_format *out)
{
	static const struct str names[] = {
		[REPORT_TABLE] = STR_INIT("table"),
		[REPORT_TAP] = STR_INIT("tap"),
		[REPORT_JUNIT] = STR_INIT("junit"),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (str_eq_nocase(name, names[i])) {
			*out = (enum report_format)i;
			return true;
		}
	}
	return false;
}

void report_release(struct test_report *report)
{
	free(report->items);
	map_release(&report->inputs);
	arena_release(&report->arena);
	memset(report, 0, sizeof(*report));
}

struct test_result *report_add(struct test_report *report, struct str file, struct str name)
{
	struct test_result *result;

	mem_grow(&report->items, &report->cap, report->count + 1, sizeof(*report->items));
	result = &report->items[report->count++];
	*result = (struct test_result){.file = arena_str(&report->arena, file),
				       .name = arena_str(&report->arena, name),
				       .outcome = TEST_PASSED};
	return result;
}

void report_say(struct test_report *report, struct test_result *result, enum test_outcome outcome,
		const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	result->words = arena_printf(&report->arena, "%.*s%s%s", STR_ARG(result->words),
				     result->words.len > 0 ? "; " : "", text);
	if (outcome != TEST_PASSED && result->outcome != TEST_FAILED)
		result->outcome = outcome;
}

void report_input(struct test_report *report, struct str path)
{
	if (map_get(&report->inputs, path) == NULL)
		map_add(&report->inputs, arena_str(&report->arena, path), report);
}

size_t report_count(const struct test_report *report, enum test_outcome outcome)
{
	size_t count = 0;

	for (size_t i = 0; i < report->count; i++)
		count += report->items[i].outcome == outcome;
	return count;
}

// ---- for people ---------------------------------------------------------

static void put_table_line(const struct test_result *result, struct buf *out)
{
	static const char *const heads[] = {"note", "not ok", "skip"};

	buf_printf(out, "%s ", heads[result->outcome]);
	escape_terminal(out, result->file);
	buf_put_text(out, ": ");
	escape_terminal(out, result->name);
	buf_put_text(out, ": ");
	escape_terminal(out, result->words);
	buf_put_char(out, '\n');
}

static void put_table(const struct test_report *report, struct buf *out)
{
	size_t skipped = report_count(report, TEST_SKIPPED);

	for (size_t i = 0; i < report->count; i++) {
		if (report->items[i].words.len > 0)
			put_table_line(&report->items[i], out);
	}
	buf_printf(out, "%zu passed, %zu failed", report_count(report, TEST_PASSED),
		   report_count(report, TEST_FAILED));
	if (skipped > 0)
		buf_printf(out, ", %zu skipped", skipped);
	buf_put_char(out, '\n');
}

// ---- TAP ----------------------------------------------------------------

// TAP reads "#" as the start of a directive and a backslash as an escape.
static void put_tap_text(struct str text, struct buf *out)
{
	struct buf safe = {0};

	escape_terminal(&safe, text);
	for (size_t i = 0; i < safe.len; i++) {
		if (safe.ptr[i] == '#' || safe.ptr[i] == '\\')
			buf_put_char(out, '\\');
		buf_put_char(out, safe.ptr[i]);
	}
	buf_release(&safe);
}

static void put_tap(const struct test_report *report, struct buf *out)
{
	buf_printf(out, "TAP version 13\n1..%zu\n", report->count);
	for (size_t i = 0; i < report->count; i++) {
		const struct test_result *result = &report->items[i];

		buf_printf(out, "%sok %zu - ", result->outcome == TEST_FAILED ? "not " : "", i + 1);
		put_tap_text(result->file, out);
		buf_put_text(out, ": ");
		put_tap_text(result->name, out);
		if (result->outcome == TEST_SKIPPED) {
			buf_put_text(out, " # SKIP ");
			put_tap_text(result->words, out);
		}
		buf_put_char(out, '\n');
		if (result->outcome == TEST_SKIPPED || result->words.len == 0)
			continue;
		buf_put_text(out, "  ---\n  message: "); // a JSON string is a YAML one
		escape_json(out, result->words);
		buf_put_text(out, "\n  ...\n");
	}
}

// ---- JUnit --------------------------------------------------------------

static void put_attribute(struct buf *out, const char *name, struct str value)
{
	buf_printf(out, " %s=\"", name);
	escape_xml(out, value);
	buf_put_char(out, '"');
}

static void put_case(const struct test_result *result, struct buf *out)
{
	static const char *const elements[] = {"system-out", "failure", "skipped"};
	const char *element = elements[result->outcome];

	buf_put_text(out, "    <testcase");
	put_attribute(out, "classname", result->file);
	put_attribute(out, "name", result->name);
	if (result->words.len == 0) {
		buf_put_text(out, "/>\n");
		return;
	}
	buf_printf(out, ">\n      <%s", element);
	if (result->outcome == TEST_PASSED) {
		buf_put_char(out, '>');
		escape_xml(out, result->words);
		buf_printf(out, "</%s>", element);
	} else {
		put_attribute(out, "message", result->words);
		buf_put_text(out, "/>");
	}
	buf_put_text(out, "\n    </testcase>\n");
}

static void put_junit(const struct test_report *report, struct buf *out)
{
	buf_printf(out,
		   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
		   "  <testsuite name=\"evtxscan\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" "
		   "skipped=\"%zu\">\n",
		   report->count, report_count(report, TEST_FAILED),
		   report_count(report, TEST_SKIPPED));
	for (size_t i = 0; i < report->count; i++)
		put_case(&report->items[i], out);
	buf_put_text(out, "  </testsuite>\n</testsuites>\n");
}

void report_put(const struct test_report *report, enum report_format format, struct buf *out)
{
	if (format == REPORT_TAP)
		put_tap(report, out);
	else if (format == REPORT_JUNIT)
		put_junit(report, out);
	else
		put_table(report, out);
}
