// SPDX-License-Identifier: Apache-2.0
// A program that uses libevtxscan: scan RULES LOG... prints hits as JSON lines.
#include <evtxscan.h>
#include <stdio.h>

static void on_diagnostic(const struct evtxscan_diagnostic *diagnostic, void *data)
{
	(void)data;
	if (diagnostic->severity == EVTXSCAN_ERROR)
		fprintf(stderr, "refused, line %u: %s\n", diagnostic->line, diagnostic->code);
}

// Anything but 0 stops: here, when nobody reads the lines any more.
static int on_hit(struct evtxscan_hit *hit, void *data)
{
	struct evtxscan_str line = evtxscan_hit_json(hit);

	return fwrite(line.ptr, 1, line.len, data) != line.len;
}

int main(int argc, char **argv)
{
	struct evtxscan_rules *rules = evtxscan_rules_new(on_diagnostic, NULL);
	struct evtxscan_scan *scan = NULL;
	int status = 2;

	evtxscan_rules_set_min_level(rules, EVTXSCAN_LEVEL_HIGH);
	if (argc > 2 && evtxscan_rules_add_path(rules, argv[1]) != EVTXSCAN_FAILED &&
	    evtxscan_rules_finish(rules) != EVTXSCAN_FAILED)
		scan = evtxscan_scan_new(rules, NULL);
	if (scan != NULL) {
		const char *const *logs = (const char *const *)argv + 2;

		status = evtxscan_scan_run(scan, logs, (size_t)argc - 2, on_hit, stdout);
		fprintf(stderr, "%llu hits in %llu records\n",
			(unsigned long long)evtxscan_scan_totals(scan)->hits,
			(unsigned long long)evtxscan_scan_totals(scan)->records);
	}
	evtxscan_scan_free(scan);
	evtxscan_rules_free(rules);
	return status;
}
