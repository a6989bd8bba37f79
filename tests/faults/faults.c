// SPDX-License-Identifier: Apache-2.0
// A preload library that counts calls and spoils the N-th: see run.py. Linux, glibc, x86-64 and
// arm64.
//
//	FAULT=CALL:WHICH:HOW   e.g. write:3:28, malloc:117:12, pread:*:short, any:40:signal=15
//	FAULT_COUNTS=FILE      counters of all calls, mapped: they are good however the process ends
//	FAULT_SITES=FILE       for each malloc, a line with a hash of the functions that led to it
//	FAULT_CLOCK=SECONDS    what the clock says
//
// CALL is malloc (calloc and realloc, too), thread (pthread_create), a row of `calls`, or any of
// these rows. WHICH is a number from 1 on; N+ is each from the N-th on, * every other one. HOW is
// an errno; "short": half of what was asked for; "signal=N": it arrives just before the call;
// "cut=SIZE:FILE", "grow=FILE", "swap=NEW:FILE": that happens to the file just before the call.
//
// System calls are caught where the kernel sees them, so that those of the C library count, too: a
// seccomp filter raises SIGSYS for them unless they come from gate(). Counting begins with main().
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

// ---- what is counted ----------------------------------------------------

enum { MALLOC, THREAD, ANY, FIRST_CALL };

// `file`: which argument is a descriptor (below PATH) or a path; NONE.
enum { NONE = -1, PATH = 8 };

static const struct {
	const char *name;
	int number, file;
} calls[] = {
	{"read", SYS_read, 0},
	{"pread", SYS_pread64, 0},
	{"write", SYS_write, 0},
	{"pwrite", SYS_pwrite64, 0},
	{"open", SYS_openat, PATH + 1},
	{"close", SYS_close, 0},
	{"sync", SYS_fsync, 0},
	{"seek", SYS_lseek, 0},
	{"truncate", SYS_ftruncate, 0},
	{"list", SYS_getdents64, 0},
	{"mmap", SYS_mmap, 4},
	{"landlock", SYS_landlock_create_ruleset, NONE},
	{"landlock_rule", SYS_landlock_add_rule, NONE},
	{"landlock_enter", SYS_landlock_restrict_self, NONE},
	{"stat", SYS_newfstatat, PATH + 1},
#ifdef SYS_rename
	{"rename", SYS_rename, PATH},
	{"unlink", SYS_unlink, PATH},
	{"mkdir", SYS_mkdir, PATH},
	{"link", SYS_readlink, PATH},
#else
	{"rename", SYS_renameat2, PATH + 1},
	{"unlink", SYS_unlinkat, PATH + 1},
	{"mkdir", SYS_mkdirat, PATH + 1},
	{"link", SYS_readlinkat, PATH + 1},
#endif
};

#define CALLS (sizeof(calls) / sizeof(calls[0]))

// In the order of run.py: malloc, thread, any, the rows of `calls`, how often a fault was made; and
// the file that the last one was about.
struct counts {
	atomic_uint_fast64_t made[FIRST_CALL + CALLS + 1];
	char file[256];
};

enum how { FAIL, SHORT, SIGNAL, CUT, GROW, SWAP };

static struct counts own_counts;
static struct counts *counts = &own_counts;
static atomic_bool started;
static int sites = -1;
static bool has_clock;
static long long clock_seconds;

static struct {
	size_t call; // index in counts->made; SIZE_MAX = none
	uint64_t from, to;
	bool alternate;
	enum how how;
	long value; // errno, signal or size
	const char *file, *other;
} fault = {.call = SIZE_MAX};

// Count a call; is it the one?
static bool is_spoiled(size_t call)
{
	uint64_t n = atomic_fetch_add(&counts->made[call], 1) + 1;

	if (call != fault.call || (fault.alternate ? n % 2 == 0 : n < fault.from || n > fault.to))
		return false;
	atomic_fetch_add(&counts->made[FIRST_CALL + CALLS], 1);
	return true;
}

// ---- system calls -------------------------------------------------------

long faults_gate(long number, long a, long b, long c, long d, long e, long f)
	__attribute__((visibility("hidden")));
extern const char faults_gate_end[] __attribute__((visibility("hidden")));

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#define CONTEXT_RESULT(context) (context)->uc_mcontext.gregs[REG_RAX]
#define CONTEXT_ARGUMENTS(context)                                                                 \
	{                                                                                          \
		(context)->uc_mcontext.gregs[REG_RDI], (context)->uc_mcontext.gregs[REG_RSI],      \
			(context)->uc_mcontext.gregs[REG_RDX],                                     \
			(context)->uc_mcontext.gregs[REG_R10],                                     \
			(context)->uc_mcontext.gregs[REG_R8], (context)->uc_mcontext.gregs[REG_R9] \
	}
