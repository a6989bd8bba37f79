// SPDX-License-Identifier: Apache-2.0
// Encoding modifiers: wide, utf16*, base64, base64offset (sigma-engine.md 2.3).
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "sigma/pattern.h"

static bool not_text(struct modifier_chain *chain)
{
	return modifier_error(chain, "E_MODIFIER_TYPE", "modifier '%.*s' needs text",
			      STR_ARG(chain->name));
}

static void set_text(struct pattern *p, uint32_t *cps, size_t count, bool bytes)
{
	p->text.cps = cps;
	p->text.count = count;
	p->text.bytes = bytes;
}

// ---- dashes -------------------------------------------------------------

static size_t count_cp(const struct pattern *p, uint32_t cp)
{
	size_t n = 0;

	for (size_t i = 0; i < p->text.count; i++)
		n += p->text.cps[i] == cp;
	return n;
}

bool encode_expand_dashes(struct modifier_chain *chain, struct pattern *p)
{
	static const uint32_t forms[5] = {'-', '/', 0x2013, 0x2014, 0x2015};
	size_t dashes = count_cp(p, PAT_DASH);
	size_t total = 1;
	struct pattern *list;

	for (size_t i = 0; i < dashes; i++) {
		total *= 5;
		if (total > LIMIT_EXPANSION || total * p->text.count > LIMIT_EXPANSION_TEXT)
			return modifier_error(chain, "E_VALUE_TYPE",
					      "too many dash forms to encode (4,096 of together "
					      "1,048,576 characters at most)");
	}
	list = arena_array(chain->ctx->arena, total, sizeof(*list));
	for (size_t k = 0; k < total; k++) {
		uint32_t *cps = arena_array(chain->ctx->arena, p->text.count, sizeof(*cps));
		size_t choice = k;

		for (size_t i = 0; i < p->text.count; i++) {
			cps[i] = p->text.cps[i];
			if (cps[i] == PAT_DASH) {
				cps[i] = forms[choice % 5];
				choice /= 5;
			}
		}
		list[k] = *p;
		list[k].text.cps = cps;
	}
	p->kind = PATTERN_ANY_OF;
	p->any_of.list = list;
	p->any_of.count = total;
	return true;
}

// Run `encode` on every dash form; returns false when there are no dashes.
static bool over_dashes(struct modifier_chain *chain, struct pattern *p,
			bool (*encode)(struct modifier_chain *, struct pattern *), bool *ok)
{
	if (p->kind != PATTERN_TEXT || count_cp(p, PAT_DASH) == 0)
		return false;
	*ok = encode_expand_dashes(chain, p);
	for (size_t i = 0; *ok && i < p->any_of.count; i++)
		*ok = encode(chain, &p->any_of.list[i]);
	return true;
}

// ---- UTF-16 -------------------------------------------------------------

static bool to_utf16(struct modifier_chain *chain, struct pattern *p, bool big_endian, bool mark)
{
	uint32_t *cps;
	size_t n = 0;

	cps = arena_array(chain->ctx->arena, p->text.count * 4 + 2, sizeof(*cps));
	if (mark) {
		cps[n++] = 0xFF;
		cps[n++] = 0xFE;
	}
	for (size_t i = 0; i < p->text.count; i++) {
		uint32_t cp = p->text.cps[i];
		uint32_t units[2] = {cp, 0};
		size_t count = 1;

		if (pat_is_wild(cp)) {
			cps[n++] = cp;
			continue;
		}
		if (cp >= 0x10000) {
			units[0] = 0xD800 + ((cp - 0x10000) >> 10);
			units[1] = 0xDC00 + ((cp - 0x10000) & 0x3FF);
			count = 2;
		}
		for (size_t k = 0; k < count; k++) {
			cps[n++] = big_endian ? units[k] >> 8 : units[k] & 0xFF;
			cps[n++] = big_endian ? units[k] & 0xFF : units[k] >> 8;
		}
	}
	set_text(p, cps, n, true);
	return true;
}

bool encode_wide(struct modifier_chain *chain, struct pattern *p)
{
	bool ok;

	if (over_dashes(chain, p, encode_wide, &ok))
		return ok;
	if (p->kind != PATTERN_TEXT || p->text.bytes)
		return not_text(chain);
	return to_utf16(chain, p, false, false);
}

