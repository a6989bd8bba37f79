// SPDX-License-Identifier: Apache-2.0
// Logs in archives: finding them, and reading them by position.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "archive_fixture.h"
#include "base/limits.h"
#include "base/mem.h"
#include "folder_fixture.h"
#include "input/reader.h"
#include "input/unpack.h"

static const struct packing zip = {archive_write_set_format_zip, NULL, NULL, NULL};
static const struct packing stored = {archive_write_set_format_zip, NULL, "zip:compression=store",
				      NULL};
static const struct packing tar = {archive_write_set_format_pax_restricted, NULL, NULL, NULL};

// A log of `len` bytes, whose byte at i is seed + i / 256.
static struct str log_of(size_t len, unsigned seed)
{
	char *bytes = test_malloc(len);

	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)(seed + i / 256);
	memcpy(bytes, "ElfFile", len < 8 ? len : 8);
	return (struct str){bytes, len};
}

static void drop(struct str log)
{
	test_free((void *)(uintptr_t)log.ptr);
}

static struct str content_of(const char *path, struct buf *out)
{
	FILE *file = fopen(path, "rb");

	assert_non_null(file);
	out->len = fread(buf_reserve(out, 1 << 20), 1, 1 << 20, file);
	fclose(file);
	return buf_str(out);
}

static void expect_bytes(struct input_reader *reader, size_t file, struct str log, size_t at,
			 size_t len)
{
	size_t wanted = at < log.len ? log.len - at : 0;
	char *got = test_malloc(len + 1);
	struct err err = {""};
	size_t count;

	wanted = wanted < len ? wanted : len;
	assert_int_equal(input_read(reader, file, at, got, len, &count, &err), RC_OK);
	assert_int_equal(count, wanted);
	assert_memory_equal(got, log.ptr + (wanted > 0 ? at : 0), wanted);
	test_free(got);
}

// ---- kinds --------------------------------------------------------------

static void every_kind_gives_the_same_files(void **state)
{
	static const struct {
		const char *path;
		struct packing how;
	} kinds[] = {
		{"a.zip", {archive_write_set_format_zip, NULL, NULL, NULL}},
		{"a.tar", {archive_write_set_format_pax_restricted, NULL, NULL, NULL}},
		{"a.tar.gz",
		 {archive_write_set_format_gnutar, archive_write_add_filter_gzip, NULL, NULL}},
		{"a.tar.bz2",
		 {archive_write_set_format_ustar, archive_write_add_filter_bzip2, NULL, NULL}},
		{"a.tar.xz",
		 {archive_write_set_format_gnutar, archive_write_add_filter_xz, NULL, NULL}},
		{"a.tar.zst",
		 {archive_write_set_format_gnutar, archive_write_add_filter_zstd, NULL, NULL}},
		{"a.7z", {archive_write_set_format_7zip, NULL, NULL, NULL}},
	};
	struct fixture *fixture = *state;
	struct str big = log_of(300000, 1);
	struct str small = log_of(70000, 2);
	const struct packed files[] = {
		{"case/C%3A/Windows/System32/winevt/Logs/Big%254.evtx", big},
		{"case/notes.txt", STR("not a log")},
		{"case/renamed.bin", small},
		{"case/text.evtx", STR("not a log either")},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct input_reader *reader;
		struct buf expected = {0};

		pack(kinds[i].path, &kinds[i].how, files, 4);
		find_one(fixture, kinds[i].path);
		buf_printf(&expected,
			   "%s/case/C%%3A/Windows/System32/winevt/Logs/Big%%254.evtx\n"
			   "%s/case/renamed.bin\n%s/case/text.evtx !\n",
			   kinds[i].path, kinds[i].path, kinds[i].path);
		expect_list(fixture, expected.ptr);
		assert_int_equal(fixture->list.files[0].size, big.len);
		reader = input_reader_new(&fixture->list);
		expect_bytes(reader, 0, big, 0, 4096);
		expect_bytes(reader, 0, big, 4096, 262144);
		expect_bytes(reader, 0, big, 266240, 262144);
		expect_bytes(reader, 1, small, 60000, 100000);
		expect_bytes(reader, 0, big, 100, 200); // back
		expect_bytes(reader, 1, small, 70000, 1);
		input_reader_free(reader);
		input_release(&fixture->list);
		buf_release(&expected);
	}
	drop(big);
	drop(small);
}

static void a_compressed_log_is_a_log(void **state)
{
	static const struct packing gzip = {archive_write_set_format_raw,
					    archive_write_add_filter_gzip, NULL, NULL};
	struct fixture *fixture = *state;
	struct str log = log_of(70000, 3);
	const struct packed file = {"a", log};
	struct input_reader *reader;

	pack("Security.evtx.gz", &gzip, &file, 1);
	find_one(fixture, ".");
	expect_list(fixture, "./Security.evtx.gz\n");
	assert_int_equal(fixture->list.files[0].size, log.len);
	reader = input_reader_new(&fixture->list);
	expect_bytes(reader, 0, log, 4096, 65536);
	input_reader_free(reader);
	drop(log);
}

