// SPDX-License-Identifier: Apache-2.0
// Between the files of scan/.
#ifndef SCAN_INTERNAL_H
#define SCAN_INTERNAL_H

#include <stdatomic.h>

#include "base/limits.h"
#include "base/map.h"
#include "dump/layout.h"
#include "evtx/extent.h"
#include "explain/explain.h"
#include "input/reader.h"
#include "integrity/integrity.h"
#include "refreader/refreader.h"
#include "scan/losses.h"
#include "scan/pieces.h"
#include "scan/scan.h"
#include "scan/store.h"

// A sequence number orders records by file, chunk and place in the chunk:
// 24 bits of files, 28 of chunks (2^43 bytes, half of what there is room for), 12 of
// records (a chunk holds at most 2,340 of the smallest size). Recovered records come
// behind the live ones of their file, by their number among these.
#define SEQUENCE(file, chunk, record)                                                              \
	((uint64_t)(file) << 40 | (uint64_t)(chunk) << 12 | (uint64_t)(record))
#define SEQUENCE_RECOVERED(file, number)                                                           \
	((uint64_t)(file) << 40 | UINT64_C(1) << 39 | (uint64_t)(number))
#define SEQUENCE_IS_RECOVERED(sequence) (((sequence) >> 39 & 1) != 0)
#define SEQUENCE_FILE(sequence) ((size_t)((sequence) >> 40))

enum ticket_kind {
	TICKET_CHUNKS,	  // some chunks of a file of its own
	TICKET_ARCHIVE,	  // all files of an archive
	TICKET_CELLS,	  // some cells of a file, for recovery
	TICKET_EXAMINE,	  // all of it: hash and facts
	TICKET_CONTAINER, // the archive itself: hash
};

// Work for one thread.
struct ticket {
	enum ticket_kind kind;
	uint32_t file;	// of an archive: its first
	uint32_t count; // chunks, files or cells
	uint64_t first; // chunk or cell
};

// What a worker has seen of a file.
struct file_count {
	uint64_t slots;	   // looked at, whether they hold a chunk or not
	uint64_t searched; // bytes of an image
	uint64_t records, failed, chunks, chunks_failed, fallback;
	uint64_t recovered; // of the records
	uint64_t left_out;  // stale or headerless: for recovery only
	uint64_t suspect;   // read, but their size or end does not fit
	uint64_t odd_ids;   // read, but their EventID is no number
	uint64_t behind;    // read behind damage or behind the free-space offset
	uint64_t counted;   // chunks, by its header (evtx/extent.h)
	bool dirty, damaged;
	struct str error; // the whole file could not be read
	// Why bytes of it could not, at the first such chunk; "" when all could.
	struct str unread;
	uint64_t unread_at, unread_chunks;
	struct str status;
};

// A record of the chunk at work that the native reader could not decode.
struct stray {
	uint64_t header_id;
	uint32_t offset; // in the chunk
	uint64_t sequence;
	struct err err;
};

struct worker {
	struct scan *scan;
	struct arena arena;  // lives as long as the worker
	struct arena record; // reset after each event
	struct evtx_reader *reader;
	struct match_state *state;
	struct confirmer *confirmer;
	struct correlator *correlator;
	struct allow_audit audit;
	struct coverage *coverage;			     // or NULL
	uint64_t *rule_hits, *rule_suppressed, *filter_hits; // by rule index
	uint64_t confirmed[5];				     // by enum hit_confirmed
	enum rule_level highest;
	uint64_t timeless;	  // records that --from left out, for want of a time
	struct file_count *files; // by file
	struct losses losses;	  // records and chunks
	struct losses notes;	  // on hits that libevtx reads differently, and on files
	struct spill *spill;	  // of `store` and `correlator`
	struct runs *store;	  // hits
	struct layouts *layouts;  // of records as XML; NULL unless hits bring it
	struct buf blob;
	struct buf chunks; // bytes of a ticket
	struct stray strays[LIMIT_STRAYS];
	size_t stray_count;
	struct refreader *fallback; // NULL until it is needed
	struct input_reader *input;
	struct salvage *salvage;     // NULL unless lost records are looked for
	struct integrity *integrity; // or NULL
	size_t file;		     // whose header was read last; SIZE_MAX: none
	unsigned file_flags;
	enum rc rc;
	struct err err;
};

struct scan {
	struct scan_options options;
	struct ledger *ledger;
	const struct input_list *input;
	struct pieces *pieces; // NULL without archives
	struct matcher *matcher;
	unsigned *class_masks; // by rule index
	struct correlations *correlations;
	bool takes_all; // records: options.records chooses none away
	struct ticket *tickets;
	size_t ticket_count, ticket_cap;
	atomic_size_t next_ticket;
	atomic_bool stop;   // an error that ends the scan
	atomic_bool missed; // of a file that changed while it was read, or failed the second time
	struct salvage_plan *salvage; // or NULL
	struct worker *workers;
	struct worker main; // what the workers found, put together
	struct runs_reader *hits;
	struct arena hit_arena; // of the hit that is out
	struct hit hit;
	struct str *hashes; // by file; empty until a hit or the ledger needs it
	bool *hashed;
	const struct file_facts **facts; // by file; NULL without options.integrity
	struct ledger_archive *archives; // by their first file; likewise
};

