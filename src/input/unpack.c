// SPDX-License-Identifier: Apache-2.0
// Archives through libarchive: a stack of open archives, the innermost on top.
#include "input/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"

#define BLOCK (64u << 10)
// libarchive gives nothing of a call that meets damage: what came before must be small.
#define STEP (4u << 10)

// An open archive. An inner one reads its bytes from the current file of the outer.
struct level {
	struct unpack *unpack;
	struct level *outer; // NULL: a file of its own
	struct archive *archive;
	size_t prefix;	      // bytes of unpack->name that name it, with a slash
	unsigned char *block; // for libarchive, of an inner one
	// The first bytes of the current file; `head_at` of them are read.
	size_t head_len, head_at;
	unsigned char head[UNPACK_HEAD];
};

struct unpack {
	struct level *top;
	unsigned depth;
	struct unpack_passwords passwords;
	uint64_t entries;
	uint64_t most; // bytes that may come out
	uint64_t out;
	struct buf name;
	struct buf target;
	// Names are converted to UTF-8 whatever the locale of the process.
	locale_t locale;
};

// ---- what is an archive -------------------------------------------------

bool unpack_is_archive(struct str head)
{
	static const struct str magics[] = {
		STR_INIT("PK\003\004"),
		STR_INIT("PK\005\006"),
		STR_INIT("7z\274\257\047\034"),
		STR_INIT("\037\213\010"),
		STR_INIT("BZh"),
		STR_INIT("\375"
			 "7zXZ"),
		STR_INIT("\050\265\057\375"),
		STR_INIT("\135\000\000"),
	};

	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		if (str_starts(head, magics[i]))
			return true;
	}
	return str_eq(str_sub(head, 257, 5), STR("ustar"));
}

bool unpack_has_name(struct str path)
{
	static const struct str suffixes[] = {
		STR_INIT(".zip"),  STR_INIT(".7z"),  STR_INIT(".tar"),	STR_INIT(".gz"),
		STR_INIT(".tgz"),  STR_INIT(".xz"),  STR_INIT(".txz"),	STR_INIT(".zst"),
		STR_INIT(".bz2"),  STR_INIT(".tbz"), STR_INIT(".tbz2"), STR_INIT(".lzma"),
		STR_INIT(".tzst"),
	};

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		if (str_ends_nocase(path, suffixes[i]))
			return true;
	}
	return false;
}

// ---- reading the current file of a level --------------------------------

static enum rc fail(const struct level *level, enum rc rc, struct err *err)
{
	const char *text = archive_error_string(level->archive);
	int code = archive_errno(level->archive); // of the system, or of libarchive's own

	err_set(err, "%s%s%s", text != NULL ? text : "the archive is damaged",
		code == EIO || code == EACCES || code == EMFILE ? ": " : "",
		code == EIO || code == EACCES || code == EMFILE ? strerror(code) : "");
	return rc;
}

static bool within_budget(struct unpack *unpack, size_t more, struct err *err)
{
	unpack->out += more;
	if (unpack->out <= unpack->most)
		return true;
	err_set(err, "more comes out than %u times the size of the archive: not read further",
		LIMIT_ARCHIVE_RATIO);
	return false;
}

// As unpack_read().
static enum rc read_on(struct level *level, void *out, size_t len, size_t *got, struct err *err)
{
	char *at = out;
	size_t kept = level->head_len - level->head_at;

	*got = kept < len ? kept : len;
	memcpy(at, level->head + level->head_at, *got);
	level->head_at += *got;
	while (*got < len) {
		size_t want = len - *got < STEP ? len - *got : STEP;
		la_ssize_t more = archive_read_data(level->archive, at + *got, want);

		if (more == ARCHIVE_RETRY)
			continue;
		if (more < 0)
			return fail(level, RC_FAILED, err);
		if (more == 0)
			break;
		*got += (size_t)more;
		if (!within_budget(level->unpack, (size_t)more, err))
			return RC_FAILED;
	}
	return RC_OK;
}

static enum rc peek(struct level *level, struct err *err)
{
	size_t got;
	enum rc rc;

	level->head_len = 0;
	level->head_at = 0;
	rc = read_on(level, level->head, sizeof(level->head), &got, err);
	level->head_len = got;
	return rc;
}

