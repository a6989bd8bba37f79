// SPDX-License-Identifier: Apache-2.0
// Messages on standard error.
#include <stdarg.h>
#include <stdlib.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "output/escape.h"

// Texts hold file names and pieces of rules: nothing of them may steer the terminal.
static void print_line(struct str text)
{
	struct buf safe = {0};

	escape_terminal(&safe, text);
	progress_step_aside();
	fprintf(stderr, "evtxscan: %.*s\n", STR_ARG(buf_str(&safe)));
	buf_release(&safe);
}

__attribute__((format(printf, 1, 0))) static void print_args(const char *format, va_list args)
{
	char text[2048];

	vsnprintf(text, sizeof(text), format, args);
	print_line(str_from(text));
}

void message(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_args(format, args);
	va_end(args);
}

int usage_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_args(format, args);
	va_end(args);
	fprintf(stderr, "Try 'evtxscan --help'.\n");
	return STATUS_USAGE;
}

static void print_diag(const struct diag *diag)
{
	struct buf text = {0};
	struct buf safe = {0};

	buf_printf(&text, "%.*s", STR_ARG(diag->path));
	if (diag->line > 0)
		buf_printf(&text, ":%u:%u", diag->line, diag->col);
	buf_printf(&text, ": %s: %.*s [%s]", diag->severity == DIAG_ERROR ? "error" : "warning",
		   STR_ARG(diag->message), diag->code);
	escape_terminal(&safe, buf_str(&text));
	if (diag->hint.len > 0) {
		buf_put_text(&safe, "\n  hint: ");
		escape_terminal(&safe, diag->hint);
	}
	fprintf(stderr, "%.*s\n", STR_ARG(buf_str(&safe)));
	buf_release(&text);
	buf_release(&safe);
}

void message_diags(const struct diag_list *diags, bool warnings)
{
	for (size_t i = 0; i < diags->count; i++) {
		if (warnings || diags->items[i].severity == DIAG_ERROR)
			print_diag(&diags->items[i]);
	}
}

static void tell_file(const struct ledger_file *file)
{
	struct str status = file->status;
	uint64_t rest = file->failed;

	if (status.len == 0 && file->state != LEDGER_COMPLETE)
		status = STR("not all of it could be read");
	if (status.len > 0)
		message("%.*s: %.*s", STR_ARG(file->path), STR_ARG(status));
	for (size_t k = 0; k < file->reason_count; k++) {
		message("%.*s: %llu lost: %.*s", STR_ARG(file->path),
			(unsigned long long)file->reasons[k].count, STR_ARG(file->reasons[k].text));
		rest -= file->reasons[k].count < rest ? file->reasons[k].count : rest;
	}
	if (rest > 0 && file->reason_count > 0)
		message("%.*s: %llu lost for other reasons", STR_ARG(file->path),
			(unsigned long long)rest);
}

static void tell_interrupt(const struct ledger *ledger)
{
	if (ledger->interrupted)
		message("interrupted; not everything was read");
}

static void tell_warnings(const struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->warnings.count; i++)
		message("%.*s: %.*s", STR_ARG(ledger->warnings.items[i].name),
			STR_ARG(ledger->warnings.items[i].text));
}

void message_files(const struct ledger *ledger)
{
	tell_interrupt(ledger);
	for (size_t i = 0; i < ledger->file_count; i++)
		tell_file(&ledger->files[i]);
	tell_warnings(ledger);
}

static void tell_counts(const struct ledger_counts *counts, const char *what)
{
	for (size_t i = 0; i < counts->count; i++) {
		if (counts->items[i].count > 0)
			message("%.*s: %s: %llu", STR_ARG(counts->items[i].name), what,
				(unsigned long long)counts->items[i].count);
	}
}

void message_missing(const struct ledger *ledger)
{
	tell_interrupt(ledger);
	for (size_t i = 0; i < ledger->file_count; i++) {
		const struct ledger_file *file = &ledger->files[i];

		if (file->state != LEDGER_DUPLICATE && ledger_file_is_notable(file))
			tell_file(file);
	}
	tell_counts(&ledger->regex_limits, "values on which a regular expression gave up");
	tell_counts(&ledger->too_many, "hits not correlated, too many in one timespan (--memory)");
	tell_warnings(ledger);
}
