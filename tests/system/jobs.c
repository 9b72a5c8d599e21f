/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * jobs.c - children that stop and go on, what waiting tells of them, and
 * process groups.
 *
 * It executes itself; run it by its full path.
 */
#include "catch.h"
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CONTINUED 0xffff
#define STOPPED(signal) ((signal) << 8 | 0177)
#define SHORT 60 /* milliseconds */
#define MUCH 10000
#define NOBODY 29999

static const char *self;
static volatile long *shared;

static int
count_for_ever(void)
{
	while (shared[0] >= 0)
		shared[0]++;
	return 1;
}

/* Whether a child counts. */
static bool
counts(void)
{
	long before = shared[0];
	uint64_t start = milliseconds();

	while (shared[0] == before && milliseconds() - start < SHORT)
		(void)sys_yield();
	return shared[0] != before;
}

static int
wait_for(pid_t pid, int options)
{
	int status = -1;

	return waitpid(pid, &status, options) == pid ? status : -1;
}

static void
test_stop(void)
{
	pid_t pid = child_start(count_for_ever);

	ok(counts(), "F75 a child runs");
	(void)kill(pid, SIGSTOP);
	is(wait_for(pid, WUNTRACED), STOPPED(SIGSTOP),
	    "F70 WUNTRACED tells that it has stopped, and by what");
	ok(!counts(), "F75 a stopped child does not run");
	is(waitpid(pid, NULL, WUNTRACED | WNOHANG), 0, "F70 it is told once");
	is(waitpid(pid, NULL, WCONTINUED | WNOHANG), 0,
	    "F70 it has not gone on");
	(void)kill(pid, SIGSTOP);
	is(waitpid(pid, NULL, WUNTRACED | WNOHANG), 0,
	    "F75 a second stop is none");
	(void)kill(pid, SIGCONT);
	is(wait_for(pid, WCONTINUED), CONTINUED,
	    "F70 WCONTINUED tells that it goes on");
	ok(counts(), "F75 and it does");
	is(waitpid(pid, NULL, WCONTINUED | WUNTRACED | WNOHANG), 0,
	    "F70 told once too");
	(void)kill(pid, SIGSTOP);
	(void)wait_for(pid, WUNTRACED);
	(void)kill(pid, SIGTERM);
	ok(!counts() && waitpid(pid, NULL, WNOHANG) == 0,
	    "F75 what ends a stopped child waits for SIGCONT");
	(void)kill(pid, SIGCONT);
	is(wait_for(pid, 0), SIGTERM, "F75 and then ends it");
	pid = child_start(count_for_ever);
	(void)kill(pid, SIGSTOP);
	(void)wait_for(pid, WUNTRACED);
	(void)kill(pid, SIGKILL);
	is(wait_for(pid, 0), SIGKILL, "F75 SIGKILL ends it at once");
}

static void
test_waitid(void)
{
	pid_t pid = child_start(count_for_ever);
	struct wrusage usage;
	siginfo_t info;
	int status = 0;

	(void)kill(pid, SIGSTOP);
	ok(waitid(P_PID, (id_t)pid, &info, WSTOPPED) == 0 &&
		info.si_signo == SIGCHLD && info.si_code == CLD_STOPPED &&
		info.si_pid == pid && info.si_uid == getuid() &&
		info.si_status == SIGSTOP,
	    "F70 waitid tells of a stop: CLD_STOPPED");
	(void)kill(pid, SIGCONT);
	ok(waitid(P_ALL, 0, &info, WCONTINUED | WNOWAIT) == 0 &&
		info.si_code == CLD_CONTINUED && info.si_status == SIGCONT,
	    "F70 of going on: CLD_CONTINUED");
	ok(waitid(P_PGID, (id_t)getpgrp(), &info, WCONTINUED) == 0 &&
		info.si_pid == pid,
	    "F70 twice, with WNOWAIT");
	ok(waitid(P_ALL, 0, &info, WEXITED | WNOHANG) == 0 && info.si_pid == 0,
	    "F70 of nothing, with WNOHANG");
	(void)kill(pid, SIGKILL);
	ok(wait6(P_PID, (id_t)pid, &status, WEXITED, &usage, &info) == pid &&
		status == SIGKILL && info.si_code == CLD_KILLED &&
		info.si_status == SIGKILL,
	    "F70 wait6 tells of the end: CLD_KILLED");
	errno = 0;
	ok(waitid(P_ALL, 0, &info, WEXITED) == -1 && errno == ECHILD,
	    "F70 and then there is no child");
	errno = 0;
	ok(waitid(P_ALL, 0, &info, WNOHANG) == -1 && errno == EINVAL &&
		waitid(P_UID, 0, &info, WEXITED) == -1 && errno == EINVAL &&
		waitid(P_ALL, 0, &info, WEXITED | 0x100000) == -1 &&
		errno == EINVAL,
	    "F70 EINVAL: nothing to wait for, unknown id, unknown option");
}

