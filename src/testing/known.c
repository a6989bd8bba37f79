// SPDX-License-Identifier: Apache-2.0
// Known false positives.
#include "testing/known.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sigma/parse.h"

// Blanks count: a match string may end with one.
static bool parse_line(struct arena *arena, struct str line, struct known_entry *out,
		       struct err *err)
{
	struct str id;
	struct str name;

	if (!str_split(&line, ';', &id) || !str_split(&line, ';', &name) || line.len == 0) {
		err_set(err, "expected RuleId;RuleName;MatchString");
		return false;
	}
	out->rule_id = arena_str(arena, id);
	uuid_normalise(arena, id, &out->rule_id);
	return regex_compile(line, 0, &out->pattern, NULL, err) == RC_OK;
}

bool known_parse(struct arena *arena, struct str path, struct str text, struct known_table *out,
		 struct diag_list *diags)
{
	size_t errors = diags->errors;
	struct str line;

	out->scratch = regex_scratch_new();
	for (unsigned number = 1; str_split(&text, '\n', &line); number++) {
		struct known_entry entry = {{NULL, 0}, NULL};
		struct err err = {""};

		if (str_ends(line, STR("\r")))
			line.len--;
		if (number == 1 || line.len == 0)
			continue;
		if (!parse_line(arena, line, &entry, &err)) {
			diag_add(diags, DIAG_ERROR, "E_TABLE", (struct place){path, number, 1},
				 "%s", err.text);
			continue;
		}
		mem_grow(&out->entries, &out->cap, out->count + 1, sizeof(*out->entries));
		out->entries[out->count++] = entry;
	}
	return diags->errors == errors;
}

void known_release(struct known_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		regex_free(table->entries[i].pattern);
	regex_scratch_free(table->scratch);
	free(table->entries);
	memset(table, 0, sizeof(*table));
}

bool known_covers(const struct known_table *table, const struct tally_hit *hit,
		  const struct record_text *record)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct known_entry *entry = &table->entries[i];

		if (!str_eq(entry->rule_id, hit->rule_id))
			continue;
		if (regex_search(entry->pattern, table->scratch, record->plain) == REGEX_YES ||
		    regex_search(entry->pattern, table->scratch, record->json) == REGEX_YES)
			return true;
	}
	return false;
}
