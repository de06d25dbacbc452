# Dovecot Pigeonhole: /etc/dovecot/sieve/tlstally.sieve, compiled by sievec;
# dovecot.conf beside this file says where it is used.

require ["vnd.dovecot.execute"];

# Only what tlstally has stored is done with; all else goes its usual way.
# Not "pipe :try": when the program fails, the mail would be lost with it.
if execute :pipe "tlstally-ingest" {
	discard;
	stop;
}
