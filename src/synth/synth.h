// SPDX-License-Identifier: Apache-2.0
// A YAML description of events -> the bytes of an EVTX file.
//
// The same description gives the same bytes on any machine. It is one mapping:
//
//   log:       {first_header_id: 1}   id of the first record header
//   templates: {NAME: partial event}  for `use`
//   defaults:  a partial event that every event starts from
//   events:    a list of events: defaults, then the templates of `use` (a name
//              or a list), then own keys; a later layer replaces keys, `data`
//              by name, `user_data` by element; a null removes
//
// Keys of an event: provider, event_id, time, channel, computer (required);
// guid, event_source_name, qualifiers, activity_id, related_activity_id, user
// (absent by default); version 0, level 4, task 0, opcode 0, keywords
// 0x8000000000000000, process_id 4, thread_id 8, record_id (previous + 1).
//
// Payload: `data` is a mapping name -> value, or a list of values or {name:,
// value:}; a list of plain texts is stored in the classic form. `data_name` is
// the Name of EventData, `binary` (hex) adds Binary. Or `user_data`, {Root:
// {xmlns: '...', '@attribute': value, Element: value or mapping}}. Nothing of
// it: an empty EventData.
//
// Values: a scalar is a UnicodeString. Others name their type: string, ansi,
// int8 to int64, uint8 to uint64, float, double, bool, binary, guid, size,
// filetime, systemtime, sid, hex32, hex64, strings (an array), null, and, as
// raw bytes in hex, ansi_bytes and string_utf16: {uint32: 5}.
//
// Repetition: `repeat: 60` copies, `for_each: [a, b]` one copy an item (with
// repeat: the list so many times), `every: 45s` (ms s m h d) between copies.
// Values of a repeated event may hold ${n} (copy from 0), ${n1} (from 1),
// ${n0000} (with that many digits) and ${item}.
#ifndef SYNTH_SYNTH_H
#define SYNTH_SYNTH_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "yaml/yaml.h"

// Append the file to `out`. `path` names the description in diagnostics
// (E_YAML..., E_SYNTH); `arena` is for working memory and must outlive
// `diags`. False when any error was added; `out` is then unchanged.
bool synth_build(struct arena *arena, struct str path, struct str yaml_text, struct buf *out,
		 struct diag_list *diags);
// The same from the mapping of a description that has been parsed.
bool synth_build_node(struct arena *arena, struct str path, const struct yaml_node *root,
		      struct buf *out, struct diag_list *diags);

#endif