__asm__(".text\n"
	".hidden faults_gate\n.hidden faults_gate_end\n"
	".globl faults_gate\n.globl faults_gate_end\n"
	"faults_gate:\n"
	"	mov %rdi, %rax\n"
	"	mov %rsi, %rdi\n"
	"	mov %rdx, %rsi\n"
	"	mov %rcx, %rdx\n"
	"	mov %r8, %r10\n"
	"	mov %r9, %r8\n"
	"	mov 8(%rsp), %r9\n"
	"	syscall\n"
	"faults_gate_end:\n"
	"	ret\n");
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#define CONTEXT_RESULT(context) (context)->uc_mcontext.regs[0]
#define CONTEXT_ARGUMENTS(context)                                                                 \
	{                                                                                          \
		(long)(context)->uc_mcontext.regs[0], (long)(context)->uc_mcontext.regs[1],        \
			(long)(context)->uc_mcontext.regs[2],                                      \
			(long)(context)->uc_mcontext.regs[3],                                      \
			(long)(context)->uc_mcontext.regs[4], (long)(context)->uc_mcontext.regs[5] \
	}
__asm__(".text\n"
	".hidden faults_gate\n.hidden faults_gate_end\n"
	".globl faults_gate\n.globl faults_gate_end\n"
	"faults_gate:\n"
	"	mov x8, x0\n"
	"	mov x0, x1\n"
	"	mov x1, x2\n"
	"	mov x2, x3\n"
	"	mov x3, x4\n"
	"	mov x4, x5\n"
	"	mov x5, x6\n"
	"	svc 0\n"
	"faults_gate_end:\n"
	"	ret\n");
#else
#error "faults.c knows x86-64 and arm64"
#endif

static void change_file(void)
{
	static const char more[65536];
	long fd;

	if (fault.how == SWAP) {
		faults_gate(SYS_renameat2, AT_FDCWD, (long)fault.other, AT_FDCWD, (long)fault.file,
			    0, 0);
		return;
	}
	fd = faults_gate(SYS_openat, AT_FDCWD, (long)fault.file, O_WRONLY | O_APPEND, 0, 0, 0);
	if (fault.how == CUT)
		faults_gate(SYS_ftruncate, fd, fault.value, 0, 0, 0, 0);
	else
		faults_gate(SYS_write, fd, (long)more, sizeof(more), 0, 0, 0);
	faults_gate(SYS_close, fd, 0, 0, 0, 0, 0);
}

static void put_digits(char *at, unsigned long number)
{
	char digits[20];
	int count = 0;

	do
		digits[count++] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	while (count > 0)
		*at++ = digits[--count];
	*at = '\0';
}

static void note_name(const char *name)
{
	memset(counts->file, 0, sizeof(counts->file));
	for (size_t i = 0; i + 1 < sizeof(counts->file) && name[i] != '\0'; i++)
		counts->file[i] = name[i];
}

static void note_file(int kind, const long arguments[6])
{
	char link[40] = "/proc/self/fd/";

	note_name("");
	// newfstatat() of an open file has an empty path.
	if (kind >= PATH && *(const char *)arguments[kind - PATH] == '\0')
		kind = 0;
	if (kind >= PATH) {
		note_name((const char *)arguments[kind - PATH]);
	} else if (kind != NONE) {
		put_digits(link + strlen(link), (unsigned long)arguments[kind]);
		faults_gate(SYS_readlinkat, AT_FDCWD, (long)link,
			    (long)counts->file, sizeof(counts->file) - 1, 0, 0);
	}
}

// What happens to a call that is the one; 0: it is made.
static long spoil(long arguments[6])
{
	switch (fault.how) {
	case FAIL:
		return -fault.value;
	case SHORT:
		if (arguments[2] > 1)
			arguments[2] /= 2;
		return 0;
	case SIGNAL:
		faults_gate(SYS_kill, faults_gate(SYS_getpid, 0, 0, 0, 0, 0, 0), fault.value, 0, 0,
			    0, 0);
		return 0;
	default:
		change_file();
		return 0;
	}
}

static void on_call(int number, siginfo_t *info, void *user)
{
	ucontext_t *context = user;
	long a[6] = CONTEXT_ARGUMENTS(context);
	size_t index = 0;
	long result = 0;

	(void)number;
	while (index < CALLS && calls[index].number != info->si_syscall)
		index++;
	if (atomic_load(&started)) {
		bool spoiled = is_spoiled(FIRST_CALL + index);

		spoiled |= is_spoiled(ANY);
		if (spoiled) {
			note_file(calls[index].file, a);
			result = spoil(a);
		}
	}
	// A descriptor is closed, whatever close() says.
	if (result == 0 || info->si_syscall == SYS_close) {
		long made = faults_gate(info->si_syscall, a[0], a[1], a[2], a[3], a[4], a[5]);

		result = result == 0 ? made : result;
	}
	CONTEXT_RESULT(context) = result;
}