static void archives_in_archives_are_folders(void **state)
{
	struct fixture *fixture = *state;
	struct str log = log_of(5000, 4);
	struct str other = log_of(5000, 5);
	struct packed files[2] = {{"a.evtx", log}, {"b/c.evtx", other}};
	struct input_reader *reader;
	struct buf bytes = {0};
	struct buf deep = {0};

	pack("inner.zip", &zip, files, 2);
	files[0] = (struct packed){"host.zip", content_of("inner.zip", &bytes)};
	files[1] = (struct packed){"last.evtx", log};
	pack("middle.tar", &tar, files, 2);
	files[0] = (struct packed){"m.tar", content_of("middle.tar", &deep)};
	pack("outer.zip", &stored, files, 1);
	find_one(fixture, "outer.zip");
	expect_list(fixture, "outer.zip/m.tar/host.zip/a.evtx\n"
			     "outer.zip/m.tar/host.zip/b/c.evtx\n"
			     "outer.zip/m.tar/last.evtx =\n");
	reader = input_reader_new(&fixture->list);
	expect_bytes(reader, 1, other, 0, 5000);
	expect_bytes(reader, 2, log, 0, 5000);
	expect_bytes(reader, 0, log, 4000, 5000);
	input_reader_free(reader);
	buf_release(&bytes);
	buf_release(&deep);
	drop(log);
	drop(other);
}

static void nesting_is_bounded_and_said(void **state)
{
	struct fixture *fixture = *state;
	struct str log = log_of(5000, 4);
	struct packed file = {"a.evtx", log};
	struct buf bytes = {0};

	for (int i = 0; i <= LIMIT_ARCHIVE_DEPTH; i++) {
		pack("z.zip", &stored, &file, 1);
		buf_reset(&bytes);
		file = (struct packed){"z.zip", content_of("z.zip", &bytes)};
	}
	find_one(fixture, "z.zip");
	expect_list(fixture, "z.zip/z.zip/z.zip/z.zip/z.zip !\n");
	expect_error(fixture, 0, "nested too deep");
	buf_release(&bytes);
	drop(log);
}

// ---- which are opened ---------------------------------------------------

static void in_folders_archives_have_their_names(void **state)
{
	struct fixture *fixture = *state;
	struct str log = log_of(5000, 6);
	const struct packed files[] = {{"a.evtx", log}, {"._a.evtx", STR("\0\005\026\007apple")}};
	const struct packed text = {"a.txt", STR("text")};

	assert_int_equal(mkdir("c", 0700), 0);
	pack("c/report.docx", &zip, files, 2);
	pack("c/CASE.ZIP", &zip, files, 2);
	pack("c/empty.zip", &zip, files, 0);
	pack("c/text.zip", &zip, &text, 1);
	find_one(fixture, "c");
	expect_list(fixture, "c/CASE.ZIP/a.evtx\n");
	input_release(&fixture->list);
	// What is named must hold logs.
	find_one(fixture, "c/report.docx");
	find_one(fixture, "c/text.zip");
	expect_list(fixture, "c/report.docx/a.evtx\nc/text.zip !\n");
	expect_error(fixture, 1, "no event log in the archive");
	drop(log);
}

static void passwords_open_encrypted_files(void **state)
{
	static const char *const kinds[] = {"zip:encryption=traditional", "zip:encryption=aes256"};
	struct fixture *fixture = *state;
	struct str passwords[] = {STR("wrong"), STR("infected")};
	struct str log = log_of(70000, 7);
	const struct packed file = {"a.evtx", log};

	for (size_t i = 0; i < 2; i++) {
		struct packing how = {archive_write_set_format_zip, NULL, kinds[i], "infected"};
		struct input_reader *reader;

		pack("locked.zip", &how, &file, 1);
		find_one(fixture, "locked.zip");
		expect_list(fixture, "locked.zip/a.evtx !\n");
		expect_error(fixture, 0, "encrypted, and no password is given");
		input_release(&fixture->list);
		fixture->list.passwords = passwords;
		fixture->list.password_count = 1;
		find_one(fixture, "locked.zip");
		expect_list(fixture, "locked.zip/a.evtx !\n");
		expect_error(fixture, 0, "encrypted, and the password does not fit");
		input_release(&fixture->list);
		fixture->list.passwords = passwords;
		fixture->list.password_count = 2;
		find_one(fixture, "locked.zip");
		expect_list(fixture, "locked.zip/a.evtx\n");
		reader = input_reader_new(&fixture->list);
		expect_bytes(reader, 0, log, 60000, 20000);
		input_reader_free(reader);
		input_release(&fixture->list);
	}
	drop(log);
}

