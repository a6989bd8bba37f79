// SPDX-License-Identifier: Apache-2.0
// Value transforms: one function each.
#include "match/transform.h"

#include <string.h>

#include "base/buf.h"
#include "base/dns.h"
#include "base/ip.h"
#include "base/psl.h"

static bool to_values(const struct transform *transform, struct str in, struct str *out)
{
	*out = in;
	for (size_t i = 0; i < transform->value_count; i++) {
		if (str_eq_nocase(in, transform->values[i].from)) {
			*out = transform->values[i].to;
			break;
		}
	}
	return true;
}

static bool to_decimal(struct arena *arena, struct str in, struct str *out)
{
	uint64_t value;

	*out = in;
	if (str_hex_to_u64(in, &value))
		*out = arena_printf(arena, "%llu", (unsigned long long)value);
	return true;
}

// Not printf: registry paths may hold NULs, and malware hides behind them.
static struct str prefixed(struct arena *arena, struct str prefix, struct str rest)
{
	char *text = arena_alloc(arena, prefix.len + rest.len + 1);

	memcpy(text, prefix.ptr, prefix.len);
	if (rest.len > 0)
		memcpy(text + prefix.len, rest.ptr, rest.len);
	text[prefix.len + rest.len] = '\0';
	return (struct str){text, prefix.len + rest.len};
}

// \REGISTRY\MACHINE -> HKLM, \REGISTRY\USER -> HKU, ControlSet00N -> CurrentControlSet
static bool to_reg_path(struct arena *arena, struct str in, struct str *out)
{
	static const struct str machine = STR_INIT("\\REGISTRY\\MACHINE");
	static const struct str user = STR_INIT("\\REGISTRY\\USER");
	static const struct str control = STR_INIT("HKLM\\SYSTEM\\ControlSet00");

	*out = in;
	if (str_starts_nocase(in, machine))
		*out = prefixed(arena, STR("HKLM"), str_sub(in, machine.len, SIZE_MAX));
	else if (str_starts_nocase(in, user))
		*out = prefixed(arena, STR("HKU"), str_sub(in, user.len, SIZE_MAX));
	if (str_starts_nocase(*out, control) && out->len > control.len &&
	    ascii_is_digit(out->ptr[control.len]))
		*out = prefixed(arena, STR("HKLM\\System\\CurrentControlSet"),
				str_sub(*out, control.len + 1, SIZE_MAX));
	return true;
}

static bool to_dns_name(struct arena *arena, struct str in, struct str *out)
{
	if (in.len > 1 && in.ptr[in.len - 1] == '.')
		in.len--;
	*out = arena_str_lower(arena, in);
	return out->len > 0;
}

static bool to_domain(struct arena *arena, struct str in, bool want_sub, struct str *out)
{
	struct str registered;
	struct str sub;

	if (!psl_split(in, &registered, &sub))
		return false;
	*out = arena_str_lower(arena, want_sub ? sub : registered);
	return out->len > 0;
}

static bool to_ip(struct arena *arena, struct str in, struct str *out)
{
	struct ip_addr addr;
	char text[IP_TEXT_SIZE];

	if (!ip_parse_peer(in, &addr))
		return false;
	addr = ip_unmap(&addr);
	*out = arena_str(arena, (struct str){text, ip_format(&addr, text)});
	return true;
}

static bool to_dns_type(struct arena *arena, struct str in, struct str *out)
{
	uint64_t number;

	if (!str_to_u64(str_trim(in), &number))
		return false;
	*out = dns_type_name(number, arena);
	return true;
}

// RCODE 3, or Windows' DNS_ERROR_RCODE_NAME_ERROR in a status.
static bool to_name_error(struct str in, struct str *out)
{
	uint64_t number;

	if (!str_to_u64(str_trim(in), &number))
		return false;
	*out = number == 3 || number == 9003 ? STR("1") : STR("0");
	return true;
}

static bool unless(struct str in, const char *empty, struct str *out)
{
	*out = str_trim(in);
	return out->len > 0 && !str_eq(*out, STR("-")) && !str_eq(*out, str_from(empty));
}

bool transform_apply(const struct transform *transform, struct arena *arena, struct str in,
		     struct str *out)
{
	switch (transform->kind) {
	case TRANSFORM_VALUES:
		return to_values(transform, in, out);
	case TRANSFORM_HEX_TO_DEC:
		return to_decimal(arena, in, out);
	case TRANSFORM_REG_PATH:
		return to_reg_path(arena, in, out);
	case TRANSFORM_HASH_PART:
		return str_assigned(in, transform->part, out);
	case TRANSFORM_REGISTERED_DOMAIN:
		return to_domain(arena, in, false, out);
	case TRANSFORM_SUBDOMAIN:
		return to_domain(arena, in, true, out);
	case TRANSFORM_DNS_NAME:
		return to_dns_name(arena, in, out);
	case TRANSFORM_IP_ADDRESS:
		return to_ip(arena, in, out);
	case TRANSFORM_DNS_TYPE:
		return to_dns_type(arena, in, out);
	case TRANSFORM_NAME_ERROR:
		return to_name_error(in, out);
	case TRANSFORM_SID:
		return unless(in, "S-1-0-0", out);
	case TRANSFORM_ACCOUNT:
		return unless(in, "\\", out);
	default:
		*out = in;
		return true;
	}
}
