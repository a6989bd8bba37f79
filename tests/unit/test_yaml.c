// SPDX-License-Identifier: Apache-2.0
// YAML nodes: places, aliases, and the bounds on hostile documents.
#include "rule_fixture.h"

#include "base/limits.h"
#include "yaml/yaml.h"

struct parsed {
	struct arena arena;
	struct diag_list diags;
	struct yaml_file file;
	bool ok;
};

static struct parsed *parse(struct str text)
{
	struct parsed *p = test_calloc(1, sizeof(*p));

	diag_init(&p->diags, &p->arena);
	p->ok = yaml_parse(&p->arena, STR("test.yml"), text, &p->file, &p->diags);
	return p;
}

static void done(struct parsed *p)
{
	diag_release(&p->diags);
	arena_release(&p->arena);
	test_free(p);
}

static void expect_refused(struct str text, const char *code)
{
	struct parsed *p = parse(text);

	assert_false(p->ok);
	assert_true(p->diags.errors > 0);
	assert_string_equal(p->diags.items[0].code, code);
	done(p);
}

static void nodes_know_their_place(void **state)
{
	struct parsed *p = parse(STR("a: 1\nb:\n  - x\n  - 'y'\n"));
	const struct yaml_node *b;

	(void)state;
	assert_true(p->ok);
	assert_int_equal(p->file.count, 1);
	b = yaml_get(p->file.documents[0], "b");
	assert_int_equal(b->kind, YAML_SEQUENCE);
	assert_int_equal(b->count, 2);
	assert_int_equal(b->items[1]->line, 4);
	assert_int_equal(b->items[1]->col, 5);
	assert_true(b->items[1]->quoted);
	assert_false(b->items[0]->quoted);
	done(p);
}

static void text_may_hold_nul(void **state)
{
	struct parsed *p = parse(STR("a: \"x\\0y\"\n"));

	(void)state;
	assert_true(p->ok);
	expect_str(yaml_get_text(p->file.documents[0], "a"), STR("x\0y"));
	done(p);
}

static void crlf_and_byte_order_mark_are_read(void **state)
{
	struct parsed *p = parse(STR("\xEF\xBB\xBF"
				     "a: x\r\nb: y\r\n"));

	(void)state;
	assert_true(p->ok);
	expect_str(yaml_get_text(p->file.documents[0], "a"), STR("x"));
	expect_str(yaml_get_text(p->file.documents[0], "b"), STR("y"));
	done(p);
}

static void empty_documents_are_left_out(void **state)
{
	struct parsed *p = parse(STR("---\n---\na: 1\n---\n~\n---\nb: 2\n"));

	(void)state;
	assert_true(p->ok);
	assert_int_equal(p->file.count, 2);
	done(p);
}

static void a_duplicate_key_costs_its_document_only(void **state)
{
	struct parsed *p = parse(STR("a: {k: 1, k: 2}\n---\nb: 1\n"));

	(void)state;
	assert_false(p->ok);
	assert_string_equal(p->diags.items[0].code, "E_YAML_DUPKEY");
	assert_int_equal(p->file.count, 1);
	assert_non_null(yaml_get(p->file.documents[0], "b"));
	done(p);
}

static void an_unknown_alias_costs_its_document_only(void **state)
{
	struct parsed *p = parse(STR("a: *nope\nc: [&d 1, {*d : *none}]\n---\nb: 1\n"));

	(void)state;
	assert_false(p->ok);
	assert_int_equal(p->diags.count, 1);
	assert_int_equal(p->file.count, 1);
	assert_non_null(yaml_get(p->file.documents[0], "b"));
	done(p);
}

