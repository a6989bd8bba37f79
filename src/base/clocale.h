// SPDX-License-Identifier: Apache-2.0
// Numbers with a point, whatever locale the process has set.
//
// The library runs inside programs that may print 1.5 as "1,5". Between these
// two calls snprintf() and strtod() of this thread work as in the C locale:
//
//	locale_t before = clocale_enter();
//	snprintf(...);
//	clocale_leave(before);
#ifndef BASE_CLOCALE_H
#define BASE_CLOCALE_H

#include <locale.h>

locale_t clocale_enter(void);
void clocale_leave(locale_t before);

#endif
