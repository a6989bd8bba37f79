// SPDX-License-Identifier: Apache-2.0
// Tickets: which chunks a worker reads next.
//
// The number of chunks comes from the file's size, never from its header
// (evtx-format.md 1.7).
#include "base/mem.h"
#include "scan/internal.h"

static void add_ticket(struct scan *scan, struct ticket ticket)
{
	mem_grow(&scan->tickets, &scan->ticket_cap, scan->ticket_count + 1, sizeof(*scan->tickets));
	scan->tickets[scan->ticket_count++] = ticket;
}

static void plan_file(struct scan *scan, uint32_t index)
{
	uint64_t slots = evtx_slots(scan->input->files[index].size);

	// A file without chunks still has its header looked at.
	if (slots == 0)
		add_ticket(scan, (struct ticket){TICKET_CHUNKS, index, 0, 0});
	for (uint64_t at = 0; at < slots; at += PIECE_CHUNKS)
		add_ticket(scan, (struct ticket){TICKET_CHUNKS, index,
						 slots - at < PIECE_CHUNKS ? (uint32_t)(slots - at)
									   : PIECE_CHUNKS,
						 at});
}

// Files of one archive stand together in the list.
static uint32_t archive_end(const struct input_list *input, uint32_t first)
{
	uint32_t end = first;

	while (end < input->count && input->files[end].in_archive &&
	       input->files[end].open_path == input->files[first].open_path)
		end++;
	return end;
}

// Archives first: what they give must pass through one thread each.
static size_t plan_archives(struct scan *scan)
{
	const struct input_list *input = scan->input;
	size_t count = 0;
	uint32_t end;

	for (uint32_t i = 0; i < input->count; i = end) {
		bool wanted = false;

		end = i + 1;
		if (!input->files[i].in_archive)
			continue;
		end = archive_end(input, i);
		if (scan->options.integrity)
			add_ticket(scan, (struct ticket){TICKET_CONTAINER, i, 0, 0});
		for (uint32_t k = i; k < end; k++)
			wanted |= file_is_read(&input->files[k]);
		if (!wanted)
			continue;
		add_ticket(scan, (struct ticket){TICKET_ARCHIVE, i, end - i, 0});
		count++;
	}
	return count;
}

void tickets_plan(struct scan *scan)
{
	const struct input_list *input = scan->input;
	size_t archives = plan_archives(scan);

	if (archives > 0)
		scan->pieces = pieces_new(2 * scan->options.threads, archives);
	for (uint32_t i = 0; i < input->count; i++) {
		const struct input_file *file = &input->files[i];

		if (file->in_archive)
			continue;
		// First: it is the longest piece of work in a large file.
		if (scan->options.integrity && file_is_examined(file))
			add_ticket(scan, (struct ticket){TICKET_EXAMINE, i, 0, 0});
		if (file_is_read(file))
			plan_file(scan, i);
	}
}

void tickets_plan_cells(struct scan *scan, bool (*wanted)(const struct scan *scan, uint32_t file),
			uint64_t size, uint32_t most)
{
	const struct input_list *input = scan->input;

	scan->ticket_count = 0;
	scan->next_ticket = 0;
	for (uint32_t i = 0; i < input->count; i++) {
		uint64_t cells = (input->files[i].size + size - 1) / size;

		if (input->files[i].in_archive) {
			uint32_t end = archive_end(input, i);

			add_ticket(scan, (struct ticket){TICKET_ARCHIVE, i, end - i, 0});
			i = end - 1;
			continue;
		}
		for (uint64_t at = 0; at < cells && wanted(scan, i); at += most)
			add_ticket(scan, (struct ticket){TICKET_CELLS, i, most, at});
	}
}
