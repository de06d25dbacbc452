/* SPDX-License-Identifier: ISC */

/*
 * An attacker who has taken over a confined process: preloaded into it, this
 * does what ATTACK says at the first bytes from the network, as code would
 * that a parser was led astray to.  If it is still alive then, it says on
 * standard error what came of it, and ends the process.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* The connection to the server: the highest descriptor there is. */
static int server;

static long
do_open(void)
{
	return open("/etc/passwd", O_RDONLY);
}

static long
do_create(void)
{
	return open("stolen", O_WRONLY | O_CREAT, 0600);
}

static long
do_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static long
do_connect(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};

	return connect(server, (struct sockaddr *)&to, sizeof(to));
}

static long
do_send_elsewhere(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
	struct msghdr msg = {.msg_name = &to, .msg_namelen = sizeof(to)};

	return sendmsg(server, &msg, MSG_FASTOPEN);
}

static long
do_execve(void)
{
	char *argv[] = {"/bin/sh", "-c", "touch stolen", NULL},
	     *envp[] = {NULL};

	return execve(argv[0], argv, envp);
}

static long
do_ptrace(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static long
do_fork(void)
{
	return fork();
}

static long
do_kill(void)
{
	return kill(-1, SIGCONT);
}

static long
do_read_of_parent(void)
{
	char buf[8];
	struct iovec iov = {buf, sizeof(buf)};

	return process_vm_readv(getppid(), &iov, 1, &iov, 1, 0);
}

static long
do_executable_memory(void)
{
	return (long)mmap(NULL, 4096, PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static long
do_unshare(void)
{
	return unshare(CLONE_NEWUSER);
}

static long
do_mount(void)
{
	return mount("none", "/mnt", "tmpfs", 0, NULL);
}

static long
do_prctl(void)
{
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static long
do_memfd_create(void)
{
	return memfd_create("code", 0);
}

static long
do_bpf(void)
{
	return syscall(SYS_bpf, 0, NULL, 0);
}

static long
do_io_uring(void)
{
	return syscall(SYS_io_uring_setup, 1, NULL);
}

static long
do_keyctl(void)
{
	return syscall(SYS_keyctl, 0, 0, 0, 0, 0);
}

static long
do_perf_event_open(void)
{
	return syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0);
}

static long
do_userfaultfd(void)
{
	return syscall(SYS_userfaultfd, 0);
}

static const struct {
	const char *name;
	long (*run)(void);
} ATTACKS[] = {
    {"open", do_open},
    {"create", do_create},
    {"socket", do_socket},
    {"connect", do_connect},
    {"send-elsewhere", do_send_elsewhere},
    {"execve", do_execve},
    {"ptrace", do_ptrace},
    {"fork", do_fork},
    {"kill", do_kill},
    {"read-of-parent", do_read_of_parent},
    {"executable-memory", do_executable_memory},
    {"unshare", do_unshare},
    {"mount", do_mount},
    {"prctl", do_prctl},
    {"memfd_create", do_memfd_create},
    {"bpf", do_bpf},
    {"io_uring", do_io_uring},
    {"keyctl", do_keyctl},
    {"perf_event_open", do_perf_event_open},
    {"userfaultfd", do_userfaultfd},
};

static void
attack(void)
{
	const char *name = getenv("ATTACK");
	size_t i;
	long rc;

	for (i = 0; name && i < sizeof(ATTACKS) / sizeof(ATTACKS[0]); i++) {
		if (strcmp(ATTACKS[i].name, name) != 0)
			continue;
		rc = ATTACKS[i].run();
		dprintf(STDERR_FILENO, "attack: %s: %s\n", name,
		    rc == -1 ? strerror(errno) : "went through");
		_exit(1);
	}
}

/* Only the session hears from the network, and only when it is confined. */
ssize_t
recv(int fd, void *buf, size_t len, int flags)
{
	server = fd;
	attack();
	return recvfrom(fd, buf, len, flags, NULL, NULL);
}

ssize_t
__recv_chk(int fd, void *buf, size_t len, size_t size, int flags)
{
	(void)size;
	return recv(fd, buf, len, flags);
}
