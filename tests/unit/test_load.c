// SPDX-License-Identifier: Apache-2.0
// Files -> rule sets: what is found, and what becomes a fault.
#include "load/load.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

static const char rule[] = "title: T\n"
			   "logsource: {product: windows, service: security}\n"
			   "detection: {sel: {EventID: 1}, condition: sel}\n";

struct fixture {
	char folder[64];
	struct ruleset *set;
	struct arena arena;
	struct diag_list faults;
};

static const char *in_folder(struct fixture *f, const char *name)
{
	return arena_printf(&f->arena, "%s/%s", f->folder, name).ptr;
}

static void write_file(struct fixture *f, const char *name, const char *text)
{
	FILE *file = fopen(in_folder(f, name), "wb");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	snprintf(f->folder, sizeof(f->folder), "/tmp/test_load.XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	f->set = ruleset_new();
	diag_init(&f->faults, &f->arena);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	static const char *const names[] = {"b/c.yaml", "b/.hidden.yml", "b.yml", "B.YML",
					    "note.txt", "list.yml",	 "b",	  ""};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		remove(in_folder(f, names[i]));
	ruleset_free(f->set);
	diag_release(&f->faults);
	arena_release(&f->arena);
	free(f);
	return 0;
}

static void folder_gives_its_rule_files_sorted(void **state)
{
	struct fixture *f = *state;
	struct str *files;
	size_t count;

	mkdir(in_folder(f, "b"), 0777);
	write_file(f, "b/c.yaml", rule);
	write_file(f, "b/.hidden.yml", rule);
	write_file(f, "b.yml", rule);
	write_file(f, "B.YML", rule);
	write_file(f, "note.txt", rule);
	assert_true(load_find(&f->arena, f->folder, &files, &count, &f->faults));
	assert_int_equal(count, 3);
	assert_string_equal(files[0].ptr, in_folder(f, "B.YML"));
	assert_string_equal(files[1].ptr, in_folder(f, "b.yml"));
	assert_string_equal(files[2].ptr, in_folder(f, "b/c.yaml"));
	assert_true(load_path(f->set, f->folder, &f->faults));
	assert_int_equal(f->set->count, 3);
	assert_int_equal(f->faults.count, 0);
}

// A file that is named is read whatever it is called.
static void named_file_is_a_rule_file(void **state)
{
	struct fixture *f = *state;

	write_file(f, "note.txt", rule);
	assert_true(load_path(f->set, in_folder(f, "note.txt"), &f->faults));
	assert_int_equal(f->set->count, 1);
}

static void folder_without_rules_is_a_fault(void **state)
{
	struct fixture *f = *state;
	struct str *files;
	size_t count;

	assert_true(load_find(&f->arena, f->folder, &files, &count, &f->faults));
	assert_int_equal(count, 0);
	assert_false(load_path(f->set, f->folder, &f->faults));
	assert_int_equal(f->faults.count, 1);
	assert_string_equal(f->faults.items[0].path.ptr, f->folder);
	assert_string_equal(f->faults.items[0].message.ptr, "no rule files (*.yml, *.yaml) there");
	assert_string_equal(f->faults.items[0].code, "E_FILE");
}

static void missing_files_are_faults(void **state)
{
	struct fixture *f = *state;
	const char *path = in_folder(f, "b.yml");
	struct err err = {""};

	assert_false(load_path(f->set, path, &f->faults));
	assert_false(load_sources(f->set, path, NULL, 0, &f->faults));
	assert_false(load_placeholders(f->set, path, &f->faults));
	assert_null(load_allowlist(&f->arena, path, &f->set->diags, &err));
	assert_int_equal(f->faults.count, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(f->faults.items[i].severity, DIAG_ERROR);
		assert_int_equal(f->faults.items[i].line, 0);
		assert_string_equal(f->faults.items[i].message.ptr, "No such file or directory");
	}
	assert_string_equal(err.text, "No such file or directory");
	assert_int_equal(f->set->diags.count, 0);
}

// The text of an error belongs to the set, not to the faults.
static void broken_file_is_no_fault(void **state)
{
	struct fixture *f = *state;

	write_file(f, "b.yml", "title: T\nlogsource: [\n");
	assert_true(load_path(f->set, in_folder(f, "b.yml"), &f->faults));
	assert_int_equal(f->faults.count, 0);
	assert_int_equal(f->set->diags.errors, 1);
}

static void pack_and_mapping_are_built_in(void **state)
{
	struct fixture *f = *state;

	assert_true(load_sources(f->set, NULL, NULL, 0, &f->faults));
	load_pack(f->set);
	ruleset_link(f->set, NULL);
	assert_true(f->set->count > 0);
	assert_int_equal(f->set->diags.errors, 0);
	assert_true(str_starts(f->set->rules[0]->path, STR("builtin:t1596_001/")));
}

static void refused_entries_are_in_the_account(void **state)
{
	struct fixture *f = *state;
	struct diag_list diags;
	struct ledger ledger;
	struct err err = {""};

	diag_init(&diags, &f->arena);
	ledger_init(&ledger, STR("1"));
	write_file(f, "list.yml",
		   "version: 1\nexternal_scanners:\n  - name: x\n    address: 0.0.0.0/0\n"
		   "    zones: [a.example]\n    owner: o\n    expires: 2027-01-01\n");
	assert_non_null(load_allowlist(&f->arena, in_folder(f, "list.yml"), &diags, &err));
	load_note_refused(&diags, &ledger);
	assert_int_equal(ledger.allow_refused.count, 1);
	assert_true(str_ends(ledger.allow_refused.items[0].name, STR("list.yml:4:14")));
	ledger_release(&ledger);
	diag_release(&diags);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(folder_gives_its_rule_files_sorted),
		TEST(named_file_is_a_rule_file),
		TEST(folder_without_rules_is_a_fault),
		TEST(missing_files_are_faults),
		TEST(broken_file_is_no_fault),
		TEST(pack_and_mapping_are_built_in),
		TEST(refused_entries_are_in_the_account),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
