/* SPDX-License-Identifier: ISC */

/*
 * Steps in clear text, so that whoever may have TLS or not has one way to go
 * on, and one way to fail.
 */

#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "net/clear.h"

static ssize_t
judge(ssize_t n, struct err *err)
{
	if (n > 0)
		return n;
	if (n == 0)
		return err_set(
		    err, ERR_TEMPORARY, "the server has closed the connection");
	if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
		return 0;
	return err_set(err, ERR_TEMPORARY, "%s", strerror(errno));
}

ssize_t
clear_read(int fd, void *buf, size_t len, enum tls_want *want, struct err *err)
{
	*want = TLS_WANT_READ;
	return judge(recv(fd, buf, len, 0), err);
}

ssize_t
clear_write(
    int fd, const void *buf, size_t len, enum tls_want *want, struct err *err)
{
	*want = TLS_WANT_WRITE;
	return judge(send(fd, buf, len, MSG_NOSIGNAL), err);
}
