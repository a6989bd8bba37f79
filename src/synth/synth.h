// SPDX-License-Identifier: Apache-2.0
// A YAML description of events -> the bytes of an EVTX file.
//
// The description's format is in samples/README.md. The same description gives
// the same bytes on any machine.
#ifndef SYNTH_SYNTH_H
#define SYNTH_SYNTH_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"

// Append the file to `out`. `path` names the description in diagnostics
// (E_YAML..., E_SYNTH); `arena` is for working memory and must outlive
// `diags`. False when any error was added; `out` is then unchanged.
bool synth_build(struct arena *arena, struct str path, struct str yaml_text, struct buf *out,
		 struct diag_list *diags);

#endif
