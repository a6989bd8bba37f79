// SPDX-License-Identifier: Apache-2.0
// Holes in record ids, and steps back of time.
#include "metrics_fixture.h"

#include "base/limits.h"

// A record with nothing but id, seconds and computer.
static void record(struct fixture *f, uint64_t id, uint64_t seconds, const char *computer)
{
	begin_event(f, "System", "P", 7);
	f->event.record_id = id;
	f->event.time = seconds != 0 ? TM_UNIX_EPOCH + seconds * TM_TICKS_PER_SECOND : 0;
	f->event.computer = str_from(computer);
	end_event(f);
}

// Records of consecutive ids, a second apart, at the seconds of their ids.
static void records(struct fixture *f, uint64_t first, uint64_t last, const char *computer)
{
	for (uint64_t id = first; id <= last; id++)
		record(f, id, id, computer);
}

// ---- gaps ---------------------------------------------------------------

static void a_hole_in_a_long_log_is_a_gap(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	records(&f, 1, 60, "ws17");
	records(&f, 64, 110, "ws17");
	metrics_end_file(f.metrics, false);
	expect_csv(&f, METRICS_GAPS,
		   "gap,3,1,107,60,64,System,ws17,1970-01-01T00:01:00.0000000Z,"
		   "1970-01-01T00:01:04.0000000Z,a.evtx\r\n");
	// Ids go on in another file without being missed in between.
	metrics_begin_file(f.metrics, STR("b.evtx"));
	records(&f, 200, 201, "ws17");
	metrics_end_file(f.metrics, false);
	expect_csv(&f, METRICS_GAPS,
		   "gap,3,1,107,60,64,System,ws17,1970-01-01T00:01:00.0000000Z,"
		   "1970-01-01T00:01:04.0000000Z,a.evtx\r\n"
		   "start,199,0,2,,200,System,ws17,,1970-01-01T00:03:20.0000000Z,b.evtx\r\n");
	stop(&f);
}

static void a_hole_in_a_damaged_file_says_so(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	records(&f, 1, 60, "ws17");
	record(&f, 62, 62, "ws17");
	metrics_end_file(f.metrics, true);
	expect_csv(&f, METRICS_GAPS,
		   "damage,1,1,61,60,62,System,ws17,1970-01-01T00:01:00.0000000Z,"
		   "1970-01-01T00:01:02.0000000Z,a.evtx\r\n");
	stop(&f);
}

// One row from its first hole to its last one.
static void many_holes_are_an_extract(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	records(&f, 1, 10, "ws17");
	records(&f, 12, 13, "ws17");
	records(&f, 20, 29, "ws17");
	metrics_end_file(f.metrics, false);
	expect_csv(&f, METRICS_GAPS,
		   "sparse,7,2,22,10,20,System,ws17,1970-01-01T00:00:10.0000000Z,"
		   "1970-01-01T00:00:20.0000000Z,a.evtx\r\n");
	stop(&f);
}

// Newer records stand before older ones in the file.
static void a_ring_that_wrapped_has_no_gap(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	records(&f, 51, 70, "ws17");
	records(&f, 1, 50, "ws17");
	metrics_end_file(f.metrics, false);
	expect_csv(&f, METRICS_GAPS, "");
	expect_csv(&f, METRICS_STEPS, "");
	stop(&f);
}

static void a_renamed_computer_goes_on(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	records(&f, 1, 60, "win-1");
	records(&f, 61, 99, "ws17");
	record(&f, 100, 100, "WS17");
	records(&f, 101, 180, "ws17");
	metrics_end_file(f.metrics, false);
	expect_csv(&f, METRICS_GAPS, "");
	stop(&f);
}

// What is missing between two runs of a computer may be with another only in part.
static void a_hole_is_less_what_the_other_computer_has(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	records(&f, 1, 60, "ws17");
	record(&f, 61, 61, "WS17");
	records(&f, 64, 120, "ws17");
	metrics_end_file(f.metrics, false);
	expect_csv(&f, METRICS_GAPS,
		   "gap,2,1,117,60,64,System,ws17,1970-01-01T00:01:00.0000000Z,"
		   "1970-01-01T00:01:04.0000000Z,a.evtx\r\n");
	stop(&f);
}

// Of a collector: the ids of one say nothing about those of the other.
static void ids_of_mixed_computers_are_their_own(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	for (uint64_t id = 1; id <= 120; id++) {
		record(&f, 100 + id, id, "dc01");
		if (id != 70)
			record(&f, 70 + id, id, "ws17");
	}
	metrics_end_file(f.metrics, false);
	expect_csv(&f, METRICS_GAPS,
		   "gap,1,1,119,139,141,System,ws17,1970-01-01T00:01:09.0000000Z,"
		   "1970-01-01T00:01:11.0000000Z,a.evtx\r\n"
		   "start,100,0,120,,101,System,dc01,,1970-01-01T00:00:01.0000000Z,a.evtx\r\n"
		   "start,70,0,119,,71,System,ws17,,1970-01-01T00:00:01.0000000Z,a.evtx\r\n");
	stop(&f);
}

