// SPDX-License-Identifier: Apache-2.0
// A value: a byte of its type (0x80: an array), its bytes.
//
// Its text is text, and stays itself as a VALUE_TEXT; folded at once or later is the
// same; as a number and as a time it is what its text says. A value that is called no
// text holds only characters that engines leave out for it. Its JSON is JSON, and a
// string in it is the text.
#include "../unit/json_check.h"
#include "base/tm.h"
#include "dump/json_value.h"
#include "fuzz.h"
#include "match/engine.h"
#include "output/escape.h"

static void check_characters(struct str folded)
{
	for (size_t i = 0; i < folded.len; i++) {
		struct engine *engine = engine_new();

		engine_add(engine, str_sub(folded, i, 1), LITERAL_CONTAINS, 0);
		engine_build(engine);
		CHECK(!engine_is_textual(engine));
		engine_free(engine);
	}
}

static void check_text(const struct value *value, struct arena *arena)
{
	struct str text = value_text(value, arena);
	struct value again = value_of_text(text, (enum value_type)value->type);

	CHECK(is_text(text));
	check_same(text_fold(arena, text), value_folded(value, arena), "folded late and at once");
	check_same(text, value_text(&again, arena), "a text and its text");
	if (!value_is_text(value) && text.len < 100)
		check_characters(value_folded(value, arena));
}

static void check_numbers(const struct value *value, struct arena *arena)
{
	struct str text = value_text(value, arena);
	uint64_t number, said, ticks;

	if (value_to_u64(value, &number) && value->type != VALUE_STRING &&
	    value->type != VALUE_ANSI)
		CHECK((str_to_u64(text, &said) || str_hex_to_u64(text, &said)) && said == number);
	if (value_to_time(value, &ticks) && ticks < TM_YEAR_10000)
		CHECK(tm_parse(text, true, &said) && said == ticks);
}

static void check_json(const struct value *value, struct arena *arena)
{
	struct buf out = {0};
	struct buf text = {0};
	struct json_day day = {0};
	size_t at = 0;

	json_value(&out, value, &day, arena);
	CHECK(utf8_is_valid(buf_str(&out)));
	CHECK(json_check_value(buf_str(&out), &at, 0) && at == out.len);
	if (out.ptr[0] == '"') {
		escape_json(&text, value_text(value, arena));
		check_same(buf_str(&text), buf_str(&out), "JSON with and without a text between");
	}
	buf_release(&out);
	buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct str input = input_of(data, size);
	struct value value = {.type = (uint16_t)take_byte(&input)};
	void *bytes = malloc(input.len); // so that a byte too many is seen

	if (input.len != 0)
		memcpy(bytes, input.ptr, input.len);
	value.ptr = bytes;
	value.len = (uint32_t)input.len;
	if (value.type != VALUE_BINXML) {
		check_text(&value, &arena);
		check_numbers(&value, &arena);
		check_json(&value, &arena);
	}
	free(bytes);
	arena_release(&arena);
	return 0;
}
