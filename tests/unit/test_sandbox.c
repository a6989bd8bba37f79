// SPDX-License-Identifier: Apache-2.0
// What a process in the sandbox can still do: each test enters it in a child.
#define _GNU_SOURCE // O_TMPFILE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "cli/cli.h"
#include "folder_fixture.h"

// Runs in the child, inside the sandbox; 0 when all is as it should be, else a line.
typedef int child_fn(void);

#define EXPECT(condition)                                                                          \
	do {                                                                                       \
		if (!(condition))                                                                  \
			return __LINE__;                                                           \
	} while (0)

// With logs/ as input and out/hits as output.
static void in_sandbox(struct fixture *fixture, child_fn *child)
{
	const struct cli_options options = {.output = "out/hits"};
	int status;
	pid_t pid;

	if (!SANDBOX_IS_BUILT)
		skip();
	assert_int_equal(mkdir("logs", 0700), 0);
	assert_int_equal(mkdir("out", 0700), 0);
	make_file("logs/a.evtx", STR("ElfFile\0a"));
	make_file("other", STR("secret"));
	make_file("out/hits.tmp", STR("hits"));
	find_one(fixture, "logs");
	assert_int_equal(fixture->list.count, 1);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		sandbox_enter(&options, &fixture->list);
		_Exit(child() & 0xff);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) != 0)
		fail_msg("the child failed at line %d (modulo 256)", WEXITSTATUS(status));
}

static int try_files(void)
{
	char byte;
	int fd = open("logs/a.evtx", O_RDONLY);

	EXPECT(fd >= 0 && read(fd, &byte, 1) == 1 && byte == 'E');
	EXPECT(open("logs/a.evtx", O_WRONLY) < 0 && errno == EACCES);
	EXPECT(open("other", O_RDONLY) < 0 && errno == EACCES);
	EXPECT(open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES);
	EXPECT(open("logs/new", O_CREAT | O_WRONLY, 0600) < 0 && errno == EACCES);
	EXPECT(open("out/new", O_CREAT | O_WRONLY, 0600) < 0 && errno == EACCES);
	EXPECT(open("/tmp", O_TMPFILE | O_RDWR, 0600) < 0 && errno == EACCES);
	EXPECT(open("logs", O_RDONLY | O_DIRECTORY) < 0 && errno == EACCES);
	EXPECT(unlink("logs/a.evtx") < 0 && errno == EACCES);
	EXPECT(rename("out/hits.tmp", "out/hits") == 0);
	EXPECT(unlink("out/hits") == 0);
	return 0;
}

static void only_logs_can_be_opened_and_outputs_put_in_place(void **state)
{
	in_sandbox(*state, try_files);
}

static void *nothing(void *unused)
{
	return unused;
}

static int try_calls(void)
{
	char *const no_words[] = {NULL};
	pthread_t thread;

	EXPECT(socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM);
	EXPECT(socket(AF_UNIX, SOCK_DGRAM, 0) < 0 && errno == EPERM);
	EXPECT(execve("/bin/true", no_words, no_words) < 0);
	EXPECT(fork() < 0 && errno == EPERM);
	EXPECT(pthread_create(&thread, NULL, nothing, NULL) == 0);
	EXPECT(pthread_join(thread, NULL) == 0);
	return 0;
}

static void there_are_threads_but_no_sockets_and_no_processes(void **state)
{
	in_sandbox(*state, try_calls);
}

static void *try_in_thread(void *unused)
{
	(void)unused;
	return open("other", O_RDONLY) < 0 && socket(AF_INET, SOCK_STREAM, 0) < 0 ? NULL : &errno;
}

static int try_thread(void)
{
	void *result = &result;
	pthread_t thread;

	EXPECT(pthread_create(&thread, NULL, try_in_thread, NULL) == 0);
	EXPECT(pthread_join(thread, &result) == 0);
	EXPECT(result == NULL);
	return 0;
}

static void threads_made_later_are_in_it_too(void **state)
{
	in_sandbox(*state, try_thread);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(only_logs_can_be_opened_and_outputs_put_in_place,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(there_are_threads_but_no_sockets_and_no_processes,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(threads_made_later_are_in_it_too, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
