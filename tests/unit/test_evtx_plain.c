// SPDX-License-Identifier: Apache-2.0
// Records and payloads without template: those that differ in nothing but
// texts are of one shape, and each has its own texts.
#include <stdio.h>

#include "evtx_fixture.h"

#include "evtx/reader_internal.h"

#define SYSTEM "System/EventID=7\nSystem/Channel=C\n"

// A record as a collector stores it, all but the texts the same.
static void add_collected(struct craft *c, const char *user, const char *name, const char *host)
{
	start_plain(c);
	craft_start(c, "EventData", NULL, NULL);
	craft_start(c, "Data", "Name", name);
	craft_text(c, user);
	craft_end(c);
	craft_start(c, "Host", "Full", host);
	craft_end(c);
	craft_end(c);
	end_plain(c);
}

// What decides which fields there are, or their names, makes another shape.
static void plain_records_that_differ_in_texts_share_a_shape(void **state)
{
	static const struct {
		const char *user, *name, *host, *fields;
		bool is_like_first;
	} rows[] = {
		{"bob", "User", "h1", "EventData/User=bob\nEventData/Host@Full=h1\n", true},
		{"eve", "User", "x", "EventData/User=eve\nEventData/Host@Full=x\n", true},
		{"eve", "Who", "x", "EventData/Who=eve\nEventData/Host@Full=x\n", false},
		{"", "User", "x", "EventData/User=\nEventData/Host@Full=x\n", false},
		{"bob", "User", "", "EventData/User=bob\nEventData/Host=\n", false},
		{"a longer one", "User", "h3",
		 "EventData/User=a longer one\nEventData/Host@Full=h3\n", true},
	};
	struct fixture *f = *state;
	uint32_t first = 0;
	char expected[200];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		add_collected(&f->craft, rows[i].user, rows[i].name, rows[i].host);
	seal_and_open(f);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		next_event(f);
		snprintf(expected, sizeof(expected), SYSTEM "%s", rows[i].fields);
		assert_fields(f, expected);
		if (i == 0)
			first = f->record.shape;
		assert_int_not_equal(f->record.shape, 0);
		assert_int_equal(f->record.shape == first, rows[i].is_like_first);
		assert_int_equal(f->event.shape, f->record.shape);
		assert_int_not_equal(f->event.fields[0].slot, EVENT_NO_SLOT);
		assert_false(f->record.static_channel);
	}
	assert_end(f);
}

// <Event><System>...</System><UserData>%0</UserData></Event>, the value one
// element: <P A="text">text</P>.
static void add_payload(struct craft *c, const char *attribute, const char *text)
{
	uint32_t outer;
	uint32_t size;

	craft_record(c);
	outer = craft_template(c, 1);
	craft_start(c, "Event", NULL, NULL);
	craft_start(c, "System", NULL, NULL);
	craft_leaf(c, "EventID", "7");
	craft_leaf(c, "Channel", "C");
	craft_start(c, "Provider", "Name", "p");
	craft_end(c);
	craft_end(c);
	craft_start(c, "UserData", NULL, NULL);
	craft_put(c, 4, 0x2100000E);
	craft_end(c);
	craft_end(c);
	craft_template_end(c, outer);
	craft_put(c, 4, 1);
	size = c->at;
	craft_descriptor(c, VALUE_BINXML, 0);
	craft_put(c, 4, 0x0001010F);
	craft_start(c, "P", "A", attribute);
	craft_text(c, text);
	craft_end(c);
	craft_put(c, 1, 0);
	chunk_set_uint(c->bytes + size, 2, c->at - size - 4);
	craft_record_end(c);
}

static void plain_payloads_that_differ_in_texts_share_a_shape(void **state)
{
	struct fixture *f = *state;
	uint32_t first;

	add_payload(&f->craft, "one", "two");
	add_payload(&f->craft, "3", "four");
	add_payload(&f->craft, "", "four");
	seal_and_open(f);
	next_event(f);
	assert_fields(f, SYSTEM "System/Provider@Name=p\nUserData/P@A=one\nUserData/P=two\n");
	first = f->event.shape;
	assert_int_not_equal(first, 0);
	next_event(f);
	assert_fields(f, SYSTEM "System/Provider@Name=p\nUserData/P@A=3\nUserData/P=four\n");
	assert_int_equal(f->event.shape, first);
	next_event(f);
	assert_fields(f, SYSTEM "System/Provider@Name=p\nUserData/P=four\n");
	assert_int_not_equal(f->event.shape, first);
	assert_end(f);
}

// With a little more room each time: it fails until there is enough, and never takes
// what it has not got.
static void an_element_takes_no_more_than_its_room(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;
	struct template_store store;
	bool fits = false;
	size_t room = 0;

	craft_start(c, "Event", NULL, NULL);
	for (int i = 0; i < 30; i++)
		craft_text(c, "text");
	craft_end(c);
	store_init(&store);
	store_start_chunk(&store);
	for (; room < 4000; room++) {
		struct binxml_input input = {
			.chunk = c->bytes, .at = CHUNK_HEADER_SIZE, .end = c->at};
		struct store_element out;
		size_t left = room;
		const char *why;
		enum rc rc = store_element(&store, &input, place_of(PLACE_RECORD), &f->arena, &left,
					   &out, &why);

		assert_true(left <= room);
		if (rc != RC_OK)
			assert_string_equal(why, BINXML_NO_ROOM);
		assert_false(fits && rc != RC_OK);
		fits = rc == RC_OK;
	}
	assert_true(fits);
	store_release(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(plain_records_that_differ_in_texts_share_a_shape,
						setup, teardown),
		cmocka_unit_test_setup_teardown(plain_payloads_that_differ_in_texts_share_a_shape,
						setup, teardown),
		cmocka_unit_test_setup_teardown(an_element_takes_no_more_than_its_room, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
