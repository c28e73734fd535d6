/* SPDX-License-Identifier: MIT */
#include "harness/campaign/process/subprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "base/unread.h"
#include "harness/campaign/process/orphans.h"

static int interrupts = -1; /* a signalfd once they are held */
static int interrupting_signal;

static void interrupting_signals(sigset_t *ret_set)
{
    sigemptyset(ret_set);
    sigaddset(ret_set, SIGINT);
    sigaddset(ret_set, SIGTERM);
    sigaddset(ret_set, SIGHUP);
}

void subprocess_interrupts_hold(void)
{
    sigset_t set;
    interrupting_signals(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
    interrupts = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

void subprocess_interrupts_release(void)
{
    sigset_t set;
    if (interrupts < 0)
        return;
    close(interrupts);
    interrupts = -1;
    interrupting_signals(&set);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    if (interrupting_signal) /* it will not come again: who sent it waits no longer for a reader */
        unread_end_by(interrupting_signal);
}

int subprocess_interrupted(void)
{
    struct signalfd_siginfo info;
    if (interrupts >= 0 && read(interrupts, &info, sizeof(info)) == sizeof(info))
        interrupting_signal = (int)info.ssi_signo;
    return interrupting_signal;
}

int subprocess_interrupts_wait(int milliseconds)
{
    poll(&(struct pollfd){.fd = interrupts, .events = POLLIN}, 1, milliseconds);
    return subprocess_interrupted();
}

/* Standard streams, the one descriptor that the command keeps, and the folder in which it runs. */
static void descriptors_set(const struct subprocess_request *request)
{
    int null = open("/dev/null", O_RDWR);
    unsigned next = STDERR_FILENO + 1;
    if (request->folder)
        fchdir(request->folder);
    dup2(request->input ? request->input : null, STDIN_FILENO);
    dup2(request->output >= 0 ? request->output : null, STDOUT_FILENO);
    dup2(request->error >= 0 ? request->error : null, STDERR_FILENO);
    if (request->kept) {
        dup2(request->kept, SUBPROCESS_KEPT);
        fcntl(SUBPROCESS_KEPT, F_SETFD, 0); /* which dup2() leaves alone where both are the same */
        next = SUBPROCESS_KEPT + 1;
    }
    close_range(next, ~0U, 0);
}

/*
 * Ties this process's group to the guard, which alone has the other end of the pipe `tie`. The kernel closes
 * that end as the guard dies, in whatever way, and then kills the whole group at once (F_SETSIG, fcntl(2)).
 * So it gets a process, too, that was forked a moment before, and that no program has been put into yet.
 * Whoever is in the group inherits this end, and no one reads it. Returns false where the guard has died
 * already, or no group can be tied.
 */
static bool group_tie(int tie)
{
    struct pollfd end = {.fd = tie};
    return fcntl(tie, F_SETOWN, -getpid()) == 0 && fcntl(tie, F_SETSIG, SIGKILL) == 0 &&
           fcntl(tie, F_SETFL, O_RDONLY | O_ASYNC) == 0 && poll(&end, 1, 0) == 0;
}

/* Joins the control group of which this is the file of members. */
static bool group_join(const char *members)
{
    int file = open(members, O_WRONLY | O_CLOEXEC);
    bool joined = file >= 0 && write(file, "0", 1) == 1;
    if (file >= 0)
        close(file);
    return joined;
}

__attribute__((noreturn)) static void command_exec(const struct subprocess_request *request, int tie)
{
    sigset_t none;
    sigemptyset(&none);
    setpgid(0, 0); /* whoever signals this group does not reach the guard */
    if (!group_tie(tie))
        _exit(127);
    if (request->members && !group_join(request->members)) {
        dprintf(STDERR_FILENO, "%s: %s\n", request->members, strerror(errno));
        _exit(127);
    }
    signal(SIGTERM, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error that the command can say */
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (request->fixed_addresses)
        personality(ADDR_NO_RANDOMIZE);
    if (request->processors)
        sched_setaffinity(0, sizeof(*request->processors), request->processors);
    if (request->envp)
        execve(request->argv[0], request->argv, request->envp);
    else
        execv(request->argv[0], request->argv);
    dprintf(STDERR_FILENO, "%s: %s\n", request->argv[0], strerror(errno));
    _exit(127);
}

/* What the guard says, in memory that both share. */
struct guard_report {
    bool ended; /* the command ended by itself, and nothing is left of it */
    int status; /* as waitpid() has it */
    int error;  /* errno, where the command could not be started; else 0 */
};

/* Waits until the command ends, or a signal tells the guard to end it. Whether it ended by itself. */
static bool command_await(pid_t command, const sigset_t *signals, int *ret_status)
{
    while (waitpid(command, ret_status, WNOHANG) == 0) {
        int signal;
        if (sigwait(signals, &signal) == 0 && signal == SIGTERM)
            return false;
    }
    return true;
}

/*
 * The guard has the command for its child, and each process that the command leaves behind. It ends all of
 * them when the command has ended, and when it gets SIGTERM, which the kernel sends it when its parent dies.
 * The kernel could not send the measured process that signal: it is hyperfine's child. When the guard is
 * killed as well, the kernel ends the command's group (group_tie()).
 */
__attribute__((noreturn)) static void guard_run(const struct subprocess_request *request, pid_t parent,
                                                struct guard_report *report)
{
    static const struct orphans_children none;
    sigset_t signals;
    int tie[2];
    setpgid(0, 0);
    signal(SIGCHLD, SIG_DFL); /* one that is ignored would take the status away */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    orphans_adopt();
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(127);
    descriptors_set(request);
    pid_t command = pipe(tie) == 0 && fcntl(tie[1], F_SETFD, FD_CLOEXEC) == 0 ? fork() : -1;
    if (command == 0) {
        close(tie[1]);
        command_exec(request, tie[0]);
    }
    if (command > 0) {
        bool ended = command_await(command, &signals, &report->status);
        orphans_end(&none);
        report->ended = ended;
    } else {
        report->error = errno;
    }
    _exit(0);
}

static subprocess_teller *teller;
static void *teller_context;
static int64_t told_ns; /* when it was told, or was told something else */

void subprocess_tell(subprocess_teller *tell, void *context, int64_t since_ns)
{
    teller = tell;
    teller_context = context;
    told_ns = since_ns;
}

static int64_t clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* Tells that a command goes on, where that is due. */
static void wait_tell(int64_t waited_ns, int64_t timeout_ns)
{
    int64_t now = clock_now();
    if (!teller || now - told_ns < SUBPROCESS_TOLD)
        return;
    teller(teller_context, waited_ns, timeout_ns);
    told_ns = now;
}

/* The same as guard_await() where no descriptor is left for the guard: looks each 10 ms. */
static enum subprocess_end guard_poll(pid_t guard, int64_t timeout_ns)
{
    siginfo_t about = {0};
    for (int64_t waited_ns = 0; !timeout_ns || waited_ns < timeout_ns; waited_ns += 10000000) {
        if (waitid(P_PID, (id_t)guard, &about, WEXITED | WNOHANG | WNOWAIT) != 0 || about.si_pid == guard)
            return SUBPROCESS_EXITED;
        if (subprocess_interrupted())
            return SUBPROCESS_INTERRUPTED;
        wait_tell(waited_ns, timeout_ns);
        usleep(10000);
    }
    return SUBPROCESS_TIMEOUT;
}

/*
 * Waits until an event is ready, or until the limit, and tells meanwhile that it does. Returns what ppoll() does: 0 at
 * the limit.
 */
static int events_await(struct pollfd *events, nfds_t count, int64_t timeout_ns)
{
    int64_t begin = clock_now();
    for (;;) {
        int64_t now = clock_now(), waited = now - begin;
        if (timeout_ns && waited >= timeout_ns)
            return 0;
        wait_tell(waited, timeout_ns);
        int64_t left = timeout_ns ? timeout_ns - waited : INT64_MAX;
        if (teller && told_ns + SUBPROCESS_TOLD - now < left)
            left = told_ns + SUBPROCESS_TOLD > now ? told_ns + SUBPROCESS_TOLD - now : 0;
        struct timespec limit = {left / 1000000000, left % 1000000000};
        int ready = ppoll(events, count, left == INT64_MAX ? NULL : &limit, NULL);
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return ready;
    }
}

/* Waits for the guard, the time limit or an interrupt, whichever comes first. */
static enum subprocess_end guard_await(pid_t guard, int64_t timeout_ns)
{
    int watch = pidfd_open(guard, 0);
    if (watch < 0)
        return guard_poll(guard, timeout_ns);
    struct pollfd events[] = {{.fd = watch, .events = POLLIN}, {.fd = interrupts, .events = POLLIN}};
    int ready = events_await(events, sizeof(events) / sizeof(events[0]), timeout_ns);
    close(watch);
    if (ready == 0)
        return SUBPROCESS_TIMEOUT;
    return events[0].revents ? SUBPROCESS_EXITED : SUBPROCESS_INTERRUPTED;
}

/* How a command ended whose guard has ended. */
static enum subprocess_end report_read(const struct guard_report *report, int *ret_code)
{
    *ret_code = report->error;
    if (report->error)
        return SUBPROCESS_NOT_STARTED;
    if (!report->ended)
        return SUBPROCESS_LOST;
    *ret_code = WIFSIGNALED(report->status) ? WTERMSIG(report->status) : WEXITSTATUS(report->status);
    return WIFSIGNALED(report->status) ? SUBPROCESS_SIGNALLED : SUBPROCESS_EXITED;
}

/*
 * Waits for a guard to its end, after telling it to end its command if that goes on. What a guard that was
 * killed leaves behind is this process's to end.
 */
static enum subprocess_end guard_finish(pid_t guard, enum subprocess_end end,
                                        const struct guard_report *report,
                                        const struct orphans_children *others, int *ret_code)
{
    int status = 0;
    if (end != SUBPROCESS_EXITED) {
        kill(guard, SIGTERM);
        kill(guard, SIGCONT); /* a guard that somebody stopped goes on */
    }
    while (waitpid(guard, &status, 0) < 0 && errno == EINTR)
        ;
    if (status != 0)
        orphans_end(others);
    subprocess_interrupted();
    return end == SUBPROCESS_EXITED ? report_read(report, ret_code) : end;
}

enum subprocess_end subprocess_run(const struct subprocess_request *request, int *ret_code)
{
    pid_t parent = getpid();
    *ret_code = 0;
    if (subprocess_interrupted())
        return SUBPROCESS_INTERRUPTED;
    fflush(NULL);
    struct guard_report *report =
        mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t guard = -1;
    struct orphans_children others = orphans_list();
    enum subprocess_end end = SUBPROCESS_NOT_STARTED;
    orphans_adopt();
    if (report != MAP_FAILED)
        guard = fork();
    if (guard == 0)
        guard_run(request, parent, report);
    if (guard < 0)
        *ret_code = errno;
    else
        end = guard_finish(guard, guard_await(guard, request->timeout_ns), report, &others, ret_code);
    orphans_free(&others);
    if (report != MAP_FAILED)
        munmap(report, sizeof(*report));
    return end;
}

/*
 * Kills a child, and waits for its end for 40 ms: the system takes longer to free many GiB of memory, and
 * this process need not be there.
 */
static void call_kill(pid_t child)
{
    kill(child, SIGKILL);
    for (int i = 0; i < 40 && waitpid(child, NULL, WNOHANG) == 0; i++)
        usleep(1000);
}

enum subprocess_end subprocess_call(int (*call)(void *context), void *context, int *ret_code)
{
    int status = 0;
    pid_t parent = getpid();
    *ret_code = 0;
    if (subprocess_interrupted())
        return SUBPROCESS_INTERRUPTED;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        _exit(getppid() == parent ? call(context) : 127);
    }
    if (child < 0) {
        *ret_code = errno;
        return SUBPROCESS_NOT_STARTED;
    }
    enum subprocess_end end = guard_await(child, 0);
    if (end != SUBPROCESS_EXITED)
        call_kill(child);
    else
        while (waitpid(child, &status, 0) < 0 && errno == EINTR)
            ;
    subprocess_interrupted();
    if (end != SUBPROCESS_EXITED)
        return end;
    *ret_code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    return WIFSIGNALED(status) ? SUBPROCESS_SIGNALLED : SUBPROCESS_EXITED;
}

char *subprocess_explain(enum subprocess_end end, int code, const char *said, int64_t timeout_ns)
{
    const char *name = end == SUBPROCESS_SIGNALLED ? strsignal(code) : NULL;
    switch (end) {
    case SUBPROCESS_EXITED:
        return text_format("ended with status %d: %s", code, said ? said : "it says nothing");
    case SUBPROCESS_SIGNALLED:
        return text_format("killed by signal %d (%s)", code, name ? name : "unknown");
    case SUBPROCESS_TIMEOUT:
        return text_format("not done after %g s", (double)timeout_ns / 1e9);
    case SUBPROCESS_INTERRUPTED:
        return text_format("interrupted");
    case SUBPROCESS_LOST:
        return text_format("ended, because its guard was killed");
    case SUBPROCESS_NOT_STARTED:
        return text_format("not started: %s", strerror(code));
    }
    return text_format("unknown");
}

char *subprocess_output(int descriptor)
{
    size_t size;
    FILE *file = fdopen(descriptor, "r");
    char *text = file ? text_read(file, &size) : NULL;
    if (file)
        fclose(file);
    return text ? text : text_format("%s", "");
}

enum subprocess_end subprocess_capture_of(const struct subprocess_request *request, int *ret_code,
                                          char **ret_output, char **ret_error)
{
    struct subprocess_request captured = *request;
    captured.output = memfd_create("output", MFD_CLOEXEC);
    captured.error = memfd_create("error", MFD_CLOEXEC);
    enum subprocess_end end = subprocess_run(&captured, ret_code);
    char *output = subprocess_output(captured.output), *error = subprocess_output(captured.error);
    *ret_output = output;
    if (ret_error)
        *ret_error = error;
    else
        free(error);
    return end;
}

enum subprocess_end subprocess_capture(char *const *argv, char *const *envp, int64_t timeout_ns,
                                       int *ret_code, char **ret_output, char **ret_error)
{
    struct subprocess_request request = {.argv = argv, .envp = envp, .timeout_ns = timeout_ns};
    return subprocess_capture_of(&request, ret_code, ret_output, ret_error);
}

int subprocess_answer(char *const *argv, const char *about, char **ret_output)
{
    char *error;
    int code, status = 0;
    enum subprocess_end end = subprocess_capture(argv, NULL, SUBPROCESS_QUICK, &code, ret_output, &error);
    if (end == SUBPROCESS_INTERRUPTED) {
        status = MESSAGE_INTERRUPTED;
    } else if (end != SUBPROCESS_EXITED || code != 0) {
        char *how = subprocess_explain(end, code, subprocess_line_last(error, NULL), SUBPROCESS_QUICK);
        status = message_bad_input("%s: %s", about, how);
        free(how);
    }
    free(error);
    if (status != 0) {
        free(*ret_output);
        *ret_output = NULL;
    }
    return status;
}

char *subprocess_line_last(char *text, const char *except)
{
    char *rest = text, *line, *found = NULL;
    while ((line = strsep(&rest, "\n")))
        if (line[strspn(line, " \t\r")] && !(except && strstr(line, except)))
            found = line + strspn(line, " \t\r");
    return found;
}