// Can libarchive pass over the rest of a file without reading it?
static bool can_seek(const struct level *level)
{
	int format = archive_format(level->archive) & ARCHIVE_FORMAT_BASE_MASK;

	return level->outer == NULL && archive_filter_count(level->archive) == 1 &&
	       (format == ARCHIVE_FORMAT_ZIP || format == ARCHIVE_FORMAT_TAR);
}

// Pass over what is left of the file, counting: libarchive would not count.
static bool drain(struct level *level, struct err *err)
{
	char block[8192];
	size_t got = sizeof(block);

	if (level->head_len == 0 || can_seek(level))
		return true;
	// What cannot be read here was reported, or is not wanted.
	while (got == sizeof(block)) {
		if (read_on(level, block, sizeof(block), &got, err) != RC_OK)
			break;
	}
	level->head_len = 0;
	return level->unpack->out <= level->unpack->most;
}

// ---- levels -------------------------------------------------------------

static void add_passwords(struct archive *archive, const struct unpack_passwords *passwords)
{
	for (size_t i = 0; i < passwords->count; i++) {
		size_t index = (passwords->first + i) % passwords->count;

		archive_read_add_passphrase(archive, passwords->list[index].ptr);
	}
}

static struct archive *new_archive(const struct unpack *unpack)
{
	struct archive *archive = archive_read_new();

	if (archive == NULL)
		return NULL;
	archive_read_support_filter_gzip(archive);
	archive_read_support_filter_bzip2(archive);
	archive_read_support_filter_xz(archive);
	archive_read_support_filter_lzma(archive);
	archive_read_support_filter_zstd(archive);
	archive_read_support_format_zip(archive);
	archive_read_support_format_tar(archive);
	archive_read_support_format_7zip(archive);
	archive_read_support_format_raw(archive);
	add_passwords(archive, &unpack->passwords);
	return archive;
}

static struct level *push(struct unpack *unpack)
{
	struct level *level = mem_zalloc(sizeof(*level));

	level->unpack = unpack;
	level->outer = unpack->top;
	level->archive = new_archive(unpack);
	unpack->top = level;
	unpack->depth++;
	return level;
}

static void pop(struct unpack *unpack)
{
	struct level *level = unpack->top;

	unpack->top = level->outer;
	unpack->depth--;
	archive_read_free(level->archive);
	free(level->block);
	free(level);
}

// The bytes of an inner archive for libarchive.
static la_ssize_t read_outer(struct archive *archive, void *user, const void **block)
{
	struct level *level = user;
	struct err err = {""};
	size_t got;

	*block = level->block;
	if (read_on(level->outer, level->block, BLOCK, &got, &err) == RC_OK || got > 0)
		return (la_ssize_t)got;
	archive_set_error(archive, EIO, "%s", err.text);
	return ARCHIVE_FATAL;
}

// Make the current file of the top level, an archive, the new top level.
static enum rc descend(struct unpack *unpack, struct err *err)
{
	struct level *level;

	if (unpack->depth == LIMIT_ARCHIVE_DEPTH) {
		err_set(err, "archives are nested too deep; not opened");
		return RC_FAILED;
	}
	level = push(unpack);
	level->prefix = unpack->name.len;
	level->block = mem_alloc(BLOCK);
	if (level->archive != NULL &&
	    archive_read_open(level->archive, level, NULL, read_outer, NULL) == ARCHIVE_OK)
		return RC_OK;
	if (level->archive != NULL)
		fail(level, RC_FAILED, err);
	else
		err_set(err, "out of memory");
	pop(unpack);
	return RC_FAILED;
}

// ---- files --------------------------------------------------------------

// Add a path to that of its archive.
static void put_path(const struct level *level, struct str path, struct buf *name)
{
	while (str_starts(path, STR("./")))
		path = str_sub(path, 2, path.len);
	if (name->len > 0)
		buf_put_char(name, '/');
	buf_put_str(name, str_sub(path, 0, LIMIT_ARCHIVE_NAME));
	if (path.len == 0)
		buf_printf(name, "entry %llu", (unsigned long long)level->unpack->entries);
}

