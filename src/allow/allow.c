// SPDX-License-Identifier: Apache-2.0
// Names of classes and the audit.
#include "allow/allow.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const char *const class_names[ALLOW_CLASS_COUNT] = {
	[ALLOW_SECONDARY_NAMESERVERS] = "secondary_nameservers",
	[ALLOW_MONITORING_TOOLS] = "monitoring_tools",
	[ALLOW_ASSESSMENTS] = "assessments",
	[ALLOW_EXTERNAL_SCANNERS] = "external_scanners",
	[ALLOW_AUTHORISED_OPERATORS] = "authorised_operators",
};

const char *allow_class_name(enum allow_class class)
{
	return class_names[class];
}

bool allow_class_from_name(struct str name, enum allow_class *class)
{
	for (unsigned i = 0; i < ALLOW_CLASS_COUNT; i++) {
		if (str_eq(name, str_from(class_names[i]))) {
			*class = (enum allow_class)i;
			return true;
		}
	}
	return false;
}

void allow_audit_init(struct allow_audit *audit, const struct allowlist *list)
{
	audit->count = list->count;
	audit->silenced = mem_zalloc(list->count * sizeof(*audit->silenced));
	audit->after_expiry = mem_zalloc(list->count * sizeof(*audit->after_expiry));
}

void allow_audit_release(struct allow_audit *audit)
{
	free(audit->silenced);
	free(audit->after_expiry);
	memset(audit, 0, sizeof(*audit));
}

void allow_audit_add(struct allow_audit *audit, const struct allow_audit *from)
{
	for (size_t i = 0; i < audit->count && i < from->count; i++) {
		audit->silenced[i] += from->silenced[i];
		audit->after_expiry[i] += from->after_expiry[i];
	}
}
