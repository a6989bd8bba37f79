// SPDX-License-Identifier: Apache-2.0
// Finding logs in temporary folders.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limits.h"
#include "folder_fixture.h"
#include "input/container.h"

#define LOG STR("ElfFile\0and more")

static void make_folder(const char *path)
{
	assert_int_equal(mkdir(path, 0700), 0);
}

static void folders_give_logs_by_name_and_by_signature(void **state)
{
	make_folder("c");
	make_folder("c/sub");
	make_file("c/b.evtx", STR("ElfFile\0b"));
	make_file("c/A.EVTX", STR("ElfFile\0A"));
	make_file("c/sub/renamed.bin", LOG);
	make_file("c/sub/notes.txt", STR("not a log"));
	make_file("c/sub/empty", STR(""));
	make_file("c/zero.evtx", STR(""));
	make_file("c/text.evtx", STR("not a log either"));
	make_file("c/short.evtx", STR("Elf"));
	find_one(*state, "c");
	expect_list(*state, "c/A.EVTX\nc/b.evtx\nc/short.evtx !\nc/sub/renamed.bin\n"
			    "c/text.evtx !\nc/zero.evtx !\n");
	expect_error(*state, 2, "not EVTX");
	expect_error(*state, 4, "not EVTX");
	expect_error(*state, 5, "empty");
}

static void a_file_that_is_named_is_always_listed(void **state)
{
	struct fixture *fixture = *state;

	make_file("notes.txt", STR("not a log"));
	find_one(fixture, "notes.txt");
	find_one(fixture, "missing.txt");
	find_one(fixture, "/dev/null");
	expect_list(fixture, "/dev/null !\nmissing.txt !\nnotes.txt !\n");
	expect_error(fixture, 0, "neither");
	expect_error(fixture, 1, "No such file");
	expect_error(fixture, 2, "not EVTX");
	assert_int_equal(fixture->list.files[2].size, 9);
}

static void each_file_counts_once_whatever_the_order_of_paths(void **state)
{
	struct fixture *fixture = *state;
	struct str forward[] = {STR("c"), STR("c/a.evtx"), STR("l"), STR("gone"), STR("gone")};
	struct str back[] = {STR("gone"), STR("gone"), STR("l"), STR("c/a.evtx"), STR("c")};

	make_folder("c");
	make_file("c/a.evtx", LOG);
	make_file("c/b.evtx", STR("ElfFile\0and other bytes"));
	assert_int_equal(link("c/a.evtx", "c/hard.evtx"), 0);
	assert_int_equal(symlink("c", "l"), 0);
	input_find(&fixture->list, forward, 5, -1);
	expect_list(fixture, "c/a.evtx\nc/b.evtx\ngone !\n");
	input_release(&fixture->list);
	input_find(&fixture->list, back, 5, -1);
	expect_list(fixture, "c/a.evtx\nc/b.evtx\ngone !\n");
}

static void an_image_may_be_a_log_too(void **state)
{
	struct fixture *fixture = *state;
	struct str images[] = {STR("a.evtx"), STR("hard.evtx"), STR("gone")};
	struct str paths[] = {STR("a.evtx"), STR("gone")};

	make_file("a.evtx", LOG);
	assert_int_equal(link("a.evtx", "hard.evtx"), 0);
	fixture->list.images = images;
	fixture->list.image_count = 3;
	input_find(&fixture->list, paths, 2, -1);
	expect_list(fixture, "a.evtx\na.evtx\ngone !\n");
	assert_false(fixture->list.files[0].is_image);
	assert_true(fixture->list.files[1].is_image);
	assert_int_equal(fixture->list.files[1].duplicate_of.len, 0);
}

static void containers_of_images_are_known(void **state)
{
	(void)state;
	assert_string_equal(container_name(STR("\037\213\010\0")), "gzip");
	assert_string_equal(container_name(STR("EVF\011\015\012\377\0\001")), "EnCase (E01)");
	assert_string_equal(container_name(STR("vhdxfileQ")), "VHDX");
	assert_string_equal(container_name(STR("\375"
					       "7zXZ\0\0\004")),
			    "xz");
	assert_string_equal(container_name(STR("QFI\373\0\0\0\003")), "QCOW");
	assert_null(container_name(STR("QFI")));
	assert_null(container_name(STR("")));
	assert_null(container_name(LOG));
	assert_null(container_name(STR("PAGEDU64")));
}

static void a_folder_that_is_named_has_to_hold_logs(void **state)
{
	struct fixture *fixture = *state;
	struct str paths[] = {STR("./c/a.evtx"), STR("c"), STR("e"),
			      STR("e/sub"),	 STR("f"), STR("l")};

	make_folder("c");
	make_file("c/a.evtx", LOG);
	make_folder("e");
	make_folder("e/sub");
	make_file("e/sub/notes.txt", STR("not a log"));
	make_folder("f");
	assert_int_equal(symlink("../c", "f/link"), 0);
	assert_int_equal(symlink("c", "l"), 0);
	input_find(&fixture->list, paths, 6, -1);
	expect_list(fixture, "./c/a.evtx\ne !\n");
	expect_error(fixture, 1, "no event log in the folder");
	input_release(&fixture->list);
	make_folder("g");
	assert_int_equal(symlink(".", "g/self"), 0);
	find_one(fixture, "g");
	expect_list(fixture, "g !\n");
}

static void loops_of_links_end(void **state)
{
	make_folder("c");
	make_folder("c/sub");
	make_file("c/sub/a.evtx", LOG);
	assert_int_equal(symlink("..", "c/sub/up"), 0);
	assert_int_equal(symlink("self", "c/self"), 0);
	find_one(*state, "c");
	expect_list(*state, "c/self !\nc/sub/a.evtx\n");
}

