// SPDX-License-Identifier: Apache-2.0
// A queue of pieces and a stack of free buffers under one lock; 256 KiB of logs
// take a millisecond, so that the lock is hardly ever contended.
#include "scan/pieces.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"
#include "evtx/format.h"

struct pieces {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t archives;       // not unpacked to their end
	struct piece *waiting; // ring
	size_t first, count, cap;
	unsigned char **free; // buffers
	size_t free_count;
	unsigned char *memory;
};

struct pieces *pieces_new(unsigned buffers, size_t archives)
{
	struct pieces *pieces = mem_zalloc(sizeof(*pieces));
	size_t size = (size_t)PIECE_CHUNKS * CHUNK_SIZE;

	pthread_mutex_init(&pieces->lock, NULL);
	pthread_cond_init(&pieces->changed, NULL);
	pieces->archives = archives;
	pieces->cap = buffers;
	pieces->waiting = mem_alloc(buffers * sizeof(*pieces->waiting));
	pieces->free = mem_alloc(buffers * sizeof(unsigned char *));
	pieces->memory = mem_alloc(buffers * size);
	for (size_t i = 0; i < buffers; i++)
		pieces->free[pieces->free_count++] = pieces->memory + i * size;
	return pieces;
}

void pieces_free(struct pieces *pieces)
{
	if (pieces == NULL)
		return;
	pthread_mutex_destroy(&pieces->lock);
	pthread_cond_destroy(&pieces->changed);
	free(pieces->waiting);
	free(pieces->free);
	free(pieces->memory);
	free(pieces);
}

static void leave(struct pieces *pieces, bool all)
{
	pthread_mutex_lock(&pieces->lock);
	if (pieces->archives > 0)
		pieces->archives = all ? 0 : pieces->archives - 1;
	pthread_cond_broadcast(&pieces->changed);
	pthread_mutex_unlock(&pieces->lock);
}

void pieces_end(struct pieces *pieces)
{
	leave(pieces, false);
}

void pieces_stop(struct pieces *pieces)
{
	leave(pieces, true);
}

unsigned char *pieces_buffer(struct pieces *pieces)
{
	unsigned char *buffer = NULL;

	pthread_mutex_lock(&pieces->lock);
	if (pieces->free_count > 0)
		buffer = pieces->free[--pieces->free_count];
	pthread_mutex_unlock(&pieces->lock);
	return buffer;
}

void pieces_put(struct pieces *pieces, const struct piece *piece)
{
	pthread_mutex_lock(&pieces->lock);
	pieces->waiting[(pieces->first + pieces->count++) % pieces->cap] = *piece;
	pthread_cond_signal(&pieces->changed);
	pthread_mutex_unlock(&pieces->lock);
}

bool pieces_take(struct pieces *pieces, bool wait, struct piece *piece)
{
	bool found;

	pthread_mutex_lock(&pieces->lock);
	while (wait && pieces->count == 0 && pieces->archives > 0)
		pthread_cond_wait(&pieces->changed, &pieces->lock);
	found = pieces->count > 0;
	if (found) {
		*piece = pieces->waiting[pieces->first];
		pieces->first = (pieces->first + 1) % pieces->cap;
		pieces->count--;
	}
	pthread_mutex_unlock(&pieces->lock);
	return found;
}

void pieces_give_back(struct pieces *pieces, unsigned char *buffer)
{
	pthread_mutex_lock(&pieces->lock);
	pieces->free[pieces->free_count++] = buffer;
	pthread_mutex_unlock(&pieces->lock);
}
