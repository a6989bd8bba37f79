// SPDX-License-Identifier: Apache-2.0
// Values of an allowlist entry: what is malformed or would blind a rule.
#include "allow/allow_parse.h"

#include "base/mem.h"
#include "base/psl.h"
#include "base/text.h"
#include "base/tm.h"

#define ZONE_MAX_BYTES 253
#define LAST_YEAR 2100
#define SID_PARTS 16 // a SID has at most 15 sub-authorities, and its authority

bool allow_scalar(struct allow_parser *p, const struct yaml_node *node, const char *key,
		  struct str *text)
{
	if (!yaml_is_null(node) && node->kind != YAML_SCALAR) {
		allow_refuse(p, node, "E_ALLOW_SYNTAX", NULL, "`%s` holds %s where a value belongs",
			     key, yaml_kind_name(node));
		return false;
	}
	*text = yaml_is_null(node) ? (struct str){NULL, 0} : str_trim(node->text);
	if (text->len == 0) {
		allow_refuse(p, node, "E_ALLOW_EMPTY", NULL, "`%s` is empty", key);
		return false;
	}
	return true;
}

static void add_text(struct allow_parser *p, enum allow_fact fact, struct str key)
{
	mem_grow(&p->index.texts, &p->text_cap, p->index.text_count + 1, sizeof(*p->index.texts));
	p->index.texts[p->index.text_count++] =
		(struct allow_text){.fact = fact, .key = key, .entry = p->entry_count};
}

static bool refuse_wildcard(struct allow_parser *p, const struct yaml_node *node, const char *key,
			    struct str text)
{
	if (str_find_char(text, '*', 0) == SIZE_MAX && str_find_char(text, '?', 0) == SIZE_MAX)
		return false;
	allow_refuse(p, node, "E_ALLOW_WILDCARD", "write each one out",
		     "`%s` takes no wildcards: '%.*s'", key, STR_ARG(text));
	return true;
}

void allow_add_address(struct allow_parser *p, const struct allow_section *section,
		       const struct yaml_node *node, struct str text)
{
	struct err err;
	struct ip_net net;
	unsigned bits;

	if (ip_net_parse(text, &net, &err) != RC_OK) {
		allow_refuse(p, node, "E_ALLOW_ADDRESS", NULL, "%s", err.text);
		return;
	}
	// Mapped addresses of events are compared as IPv4, so that ::/64 is not
	// a way around the widest IPv4 network.
	if (net.prefix >= 96 && ip_unmap(&net.addr).family == IP_V4)
		net = (struct ip_net){ip_unmap(&net.addr), (unsigned char)(net.prefix - 96)};
	bits = net.addr.family == IP_V4 ? section->v4_bits : section->v6_bits;
	if (net.prefix < bits) {
		allow_refuse(p, node, "E_ALLOW_BROAD", "list the addresses that are really used",
			     "network '%.*s' is wider than this section takes, /%u", STR_ARG(text),
			     bits);
		return;
	}
	mem_grow(&p->index.nets, &p->net_cap, p->index.net_count + 1, sizeof(*p->index.nets));
	p->index.nets[p->index.net_count++] = (struct allow_net){net, p->entry_count};
}

// Dots between labels that are not empty, and nothing that no zone has.
static bool is_dns_name(struct str name)
{
	char before = '.';

	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.ptr[i];

		if (c <= ' ' || c == 0x7F || c == '*' || c == '?' || (c == '.' && before == '.'))
			return false;
		before = (char)c;
	}
	return name.len <= ZONE_MAX_BYTES && before != '.';
}

void allow_add_zone(struct allow_parser *p, const struct allow_section *section,
		    const struct yaml_node *node, struct str text)
{
	struct str zone = text;
	bool below = str_starts(zone, STR("*."));

	if (str_ends(zone, STR(".")))
		zone.len--;
	if (below)
		zone = str_sub(zone, 2, SIZE_MAX);
	if (psl_is_suffix(zone)) {
		allow_refuse(p, node, "E_ALLOW_BROAD", "name the zones of the site",
			     "'%.*s' is the root, a public suffix or a single label: it covers "
			     "names of others",
			     STR_ARG(text));
		return;
	}
	if (!is_dns_name(zone)) {
		allow_refuse(p, node, "E_ALLOW_ZONE",
			     "exact names, or '*.corp.example' for all names below one",
			     "'%.*s' is not the name of a zone", STR_ARG(text));
		return;
	}
	if (!below)
		add_text(p, ALLOW_ZONE, arena_str(p->arena, zone));
	if (below || section->zone_is_tree)
		add_text(p, ALLOW_ZONE, arena_printf(p->arena, ".%.*s", STR_ARG(zone)));
}

