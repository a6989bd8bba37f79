// SPDX-License-Identifier: Apache-2.0
// The C locale for one thread.
#include "base/clocale.h"

static locale_t c_locale;

// Before main, so that threads only ever read it.
__attribute__((constructor)) static void make_c_locale(void)
{
	c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

locale_t clocale_enter(void)
{
	return uselocale(c_locale);
}

void clocale_leave(locale_t before)
{
	uselocale(before);
}