static void
test_sigchld(void)
{
	pid_t pid;

	catch_signal(SIGCHLD, SA_SIGINFO | SA_RESTART);
	pid = child_start(count_for_ever);
	(void)kill(pid, SIGSTOP);
	(void)wait_for(pid, WUNTRACED);
	ok(calls == 1 && seen.si_code == CLD_STOPPED && seen.si_pid == pid &&
		seen.si_status == SIGSTOP,
	    "F75 SIGCHLD tells of a stop");
	(void)kill(pid, SIGCONT);
	ok(calls == 2 && seen.si_code == CLD_CONTINUED, "F75 of going on");
	(void)kill(pid, SIGKILL);
	(void)wait_for(pid, 0);
	ok(calls == 3 && seen.si_code == CLD_KILLED &&
		seen.si_status == SIGKILL && seen.si_pid == pid,
	    "F75 and of the end");
	catch_signal(SIGCHLD, SA_SIGINFO | SA_RESTART | SA_NOCLDSTOP);
	pid = child_start(count_for_ever);
	(void)kill(pid, SIGSTOP);
	(void)wait_for(pid, WUNTRACED);
	(void)kill(pid, SIGCONT);
	(void)wait_for(pid, WCONTINUED);
	is(calls, 0, "F75 with SA_NOCLDSTOP of the end only");
	(void)kill(pid, SIGKILL);
	(void)wait_for(pid, 0);
	is(calls, 1, "F75 of that still");
}

static int
exits_with_3(void)
{
	return 3;
}

static void
test_no_zombies(void)
{
	catch_signal(SIGCHLD, SA_NOCLDWAIT | SA_RESTART);
	errno = 0;
	ok(waitpid(child_start(exits_with_3), NULL, 0) == -1 && errno == ECHILD,
	    "F71 SA_NOCLDWAIT leaves no zombies");
	(void)signal(SIGCHLD, SIG_IGN);
	errno = 0;
	ok(waitpid(child_start(exits_with_3), NULL, 0) == -1 && errno == ECHILD,
	    "F71 nor does ignoring SIGCHLD");
	(void)signal(SIGCHLD, SIG_DFL);
	is(child_status(exits_with_3), EXITED(3), "F71 the default does");
}

/* waitpid() interrupted: its result, and whether the handler ran. */
static int
wait_interrupted(int flags)
{
	pid_t child = child_start(count_for_ever), sender, killer;
	int found;

	catch_signal(SIGUSR1, flags);
	sender = nag(SIGUSR1);
	killer = fork();
	if (killer == 0) {
		(void)usleep(8 * A_WHILE * 1000);
		_exit(kill(child, SIGKILL) != 0);
	}
	errno = 0;
	found = waitpid(child, NULL, 0) == child ? 0 : errno;
	nag_end(sender);
	(void)status_of(killer);
	if (found != 0)
		(void)status_of(child);
	return calls > 0 ? found : -1;
}

static void
test_interrupted(void)
{
	is(wait_interrupted(0), EINTR, "F70 F75 a handler ends waitpid");
	is(wait_interrupted(SA_RESTART), 0, "F75 but not with SA_RESTART");
}

