#include "refreader/refreader.h"
enum rc refreader_open_chunk(const void *chunk, size_t len, struct refreader **out, struct err *err) {(void)chunk;(void)len;(void)out;(void)err;return RC_FATAL;}
enum rc refreader_read(struct refreader *reader, uint64_t header_id, size_t index_hint, struct arena *arena, struct event *event, struct err *err){(void)reader;(void)header_id;(void)index_hint;(void)arena;(void)event;(void)err;return RC_FATAL;}
