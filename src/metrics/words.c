// SPDX-License-Identifier: Apache-2.0
// Logon types, NTSTATUS values of failed logons, Kerberos errors.
#include "metrics/words.h"

struct word {
	uint32_t number;
	struct str text;
};

static const struct word types[] = {
	{0, STR_INIT("system start")},
	{2, STR_INIT("interactive")},
	{3, STR_INIT("network")},
	{4, STR_INIT("batch")},
	{5, STR_INIT("service")},
	{7, STR_INIT("unlock")},
	{8, STR_INIT("network, clear text")},
	{9, STR_INIT("new credentials")},
	{10, STR_INIT("remote interactive")},
	{11, STR_INIT("cached interactive")},
	{12, STR_INIT("cached remote interactive")},
	{13, STR_INIT("cached unlock")},
};

static const struct word statuses[] = {
	{0x80090302, STR_INIT("not supported by the security package")},
	{0x8009030E, STR_INIT("no credentials")},
	{0x80090325, STR_INIT("certificate chain not trusted")},
	{0xC0000022, STR_INIT("access denied")},
	{0xC000005E, STR_INIT("no domain controller available")},
	{0xC000005F, STR_INIT("no such logon session")},
	{0xC0000062, STR_INIT("malformed account name")},
	{0xC0000064, STR_INIT("no such account")},
	{0xC000006A, STR_INIT("wrong password")},
	{0xC000006C, STR_INIT("password against policy")},
	{0xC000006D, STR_INIT("wrong name or password")},
	{0xC000006E, STR_INIT("account restricted")},
	{0xC000006F, STR_INIT("outside the allowed hours")},
	{0xC0000070, STR_INIT("not allowed from this workstation")},
	{0xC0000071, STR_INIT("password expired")},
	{0xC0000072, STR_INIT("account disabled")},
	{0xC00000BB, STR_INIT("request not supported")},
	{0xC00000DC, STR_INIT("server in the wrong state")},
	{0xC0000133, STR_INIT("clocks too far apart")},
	{0xC000015B, STR_INIT("logon type not granted")},
	{0xC000018A, STR_INIT("computer has no trust secret")},
	{0xC000018B, STR_INIT("domain has no account for the computer")},
	{0xC000018C, STR_INIT("trust of the domains failed")},
	{0xC000018D, STR_INIT("trust of computer and domain failed")},
	{0xC0000192, STR_INIT("Netlogon is not running")},
	{0xC0000193, STR_INIT("account expired")},
	{0xC0000198, STR_INIT("account of a domain trust")},
	{0xC0000199, STR_INIT("account of a computer")},
	{0xC000019A, STR_INIT("account of a server trust")},
	{0xC0000224, STR_INIT("password must be changed")},
	{0xC0000225, STR_INIT("not found")},
	{0xC0000234, STR_INIT("account locked out")},
	{0xC00002EE, STR_INIT("error during logon")},
	{0xC0000380, STR_INIT("wrong PIN of the smart card")},
	{0xC0000381, STR_INIT("smart card blocked")},
	{0xC0000388, STR_INIT("downgrade attack suspected")},
	{0xC0000413, STR_INIT("forbidden by authentication firewall")},
};

static const struct word kerberos[] = {
	{0x01, STR_INIT("client entry expired")},
	{0x02, STR_INIT("server entry expired")},
	{0x06, STR_INIT("no such account")},
	{0x07, STR_INIT("no such service")},
	{0x08, STR_INIT("several such principals")},
	{0x09, STR_INIT("no key: password reset needed")},
	{0x0C, STR_INIT("forbidden by policy")},
	{0x0E, STR_INIT("encryption type not supported")},
	{0x0F, STR_INIT("checksum type not supported")},
	{0x10, STR_INIT("pre-authentication type not supported")},
	{0x12, STR_INIT("account disabled, expired or locked out")},
	{0x17, STR_INIT("password expired")},
	{0x18, STR_INIT("wrong password")},
	{0x19, STR_INIT("pre-authentication required")},
	{0x1F, STR_INIT("integrity check failed")},
	{0x20, STR_INIT("ticket expired")},
	{0x22, STR_INIT("request replayed")},
	{0x25, STR_INIT("clocks too far apart")},
	{0x29, STR_INIT("message modified")},
	{0x3C, STR_INIT("generic error")},
	{0x3E, STR_INIT("certificate not trusted")},
	{0x44, STR_INIT("wrong realm")},
};

static struct str find(const struct word *words, size_t count, uint32_t number)
{
	for (size_t i = 0; i < count; i++) {
		if (words[i].number == number)
			return words[i].text;
	}
	return STR("");
}

#define FIND(words, number) find(words, sizeof(words) / sizeof((words)[0]), number)

struct str logon_type_name(uint32_t type)
{
	return FIND(types, type);
}

struct str status_words(uint32_t status, bool is_kerberos)
{
	return is_kerberos ? FIND(kerberos, status) : FIND(statuses, status);
}
