// SPDX-License-Identifier: Apache-2.0
// Files that hold an image compressed, or in pieces: searched as they are, they give nothing,
// or less than is in them.
#ifndef INPUT_CONTAINER_H
#define INPUT_CONTAINER_H

#include "base/str.h"

// The format that begins with these bytes, or NULL: as far as is known they are the image.
const char *container_name(struct str head);

#endif
