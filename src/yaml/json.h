// SPDX-License-Identifier: Apache-2.0
// JSON read through the YAML parser.
//
// JSON is nearly YAML. Where it is not, the text is rewritten first: \u escapes
// of surrogates (a pair becomes its character, a lone one U+FFFD), the escape of
// a slash, and characters that YAML takes for line ends or refuses unescaped.
// So no library of its own is needed for the few places that read JSON.
#ifndef YAML_JSON_H
#define YAML_JSON_H

#include "yaml/yaml.h"

// The object that `text` holds, as nodes in `arena`; strings are quoted
// scalars. NULL when it is no object or breaks a limit of yaml_parse.
struct yaml_node *json_parse_object(struct arena *arena, struct str text);

#endif