static void refused_documents_are_counted(void **state)
{
	static const struct {
		const char *text;
		size_t count, refused, intact;
	} files[] = {
		{"", 0, 0, 0},
		{"a: 1\n---\n---\nb: 1\n", 2, 0, 2},
		{"a: *no\nb: {*no : {c: 1, c: 1}}\n", 0, 1, 0},
		{"a: *no\n---\nb: 1\n", 1, 1, 0},
		{"a: 1\n---\nb: {c: 1, c: 1, c: 1}\n---\n\n---\nd: *no\n---\ne: 1\n", 2, 2, 1},
		{"a: 1\n---\nb: [\n---\nc: 1\n", 1, 1, 1},
		{"a: *no\n---\nb: 1\n---\nc: }\n", 1, 2, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct parsed *p = parse(str_from(files[i].text));

		assert_int_equal(p->file.count, files[i].count);
		assert_int_equal(p->file.refused, files[i].refused);
		assert_int_equal(p->file.intact, files[i].intact);
		assert_int_equal(p->ok, files[i].refused == 0);
		done(p);
	}
}

static bool says_what_is_not_read(const struct parsed *p)
{
	return str_ends(p->diags.items[p->diags.count - 1].message,
			STR(" the documents behind it are not read"));
}

static void documents_before_a_syntax_error_are_kept(void **state)
{
	struct parsed *p = parse(STR("a: 1\n---\nb: [\n"));

	(void)state;
	assert_false(p->ok);
	assert_string_equal(p->diags.items[0].code, "E_YAML");
	assert_int_equal(p->file.count, 1);
	assert_false(says_what_is_not_read(p));
	done(p);
}

static void documents_behind_a_syntax_error_are_said_not_to_be_read(void **state)
{
	static const char *const texts[] = {("\xEF\xBB\xBF"
					     "a: \xC3\xBC\n---\nb: [\n---\nc: 1\n"),
					    "b: }\r\n---\r\nc: 1\r\n", "b: \xFF\n---\nc: 1\n",
					    "b: 'x\n--- c\n", "b: 1\n c: 1\n---"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct parsed *p = parse(str_from(texts[i]));

		assert_int_equal(p->diags.count, 1);
		assert_string_equal(p->diags.items[0].code, "E_YAML");
		assert_true(says_what_is_not_read(p));
		done(p);
	}
}

static void invalid_utf8_is_an_error(void **state)
{
	(void)state;
	expect_refused(STR("a: \xff\n"), "E_YAML");
}

static void a_tag_can_make_a_string(void **state)
{
	struct parsed *p = parse(STR("a: !!str 123\nb: ! yes\nc: 123\n"));

	(void)state;
	assert_true(p->ok);
	assert_int_equal(yaml_resolve(yaml_get(p->file.documents[0], "a")).type, YAML_STRING);
	assert_int_equal(yaml_resolve(yaml_get(p->file.documents[0], "b")).type, YAML_STRING);
	assert_int_equal(yaml_resolve(yaml_get(p->file.documents[0], "c")).type, YAML_INT);
	done(p);
}

static void an_alias_is_the_node_of_its_anchor(void **state)
{
	struct parsed *p = parse(STR("a: &x [1]\nb: *x\n"));
	const struct yaml_node *root;

	(void)state;
	assert_true(p->ok);
	root = p->file.documents[0];
	assert_ptr_equal(yaml_get(root, "a"), yaml_get(root, "b"));
	done(p);
}

static void an_alias_needs_an_anchor_before_it(void **state)
{
	(void)state;
	expect_refused(STR("a: *x\n"), "E_YAML");
	expect_refused(STR("a: &x [*x]\n"), "E_YAML");		// a cycle
	expect_refused(STR("a: &x 1\n---\nb: *x\n"), "E_YAML"); // of another document
}

// Nine levels of nine aliases are 9^9 nodes.
static void an_alias_bomb_is_refused(void **state)
{
	struct buf text = {0};

	(void)state;
	buf_put_text(&text, "a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
	for (int i = 1; i < 9; i++) {
		buf_printf(&text, "a%d: &a%d [*a%d", i, i, i - 1);
		for (int k = 1; k < 9; k++)
			buf_printf(&text, ",*a%d", i - 1);
		buf_put_text(&text, "]\n");
	}
	expect_refused(buf_str(&text), "E_YAML");
	buf_release(&text);
}

static void put_nested(struct buf *text, unsigned levels, const char *inside)
{
	for (unsigned i = 0; i < levels; i++)
		buf_put_char(text, '[');
	buf_put_text(text, inside);
	for (unsigned i = 0; i < levels; i++)
		buf_put_char(text, ']');
}

static void nesting_has_an_end(void **state)
{
	struct buf text = {0};
	struct parsed *p;

	(void)state;
	put_nested(&text, LIMIT_YAML_DEPTH - 1, "x");
	p = parse(buf_str(&text));
	assert_true(p->ok);
	done(p);
	buf_reset(&text);
	put_nested(&text, LIMIT_YAML_DEPTH, "x");
	buf_put_text(&text, "\n---\na: 1\n");
	p = parse(buf_str(&text));
	assert_int_equal(p->diags.count, 1);
	assert_string_equal(p->diags.items[0].code, "E_YAML");
	assert_int_equal(p->file.count, 1); // the one behind it
	done(p);
	buf_reset(&text);
	put_nested(&text, 100000, "x");
	p = parse(buf_str(&text));
	assert_int_equal(p->diags.count, 1);
	done(p);
	buf_put_text(&text, "\n---\na: 1\n");
	p = parse(buf_str(&text));
	assert_int_equal(p->diags.count, 2);
	assert_true(says_what_is_not_read(p));
	assert_int_equal(p->file.count, 0);
	done(p);
	buf_release(&text);
}

// Rules are walked as trees: an alias must not make one deeper than a rule that
// is written out could be.
static void aliases_do_not_nest_deeper(void **state)
{
	struct buf text = {0};

	(void)state;
	buf_put_text(&text, "a: &a ");
	put_nested(&text, 40, "x");
	buf_put_text(&text, "\nb: ");
	put_nested(&text, 40, "*a");
	buf_put_char(&text, '\n');
	expect_refused(buf_str(&text), "E_YAML");
	buf_release(&text);
}

static void a_document_has_a_largest_size(void **state)
{
	struct buf text = {0};
	struct parsed *p;

	(void)state;
	for (int i = 0; i < 2; i++) {
		buf_put_text(&text, "--- '");
		for (size_t k = 0; k < LIMIT_YAML_DOCUMENT / 2; k++)
			buf_put_char(&text, 'x');
		buf_put_text(&text, "'\n");
	}
	p = parse(buf_str(&text)); // two of half the size each
	assert_true(p->ok);
	done(p);
	text.len -= 2;
	for (size_t k = 0; k < LIMIT_YAML_DOCUMENT / 2; k++)
		buf_put_char(&text, 'x');
	buf_put_text(&text, "'\n");
	expect_refused(buf_str(&text), "E_YAML");
	buf_release(&text);
}

// A list and its items; what is too many is named where it stands.
static void a_document_has_a_most_of_nodes(void **state)
{
	struct buf text = {0};
	struct parsed *p;

	(void)state;
	for (int i = 1; i < LIMIT_YAML_NODES; i++)
		buf_put_text(&text, "- x\n");
	p = parse(buf_str(&text));
	assert_true(p->ok);
	done(p);
	buf_put_text(&text, "- x\n- x\n");
	p = parse(buf_str(&text));
	assert_int_equal(p->diags.errors, 1);
	assert_true(str_starts(p->diags.items[0].message, STR("too many nodes")));
	assert_int_equal(p->diags.items[0].line, LIMIT_YAML_NODES);
	done(p);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nodes_know_their_place),
		cmocka_unit_test(text_may_hold_nul),
		cmocka_unit_test(crlf_and_byte_order_mark_are_read),
		cmocka_unit_test(empty_documents_are_left_out),
		cmocka_unit_test(a_duplicate_key_costs_its_document_only),
		cmocka_unit_test(an_unknown_alias_costs_its_document_only),
		cmocka_unit_test(refused_documents_are_counted),
		cmocka_unit_test(documents_before_a_syntax_error_are_kept),
		cmocka_unit_test(documents_behind_a_syntax_error_are_said_not_to_be_read),
		cmocka_unit_test(invalid_utf8_is_an_error),
		cmocka_unit_test(a_tag_can_make_a_string),
		cmocka_unit_test(an_alias_is_the_node_of_its_anchor),
		cmocka_unit_test(an_alias_needs_an_anchor_before_it),
		cmocka_unit_test(an_alias_bomb_is_refused),
		cmocka_unit_test(nesting_has_an_end),
		cmocka_unit_test(aliases_do_not_nest_deeper),
		cmocka_unit_test(a_document_has_a_largest_size),
		cmocka_unit_test(a_document_has_a_most_of_nodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
