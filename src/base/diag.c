// SPDX-License-Identifier: Apache-2.0
// Collecting diagnostics.
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

// Longer messages are cut: they quote text from rules.
#define MESSAGE_MAX 1024

void diag_init(struct diag_list *list, struct arena *arena)
{
	memset(list, 0, sizeof(*list));
	list->arena = arena;
}

void diag_release(struct diag_list *list)
{
	free(list->items);
	memset(list, 0, sizeof(*list));
}

__attribute__((format(printf, 2, 0))) static struct str
format_text(struct arena *arena, const char *format, va_list args)
{
	char text[MESSAGE_MAX];

	vsnprintf(text, sizeof(text), format, args);
	return arena_str(arena, str_from(text));
}

struct diag *diag_add(struct diag_list *list, enum diag_severity severity, const char *code,
		      struct place place, const char *format, ...)
{
	struct diag *diag;
	va_list args;

	mem_grow(&list->items, &list->cap, list->count + 1, sizeof(*list->items));
	diag = &list->items[list->count++];
	memset(diag, 0, sizeof(*diag));
	diag->severity = severity;
	diag->code = code;
	diag->path = place.path;
	diag->line = place.line;
	diag->col = place.col;
	va_start(args, format);
	diag->message = format_text(list->arena, format, args);
	va_end(args);
	list->errors += severity == DIAG_ERROR;
	return diag;
}

void diag_hint(struct diag_list *list, struct diag *diag, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	diag->hint = format_text(list->arena, format, args);
	va_end(args);
}
