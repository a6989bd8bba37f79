// SPDX-License-Identifier: Apache-2.0
// The sandbox: logs are written by attackers, and what parses them needs little.
//
// Once inputs are found and outputs are open, the process can open nothing but
// the logs, for reading, and put its outputs in their places (Landlock); it can
// make no socket and no process, and look into no other (seccomp). What is open
// stays so. Temporary files are open from the start. Where the kernel has neither,
// the scan goes on without, and -v says so.
#define _GNU_SOURCE // O_PATH

#include "cli/cli.h"

#if !SANDBOX_IS_BUILT

void sandbox_enter(const struct cli_options *options, const struct input_list *logs)
{
	(void)logs;
	if (options->verbose > 0 && !options->no_sandbox)
		message("without a sandbox: this build has none");
}

#else

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// ---- files: Landlock ----------------------------------------------------

// linux/landlock.h as of ABI 6; the header of the build machine may be older.
struct ruleset_attr {
	uint64_t handled_fs, handled_net, scoped;
};

struct beneath_attr {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

#define RULE_PATH_BENEATH 1
#define FS_REMOVE_FILE (UINT64_C(1) << 5)
#define FS_READ_FILE (UINT64_C(1) << 2)
#define FS_MAKE_REG (UINT64_C(1) << 8)
#define VERSION_FLAG 1u

static const struct {
	int abi;
	uint64_t fs, net, scoped;
} abis[] = {
	{1, (UINT64_C(1) << 13) - 1, 0, 0}, // all of the first version
	{2, UINT64_C(1) << 13, 0, 0},	    // refer
	{3, UINT64_C(1) << 14, 0, 0},	    // truncate
	{4, 0, 3, 0},			    // TCP: bind, connect
	{5, UINT64_C(1) << 15, 0, 0},	    // ioctl of devices
	{6, 0, 0, 3},			    // abstract sockets, signals
};

static bool allow(int ruleset, const char *path, uint64_t access)
{
	struct beneath_attr rule = {.allowed = access, .parent = open(path, O_PATH | O_CLOEXEC)};
	bool done = rule.parent >= 0 &&
		    syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) == 0;

	if (rule.parent >= 0)
		close(rule.parent);
	return done;
}

// An output is renamed when it is whole, or removed: in its folder.
static bool allow_output(int ruleset, const char *path)
{
	struct target target;
	char *slash;
	bool done = true;

	target_find(path, &target);
	slash = target.path != NULL ? strrchr(target.path, '/') : NULL;
	if (slash != NULL)
		slash[1] = '\0';
	if (target.path != NULL)
		done = allow(ruleset, slash != NULL ? target.path : ".",
			     FS_MAKE_REG | FS_REMOVE_FILE);
	target_release(&target);
	return done;
}

static bool allow_logs(int ruleset, const struct input_list *logs)
{
	const char *last = NULL;

	for (size_t i = 0; i < logs->count; i++) {
		const struct input_file *file = &logs->files[i];

		// Files of one archive stand together, and are read from it whichever
		// of them cannot be. What cannot be opened now cannot be read later,
		// and is told then; but want of descriptors or memory must not make
		// it so.
		if ((file->error.len == 0 || file->has_bytes || file->in_archive) &&
		    file->open_path != last && !allow(ruleset, file->open_path, FS_READ_FILE) &&
		    (errno == EMFILE || errno == ENFILE || errno == ENOMEM))
			return false;
		last = file->open_path;
	}
	return true;
}

// NULL, or why there is no such sandbox.
static const char *restrict_files(const struct cli_options *options, const struct input_list *logs)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION_FLAG);
	struct ruleset_attr attr = {0};
	bool done;
	int ruleset;

	if (abi < 1)
		return "the kernel has no Landlock";
	for (size_t i = 0; i < sizeof(abis) / sizeof(abis[0]); i++) {
		if (abis[i].abi > abi)
			break;
		attr.handled_fs |= abis[i].fs;
		attr.handled_net |= abis[i].net;
		attr.scoped |= abis[i].scoped;
	}
	// Older kernels take the members that they know.
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr,
			       abi < 4	 ? sizeof(uint64_t)
			       : abi < 6 ? 2 * sizeof(uint64_t)
					 : sizeof(attr),
			       0);
	if (ruleset < 0)
		return strerror(errno);
	done = allow_logs(ruleset, logs) && allow_output(ruleset, options->output) &&
	       allow_output(ruleset, options->ledger) &&
	       prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	close(ruleset);
	return done ? NULL : strerror(errno);
}

// ---- system calls: seccomp ----------------------------------------------

// What a scan never does, and an attacker would.
static const int forbidden[] = {
	SCMP_SYS(socket),
	SCMP_SYS(socketpair),
	SCMP_SYS(connect),
	SCMP_SYS(bind),
	SCMP_SYS(listen),
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(fork),
	SCMP_SYS(vfork),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(kcmp),
	SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(keyctl),
	SCMP_SYS(add_key),
	SCMP_SYS(request_key),
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(pivot_root),
	SCMP_SYS(chroot),
	SCMP_SYS(setns),
	SCMP_SYS(unshare),
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(kexec_load),
	SCMP_SYS(open_by_handle_at),
};

// Threads are made by clone(); clone3(), whose flags a filter cannot see, is told
// to be unknown, and the C library falls back.
static bool add_rules(scmp_filter_ctx filter)
{
	bool done = true;

	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
		done &= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), forbidden[i], 0) == 0;
	done &= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
				 SCMP_A0(SCMP_CMP_MASKED_EQ, 0x10000 /* CLONE_THREAD */, 0)) == 0;
	done &= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
	return done;
}

static const char *restrict_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int code;

	if (filter == NULL)
		return "seccomp is not to be had";
	code = add_rules(filter) ? seccomp_load(filter) : -EINVAL;
	seccomp_release(filter);
	return code == 0 ? NULL : strerror(-code);
}

// -------------------------------------------------------------------------

void sandbox_enter(const struct cli_options *options, const struct input_list *logs)
{
	const char *files;
	const char *calls;

	if (options->no_sandbox)
		return;
	files = restrict_files(options, logs);
	calls = restrict_calls();
	if (options->verbose > 0 && files != NULL)
		message("without a sandbox for files: %s", files);
	if (options->verbose > 0 && calls != NULL)
		message("without a sandbox for system calls: %s", calls);
}

#endif