static void ids_may_be_anything(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	record(&f, 0, 1, "ws17");
	record(&f, UINT64_MAX, 2, "ws17");
	record(&f, 0, 3, "ws17");
	record(&f, 1, 4, "ws17");
	record(&f, UINT64_MAX, 5, "ws17");
	metrics_end_file(f.metrics, false);
	expect_csv(&f, METRICS_GAPS,
		   "sparse,18446744073709551613,1,3,1,18446744073709551615,System,ws17,"
		   "1970-01-01T00:00:04.0000000Z,1970-01-01T00:00:02.0000000Z,a.evtx\r\n");
	// The sum stays at its end.
	metrics_begin_file(f.metrics, STR("b.evtx"));
	records(&f, 1, 60, "ws17");
	record(&f, UINT64_MAX, 61, "ws17");
	metrics_end_file(f.metrics, false);
	metrics_begin_file(f.metrics, STR("c.evtx"));
	records(&f, 1, 60, "ws17");
	record(&f, UINT64_MAX, 61, "ws17");
	metrics_end_file(f.metrics, false);
	buf_reset(&f.out);
	metrics_put_table(f.metrics, &(struct metrics_look){METRICS_BIT(METRICS_GAPS), 1, 80},
			  &f.out);
	assert_true(
		str_starts(buf_str(&f.out),
			   STR("gaps: 2 gaps of 18,446,744,073,709,551,615 records, 1 log with")));
	stop(&f);
}

static void lists_end_but_totals_are_right(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	for (uint64_t i = 0; i < LIMIT_METRICS_ROWS + 5; i++) {
		record(&f, 2 * i + 1, 1000, "ws17");
		record(&f, 2 * i + 2, 900, "ws17");
	}
	metrics_end_file(f.metrics, false);
	metrics_put_table(f.metrics, &(struct metrics_look){METRICS_BIT(METRICS_STEPS), 1, 200},
			  &f.out);
	assert_true(str_starts(buf_str(&f.out), STR("steps: 65,541 steps back\n")));
	assert_true(str_ends(buf_str(&f.out), STR("  and 65,535 more\n")));
	buf_reset(&f.out);
	metrics_put_notes(f.metrics, &f.out);
	assert_true(
		str_eq(buf_str(&f.out), STR("too many steps to list: 65536 of 65541 are kept\n")));
	stop(&f);
}

static void too_many_pieces_are_not_looked_at(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	for (uint64_t i = 0; i <= LIMIT_METRICS_RUNS; i++)
		record(&f, 2 * i + 1, i + 1, "ws17");
	metrics_end_file(f.metrics, false);
	expect_csv(&f, METRICS_GAPS, "scattered,,,,,,,,,,a.evtx\r\n");
	// The next file is looked at again.
	metrics_begin_file(f.metrics, STR("b.evtx"));
	records(&f, 5, 6, "ws17");
	metrics_end_file(f.metrics, false);
	expect_csv(&f, METRICS_GAPS,
		   "start,4,0,2,,5,System,ws17,,1970-01-01T00:00:05.0000000Z,b.evtx\r\n"
		   "scattered,,,,,,,,,,a.evtx\r\n");
	stop(&f);
}

// ---- steps --------------------------------------------------------------

static void a_step_back_is_longer_than_two_seconds(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	record(&f, 1, 100, "ws17");
	record(&f, 2, 98, "ws17"); // two seconds are tolerated
	record(&f, 3, 0, "ws17");  // a record without a time
	record(&f, 4, 50, "ws17");
	record(&f, 5, 46, "ws17");
	record(&f, 6, 1000, "ws17");
	record(&f, 9, 900, "ws17"); // over a hole
	metrics_end_file(f.metrics, false);
	metrics_begin_file(f.metrics, STR("b.evtx"));
	record(&f, 10, 1, "ws17"); // another log
	metrics_end_file(f.metrics, false);
	expect_csv(&f, METRICS_STEPS,
		   "4.0000000,4,5,System,ws17,1970-01-01T00:00:50.0000000Z,"
		   "1970-01-01T00:00:46.0000000Z,a.evtx\r\n"
		   "100.0000000,6,9,System,ws17,1970-01-01T00:16:40.0000000Z,"
		   "1970-01-01T00:15:00.0000000Z,a.evtx\r\n");
	stop(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hole_in_a_long_log_is_a_gap),
		cmocka_unit_test(a_hole_in_a_damaged_file_says_so),
		cmocka_unit_test(many_holes_are_an_extract),
		cmocka_unit_test(a_ring_that_wrapped_has_no_gap),
		cmocka_unit_test(a_renamed_computer_goes_on),
		cmocka_unit_test(a_hole_is_less_what_the_other_computer_has),
		cmocka_unit_test(ids_of_mixed_computers_are_their_own),
		cmocka_unit_test(ids_may_be_anything),
		cmocka_unit_test(lists_end_but_totals_are_right),
		cmocka_unit_test(too_many_pieces_are_not_looked_at),
		cmocka_unit_test(a_step_back_is_longer_than_two_seconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
