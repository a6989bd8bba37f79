// SPDX-License-Identifier: Apache-2.0
// An archive as a stream of files, through libarchive; nothing goes to disk.
//
//	unpack_open(path, ...)
//	while (unpack_next(...) == RC_OK)   // RC_FAILED: one file is lost, go on
//		unpack_read(...)            // as much of it as is wanted
//
// Zip, tar and 7z, with gzip, bzip2, xz, lzma or zstd around them, and single
// compressed files. Archives inside archives are walked as if they were folders,
// by their content and a name like one. The order is that of the archive, and
// files have the same numbers each time it is read.
//
// An archive may lie about everything. What comes out is bounded by the size of
// the archive (LIMIT_ARCHIVE_RATIO), nesting and count of entries by limits.h.
#ifndef INPUT_UNPACK_H
#define INPUT_UNPACK_H

#include "base/err.h"
#include "base/str.h"

// Bytes that a file is known by before it is read: the header of a log and that
// of its first chunk with the checksums of its records (evtx-format.md 1.2, 1.3).
#define UNPACK_HEAD 4608

struct unpack;

struct unpack_file {
	struct str path; // in the archive, any bytes; "" for a single compressed file
	uint64_t index;	 // ascending; the same each time
	bool has_size;	 // the archive says how large it is
	uint64_t size;
	struct str head; // its first UNPACK_HEAD bytes, fewer when it is smaller
	// RC_FAILED only: a link, device or the like; most are no loss.
	bool is_special;
	struct str target; // a hard link: the path of what it is a name of; else ""
};

// Does a file that begins so look like an archive or compressed file? 262 bytes
// are enough.
bool unpack_is_archive(struct str head);
// Is it named like one (.zip, .tar.gz, .7z ...; any case)?
bool unpack_has_name(struct str path);

// Passwords for encrypted files, NUL-terminated and borrowed. Each is tried, the one
// at `first` first.
struct unpack_passwords {
	const struct str *list;
	size_t count, first;
};

// Which of the passwords opens the archive at `path`: the first that decrypts its
// first encrypted file to the end, 0 when there is none or nothing is encrypted.
// Traditional encryption of zip takes one wrong password in 256 for right, until
// the file turns out to be garbage. Archives inside are not looked at.
size_t unpack_find_password(const char *path, const struct unpack_passwords *passwords);

// Open the archive at `path`, NUL-terminated. RC_FATAL with the reason, or the
// caller owns *out.
MUST_USE enum rc unpack_open(const char *path, const struct unpack_passwords *passwords,
			     struct unpack **out, struct err *err);
void unpack_close(struct unpack *unpack);

// Go to the next file; `file` is good until the next call. RC_END behind the
// last. RC_FAILED: this file (path and index are set) cannot be read. RC_FATAL:
// the archive cannot be read further.
MUST_USE enum rc unpack_next(struct unpack *unpack, struct unpack_file *file, struct err *err);

// Read on in the file, from its first byte on. *got < len only at its end.
// RC_FAILED when it cannot be read further; *got bytes are good then, too.
MUST_USE enum rc unpack_read(struct unpack *unpack, void *out, size_t len, size_t *got,
			     struct err *err);

#endif
