// SPDX-License-Identifier: Apache-2.0
// The machine's processors.
#ifndef BASE_CPU_H
#define BASE_CPU_H

// How many there are to use; at least 1.
unsigned cpu_count(void);

#endif
