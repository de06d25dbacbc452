/* SPDX-License-Identifier: ISC */

/*
 * tlstally-imap: leads IMAP sessions for tlstally, which starts it and speaks
 * with it in frames (proc/imap_wire.h).  This process keeps the credentials,
 * asks for names and connects; what the server sends it never reads.  Each
 * session is a child of its own, confined, and may crash without harm.
 */

#include "config.h"

#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "imap/credentials.h"
#include "imap/session.h"
#include "net/dial.h"
#include "proc/program.h"

/* What stays between sessions. */
struct keeper {
	struct frame introduction; /* holds the account's strings */
	struct account account;
	bool introduced; /* there is an account, and its secret was had once */
	char *secret;	 /* NULL: to be had anew */
	struct tls_trust *trust;
	bool reached; /* the server has answered once */
	struct frame question;
	struct frame answer;
};

static void
say(struct frame *f)
{
	struct err err;

	if (frame_send(FRAME_HELPER_FD, f, &err) == -1)
		_exit(EX_OK);
}

static void
say_lost(struct keeper *k, const struct err *why, bool again)
{
	session_put_lost(&k->answer, &k->account, why, again);
	say(&k->answer);
}

/* Takes the account and obtains what it takes to enter it. */
static int
prepare(struct keeper *k, struct err *err)
{
	const struct account *a = &k->account;

	if (k->introduced)
		return err_set(err, ERR_USAGE, "a second account");
	k->introduction = k->question;
	account_get(&k->introduction, &k->account);
	if (!frame_is_whole(&k->introduction))
		return err_set(err, ERR_USAGE, "not an account");
	if (a->tls != IMAP_TLS_NONE &&
	    tls_trust_new(&k->trust, a->ca_file, a->fingerprint, err) == -1)
		return -1;
	if (credentials_get(&k->secret, a, err) == -1)
		return -1;
	k->introduced = true;
	return 0;
}

/* A child that did not say what ended it. */
static void
tell_end(struct keeper *k, int status)
{
	struct err err;

	if (WIFEXITED(status) && WEXITSTATUS(status) == SESSION_OVER)
		return;
	if (WIFSIGNALED(status))
		err_set(&err, ERR_UNAVAILABLE,
		    "the IMAP session crashed on what the server sent (%s)",
		    strsignal(WTERMSIG(status)));
	else
		err_set(&err, ERR_UNAVAILABLE,
		    "the IMAP session ended with status %d",
		    WEXITSTATUS(status));
	say_lost(k, &err, true);
}

/* Connects and leads a session in a child to its end.  Returns 0 with its
 * wait status, or -1 with err set. */
static int
lead_session(struct keeper *k, const struct allowance *allowance,
    bool may_be_stale, int *status, struct err *err)
{
	struct session_start start = {.account = &k->account,
	    .secret = k->secret,
	    .trust = k->trust,
	    .allowance = *allowance,
	    .may_be_stale = may_be_stale};
	pid_t pid;

	start.fd = dial(k->account.host, k->account.port,
	    (int)k->account.timeout_ms, k->account.tls == IMAP_TLS_NONE, err);
	if (start.fd == -1)
		return -1;
	k->reached = true;
	pid = fork();
	if (pid == 0)
		session_run(&start);
	close(start.fd);
	if (pid == -1 || waitpid(pid, status, 0) == -1)
		return err_errno(err, "a process for the IMAP session");
	return 0;
}

/* A server that was there and is not any more may be starting anew. */
static bool
may_come_back(const struct keeper *k, const struct err *why)
{
	return why->code == ERR_TEMPORARY ||
	    (k->reached && why->code == ERR_UNAVAILABLE);
}

/* A token that was refused is asked for once more: it may just have expired.
 */
static void
connect_and_lead(struct keeper *k)
{
	bool may_be_stale = credentials_are_token(&k->account);
	struct allowance allowance;
	struct err err;
	int status;

	allowance_get(&k->question, &allowance);
	/* Who gives them could not the last time that they were asked for. */
	if (k->secret == NULL &&
	    credentials_get(&k->secret, &k->account, &err) == -1)
		goto fail;
	if (lead_session(k, &allowance, may_be_stale, &status, &err) == -1)
		goto fail;
	if (WIFEXITED(status) && WEXITSTATUS(status) == SESSION_STALE) {
		credentials_free(k->secret);
		if (credentials_get(&k->secret, &k->account, &err) == -1 ||
		    lead_session(k, &allowance, false, &status, &err) == -1)
			goto fail;
	}
	tell_end(k, status);
	return;
fail:
	say_lost(k, &err, may_come_back(k, &err));
}

static void
answer(struct keeper *k)
{
	struct err err;

	switch (k->question.kind) {
	case IMAP_ASK_ACCOUNT:
		if (prepare(k, &err) == -1) {
			say_lost(k, &err, false);
			break;
		}
		frame_begin(&k->answer, IMAP_SAY_DONE);
		say(&k->answer);
		break;
	case IMAP_ASK_CONNECT:
		if (k->introduced) {
			connect_and_lead(k);
			break;
		}
		/* FALLTHROUGH */
	default:
		err_set(&err, ERR_USAGE, "there is no session to ask");
		say_lost(k, &err, false);
	}
}

static const struct program program = {.name = "tlstally-imap",
    .help = "tlstally-imap leads IMAP sessions for tlstally, which starts it; "
	    "by hand it\ndoes nothing.  See tlstally(1) and "
	    "tlstally.conf(5).\n"};

int
main(int argc, char **argv)
{
	static struct keeper keeper;
	static const struct rlimit nothing;
	struct err err;
	int status;

	if (!program_begin(&program, argc, argv, &status))
		return status;
	/* Nobody else may look at what is kept here; it leaves no core. */
	if (prctl(PR_SET_DUMPABLE, 0) == -1 ||
	    setrlimit(RLIMIT_CORE, &nothing) == -1)
		return EX_OSERR;
	while (frame_receive(FRAME_HELPER_FD, &keeper.question, -1, &err) == 1)
		answer(&keeper);
	credentials_free(keeper.secret);
	tls_trust_free(keeper.trust);
	return EX_OK;
}