// Of 3,000 wrong passwords about 12 pass the one byte that traditional encryption checks; which,
// is new for each archive. For the list of a call that is one archive in three.
static void wrong_passwords_that_seem_right_are_passed_over(void **state)
{
	enum { COUNT = 3001 };
	static const char *const kinds[] = {"zip:encryption=traditional",
					    "zip:encryption=traditional,zip:compression=store"};
	static char texts[COUNT][16];
	static struct str passwords[COUNT];
	struct fixture *fixture = *state;
	struct str log = log_of(70000, 7);
	const struct packed files[] = {{"a.evtx", log}, {"b.evtx", log}};

	for (size_t i = 0; i < COUNT; i++) {
		snprintf(texts[i], sizeof(texts[i]), i < COUNT - 1 ? "wrong %zu" : "infected", i);
		passwords[i] = str_from(texts[i]);
	}
	for (size_t i = 0; i < 2; i++) {
		struct packing how = {archive_write_set_format_zip, NULL, kinds[i], "infected"};
		struct input_reader *reader;

		pack("locked.zip", &how, files, 2);
		fixture->list.passwords = passwords;
		fixture->list.password_count = COUNT;
		find_one(fixture, "locked.zip");
		expect_list(fixture, "locked.zip/a.evtx\nlocked.zip/b.evtx =\n");
		reader = input_reader_new(&fixture->list);
		expect_bytes(reader, 0, log, 0, 70000);
		input_reader_free(reader);
		input_release(&fixture->list);
	}
	drop(log);
}

// ---- damage -------------------------------------------------------------

static void what_is_cut_off_is_said(void **state)
{
	struct fixture *fixture = *state;
	struct str log = log_of(70000, 8);
	struct packed files[2] = {{"a.evtx", log}, {"b.evtx", log}};
	struct buf bytes = {0};
	char block[70000];
	struct err err = {""};
	struct input_reader *reader;
	size_t got;

	pack("cut.tar", &tar, files, 2);
	content_of("cut.tar", &bytes);
	bytes.len = 100000;
	make_file("cut.tar", buf_str(&bytes));
	find_one(fixture, "cut.tar");
	// The second log's beginning is there, but not its end.
	expect_list(fixture, "cut.tar !\ncut.tar/a.evtx\ncut.tar/b.evtx\n");
	expect_error(fixture, 0, "cannot be read to its end");
	reader = input_reader_new(&fixture->list);
	expect_bytes(reader, 1, log, 0, 70000);
	assert_int_equal(input_read(reader, 2, 0, block, sizeof(block), &got, &err), RC_FAILED);
	assert_true(got < sizeof(block));
	assert_memory_equal(block, log.ptr, got);
	assert_non_null(strstr(err.text, "runcated"));
	input_reader_free(reader);
	buf_release(&bytes);
	drop(log);
}

static void what_only_looks_like_an_archive_is_said(void **state)
{
	struct fixture *fixture = *state;
	const struct packed broken = {"inner.7z", STR("7z\274\257\047\034 and nothing more")};

	make_file("broken.zip", STR("PK\003\004 and nothing more"));
	pack("outer.zip", &zip, &broken, 1);
	find_one(fixture, ".");
	expect_list(fixture, "./broken.zip !\n./outer.zip/inner.7z !\n");
}

// Zeros that a few bytes stand for come out in any number: not more than the limit.
static void what_comes_out_is_bounded(void **state)
{
	static const struct packing bomb = {archive_write_set_format_gnutar,
					    archive_write_add_filter_zstd, NULL, NULL};
	struct fixture *fixture = *state;
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	size_t block_size = 1 << 20;
	char *block = test_calloc(1, block_size);
	uint64_t size = LIMIT_ARCHIVE_FREE * 2;

	assert_int_equal(bomb.format(archive), ARCHIVE_OK);
	assert_int_equal(bomb.filter(archive), ARCHIVE_OK);
	assert_int_equal(archive_write_open_filename(archive, "bomb.tar.zst"), ARCHIVE_OK);
	archive_entry_set_pathname(entry, "zeros");
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_size(entry, (la_int64_t)size);
	assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
	for (uint64_t at = 0; at < size; at += block_size)
		assert_int_equal(archive_write_data(archive, block, block_size), block_size);
	archive_entry_free(entry);
	assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
	archive_write_free(archive);
	test_free(block);
	find_one(fixture, "bomb.tar.zst");
	expect_list(fixture, "bomb.tar.zst !\n");
	expect_error(fixture, 0, "times the size of the archive");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_kind_gives_the_same_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_compressed_log_is_a_log, set_up, tear_down),
		cmocka_unit_test_setup_teardown(archives_in_archives_are_folders, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(nesting_is_bounded_and_said, set_up, tear_down),
		cmocka_unit_test_setup_teardown(in_folders_archives_have_their_names, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(passwords_open_encrypted_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(wrong_passwords_that_seem_right_are_passed_over,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_cut_off_is_said, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_only_looks_like_an_archive_is_said, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(what_comes_out_is_bounded, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
