// SPDX-License-Identifier: Apache-2.0
// Hashes and facts of whole files, for the ledger. Each file has one worker that looks
// at it, and a place of its own in the arrays of the scan.
#include <stdlib.h>

#include "scan/internal.h"

static void keep(struct worker *worker, uint32_t file, struct str sha256,
		 const struct file_facts *facts)
{
	worker->scan->hashes[file] = sha256;
	worker->scan->hashed[file] = true;
	if (worker->scan->facts != NULL)
		worker->scan->facts[file] = facts;
}

// The scan goes on; what it cannot read either it says itself.
static void complain(struct worker *worker, uint32_t file, const char *what, const struct err *err)
{
	worker_note(worker, SEQUENCE(file, 0, 0),
		    arena_printf(&worker->record, "cannot hash the %s: %s", what, err->text));
}

void evidence_examine(struct worker *worker, uint32_t file)
{
	struct integrity_result result;
	struct err err = {""};
	enum rc rc =
		integrity_examine(worker->integrity, worker->input, file,
				  worker->scan->options.progress, &worker->arena, &result, &err);

	if (rc == RC_OK)
		keep(worker, file, result.sha256, result.facts);
	else if (rc != RC_END)
		complain(worker, file, "file", &err);
}

void evidence_hash_archive(struct worker *worker, uint32_t first)
{
	const struct input_file *file = &worker->scan->input->files[first];
	struct ledger_archive *archive = &worker->scan->archives[first];
	char text[SHA256_TEXT_SIZE];
	struct err err = {""};
	enum rc rc = input_hash_archive(worker->input, first, worker->scan->options.progress, text,
					&archive->size, &err);

	archive->path = str_sub(file->path, 0, file->disk_len);
	if (rc == RC_OK)
		archive->sha256 = arena_str(&worker->arena, str_from(text));
	else if (rc != RC_END)
		complain(worker, first, "archive", &err);
}

// ---- in archives --------------------------------------------------------

void witness_init(struct witness *witness, struct worker *worker)
{
	witness->worker = worker;
	witness->hash = (worker->scan->options.needs & NEED_HASH) != 0 || worker->integrity != NULL
				? sha256_new()
				: NULL;
}

void witness_release(struct witness *witness)
{
	sha256_free(witness->hash);
}

void witness_begin(struct witness *witness)
{
	char unused[SHA256_TEXT_SIZE];

	if (witness->hash != NULL)
		sha256_text(witness->hash, unused); // begin anew
	if (witness->worker->integrity != NULL)
		integrity_begin(witness->worker->integrity);
}

void witness_see(struct witness *witness, const void *bytes, size_t len)
{
	if (witness->hash != NULL)
		sha256_put(witness->hash, bytes, len);
	if (witness->worker->integrity != NULL && len > 0)
		integrity_put(witness->worker->integrity, bytes, len);
}

void witness_keep(struct witness *witness, uint32_t file)
{
	struct worker *worker = witness->worker;
	char text[SHA256_TEXT_SIZE];

	if (witness->hash == NULL)
		return;
	sha256_text(witness->hash, text);
	keep(worker, file, arena_str(&worker->arena, str_from(text)),
	     worker->integrity != NULL ? integrity_end(worker->integrity, &worker->arena) : NULL);
}