#define LOAD(member)                                                                               \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, member))
#define IP_LOW ((uint32_t)offsetof(struct seccomp_data, instruction_pointer))

// Allow what is not for this machine and what comes from the gate; trap `calls`.
static void catch_calls(void)
{
	uint64_t gate = (uintptr_t)faults_gate_end;
	struct sock_filter filter[12 + CALLS];
	struct sock_fprog program = {0, filter};
	struct sigaction action = {.sa_sigaction = on_call, .sa_flags = SA_SIGINFO | SA_NODEFER};
	size_t n = 0;

	filter[n++] = (struct sock_filter)LOAD(arch);
	filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0);
	filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	filter[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, IP_LOW);
	filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)gate, 0, 3);
	filter[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, IP_LOW + 4);
	filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
						   (uint32_t)(gate >> 32), 0, 1);
	filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	filter[n++] = (struct sock_filter)LOAD(nr);
	for (size_t i = 0; i < CALLS; i++)
		filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
							   (uint32_t)calls[i].number,
							   (uint8_t)(CALLS - i), 0);
	filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
	program.len = (unsigned short)n;
	sigaction(SIGSYS, &action, NULL);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		_exit(97);
}

int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	return pthread_sigmask(how, set, old) == 0 ? 0 : -1;
}

// SIGSYS while it is blocked would kill the process.
int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
	static int (*next)(int, const sigset_t *, sigset_t *);
	sigset_t own;

	if (next == NULL)
		*(void **)&next = dlsym(RTLD_NEXT, "pthread_sigmask");
	if (set == NULL || how == SIG_UNBLOCK)
		return next(how, set, old);
	own = *set;
	sigdelset(&own, SIGSYS);
	return next(how, &own, old);
}

// ---- memory -------------------------------------------------------------

// The next in line may be that of a sanitizer. dlsym() may allocate itself: from here.
static char early[16384] __attribute__((aligned(16)));
static size_t early_used;

static void *(*next_malloc)(size_t);
static void *(*next_calloc)(size_t, size_t);
static void *(*next_realloc)(void *, size_t);
static void (*next_free)(void *);

static bool is_early(const void *ptr)
{
	return (uintptr_t)ptr >= (uintptr_t)early &&
	       (uintptr_t)ptr < (uintptr_t)early + sizeof(early);
}

static void *take_early(size_t size)
{
	void *ptr = early + early_used;

	early_used += (size + 15) & ~(size_t)15;
	if (early_used > sizeof(early))
		_exit(98);
	return ptr;
}

static bool find_next(void)
{
	static bool looking;

	if (next_free != NULL)
		return true;
	if (looking)
		return false;
	looking = true;
	*(void **)&next_malloc = dlsym(RTLD_NEXT, "malloc");
	*(void **)&next_calloc = dlsym(RTLD_NEXT, "calloc");
	*(void **)&next_realloc = dlsym(RTLD_NEXT, "realloc");
	*(void **)&next_free = dlsym(RTLD_NEXT, "free");
	return true;
}

// Addresses differ from run to run; within one they name the way to this call.
static void note_site(void)
{
	static __thread bool busy __attribute__((tls_model("initial-exec")));
	void *frames[24];
	uint64_t hash = 14695981039346656037u;
	char line[17];
	int count;

	if (sites < 0 || busy)
		return;
	busy = true;
	count = backtrace(frames, 24);
	for (int i = 2; i < count; i++)
		hash = (hash ^ (uintptr_t)frames[i]) * 1099511628211u;
	for (int i = 0; i < 16; i++)
		line[i] = "0123456789abcdef"[hash >> (60 - 4 * i) & 15];
	line[16] = '\n';
	faults_gate(SYS_write, sites, (long)line, sizeof(line), 0, 0, 0);
	busy = false;
}

// Whose allocation it is.
static void note_library(const void *caller)
{
	Dl_info info = {0};

	if (dladdr(caller, &info) != 0 && info.dli_fname != NULL)
		note_name(info.dli_fname);
}

// libseccomp (2.5.4) frees twice or runs in circles without memory: it gets all it wants.
static uintptr_t spared_start, spared_end;

static int find_spared(struct dl_phdr_info *info, size_t size, void *unused)
{
	(void)size;
	(void)unused;
	if (strstr(info->dlpi_name, "libseccomp") == NULL)
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + part->p_vaddr;

		if (part->p_type != PT_LOAD)
			continue;
		if (spared_start == 0 || start < spared_start)
			spared_start = start;
		if (start + part->p_memsz > spared_end)
			spared_end = start + part->p_memsz;
	}
	return 1;
}

