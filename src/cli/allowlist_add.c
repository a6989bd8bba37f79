// SPDX-License-Identifier: Apache-2.0
// evtxscan allowlist add: what would silence a hit, and what else.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "explain/propose.h"

// Other hits that are listed.
#define LISTED_MOST 20

// The next line without its end; false at the end of the file, or of what can be read:
// then ferror(), and errno says why.
static bool next_line(FILE *file, char **line, size_t *cap, struct str *out)
{
	ssize_t len;

	mem_watch();
	len = getline(line, cap, file);
	if (len < 0 || ferror(file))
		return false;
	*out = str_trim((struct str){*line, (size_t)len});
	return true;
}

// True after a message when the file was not read to its end.
static bool read_failed(const struct cli_options *options, FILE *file)
{
	if (!ferror(file) && !mem_failed())
		return false;
	message("%s: %s", options->hits, strerror(errno));
	return true;
}

static struct proposal *propose(const struct cli_options *options, struct str line)
{
	const struct propose_options how = {options->class, options->owner, options->expires};
	struct buf why = {0};
	struct proposal *proposal = proposal_new(&how, line, options->hit, &why);
	struct str rest = str_trim(buf_str(&why));
	struct str reason;

	while (proposal == NULL && str_split(&rest, '\n', &reason))
		message("hit %llu: %.*s", (unsigned long long)options->hit, STR_ARG(reason));
	buf_release(&why);
	return proposal;
}

static struct proposal *propose_for_line(const struct cli_options *options, FILE *file)
{
	struct proposal *proposal = NULL;
	char *line = NULL;
	size_t cap = 0;
	struct str text;
	uint64_t number = 0;

	while (number < options->hit && next_line(file, &line, &cap, &text))
		number++;
	if (number == options->hit)
		proposal = propose(options, text);
	else if (!read_failed(options, file))
		message("%s has %llu line(s), no hit %llu", options->hits,
			(unsigned long long)number, (unsigned long long)options->hit);
	free(line);
	return proposal;
}

// False after a message when not all of them could be read.
static bool list_others(const struct cli_options *options, const struct proposal *proposal,
			FILE *file)
{
	char *line = NULL;
	size_t cap = 0;
	struct str text;
	uint64_t others = 0;

	rewind(file);
	for (uint64_t number = 1; next_line(file, &line, &cap, &text); number++) {
		struct buf name = {0};

		if (number != options->hit && proposal_silences(proposal, text, &name) &&
		    ++others <= LISTED_MOST)
			message("would also silence hit %llu: %.*s", (unsigned long long)number,
				STR_ARG(buf_str(&name)));
		buf_release(&name);
	}
	free(line);
	if (read_failed(options, file))
		return false;
	message("would silence hit %llu and %llu other(s) of %s", (unsigned long long)options->hit,
		(unsigned long long)others, options->hits);
	return true;
}

// Standard input in a file without a name, for it is read twice. NULL with errno.
static FILE *keep_standard_input(void)
{
	int fd = file_temporary();
	FILE *file = fd >= 0 ? fdopen(fd, "w+b") : NULL;
	char block[16384];
	size_t got;
	int code;

	if (file == NULL)
		return NULL;
	while ((got = fread(block, 1, sizeof(block), stdin)) > 0)
		(void)fwrite(block, 1, got, file); // an error is seen below
	if (!ferror(stdin) && fflush(file) == 0 && !ferror(file)) {
		rewind(file);
		return file;
	}
	code = errno;
	fclose(file);
	errno = code;
	return NULL;
}

int allowlist_add(const struct cli_options *options)
{
	struct proposal *proposal;
	struct outfile out;
	int status = STATUS_USAGE;
	FILE *file;

	if (options->hits == NULL || options->hit == 0)
		return usage_error("allowlist add wants --from HITS.jsonl and --hit N");
	file = strcmp(options->hits, "-") == 0 ? keep_standard_input() : fopen(options->hits, "rb");
	if (file == NULL) {
		message("%s: %s", options->hits, strerror(errno));
		return STATUS_USAGE;
	}
	proposal = propose_for_line(options, file);
	if (proposal != NULL && outfile_open(options->output, options->clobber, &out)) {
		fwrite(proposal_text(proposal).ptr, 1, proposal_text(proposal).len, out.stream);
		status = outfile_close(&out) ? STATUS_DONE : STATUS_INCOMPLETE;
		if (!list_others(options, proposal, file))
			status = STATUS_INCOMPLETE;
	}
	proposal_free(proposal);
	fclose(file);
	return status;
}
