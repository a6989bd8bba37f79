// SPDX-License-Identifier: Apache-2.0
// libFuzzer: any bytes as a log, scanned with the embedded pack.
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/embedded.h"
#include "scan/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct ruleset *pack(void)
{
	struct ruleset *set = ruleset_new();

	for (size_t i = 0; i < embedded_count; i++) {
		struct str text = {(const char *)embedded_files[i].data, embedded_files[i].size};

		if (strcmp(embedded_files[i].name, "logsources.yml") == 0 &&
		    !ruleset_set_sources(set, STR("s"), text, NULL, 0))
			abort();
	}
	for (size_t i = 0; i < embedded_count; i++) {
		struct str text = {(const char *)embedded_files[i].data, embedded_files[i].size};

		if (strncmp(embedded_files[i].name, "t1596_001/", 10) == 0)
			ruleset_add(set, STR("r"), text);
	}
	ruleset_link(set, NULL);
	return set;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ruleset *set;
	struct scan_options options = {.show_suppressed = true,
				       .use_index = true,
				       .native = true,
				       .threads = 1,
				       .memory = 1 << 20};
	struct input_list input = {0};
	struct err err = {""};
	struct ledger ledger;
	struct scan *scan;
	struct input_file file = {.path = STR("fuzz"), .size = size};
	char path[64];
	int fd = memfd_create("fuzz", 0);

	if (set == NULL)
		set = pack();
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	file.open_path = path;
	options.rules = set;
	ledger_init(&ledger, STR("0"));
	scan = scan_new(&options, &ledger);
	input.files = &file;
	input.count = 1;
	if (scan_run(scan, &input, &err) != RC_OK)
		abort();
	scan_free(scan);
	ledger_release(&ledger);
	close(fd);
	return 0;
}
