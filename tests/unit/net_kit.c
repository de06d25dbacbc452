/* SPDX-License-Identifier: ISC */

/*
 * Servers for the tests of net/.  They run on a socket pair, so that no port
 * is needed, and no time to find out whether somebody listens on it.
 */

#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "net_kit.h"
#include "support.h"

const char *
net_kit_pki(const char *name)
{
	static char path[1024];
	const char *dir = getenv("TESTPKI");

	snprintf(
	    path, sizeof(path), "%s/%s", dir != NULL ? dir : "tests/pki", name);
	if (access(path, R_OK) == -1)
		cr_skip_test("%s is missing: no openssl command?", path);
	return path;
}

void
net_kit_pair(int fds[2])
{
	cr_assert_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	cr_assert_neq(fcntl(fds[0], F_SETFL, O_NONBLOCK), -1);
}

struct net_kit_peer
net_kit_serve(const char *mode, const char *cert)
{
	struct net_kit_peer peer;
	char pem[1024], key[1024], name[256];
	int fds[2], report[2];

	snprintf(name, sizeof(name), "%s.pem", cert);
	snprintf(pem, sizeof(pem), "%s", net_kit_pki(name));
	snprintf(name, sizeof(name), "%s.key", cert);
	snprintf(key, sizeof(key), "%s", net_kit_pki(name));
	net_kit_pair(fds);
	cr_assert_eq(pipe2(report, O_CLOEXEC), 0);
	peer.pid = fork();
	cr_assert_neq(peer.pid, -1);
	if (peer.pid == 0) {
		dup2(fds[1], STDIN_FILENO);
		dup2(report[1], STDOUT_FILENO);
		execlp("python3", "python3",
		    support_data("../unit/tls_peer.py"), mode, pem, key,
		    (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	close(report[1]);
	peer.fd = fds[0];
	peer.report = report[0];
	return peer;
}

/* Reads to the end. */
static void
read_all(int fd, char *buf, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, buf + len, size - 1 - len)) > 0)
		len += (size_t)n;
	buf[len] = '\0';
}

const char *
net_kit_report(struct net_kit_peer *peer)
{
	static char text[4096];
	int status;

	read_all(peer->report, text, sizeof(text));
	close(peer->report);
	cr_assert_eq(waitpid(peer->pid, &status, 0), peer->pid);
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s", text);
	return text;
}

const char *
net_kit_fingerprint(const char *cert)
{
	static char text[256];
	char command[2048], name[256];
	FILE *in;

	snprintf(name, sizeof(name), "%s.pem", cert);
	snprintf(command, sizeof(command),
	    "openssl x509 -noout -fingerprint -sha256 -in '%s'",
	    net_kit_pki(name));
	in = popen(command, "r");
	cr_assert_not_null(in);
	cr_assert_not_null(fgets(text, sizeof(text), in));
	pclose(in);
	text[strcspn(text, "\n")] = '\0';
	cr_assert_not_null(strchr(text, '='));
	return strchr(text, '=') + 1;
}
