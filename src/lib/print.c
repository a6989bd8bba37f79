// SPDX-License-Identifier: Apache-2.0
// Printers that want a stream -> text in memory.
#include "base/clocale.h"
#include "base/mem.h"
#include "lib/internal.h"

char *lib_print(bool (*print)(FILE *stream, const void *what), const void *what, size_t *len)
{
	char *text = NULL;
	FILE *stream = open_memstream(&text, len);
	locale_t before;
	bool ok;

	if (stream == NULL)
		mem_exhausted(1);
	before = clocale_enter();
	ok = print(stream, what);
	clocale_leave(before);
	if (fclose(stream) != 0 || !ok)
		mem_exhausted(*len);
	return text;
}