// The numbers of "S-1-...": identifier authority, then sub-authorities.
// Returns how many, 0 when the text is no SID.
static size_t parse_sid(struct str text, uint64_t parts[SID_PARTS])
{
	struct str part;
	size_t count = 0;

	if (!str_starts_nocase(text, STR("S-1-")))
		return 0;
	text = str_sub(text, 4, SIZE_MAX);
	while (str_split(&text, '-', &part)) {
		if (count == SID_PARTS || !str_to_u64(part, &parts[count++]))
			return 0;
	}
	return count;
}

// SIDs of one account: of a domain or machine (S-1-5-21-x-y-z-rid), a service
// or pool (S-1-5-80, -82), Entra ID (S-1-12-1). Shorter ones are the well-known
// groups and system accounts: Everyone, SYSTEM, BUILTIN\..., logon types.
static bool is_single_account(const uint64_t *parts, size_t count)
{
	if (count < 4 || (parts[0] != 5 && parts[0] != 12) || (parts[0] == 5 && parts[1] == 32))
		return false;
	return parts[0] != 5 || parts[1] != 21 || count == 6;
}

// The domain of SYSTEM, services and built-in groups, folded. Windows translates it in
// German, French, Portuguese, Swedish and Polish; most languages keep the English name.
static bool is_system_domain(struct str domain)
{
	static const struct str names[] = {
		STR_INIT("nt authority"), STR_INIT("builtin"),	      STR_INIT("nt-autorität"),
		STR_INIT("vordefiniert"), STR_INIT("autorite nt"),    STR_INIT("autoridade nt"),
		STR_INIT("nt instans"),	  STR_INIT("zarządzanie nt"),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (str_eq(domain, names[i]))
			return true;
	}
	return false;
}

static bool is_broad_name(struct arena *arena, struct str domain, struct str user)
{
	// A process of SYSTEM is logged as DOMAIN\COMPUTER$.
	return is_system_domain(text_fold(arena, domain)) || str_eq(domain, STR(".")) ||
	       str_ends(user, STR("$"));
}

void allow_add_account(struct allow_parser *p, const struct yaml_node *node, struct str text)
{
	uint64_t parts[SID_PARTS];
	size_t count = parse_sid(text, parts);
	size_t slash = str_find_char(text, '\\', 0);
	struct str domain = str_sub(text, 0, slash);
	struct str user = str_sub(text, slash == SIZE_MAX ? text.len : slash + 1, SIZE_MAX);

	if (refuse_wildcard(p, node, "account", text))
		return;
	if (count == 0 &&
	    (domain.len == 0 || user.len == 0 || str_find_char(user, '\\', 0) != SIZE_MAX)) {
		allow_refuse(p, node, "E_ALLOW_ACCOUNT", "a SID (better), or 'DOMAIN\\user'",
			     "'%.*s' does not say whose account it is", STR_ARG(text));
		return;
	}
	if (count != 0 ? !is_single_account(parts, count) : is_broad_name(p->arena, domain, user)) {
		allow_refuse(p, node, "E_ALLOW_BROAD",
			     "the SID of one account; a managed service account has its own",
			     "'%.*s' stands for more than one account", STR_ARG(text));
		return;
	}
	add_text(p, ALLOW_ACCOUNT, text);
}

void allow_add_computer(struct allow_parser *p, const struct yaml_node *node, struct str text)
{
	if (!refuse_wildcard(p, node, "computer", text))
		add_text(p, ALLOW_COMPUTER, text);
}

void allow_add_parent(struct allow_parser *p, const struct yaml_node *node, struct str text)
{
	if (refuse_wildcard(p, node, "parent", text))
		return;
	if (str_find_char(text, '\\', 0) == SIZE_MAX) {
		allow_refuse(p, node, "E_ALLOW_PARENT",
			     "such as 'C:\\Windows\\System32\\services.exe'",
			     "'%.*s' is not the whole path of a program", STR_ARG(text));
		return;
	}
	add_text(p, ALLOW_PARENT, text);
}

bool allow_time(struct allow_parser *p, const struct yaml_node *node, const char *key,
		enum zone_side side, uint64_t *ticks)
{
	struct tm_parts parts;
	struct str text;

	if (!allow_scalar(p, node, key, &text))
		return false;
	if (!zone_parse(NULL, text, side, ticks) || !tm_split(*ticks, &parts)) {
		allow_refuse(p, node, "E_ALLOW_TIME",
			     "such as 2027-06-30, or 2027-06-30T18:00:00Z (UTC)",
			     "`%s` is not a time: '%.*s'", key, STR_ARG(text));
		return false;
	}
	if (parts.year > LAST_YEAR) {
		allow_refuse(p, node, "E_ALLOW_TIME", "a day on which somebody looks at it again",
			     "`%s` lies after the year %d", key, LAST_YEAR);
		return false;
	}
	return true;
}