static void set_name(struct level *level, struct archive_entry *entry)
{
	struct buf *name = &level->unpack->name;
	const char *text = archive_entry_pathname(entry);

	name->len = level->prefix;
	if (archive_format(level->archive) != ARCHIVE_FORMAT_RAW)
		put_path(level, str_from(text != NULL ? text : archive_entry_pathname_utf8(entry)),
			 name);
}

static bool is_inner_archive(const struct level *level, struct str path)
{
	struct str head = {(const char *)level->head, level->head_len};

	return unpack_is_archive(head) && unpack_has_name(path);
}

// The next entry of the top level. RC_END: its last was the one before.
static enum rc next_entry(struct level *level, struct archive_entry **entry, struct err *err)
{
	int code;

	if (!drain(level, err))
		return RC_FATAL;
	do
		code = archive_read_next_header(level->archive, entry);
	while (code == ARCHIVE_RETRY);
	if (code == ARCHIVE_EOF)
		return RC_END;
	// A warning is about a name or an attribute.
	return code >= ARCHIVE_WARN ? RC_OK : fail(level, RC_FATAL, err);
}

// A file of the top level: to be handed out, or an archive that is now the top.
static enum rc take_entry(struct unpack *unpack, struct archive_entry *entry,
			  struct unpack_file *file, struct err *err)
{
	struct level *level = unpack->top;
	enum rc rc;

	set_name(level, entry);
	*file = (struct unpack_file){
		.path = buf_str(&unpack->name),
		.index = unpack->entries,
		.has_size = archive_entry_size_is_set(entry) != 0,
		.size = (uint64_t)archive_entry_size(entry),
	};
	rc = peek(level, err);
	if (rc != RC_OK && archive_entry_is_data_encrypted(entry))
		err_set(err, unpack->passwords.count > 0
				     ? "encrypted, and the password does not fit"
				     : "encrypted, and no password is given");
	file->head = (struct str){(const char *)level->head, level->head_len};
	if (rc == RC_OK && is_inner_archive(level, file->path)) {
		rc = descend(unpack, err);
		return rc == RC_OK ? RC_END : rc;
	}
	return rc;
}

// An entry that is a file, and not another name of one. A folder has no bytes.
static bool is_regular(struct archive_entry *entry)
{
	return archive_entry_filetype(entry) == AE_IFREG && archive_entry_hardlink(entry) == NULL;
}

static bool is_folder(struct archive_entry *entry)
{
	return archive_entry_filetype(entry) == AE_IFDIR && archive_entry_size(entry) == 0;
}

// What is no file is not looked into, whatever bytes come with it.
static enum rc refuse_entry(struct unpack *unpack, struct archive_entry *entry,
			    struct unpack_file *file, struct err *err)
{
	struct level *level = unpack->top;
	const char *target = archive_entry_hardlink(entry);

	level->head_len = 0;
	set_name(level, entry);
	*file = (struct unpack_file){
		.path = buf_str(&unpack->name), .index = unpack->entries, .is_special = true};
	if (target == NULL) {
		err_set(err, "%s in the archive: not read",
			archive_entry_filetype(entry) == AE_IFLNK ? "a symbolic link"
								  : "no regular file");
		return RC_FAILED;
	}
	buf_reset(&unpack->target);
	buf_put(&unpack->target, unpack->name.ptr, level->prefix);
	put_path(level, str_from(target), &unpack->target);
	file->target = buf_str(&unpack->target);
	err_set(err, "a link to what is no log in the archive: %s", target);
	return RC_FAILED;
}

// The archive on top cannot be read further: an inner one is one lost file.
static enum rc leave(struct unpack *unpack, struct unpack_file *file)
{
	if (unpack->top->outer == NULL || unpack->out > unpack->most)
		return RC_FATAL;
	unpack->name.len = unpack->top->prefix;
	*file = (struct unpack_file){.path = buf_str(&unpack->name), .index = ++unpack->entries};
	pop(unpack);
	return RC_FAILED;
}