static void a_broken_link_counts_when_it_has_the_name_of_a_log(void **state)
{
	make_folder("c");
	assert_int_equal(symlink("nowhere", "c/other"), 0);
	assert_int_equal(symlink("nowhere", "c/log.evtx"), 0);
	find_one(*state, "c");
	expect_list(*state, "c/log.evtx !\n");
}

static void pipes_are_not_opened(void **state)
{
	make_folder("c");
	assert_int_equal(mkfifo("c/a.evtx", 0600), 0);
	assert_int_equal(mkfifo("c/other", 0600), 0);
	find_one(*state, "c");
	expect_list(*state, "c/a.evtx !\n");
}

static void depth_is_bounded_and_said(void **state)
{
	struct fixture *fixture = *state;
	struct buf path = {0};

	buf_put_text(&path, "d");
	for (int i = 0; i <= LIMIT_FOLDER_DEPTH; i++) {
		make_folder(path.ptr);
		buf_put_text(&path, "/d");
	}
	buf_put_text(&path, ".evtx");
	make_file(path.ptr, LOG);
	find_one(fixture, "d");
	assert_int_equal(fixture->list.count, 1);
	expect_error(fixture, 0, "too deep");
	buf_release(&path);
}

static void names_may_be_any_bytes(void **state)
{
	make_folder("c");
	make_file("c/\xFF\n.evtx", LOG);
	find_one(*state, "c/");
	expect_list(*state, "c/\xFF\n.evtx\n");
}

static void what_cannot_be_read_says_so(void **state)
{
	make_folder("c");
	make_folder("c/closed");
	make_file("c/a.evtx", LOG);
	make_file("c/b.txt", LOG);
	assert_int_equal(chmod("c/closed", 0), 0);
	assert_int_equal(chmod("c/a.evtx", 0), 0);
	assert_int_equal(chmod("c/b.txt", 0), 0);
	if (geteuid() == 0) {
		print_message("skipped: root reads everything, whatever the permissions\n");
		skip();
	}
	find_one(*state, "c");
	expect_list(*state, "c/a.evtx !\nc/b.txt !\nc/closed !\n");
	expect_error(*state, 0, "Permission denied");
}

static void equal_bytes_are_found_whatever_the_names(void **state)
{
	struct fixture *fixture = *state;
	struct buf large = {0};
	struct buf other = {0};

	// Beyond the bytes that are looked at first only the hash tells.
	buf_put_str(&large, LOG);
	memset(buf_reserve(&large, 10000), 'x', 10000);
	large.len += 10000;
	buf_put_str(&other, buf_str(&large));
	other.ptr[other.len - 1] = 'y';
	make_folder("c");
	make_file("c/a.evtx", buf_str(&large));
	make_file("c/b.evtx", buf_str(&other));
	make_file("c/c.evtx", buf_str(&large));
	make_file("c/d.evtx", LOG);
	find_one(fixture, "c");
	expect_list(fixture, "c/a.evtx\nc/b.evtx\nc/c.evtx =\nc/d.evtx\n");
	assert_true(str_eq(fixture->list.files[2].duplicate_of, STR("c/a.evtx")));
	input_release(&fixture->list);
	fixture->list.keep_duplicates = true;
	find_one(fixture, "c");
	expect_list(fixture, "c/a.evtx\nc/b.evtx\nc/c.evtx\nc/d.evtx\n");
	buf_release(&large);
	buf_release(&other);
}

static void standard_input_is_spooled_and_can_be_opened_twice(void **state)
{
	struct fixture *fixture = *state;
	struct str paths[] = {STR("-"), STR("-")};
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], LOG.ptr, LOG.len), LOG.len);
	close(ends[1]);
	input_find(&fixture->list, paths, 2, ends[0]);
	close(ends[0]);
	expect_list(fixture, "-\n");
	assert_int_equal(fixture->list.files[0].size, LOG.len);
	for (int i = 0; i < 2; i++) {
		char content[32];
		FILE *file = fopen(fixture->list.files[0].open_path, "rb");

		assert_non_null(file);
		assert_int_equal(fread(content, 1, sizeof(content), file), LOG.len);
		assert_memory_equal(content, LOG.ptr, LOG.len);
		fclose(file);
	}
}

static void standard_input_that_fails_or_is_empty_says_so(void **state)
{
	struct fixture *fixture = *state;
	struct str paths[] = {STR("-")};
	int ends[2];

	input_find(&fixture->list, paths, 1, -1);
	expect_list(fixture, "- !\n");
	expect_error(fixture, 0, "cannot read standard input");
	input_release(&fixture->list);
	assert_int_equal(pipe(ends), 0);
	close(ends[1]);
	input_find(&fixture->list, paths, 1, ends[0]);
	close(ends[0]);
	expect_list(fixture, "- !\n");
	expect_error(fixture, 0, "empty");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(folders_give_logs_by_name_and_by_signature, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_file_that_is_named_is_always_listed, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(each_file_counts_once_whatever_the_order_of_paths,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_image_may_be_a_log_too, set_up, tear_down),
		cmocka_unit_test(containers_of_images_are_known),
		cmocka_unit_test_setup_teardown(a_folder_that_is_named_has_to_hold_logs, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(loops_of_links_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_broken_link_counts_when_it_has_the_name_of_a_log,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(pipes_are_not_opened, set_up, tear_down),
		cmocka_unit_test_setup_teardown(depth_is_bounded_and_said, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names_may_be_any_bytes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_cannot_be_read_says_so, set_up, tear_down),
		cmocka_unit_test_setup_teardown(equal_bytes_are_found_whatever_the_names, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(standard_input_is_spooled_and_can_be_opened_twice,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(standard_input_that_fails_or_is_empty_says_so,
						set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
