// SPDX-License-Identifier: Apache-2.0
// JSON -> the YAML that means the same.
#include "yaml/json.h"

#include "base/buf.h"
#include "base/text.h"

#define REPLACEMENT 0xFFFDu

static bool hex4(struct str text, size_t at, uint32_t *out)
{
	*out = 0;
	if (text.len < 4 || at > text.len - 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		int digit = ascii_hex(text.ptr[at + i]);

		if (digit < 0)
			return false;
		*out = *out << 4 | (uint32_t)digit;
	}
	return true;
}

// The escape at `*at`, which is a backslash; moves behind it.
static void put_escape(struct buf *out, struct str text, size_t *at)
{
	char c = *at + 1 < text.len ? text.ptr[*at + 1] : '\0';
	uint32_t high;
	uint32_t low;

	if (c == 'u' && hex4(text, *at + 2, &high) && high >= 0xD800 && high <= 0xDFFF) {
		*at += 6;
		if (high <= 0xDBFF && str_starts(str_sub(text, *at, SIZE_MAX), STR("\\u")) &&
		    hex4(text, *at + 2, &low) && low >= 0xDC00 && low <= 0xDFFF) {
			*at += 6;
			buf_put_cp(out, 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
			return;
		}
		buf_put_cp(out, REPLACEMENT);
		return;
	}
	if (c != '/')
		buf_put_char(out, '\\');
	if (c != '\0')
		buf_put_char(out, c);
	*at += c != '\0' ? 2 : 1;
}

// Inside strings only: outside them nothing but ASCII is JSON. Line ends stand
// outside of strings only, where a blank does as well.
static void put_char(struct buf *out, uint32_t cp)
{
	if (cp == TEXT_INVALID || (cp >= 0xD800 && cp <= 0xDFFF))
		buf_put_cp(out, REPLACEMENT);
	else if (cp == '\n' || cp == '\r' || cp == '\t')
		buf_put_char(out, ' ');
	else if ((cp >= 0x7F && cp <= 0x9F) || cp == 0x2028 || cp == 0x2029 || cp == 0xFEFF ||
		 cp == 0xFFFE || cp == 0xFFFF)
		buf_printf(out, "\\u%04X", (unsigned)cp);
	else
		buf_put_cp(out, cp);
}

struct yaml_node *json_parse_object(struct arena *arena, struct str text)
{
	struct str trimmed = str_trim(text);
	struct yaml_node *root = NULL;
	struct yaml_file file;
	struct diag_list diags;
	struct buf yaml = {0};

	if (!str_starts(trimmed, STR("{")))
		return NULL;
	for (size_t at = 0; at < trimmed.len;) {
		if (trimmed.ptr[at] == '\\')
			put_escape(&yaml, trimmed, &at);
		else
			put_char(&yaml, utf8_next(trimmed, &at));
	}
	diag_init(&diags, arena);
	if (yaml_parse(arena, STR("json"), buf_str(&yaml), &file, &diags) && file.count == 1 &&
	    file.documents[0]->kind == YAML_MAPPING)
		root = file.documents[0];
	diag_release(&diags);
	buf_release(&yaml);
	return root;
}
