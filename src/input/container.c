// SPDX-License-Identifier: Apache-2.0
// Signatures of at least three bytes, none of which a disk, a memory image or a page file
// begins with. Not here are formats that keep all bytes in their order: tar, fixed VHD, LiME,
// crash dumps.
#include "input/container.h"

struct container {
	struct str signature;
	const char *name;
};

const char *container_name(struct str head)
{
	static const struct container containers[] = {
		{STR_INIT("\037\213\010"), "gzip"},
		{STR_INIT("PK\003\004"), "zip"},
		{STR_INIT("7z\274\257\047\034"), "7z"},
		{STR_INIT("\375"
			  "7zXZ\0"),
		 "xz"},
		{STR_INIT("\050\265\057\375"), "zstd"},
		{STR_INIT("BZh"), "bzip2"},
		{STR_INIT("\004\042\115\030"), "lz4"},
		{STR_INIT("EVF\011\015\012\377\0"), "EnCase (E01)"},
		{STR_INIT("LVF\011\015\012\377\0"), "EnCase (L01)"},
		{STR_INIT("EVF2\015\012\201\0"), "EnCase (Ex01)"},
		{STR_INIT("vhdxfile"), "VHDX"},
		{STR_INIT("conectix"), "dynamic VHD"},
		{STR_INIT("QFI\373"), "QCOW"},
		{STR_INIT("KDMV"), "VMDK"},
		{STR_INIT("COWD"), "VMDK"},
		{STR_INIT("# Disk DescriptorFile"), "a descriptor of VMDK"},
		{STR_INIT("<<< "), "VDI"},
		{STR_INIT("MSWIM\0\0\0"), "WIM"},
		{STR_INIT("HIBR"), "a hibernation file"},
		{STR_INIT("hibr"), "a hibernation file"},
	};

	for (size_t i = 0; i < sizeof(containers) / sizeof(containers[0]); i++) {
		if (str_starts(head, containers[i].signature))
			return containers[i].name;
	}
	return NULL;
}