/* Blocked in a read that nobody will ever end. */
static int
reads_the_console(void)
{
	char line[8];

	shared[0] = 1;
	return read(STDIN_FILENO, line, sizeof(line)) == -1 && errno == EINTR
		   ? 4
		   : 5;
}

static int
reads_with_handler(void)
{
	catch_signal(SIGUSR1, 0);
	return reads_the_console();
}

static int
reads_with_restart(void)
{
	catch_signal(SIGUSR1, SA_RESTART);
	return reads_the_console();
}

/* A child that is blocked in a read by now. */
static pid_t
reader_start(int (*run)(void))
{
	pid_t pid;

	shared[0] = 0;
	pid = child_start(run);
	(void)wait_flag(shared);
	(void)usleep(SHORT * 1000);
	return pid;
}

/* The status of a reader that gets signals until it ends. */
static int
read_interrupted(void)
{
	pid_t pid = reader_start(reads_with_handler);
	uint64_t start = milliseconds();
	int status = -1;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (milliseconds() - start > MUCH)
			(void)kill(pid, SIGKILL);
		(void)kill(pid, SIGUSR1);
		(void)usleep(SHORT * 1000);
	}
	return status;
}

static void
test_reader(void)
{
	pid_t pid = reader_start(reads_the_console);

	(void)kill(pid, SIGSTOP);
	is(wait_for(pid, WUNTRACED), STOPPED(SIGSTOP),
	    "F75 a child that is blocked in read stops");
	(void)kill(pid, SIGCONT);
	(void)usleep(SHORT * 1000);
	is(waitpid(pid, NULL, WNOHANG), 0,
	    "F75 after SIGCONT it reads on, and sees no EINTR");
	(void)kill(pid, SIGKILL);
	is(wait_for(pid, 0), SIGKILL, "F75 and can be killed there");
	is(read_interrupted(), EXITED(4), "F75 a handler ends a read");
	pid = reader_start(reads_with_restart);
	(void)kill(pid, SIGUSR1);
	(void)usleep(SHORT * 1000);
	is(waitpid(pid, NULL, WNOHANG), 0, "F75 but not with SA_RESTART");
	(void)kill(pid, SIGKILL);
	(void)wait_for(pid, 0);
}

static int
sleeps(void)
{
	const struct timespec time = {.tv_nsec = 5 * SHORT * 1000000};

	return nanosleep(&time, NULL) == 0 ? 0 : 1;
}

static void
test_sleeper(void)
{
	uint64_t start = milliseconds();
	pid_t pid = child_start(sleeps);

	(void)usleep(SHORT * 1000);
	(void)kill(pid, SIGSTOP);
	(void)wait_for(pid, WUNTRACED);
	(void)kill(pid, SIGCONT);
	is(wait_for(pid, 0), EXITED(0), "F75 a stop does not end nanosleep");
	ok(milliseconds() - start >= 5 * SHORT, "F75 nor shorten it");
}

static int
stops_itself(void)
{
	(void)setpgid(0, 0);
	(void)raise(SIGTSTP);
	(void)raise(SIGTTIN);
	(void)raise(SIGTTOU);
	return 6;
}

static int
does_not_stop(void)
{
	/* In a session of its own, nobody would let it go on. */
	(void)setsid();
	(void)raise(SIGTSTP);
	return 7;
}

static void
test_terminal_stops(void)
{
	const int signals[] = {SIGTSTP, SIGTTIN, SIGTTOU};
	pid_t pid = child_start(stops_itself);
	bool all = true;

	for (size_t i = 0; i < LENGTH(signals); i++) {
		all = wait_for(pid, WUNTRACED) == STOPPED(signals[i]) && all;
		(void)kill(pid, SIGCONT);
	}
	ok(all && wait_for(pid, 0) == EXITED(6),
	    "F75 SIGTSTP, SIGTTIN and SIGTTOU stop by default");
	is(child_status(does_not_stop), EXITED(7),
	    "F75 but not in an orphaned process group");
}

