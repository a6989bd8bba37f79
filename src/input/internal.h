// SPDX-License-Identifier: Apache-2.0
// Between the files of input/.
#ifndef INPUT_INTERNAL_H
#define INPUT_INTERNAL_H

#include "input/input.h"
#include "input/unpack.h"

// input.c

// Add a file of that path, of which nothing else is known. Good until the next one is added.
struct input_file *input_add(struct input_list *list, struct str path);
// What a log of `size` bytes is, from its first ones.
void input_set_content(const struct input_list *list, struct input_file *file, uint64_t size,
		       struct str head);
bool input_is_log(struct str head);
bool input_has_log_name(struct str path);

// members.c

// Add the logs in an archive, and what cannot be read of it. `wanted`: it was named, and has to
// hold logs.
void input_look_at_archive(struct input_list *list, struct input_file *archive, bool wanted);

#endif