bool encode_utf16be(struct modifier_chain *chain, struct pattern *p)
{
	bool ok;

	if (over_dashes(chain, p, encode_utf16be, &ok))
		return ok;
	if (p->kind != PATTERN_TEXT || p->text.bytes)
		return not_text(chain);
	return to_utf16(chain, p, true, false);
}

bool encode_utf16(struct modifier_chain *chain, struct pattern *p)
{
	bool ok;

	if (over_dashes(chain, p, encode_utf16, &ok))
		return ok;
	if (p->kind != PATTERN_TEXT || p->text.bytes)
		return not_text(chain);
	return to_utf16(chain, p, false, true);
}

// ---- base64 -------------------------------------------------------------

static void base64(struct buf *out, struct str bytes)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t left = bytes.len - i < 3 ? bytes.len - i : 3;
		uint32_t word = 0;

		for (size_t k = 0; k < 3; k++)
			word = word << 8 | (k < left ? (unsigned char)bytes.ptr[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			buf_put_char(out, k <= left ? alphabet[word >> (18 - 6 * k) & 0x3F] : '=');
	}
}

// The bytes of a pattern: UTF-8, or what an encoding modifier made.
static bool pattern_bytes(struct modifier_chain *chain, const struct pattern *p, struct buf *out)
{
	for (size_t i = 0; i < p->text.count; i++) {
		uint32_t cp = p->text.cps[i];

		if (pat_is_wild(cp))
			return modifier_error(chain, "E_BASE64_WILDCARD",
					      "'%.*s' cannot encode a value with wildcards",
					      STR_ARG(chain->name));
		if (p->text.bytes)
			buf_put_char(out, (char)cp);
		else
			buf_put_cp(out, cp);
	}
	return true;
}

static void set_ascii(struct modifier_chain *chain, struct pattern *p, struct str text)
{
	uint32_t *cps = arena_array(chain->ctx->arena, text.len, sizeof(*cps));

	for (size_t i = 0; i < text.len; i++)
		cps[i] = (unsigned char)text.ptr[i];
	set_text(p, cps, text.len, false);
}

bool encode_base64(struct modifier_chain *chain, struct pattern *p)
{
	struct buf bytes = {0};
	struct buf text = {0};
	bool ok;

	if (over_dashes(chain, p, encode_base64, &ok))
		return ok;
	if (p->kind != PATTERN_TEXT)
		return not_text(chain);
	ok = pattern_bytes(chain, p, &bytes);
	if (ok) {
		base64(&text, buf_str(&bytes));
		set_ascii(chain, p, buf_str(&text));
	}
	buf_release(&bytes);
	buf_release(&text);
	return ok;
}

// The characters that do not depend on what stands around the value, for a
// value that begins `shift` bytes into a group of three (2.3, D-11).
static void base64_at_offset(struct modifier_chain *chain, struct pattern *p, struct str value,
			     size_t shift)
{
	static const size_t cut_front[3] = {0, 2, 3};
	static const size_t cut_back[3] = {0, 3, 2};
	struct buf bytes = {0};
	struct buf text = {0};
	size_t back = cut_back[(value.len + shift) % 3];
	struct str all;

	for (size_t i = 0; i < shift; i++)
		buf_put_char(&bytes, ' ');
	buf_put_str(&bytes, value);
	base64(&text, buf_str(&bytes));
	all = buf_str(&text);
	back = all.len < back + cut_front[shift] ? all.len : cut_front[shift] + back;
	set_ascii(chain, p, str_sub(all, cut_front[shift], all.len - back));
	buf_release(&bytes);
	buf_release(&text);
}

bool encode_base64offset(struct modifier_chain *chain, struct pattern *p)
{
	struct buf value = {0};
	struct pattern *forms;
	bool ok;

	if (over_dashes(chain, p, encode_base64offset, &ok))
		return ok;
	if (p->kind != PATTERN_TEXT)
		return not_text(chain);
	if (!pattern_bytes(chain, p, &value)) {
		buf_release(&value);
		return false;
	}
	forms = arena_array(chain->ctx->arena, 3, sizeof(*forms));
	for (size_t shift = 0; shift < 3; shift++) {
		forms[shift] = *p;
		base64_at_offset(chain, &forms[shift], buf_str(&value), shift);
	}
	buf_release(&value);
	p->kind = PATTERN_ANY_OF;
	p->any_of.list = forms;
	p->any_of.count = 3;
	return true;
}
