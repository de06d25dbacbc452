/* SPDX-License-Identifier: ISC */

/*
 * What a process that needs the network may still do once it is confined, and
 * what not: by children that try.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "proc/confine.h"
#include "proc/sandbox.h"

enum { DONE = 0, NO_CONFINEMENT = 90 };

/* Runs it in a child within, and returns what it returned. */
static int
run(int (*try_it)(void))
{
	struct err err;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (confine_enter("", &err) == -1)
			_exit(NO_CONFINEMENT);
		_exit(try_it());
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
}

/* 0 if the call did not work, and said that it may not be. */
static int
refused(long rc)
{
	return rc == -1 && (errno == EPERM || errno == EACCES) ? DONE : 1;
}

static int
try_write(void)
{
	return refused(
	    open("/tmp/tlstally-confined", O_WRONLY | O_CREAT, 0600));
}

static int
try_truncate(void)
{
	return refused(open("/dev/null", O_RDWR));
}

static int
try_remove(void)
{
	return refused(unlink("/tmp/tlstally-none"));
}

static int
try_mkdir(void)
{
	return refused(mkdir("/tmp/tlstally-none", 0700));
}

static int
try_exec(void)
{
	char *argv[] = {NULL, NULL};

	return refused(execv("/bin/true", argv));
}

static int
try_fork(void)
{
	return refused(fork());
}

static int
try_kill(void)
{
	return refused(kill(getppid(), 0));
}

static int
try_listen(void)
{
	return refused(listen(socket(AF_INET, SOCK_STREAM, 0), 1));
}

static int
try_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return refused(p == MAP_FAILED ? -1 : 0);
}

static int (*const attacks[])(void) = {try_write, try_truncate, try_remove,
    try_mkdir, try_exec, try_fork, try_kill, try_listen, try_code};

Test(confine, what_no_one_needs_to_look_at_servers_fails)
{
	size_t i;

	if (!SANDBOX_IS_REAL)
		return;
	for (i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++)
		cr_assert_eq(run(attacks[i]), DONE, "attack %zu", i);
}

/* ---- what is left ---- */

static void *
say_hello(void *arg)
{
	*(int *)arg = 1;
	return NULL;
}

static int
work(void)
{
	struct sockaddr_in sa = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(sa);
	int a = socket(AF_INET, SOCK_DGRAM, 0),
	    b = socket(AF_INET, SOCK_DGRAM, 0);
	int hello = 0;
	char c = 0;
	pthread_t thread;

	if (bind(a, (const void *)&sa, len) == -1 ||
	    getsockname(a, (void *)&sa, &len) == -1 ||
	    connect(b, (const void *)&sa, len) == -1 ||
	    send(b, "x", 1, 0) != 1 || recv(a, &c, 1, 0) != 1 || c != 'x')
		return 1;
	if (pthread_create(&thread, NULL, say_hello, &hello) != 0 ||
	    pthread_join(thread, NULL) != 0 || hello != 1)
		return 2;
	return open("/etc/ssl", O_RDONLY) == -1 && errno != ENOENT ? 3 : DONE;
}

Test(confine, sockets_threads_and_authorities_are_left)
{
	cr_assert_eq(run(work), DONE);
}
