// SPDX-License-Identifier: Apache-2.0
// Counting processors.
#include "base/cpu.h"

#include <unistd.h>

unsigned cpu_count(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count > 0 ? (unsigned)count : 1;
}
