// SPDX-License-Identifier: Apache-2.0
// The printer: drives a format, writes, and remembers the first failure.
#include "output/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "output/output_internal.h"

#define DEFAULT_WIDTH 80

struct output {
	const struct output_driver *driver;
	struct output_state state;
};

static const struct output_driver *driver_of(enum output_format format)
{
	static const struct output_driver *const drivers[OUTPUT_FORMATS] = {
		[OUTPUT_TABLE] = &output_table, [OUTPUT_LIST] = &output_list,
		[OUTPUT_CSV] = &output_csv,	[OUTPUT_JSON] = &output_json,
		[OUTPUT_JSONL] = &output_jsonl, [OUTPUT_NAVIGATOR] = &output_navigator,
		[OUTPUT_SARIF] = &output_sarif, [OUTPUT_TIMESKETCH] = &output_timesketch,
		[OUTPUT_ECS] = &output_ecs,	[OUTPUT_HTML] = &output_html,
	};

	return drivers[format];
}

bool output_parse_format(struct str name, enum output_format *format)
{
	for (int i = OUTPUT_TABLE; i < OUTPUT_FORMATS; i++) {
		if (str_eq_nocase(name, driver_of((enum output_format)i)->name)) {
			*format = (enum output_format)i;
			return true;
		}
	}
	return false;
}

bool output_has_columns(enum output_format format)
{
	return driver_of(format)->has_columns;
}

unsigned output_needs(enum output_format format, const struct output_options *options)
{
	if (options->columns != NULL)
		return columns_needs(options->columns);
	return driver_of(format)->needs | (options->records ? (unsigned)NEED_FIELDS : 0);
}

// Keep the first reason: later ones are only its consequences.
static void remember_error(struct output_state *state)
{
	if (state->error == 0)
		state->error = errno != 0 ? errno : EIO;
}

void output_flush(struct output_state *state)
{
	struct buf *text = &state->text;

	errno = 0;
	if (state->error == 0 && text->len != 0 &&
	    fwrite(text->ptr, 1, text->len, state->stream) != text->len)
		remember_error(state);
	buf_reset(text);
}

static enum rc report(const struct output *output, struct err *err)
{
	if (output->state.error == 0)
		return RC_OK;
	err_set(err, "cannot write the results: %s", strerror(output->state.error));
	return RC_FATAL;
}

struct output *output_new(enum output_format format, FILE *stream,
			  const struct output_options *options)
{
	struct output *output = mem_zalloc(sizeof(*output));

	output->driver = driver_of(format);
	output->state.stream = stream;
	if (options != NULL)
		output->state.options = *options;
	if (output->state.options.width == 0)
		output->state.options.width = DEFAULT_WIDTH;
	if (output->driver->begin != NULL)
		output->driver->begin(&output->state);
	output_flush(&output->state);
	return output;
}

enum rc output_hit(struct output *output, const struct hit *hit, struct err *err)
{
	if (output->state.error == 0) {
		arena_reset(&output->state.arena);
		output->driver->hit(&output->state, hit);
		output->state.hits++;
		output_flush(&output->state);
	}
	return report(output, err);
}

uint64_t output_left_out(const struct output *output)
{
	const struct output_driver *driver = output->driver;

	return driver->left_out != NULL ? driver->left_out(&output->state) : 0;
}

enum rc output_end(struct output *output, struct err *err)
{
	if (output->driver->end != NULL)
		output->driver->end(&output->state);
	output_flush(&output->state);
	errno = 0;
	if (fflush(output->state.stream) != 0 || ferror(output->state.stream))
		remember_error(&output->state);
	return report(output, err);
}

bool output_is_unread(const struct output *output)
{
	return output->state.error == EPIPE;
}

void output_free(struct output *output)
{
	if (output == NULL)
		return;
	if (output->driver->release != NULL)
		output->driver->release(&output->state);
	buf_release(&output->state.text);
	arena_release(&output->state.arena);
	free(output);
}

struct str output_confirmed_name(enum hit_confirmed confirmed)
{
	switch (confirmed) {
	case CONFIRMED_YES:
		return STR("yes");
	case CONFIRMED_DIFFERS:
		return STR("differs");
	case CONFIRMED_UNREADABLE:
		return STR("unreadable");
	case CONFIRMED_RECOVERED:
		return STR("recovered");
	case CONFIRMED_OFF:
		break;
	}
	return STR("off");
}

bool output_names_record(const struct hit *hit)
{
	return hit->correlation == NULL || hit->record_id != 0;
}
