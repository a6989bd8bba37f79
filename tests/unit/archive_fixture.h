// SPDX-License-Identifier: Apache-2.0
// Archives for tests, written by libarchive.
#ifndef TESTS_ARCHIVE_FIXTURE_H
#define TESTS_ARCHIVE_FIXTURE_H

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "base/str.h"

struct packed {
	const char *name;
	struct str content;
};

// What a kind of archive is made with. The functions are of libarchive.
struct packing {
	int (*format)(struct archive *);
	int (*filter)(struct archive *); // NULL: none
	const char *options;		 // or NULL
	const char *password;		 // or NULL
};

static void pack_entry(struct archive *archive, const struct packed *packed)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, packed->name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, (la_int64_t)packed->content.len);
	assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(archive, packed->content.ptr, packed->content.len),
			 packed->content.len);
	archive_entry_free(entry);
}

static void pack(const char *path, const struct packing *how, const struct packed *files,
		 size_t count)
{
	struct archive *archive = archive_write_new();

	assert_int_equal(how->format(archive), ARCHIVE_OK);
	if (how->filter != NULL)
		assert_int_equal(how->filter(archive), ARCHIVE_OK);
	if (how->options != NULL)
		assert_int_equal(archive_write_set_options(archive, how->options), ARCHIVE_OK);
	if (how->password != NULL)
		assert_int_equal(archive_write_set_passphrase(archive, how->password), ARCHIVE_OK);
	assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
	for (size_t i = 0; i < count; i++)
		pack_entry(archive, &files[i]);
	assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
	archive_write_free(archive);
}

#endif
