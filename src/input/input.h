// SPDX-License-Identifier: Apache-2.0
// Finding logs: paths on the command line -> a list of files.
//
// Everything that is asked for and cannot be read is in the list as well, with
// a sentence that says why, so that nothing is left out silently. Nothing is
// printed. The list does not depend on the order of the paths or on the order
// in which a folder gives its entries.
#ifndef INPUT_INPUT_H
#define INPUT_INPUT_H

#include "base/arena.h"
#include "base/map.h"
#include "base/progress.h"

struct input_file {
	struct str path;       // to show: as found, any bytes; "-" for standard input
	const char *open_path; // to open: the same, /dev/fd/N, or the archive's
	uint64_t size;	       // bytes
	bool is_evtx;	       // it starts with the signature "ElfFile\0"
	struct str error;      // empty, or why it cannot be read: no line end
	bool has_bytes;	       // even so there is something to hash
	// The path of the same bytes earlier in the list, or empty. Not to be read.
	struct str duplicate_of;
	// Empty, or why it is not known whether it is a duplicate.
	struct str not_compared;
	bool is_image;	  // no log as a whole: any bytes, to search for records
	bool is_headless; // an image that was to be a log
	// Empty, or why an image may hold more than its bytes show (container.h).
	struct str packed;
	size_t original; // its place in the list
	bool in_archive;
	size_t disk_len;    // how much of `path` is the file on disk, the archive's if it is in one
	uint64_t member;    // of the archive: its number (unpack.h)
	size_t password;    // of the archive: which to try first
	uint64_t head_hash; // private: of its first bytes
	// Of a file of its own, to know it again: input_is_same().
	uint64_t device, inode; // 0: not known
	uint64_t modified;	// nanoseconds
};

// The list owns everything in it, and the spooled standard input.
struct input_list {
	struct arena arena;
	struct input_file *files; // byte order of their paths; in archives, theirs
	size_t count;
	size_t cap;
	struct map seen;  // folders and files by device and inode
	size_t met_again; // private: how often one was met that is in `seen`
	int spool;	  // descriptor of the spooled input, -1 when there is none

	// May be set between input_init and input_find.
	const struct str *passwords; // for archives: borrowed, NUL-terminated
	size_t password_count;
	bool keep_duplicates;	  // do not look for equal files
	bool take_unknown;	  // what is named like a log and is none is an image
	const struct str *images; // files and devices that are images whatever they hold
	size_t image_count;
	struct progress *progress; // or NULL; when told to stop the list is not complete
};

void input_init(struct input_list *list);
void input_release(struct input_list *list);

// Find the logs below `paths`, once for a list. Each path is a file, which is
// listed whatever it holds; a folder, in which every regular file is listed
// whose name ends in .evtx (any case) or that has the signature; or "-", which
// is copied from descriptor `standard_input` to an unlinked temporary file in
// $TMPDIR or /tmp. Links are followed, but each file and each folder counts
// once (by device and inode), under the name that is met first when paths and
// the names of a folder are taken in byte order. A link that leads nowhere
// counts only when its name ends in .evtx. A folder of `paths` without any log, and
// without an error, is listed with that error.
//
// An archive (unpack.h), in a folder only one with the name of an archive, is
// searched like a folder; its files are listed below its path. Logs of equal
// bytes are marked as duplicates of the first one: files of equal size and equal
// beginning are hashed as a whole (SHA-256), others differ.
// Images stand in the list like logs, as one file each, never searched for archives. A file
// that `paths` give, too, is there as a log and, behind it, as an image.
void input_find(struct input_list *list, const struct str *paths, size_t count, int standard_input);

// Is it still the file that was found, by what stat() says now? For files of their own;
// one that has grown or shrunk is the same.
struct stat;
bool input_is_same(const struct input_file *file, const struct stat *info);

#endif
