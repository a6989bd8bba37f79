// SPDX-License-Identifier: Apache-2.0
// Written values -> values as an event log stores them.
//
// A plain scalar is a UnicodeString; a mapping with one key names the type:
// {uint32: 5}, {ansi: x}, {sid: S-1-5-18} and so on. Bytes live in the copy's
// arena. Functions return false after adding a diagnostic.
#ifndef SYNTH_TYPED_H
#define SYNTH_TYPED_H

#include "event/value.h"
#include "synth/store.h"
#include "synth/source.h"

// True for a mapping with one key that is the name of a type.
bool typed_is(const struct yaml_node *node);
// The value of a scalar or of a mapping as above.
bool typed_value(struct source *source, const struct yaml_node *node, struct value *out);
// A scalar in one form; `expected` ends the sentence "'x' is not ...".
bool typed_scalar(struct source *source, const struct yaml_node *node, store_fn *store, size_t size,
		  const char *expected, struct str *out);
// An array of UnicodeStrings from a list of scalars, each with a NUL behind it.
bool typed_strings(struct source *source, const struct yaml_node *list, struct value *out);

#endif