static int
waits_for_flag(void)
{
	return wait_flag(shared) ? 0 : 1;
}

static void
test_groups(void)
{
	int status = -1;
	pid_t a, b;

	shared[0] = 0;
	a = child_start(waits_for_flag);
	b = child_start(waits_for_flag);
	ok(setpgid(a, 0) == 0 && getpgid(a) == a && setpgid(b, a) == 0 &&
		getpgid(b) == a,
	    "F76 a parent puts its children into a process group");
	ok(waitpid(0, NULL, WNOHANG) == -1 && errno == ECHILD,
	    "F76 which is not its own any more");
	ok(kill(-a, SIGTERM) == 0 && wait_for(a, 0) == SIGTERM &&
		waitpid(-a, &status, 0) == b && status == SIGTERM,
	    "F76 a signal to the group reaches all");
	errno = 0;
	ok(kill(-a, 0) == -1 && errno == ESRCH,
	    "F76 and then there is no such group");
}

/* What main() does once executed: waits to be killed. */
static int
be_executed(void)
{
	while (pause() == -1)
		continue;
	return 1;
}

static int
executes(void)
{
	(void)execl(self, self, "executed", (char *)NULL);
	return 9;
}

static int
leads_a_session(void)
{
	pid_t pid = getpid();

	if (setsid() != pid || getsid(0) != pid || getpgrp() != pid)
		return 1;
	errno = 0;
	if (setsid() != -1 || errno != EPERM)
		return 2;
	errno = 0;
	if (setpgid(0, getpgid(getppid())) != -1 || errno != EPERM)
		return 3;
	shared[0] = 1;
	for (;;)
		(void)pause();
}

static int
leads_a_group(void)
{
	errno = 0;
	return setpgid(0, 0) == 0 && setsid() == -1 && errno == EPERM &&
	       setpgrp() == getpid();
}

static bool
setpgid_fails(pid_t pid, pid_t pgid, int error)
{
	errno = 0;
	return setpgid(pid, pgid) == -1 && errno == error;
}

static void
test_group_errors(void)
{
	uint64_t start = milliseconds();
	pid_t pid = child_start(executes);

	ok(setpgid_fails(0, -1, EINVAL) && setpgid_fails(NOBODY, 0, ESRCH) &&
		setpgid_fails(getppid(), 0, ESRCH),
	    "F76 setpgid: EINVAL, ESRCH");
	ok(setpgid_fails(0, NOBODY, EPERM), "F76 EPERM: no such group");
	while (setpgid(pid, 0) == 0 && milliseconds() - start < MUCH)
		(void)usleep(1000);
	ok(setpgid_fails(pid, 0, EACCES),
	    "F76 EACCES: the child has executed a program");
	(void)kill(pid, SIGKILL);
	(void)wait_for(pid, 0);
	shared[0] = 0;
	pid = child_start(leads_a_session);
	ok(wait_flag(shared) && getsid(pid) == pid,
	    "F76 setsid leads a session and a group");
	ok(setpgid_fails(pid, 0, EPERM) && setpgid_fails(0, pid, EPERM),
	    "F76 EPERM: another session");
	(void)kill(pid, SIGKILL);
	is(wait_for(pid, 0), SIGKILL, "F76 a session leader can be killed");
	is(child_status(leads_a_group), EXITED(1),
	    "F76 a group's leader can't leave its session");
	errno = 0;
	ok(tcgetpgrp(9) == -1 && errno == EBADF && tcsetpgrp(9, 1) == -1 &&
		errno == EBADF,
	    "F76 descriptor 9 is no terminal");
}

int
main(int argc, char **argv)
{
	self = argv[0];
	if (argc > 1)
		return be_executed();
	shared = shared_page();
	test_stop();
	test_waitid();
	test_sigchld();
	test_no_zombies();
	test_interrupted();
	test_reader();
	test_sleeper();
	test_terminal_stops();
	test_groups();
	test_group_errors();
	return tap_end();
}
