// SPDX-License-Identifier: Apache-2.0
// XML trees -> BinXML in a chunk under construction (evtx-format.md 2).
#ifndef EVTX_BINXML_WRITER_H
#define EVTX_BINXML_WRITER_H

#include "evtx/chunk_writer.h"
#include "evtx/xmltree.h"

// Put a whole stream: fragment header, an instance of the template of `root`,
// end token. The definition is inline when the chunk lacks it. The value of
// type VALUE_BINXML, if `root` has one, becomes the stream of `payload`.
// `arena` is for working memory.
void binxml_put(struct chunk_writer *chunk, struct arena *arena, const struct xml_element *root,
		const struct xml_element *payload);

#endif
