#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# The processes that decode: any number of them gives the same, and one that
# is killed costs at most one message, which the next run reads.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "python3 is not installed"

like "--version names the sandbox" "$(tally --version)" \
	'^sandbox: (seccomp and Landlock|seccomp|none \(.*\))$'
for n in 0 65 -1 x '' 1x 99999999999999999999; do
	status "--jobs '$n' is refused" 64 tally ingest --jobs "$n" box
done
like "and says why" "$said" 'no number from 1 to 64'

# Mails enough to keep several processes busy for a while.
mkdir -p box/{cur,new,tmp} few
for file in "$top"/tests/data/{good,lenient,hostile}/*; do
	folder=${file%/*}
	cp "$file" "few/${folder##*/}-${file##*/}"
done
python3 "$top/tests/cli/mail.py" id=PLACE ok=1 reporter=r1.example >one
cp one box/new/0
status "a mail of the crowd is a report" 0 tally ingest box
rm -f t.db*

# all JOBS: what is in the store after a run with so many processes
all() {
	rm -f "$scratch"/j.db*
	"$TLSTALLY" -s "$scratch/j.db" ingest --jobs "$1" few >"said.$1" 2>&1
	echo "status $?"
	cat "said.$1"
	"$TLSTALLY" -s "$scratch/j.db" export --all-time -f ndjson
	"$TLSTALLY" -s "$scratch/j.db" rejects
	"$TLSTALLY" -s "$scratch/j.db" status | grep -A20 '^messages'
}
one=$(all 1)
like "one process decodes all fixtures" "$one" '"report"'
for n in 2 3 8 64; do
	is "$n processes give the same" "$(all $n)" "$one"
done

status "show asks a decoder for the original" 0 tally -s j.db show 1
like "status names the sandbox" "$(tally -s j.db status)" '^sandbox  '

# A kernel that grants no sandbox.  A build with sanitizers has none anyhow.
unconfined() {
	LD_PRELOAD=$builddir/tests/cli/no_sandbox.so tally "$@"
}
if ! tally --version | grep -q 'none (sanitizers)'; then
	rm -f t.db*
	status "without a sandbox mail is decoded all the same" 0 \
		unconfined ingest box
	like "and it is said loudly" "$said" \
		'WITHOUT A SANDBOX.*: the sandbox cannot be entered: seccomp'
	is "once" "$(grep -c SANDBOX <<<"$said")" 1
	status "as show does" 0 unconfined show 1
	like "which needs a decoder too" "$said" 'WITHOUT A SANDBOX'
	rm -f t.db*
fi

# play HOW: runs ingest over 6000 mails, while HOW of its processes are killed
PYTHONPATH=$top/tests/cli python3 -B - <<'PY'
import mail
for n in range(300):
    data = mail.report(id=f"k{n}", ok=1, day=f"2026-11-{1 + n % 9:02}",
                       reporter=f"r{n % 7}.example")
    open(f"box/new/{n}", "wb").write(data)
# Mails without a report keep them busy in between.
other = "From: a@example.org\nSubject: Report Domain: x\n" + "X: y\n" * 200
for n in range(5700):
    open(f"box/new/f{n:05}", "w").write(other + "\n" + "text " * 2000)
PY
cat >kill.py <<'PY'
import os, signal, subprocess, sys, time
how, command = sys.argv[1], sys.argv[2:]

def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as f:
            return [int(p) for p in f.read().split()]
    except OSError:
        return []

p = subprocess.Popen(command)
killed = 0
while p.poll() is None:
    for zygote in children(p.pid):
        victims = [zygote] if how == "zygote" else children(zygote)
        for victim in victims[:1]:
            if how == "zygote" and not children(zygote):
                continue
            try:
                os.kill(victim, signal.SIGKILL)
                killed += 1
            except OSError:
                pass
    time.sleep(0.02)
print("killed" if killed else "killed none", file=sys.stderr)
sys.exit(p.returncode)
PY
count_reports() {
	tally digest --all-time -f csv --by total | python3 -c '
import csv, sys
print(sum(int(r["successful_sessions"]) for r in csv.DictReader(sys.stdin)))'
}
python3 kill.py worker "$TLSTALLY" -s "$store" ingest --jobs 2 box >out 2>&1
rc=$?
like "workers that are killed do not end a run" "$rc" '^(0|65)$'
like "and some were killed" "$(cat out)" '^killed$'
for _ in 1 2; do
	tally ingest box >>out 2>&1
done
is "in the end every report is counted, and once" "$(count_reports)" 300
like "and none is left as rejected" "$(tally rejects)" "^no rejects"

rm -f t.db*
python3 kill.py zygote "$TLSTALLY" -s "$store" ingest --jobs 2 box >out 2>&1
is "without the process that starts others the status is 75" $? 75
like "it says so" "$(cat out)" 'no decoder can be started|is gone'
tally ingest box >>out 2>&1
is "the next run takes up all" "$(count_reports)" 300
done_testing
