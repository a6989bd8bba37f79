// SPDX-License-Identifier: Apache-2.0
// Numbers have a point in a program whose locale has a comma.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clocale.h"
#include "event/value.h"
#include "match/number.h"
#include "yaml/yaml.h"

static char folder[] = "/tmp/test_clocale.XXXXXX";

// A locale with a comma: one of the system, or one made on the spot.
static bool set_comma(void)
{
	char command[128];

	if (setlocale(LC_NUMERIC, "de_DE.UTF-8") != NULL)
		return true;
	if (mkdtemp(folder) == NULL)
		return false;
	snprintf(command, sizeof(command),
		 "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 >/dev/null 2>&1", folder);
	if (system(command) != 0)
		return false;
	setenv("LOCPATH", folder, 1);
	return setlocale(LC_NUMERIC, "de_DE.UTF-8") != NULL;
}

static int use_comma(void **state)
{
	static bool comma;

	comma = set_comma();
	*state = &comma;
	return 0;
}

static int remove_locale(void **state)
{
	char command[128];

	(void)state;
	setlocale(LC_NUMERIC, "C");
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return strchr(folder, 'X') != NULL ? 0 : system(command);
}

static void need_comma(void **state)
{
	char text[8];

	if (!*(bool *)*state)
		skip();
	snprintf(text, sizeof(text), "%.1f", 1.5);
	assert_string_equal(text, "1,5");
}

static void locale_is_back_afterwards(void **state)
{
	char inside[8];
	char after[8];
	locale_t before;

	need_comma(state);
	before = clocale_enter();
	snprintf(inside, sizeof(inside), "%.1f", 1.5);
	clocale_leave(before);
	snprintf(after, sizeof(after), "%.1f", 1.5);
	assert_string_equal(inside, "1.5");
	assert_string_equal(after, "1,5");
}

static void fields_of_events_have_a_point(void **state)
{
	const double real = 0.1;
	const float narrow = 2.5F;
	struct value wide = {.type = VALUE_DOUBLE, .ptr = &real, .len = sizeof(real)};
	struct value small = {.type = VALUE_FLOAT, .ptr = &narrow, .len = sizeof(narrow)};
	struct arena arena = {0};

	need_comma(state);
	assert_string_equal(value_text(&wide, &arena).ptr, "0.1");
	assert_string_equal(value_text(&small, &arena).ptr, "2.5");
	arena_release(&arena);
}

static void numbers_of_rules_and_events_have_a_point(void **state)
{
	struct yaml_node node = {.kind = YAML_SCALAR, .text = STR_INIT("2.25")};
	struct number number;

	need_comma(state);
	assert_true(number_parse(STR("1.75"), &number));
	assert_true(number.real == 1.75);
	assert_true(yaml_resolve(&node).number == 2.25);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(locale_is_back_afterwards),
		cmocka_unit_test(fields_of_events_have_a_point),
		cmocka_unit_test(numbers_of_rules_and_events_have_a_point),
	};

	return cmocka_run_group_tests(tests, use_comma, remove_locale);
}