static enum rc walk(struct unpack *unpack, struct unpack_file *file, struct err *err)
{
	for (;;) {
		struct archive_entry *entry;
		enum rc rc = next_entry(unpack->top, &entry, err);

		if (rc == RC_FATAL)
			return leave(unpack, file);
		if (rc == RC_END && unpack->top->outer == NULL)
			return RC_END;
		if (rc == RC_END) {
			pop(unpack);
			continue;
		}
		if (++unpack->entries > LIMIT_ARCHIVE_ENTRIES) {
			err_set(err, "more than %d files: not read further", LIMIT_ARCHIVE_ENTRIES);
			return RC_FATAL;
		}
		if (is_folder(entry))
			continue;
		rc = (is_regular(entry) ? take_entry : refuse_entry)(unpack, entry, file, err);
		if (rc != RC_END)
			return rc;
	}
}

// An archive can ask for more memory than there is: no reason to end the program, but
// libarchive may have gone on without.
static enum rc unless_out_of_memory(enum rc rc, struct err *err)
{
	if (!mem_failed())
		return rc;
	err_set(err, "out of memory");
	return RC_FATAL;
}

enum rc unpack_next(struct unpack *unpack, struct unpack_file *file, struct err *err)
{
	locale_t before = uselocale(unpack->locale);
	enum rc rc;

	mem_watch();
	rc = unless_out_of_memory(walk(unpack, file, err), err);
	uselocale(before);
	return rc;
}

enum rc unpack_read(struct unpack *unpack, void *out, size_t len, size_t *got, struct err *err)
{
	mem_watch();
	return unless_out_of_memory(read_on(unpack->top, out, len, got, err), err);
}

// ---- opening ------------------------------------------------------------

enum rc unpack_open(const char *path, const struct unpack_passwords *passwords, struct unpack **out,
		    struct err *err)
{
	struct unpack *unpack;
	struct level *level;
	struct stat info;
	locale_t before;
	bool is_open;

	if (stat(path, &info) != 0) {
		err_set(err, "%s", strerror(errno));
		return RC_FATAL;
	}
	unpack = mem_zalloc(sizeof(*unpack));
	unpack->most = (uint64_t)info.st_size * LIMIT_ARCHIVE_RATIO + LIMIT_ARCHIVE_FREE;
	unpack->passwords = *passwords;
	mem_watch();
	unpack->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	level = push(unpack);
	before = uselocale(unpack->locale);
	is_open = level->archive != NULL &&
		  archive_read_open_filename(level->archive, path, BLOCK) == ARCHIVE_OK;
	uselocale(before);
	if (!is_open || mem_failed()) {
		if (mem_failed())
			err_set(err, "out of memory");
		else
			fail(level, RC_FATAL, err);
		unpack_close(unpack);
		return RC_FATAL;
	}
	*out = unpack;
	return RC_OK;
}

// Does the password decrypt the first encrypted file? When nothing is encrypted, any does.
static bool fits(const char *path, struct str password)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	char block[8192];
	la_ssize_t got = -1;
	uint64_t sum = 0;
	int code;

	if (archive == NULL)
		return false;
	archive_read_support_format_zip(archive); // libarchive decrypts no other
	archive_read_add_passphrase(archive, password.ptr);
	if (archive_read_open_filename(archive, path, BLOCK) == ARCHIVE_OK) {
		do
			code = archive_read_next_header(archive, &entry);
		while (code == ARCHIVE_OK && !archive_entry_is_data_encrypted(entry));
		got = code == ARCHIVE_EOF ? 0 : code == ARCHIVE_OK ? 1 : -1;
		for (; got > 0 && sum <= LIMIT_PASSWORD_TRIAL; sum += (uint64_t)got)
			got = archive_read_data(archive, block, sizeof(block));
	}
	archive_read_free(archive);
	return got >= 0;
}

size_t unpack_find_password(const char *path, const struct unpack_passwords *passwords)
{
	for (size_t i = 0; passwords->count > 1 && i < passwords->count; i++) {
		if (fits(path, passwords->list[i]))
			return i;
	}
	return 0;
}

void unpack_close(struct unpack *unpack)
{
	if (unpack == NULL)
		return;
	while (unpack->top != NULL)
		pop(unpack);
	if (unpack->locale != (locale_t)0)
		freelocale(unpack->locale);
	buf_release(&unpack->name);
	buf_release(&unpack->target);
	free(unpack);
}
