// SPDX-License-Identifier: Apache-2.0
// The only file that includes PCRE2.
#include "base/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"

// Text of logs may hold lone surrogates, which are no valid UTF-8. PCRE2 can
// search it (PCRE2_MATCH_INVALID_UTF), but in 10.42 the JIT code for that takes
// \S, \W and \D for ASCII only: so it is compiled apart, without JIT, and used
// for such text alone.
struct regex {
	pcre2_code *code;
	pcre2_code *tolerant;
};

struct regex_scratch {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};

static uint32_t compile_options(unsigned flags)
{
	// Patterns come from rules: no \C, no callouts into the unknown.
	uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C;

	if (flags & REGEX_CASELESS)
		options |= PCRE2_CASELESS;
	if (flags & REGEX_MULTILINE)
		options |= PCRE2_MULTILINE;
	if (flags & REGEX_DOTALL)
		options |= PCRE2_DOTALL;
	return options;
}

// PCRE2 10.42 looks for the end of "(*LIMIT_MATCH=1" behind the end of the pattern.
static char *with_nul(struct str pattern)
{
	char *text = mem_zalloc(pattern.len + 1);

	if (pattern.len != 0)
		memcpy(text, pattern.ptr, pattern.len);
	return text;
}

static pcre2_code *compile(const char *pattern, size_t len, uint32_t options, int *code,
			   PCRE2_SIZE *offset)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	pcre2_code *compiled;

	if (context == NULL)
		mem_alloc(SIZE_MAX); // runs the handler
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	compiled = pcre2_compile((PCRE2_SPTR)pattern, len, options, code, offset, context);
	pcre2_compile_context_free(context);
	return compiled;
}

enum rc regex_compile(struct str pattern, unsigned flags, struct regex **out, size_t *error_offset,
		      struct err *err)
{
	uint32_t options = compile_options(flags);
	PCRE2_SIZE offset = 0;
	int code = 0;
	char *text = with_nul(pattern);
	pcre2_code *compiled = compile(text, pattern.len, options, &code, &offset);
	pcre2_code *tolerant = NULL;

	if (compiled != NULL)
		tolerant = compile(text, pattern.len, options | PCRE2_MATCH_INVALID_UTF, &code,
				   &offset);
	free(text);
	if (tolerant == NULL) {
		unsigned char message[256];

		pcre2_code_free(compiled);
		pcre2_get_error_message(code, message, sizeof(message));
		err_set(err, "%s", (const char *)message);
		if (error_offset != NULL)
			*error_offset = offset < pattern.len ? offset : pattern.len;
		return RC_FAILED;
	}
	// Without JIT (some systems forbid it) matching is slower, not different.
	pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE);
	*out = mem_zalloc(sizeof(**out));
	(*out)->code = compiled;
	(*out)->tolerant = tolerant;
	return RC_OK;
}

void regex_free(struct regex *regex)
{
	if (regex == NULL)
		return;
	pcre2_code_free(regex->code);
	pcre2_code_free(regex->tolerant);
	free(regex);
}

struct regex_scratch *regex_scratch_new(void)
{
	struct regex_scratch *scratch = mem_zalloc(sizeof(*scratch));

	// One pair is enough: only the verdict is wanted.
	scratch->data = pcre2_match_data_create(1, NULL);
	scratch->context = pcre2_match_context_create(NULL);
	if (scratch->data == NULL || scratch->context == NULL)
		mem_alloc(SIZE_MAX);
	pcre2_set_match_limit(scratch->context, LIMIT_REGEX_MATCH);
	pcre2_set_depth_limit(scratch->context, LIMIT_REGEX_DEPTH);
	// The default of 32 KiB is too small for groups repeated over long text.
	scratch->stack = pcre2_jit_stack_create(32 << 10, LIMIT_REGEX_STACK, NULL);
	pcre2_jit_stack_assign(scratch->context, NULL, scratch->stack);
	return scratch;
}

void regex_scratch_free(struct regex_scratch *scratch)
{
	if (scratch == NULL)
		return;
	pcre2_match_data_free(scratch->data);
	pcre2_match_context_free(scratch->context);
	pcre2_jit_stack_free(scratch->stack);
	free(scratch);
}

enum regex_result regex_search(const struct regex *regex, struct regex_scratch *scratch,
			       struct str text)
{
	PCRE2_SPTR subject = (PCRE2_SPTR)(text.ptr != NULL ? text.ptr : "");
	int code =
		pcre2_match(regex->code, subject, text.len, 0, 0, scratch->data, scratch->context);

	if (code <= PCRE2_ERROR_UTF8_ERR1 && code >= PCRE2_ERROR_UTF8_ERR21)
		code = pcre2_match(regex->tolerant, subject, text.len, 0, 0, scratch->data,
				   scratch->context);
	if (code >= 0)
		return REGEX_YES;
	// Every other failure (limits, JIT stack) means "not decided".
	return code == PCRE2_ERROR_NOMATCH ? REGEX_NO : REGEX_LIMIT;
}