static inline bool scan_stopped(const struct scan *scan)
{
	return scan->stop || progress_stopped(scan->options.progress);
}

// worker.c
void worker_init(struct worker *worker, struct scan *scan);
void worker_release(struct worker *worker);
void *worker_run(void *worker);
// Count an event of `file` whose EventID is no number: all events that are read, also those
// that no rule looks at.
static inline void worker_judge_id(struct worker *worker, size_t file, bool is_odd)
{
	worker->files[file].odd_ids += is_odd;
	worker->files[file].damaged |= is_odd;
}
// Does anything ask for the fields of the record? Resets worker->record.
bool worker_wants(struct worker *worker, const struct evtx_record *record, const struct plan *plan);
// Evaluate an event that is complete (position included).
void worker_take_event(struct worker *worker, const struct event *event, const struct plan *plan,
		       uint64_t sequence);
void worker_lose(struct worker *worker, size_t file, uint64_t sequence, const char *reason);
void worker_note(struct worker *worker, uint64_t sequence, struct str text);

// tickets.c
void tickets_plan(struct scan *scan);
// Anew, for cells of `size` bytes, `most` in one, of the files that are wanted.
void tickets_plan_cells(struct scan *scan, bool (*wanted)(const struct scan *scan, uint32_t file),
			uint64_t size, uint32_t most);
static inline bool file_is_read(const struct input_file *file)
{
	return file->error.len == 0 && file->duplicate_of.len == 0 && !file->is_image;
}

// What cannot be read as a log is evidence all the same.
static inline bool file_is_examined(const struct input_file *file)
{
	return file->has_bytes && file->duplicate_of.len == 0;
}

// files.c: reading a ticket, or a piece that another thread unpacked.
void files_read(struct worker *worker, const struct ticket *ticket);
void files_read_piece(struct worker *worker, const struct piece *piece);
// The chunk at `chunk` of a file once more, into `out` of CHUNK_SIZE bytes; how many
// there are. RC_FAILED with the reason when they cannot be read, or none is there.
MUST_USE enum rc files_read_chunk(struct worker *worker, size_t file, uint64_t chunk, void *out,
				  size_t *got, struct err *err);

// evidence.c: whole files. A witness sees the bytes of a file in an archive pass by.
struct witness {
	struct worker *worker;
	struct sha256 *hash; // NULL: nobody asks for it
};

void evidence_examine(struct worker *worker, uint32_t file);
void evidence_hash_archive(struct worker *worker, uint32_t first);

void witness_init(struct witness *witness, struct worker *worker);
void witness_release(struct witness *witness);
void witness_begin(struct witness *witness);
// As integrity_put().
void witness_see(struct witness *witness, const void *bytes, size_t len);
// All bytes of the file have passed.
void witness_keep(struct witness *witness, uint32_t file);

// confirm.c
struct confirmer;
struct confirmer *confirmer_new(const struct scan *scan);
void confirmer_free(struct confirmer *confirmer);
// The chunk whose records are asked for next; the bytes must stay.
void confirmer_set_chunk(struct confirmer *confirmer, const void *chunk, size_t len);
// Read the record again and evaluate its rules; the answers for one record are
// kept until the next one is asked for.
enum hit_confirmed confirmer_ask(struct confirmer *confirmer, const struct corr_record *record,
				 const struct rule *rule);
// After CONFIRMED_DIFFERS: the first field of `native` that libevtx reads
// differently, as a sentence in `arena`; long values are cut.
struct str confirmer_difference(const struct confirmer *confirmer, const struct event *native,
				struct arena *arena);

// scan.c: run `work` on all workers.
void scan_run_threads(struct scan *scan, void *(*work)(void *worker));

// salvage.c: lost records, when all live ones are known.
struct salvage *salvage_new(void);
void salvage_free(struct salvage *salvage);
// A live record of the native reader.
void salvage_live(struct worker *worker, const struct evtx_record *record, size_t file);
// NULL when no lost records are looked for.
struct salvage_plan *salvage_plan_new(const struct scan *scan);
void salvage_plan_free(struct salvage_plan *plan);
// Find lost records and evaluate them; after the live ones, before what they found is put
// together. Nothing without them.
void salvage_run(struct scan *scan);
void salvage_account(struct scan *scan);

// alerts.c: a corr_alerts_fn for a worker. Alerts become hits; their records are read again
// from the files, each once and in the order in which they lie there.
void alerts_take(void *worker, const struct corr_alert *alerts, size_t count);

// hits.c
void hits_add_match(struct worker *worker, const struct match *match, const struct event *event,
		    const struct corr_record *record, struct str suppressed_by);
void hits_add_alert(struct worker *worker, const struct corr_alert *alert,
		    enum hit_confirmed confirmed);
// Decode a stored hit into scan->hit.
void hits_decode(struct scan *scan, const struct store_key *key, struct str texts, struct str body);

// account.c
void account_start(struct scan *scan);
void account_finish(struct scan *scan);

#endif