static bool is_refused(const void *caller)
{
	if (!atomic_load_explicit(&started, memory_order_relaxed) ||
	    ((uintptr_t)caller >= spared_start && (uintptr_t)caller < spared_end))
		return false;
	note_site();
	if (!is_spoiled(MALLOC))
		return false;
	note_library(caller);
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	if (!find_next())
		return take_early(size);
	return is_refused(__builtin_return_address(0)) ? NULL : next_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	if (!find_next())
		return take_early(count * size);
	return is_refused(__builtin_return_address(0)) ? NULL : next_calloc(count, size);
}

void *realloc(void *ptr, size_t size)
{
	if (!find_next() || is_early(ptr))
		_exit(99);
	return is_refused(__builtin_return_address(0)) ? NULL : next_realloc(ptr, size);
}

void free(void *ptr)
{
	if (!is_early(ptr) && find_next())
		next_free(ptr);
}

// ---- threads and clock --------------------------------------------------

int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *), void *arg)
{
	static int (*next)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

	if (next == NULL)
		*(void **)&next = dlsym(RTLD_NEXT, "pthread_create");
	return is_spoiled(THREAD) ? (int)fault.value : next(thread, attr, run, arg);
}

int clock_gettime(clockid_t id, struct timespec *out)
{
	if (!has_clock || id != CLOCK_REALTIME)
		return (int)syscall(SYS_clock_gettime, id, out);
	*out = (struct timespec){.tv_sec = (time_t)clock_seconds};
	return 0;
}

time_t time(time_t *out)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (out != NULL)
		*out = now.tv_sec;
	return now.tv_sec;
}

// ---- setting up ---------------------------------------------------------

static size_t call_named(const char *name, size_t len)
{
	static const char *const others[] = {"malloc", "thread", "any"};

	for (size_t i = 0; i < FIRST_CALL + CALLS; i++) {
		const char *known = i < FIRST_CALL ? others[i] : calls[i - FIRST_CALL].name;

		if (strlen(known) == len && memcmp(known, name, len) == 0)
			return i;
	}
	_exit(96);
}

static void parse_how(char *how)
{
	char *at = strchr(how, '=');

	fault.how = strcmp(how, "short") == 0 ? SHORT : FAIL;
	if (at == NULL) {
		fault.value = strtol(how, NULL, 10);
		return;
	}
	at++;
	fault.how = *how == 'c' ? CUT : *how == 'g' ? GROW : SIGNAL;
	fault.value = strtol(at, &at, 10);
	fault.file = fault.how == CUT ? at + 1 : at;
	if (strncmp(how, "swap", 4) == 0) {
		fault.how = SWAP;
		fault.other = at;
		fault.file = strchr(at, ':') + 1;
		*strchr(at, ':') = '\0';
	}
}

static void parse_fault(char *text)
{
	char *which = strchr(text, ':') + 1;
	char *how = strchr(which, ':') + 1;

	fault.call = call_named(text, (size_t)(which - 1 - text));
	fault.alternate = *which == '*';
	fault.from = strtoull(which, NULL, 10);
	fault.to = how[-2] == '+' ? UINT64_MAX : fault.from;
	parse_how(how);
}

static void map_counts(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd < 0 || counts == MAP_FAILED)
		_exit(95);
	close(fd);
}

static void set_up(void)
{
	const char *clock = getenv("FAULT_CLOCK");
	void *frames[4];

	if (getenv("FAULT_COUNTS") != NULL)
		map_counts(getenv("FAULT_COUNTS"));
	if (getenv("FAULT") != NULL)
		parse_fault(strdup(getenv("FAULT")));
	if (getenv("FAULT_SITES") != NULL)
		sites = open(getenv("FAULT_SITES"), O_WRONLY | O_APPEND | O_CLOEXEC);
	(void)backtrace(frames, 4); // the first call loads a library
	dl_iterate_phdr(find_spared, NULL);
	has_clock = clock != NULL;
	if (has_clock)
		clock_seconds = strtoll(clock, NULL, 10);
	catch_calls();
}

static int (*program_main)(int, char **, char **);

static int start(int argc, char **argv, char **environment)
{
	set_up();
	atomic_store(&started, true);
	return program_main(argc, argv, environment);
}

typedef int start_main(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void),
		       void (*)(void), void *);

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
		      void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
	start_main *next;

	*(void **)&next = dlsym(RTLD_NEXT, "__libc_start_main");
	program_main = main;
	return next(start, argc, argv, init, fini, rtld_fini, stack_end);
}
