/* SPDX-License-Identifier: MIT */
#include "harness/stress/runtime/session.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

enum { READ_BYTES = 1 << 16, WAIT_MS = 50 };

static double seconds_of(clockid_t clock)
{
    struct timespec now = {0};
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Returns the command as the shell gets it. The shell gives its own process to a command that is a single one, so
 * that we see its processor time and its signals. The caller frees it. */
static char *command_of(const char *command)
{
    bool single = !strpbrk(command, ";&|<>()`$=\n");
    return text_format("%s%s", single ? "exec " : "", command);
}

/*
 * In the child: tells the guard who it is, joins the group, and becomes the shell. Where the group is gone, our parent
 * has ended.
 */
__attribute__((noreturn)) static void become(const char *command, pid_t parent, const struct session *session,
                                             int requests, int answers)
{
    pid_t self = getpid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (write(session->lifeline, &self, sizeof self) != sizeof self || setpgid(0, session->guard) < 0 ||
        getppid() != parent)
        _exit(127);
    signal(SIGPIPE, SIG_DFL);
    dup2(requests, STDIN_FILENO);
    dup2(answers, STDOUT_FILENO);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

/*
 * Waits until the process that has the other end of `lifeline` closes it or ends. Then ends the group, and that which
 * the runtime may have made of its own, as timeout(1) does. The process that came last through the pipe is the
 * runtime; 0: it has been reaped.
 */
__attribute__((noreturn)) static void guard_run(int lifeline)
{
    pid_t runtime = 0;
    if (setpgid(0, 0) < 0)
        _exit(1);
    dup2(lifeline, STDIN_FILENO);
    close_range(STDIN_FILENO + 1, ~0u, 0); /* nobody waits for the end of what these lead to */
    for (ssize_t got = 1; got > 0 || (got < 0 && errno == EINTR);)
        got = read(STDIN_FILENO, &runtime, sizeof runtime);
    if (runtime > 0)
        kill(-runtime, SIGKILL);
    kill(0, SIGKILL);
    _exit(0);
}

/*
 * Starts the guard, which makes the group. It is there before the runtime joins, so that no runtime is ever
 * without one. Returns 0, or -1 with errno set.
 */
static int guard_start(struct session *session)
{
    int lifeline[2];
    if (pipe2(lifeline, O_CLOEXEC) < 0)
        return -1;
    pid_t guard = fork();
    if (guard == 0)
        guard_run(lifeline[0]);
    close(lifeline[0]);
    if (guard < 0) {
        close(lifeline[1]);
        return -1;
    }
    setpgid(guard, guard); /* as the guard does, whoever is first */
    session->guard = guard;
    session->lifeline = lifeline[1];
    return 0;
}

static void reap(pid_t pid)
{
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

/* Ends what is left of the group, and its guard. */
static void guard_end(struct session *session)
{
    close(session->lifeline);
    reap(session->guard);
}

/* Starts the runtime between two pipes that are open. Returns 0, or -1 with errno set. */
static int runtime_start(struct session *session, const char *command, int requests, int answers)
{
    pid_t parent = getpid();
    if (guard_start(session) < 0)
        return -1;
    session->pid = fork();
    if (session->pid == 0)
        become(command, parent, session, requests, answers);
    if (session->pid > 0) {
        setpgid(session->pid, session->guard);
        return 0;
    }
    int error = errno;
    guard_end(session);
    session->pid = 0;
    errno = error;
    return -1;
}

/* Closes both ends of a pipe. */
static void pipe_close(const int ends[static 2])
{
    close(ends[0]);
    close(ends[1]);
}

int session_open(struct session *session, const char *command, double limit)
{
    int requests[2], answers[2];
    *session = (struct session){.limit = limit};
    if (pipe2(requests, O_CLOEXEC) < 0)
        return -1;
    if (pipe2(answers, O_CLOEXEC) < 0) {
        pipe_close(requests);
        return -1;
    }
    signal(SIGPIPE, SIG_IGN); /* a runtime that has ended is seen where its answers end */
    char *shell_command = command_of(command);
    int status = runtime_start(session, shell_command, requests[0], answers[1]), error = errno;
    free(shell_command);
    if (status < 0) {
        pipe_close(requests);
        pipe_close(answers);
        errno = error;
        return -1;
    }
    close(requests[0]);
    close(answers[1]);
    session->requests = requests[1];
    session->answers = answers[0];
    fcntl(session->requests, F_SETFL, O_NONBLOCK);
    if (clock_getcpuclockid(session->pid, &session->clock) != 0)
        session->clock = CLOCK_MONOTONIC;
    return 0;
}

/* ---- one exchange ---- */

struct exchange {
    struct session *session;
    const char *text;
    size_t length, sent;
    session_answer answer;
    void *context;
    bool done;
    double busy;       /* its processor time, as last seen */
    double busy_begin; /* the same at the begin */
    double moved;      /* the time when it last computed, read or wrote */
};

static void send_some(struct exchange *exchange)
{
    ssize_t sent = write(exchange->session->requests, exchange->text + exchange->sent,
                         exchange->length - exchange->sent);
    if (sent > 0)
        exchange->sent += (size_t)sent;
    else if (errno != EAGAIN && errno != EINTR)
        exchange->sent = exchange->length; /* nobody reads on */
}

/* Hands on each whole line, and keeps the rest. */
static void lines_take(struct exchange *exchange)
{
    struct session *session = exchange->session;
    char *line = session->line;
    char *end;
    while (!exchange->done && (end = memchr(line, '\n', session->length - (size_t)(line - session->line)))) {
        *end = '\0';
        exchange->done = !exchange->answer(exchange->context, line);
        line = end + 1;
    }
    session->length -= (size_t)(line - session->line);
    memmove(session->line, line, session->length);
}

/* Returns false at the end of the answers. */
static bool receive_some(struct exchange *exchange)
{
    struct session *session = exchange->session;
    if (session->capacity - session->length < READ_BYTES) {
        session->capacity = session->capacity * 2 + READ_BYTES;
        session->line = memory_grow(session->line, session->capacity, 1);
    }
    ssize_t got =
        read(session->answers, session->line + session->length, session->capacity - session->length);
    if (got < 0 && errno == EINTR)
        return true;
    if (got <= 0)
        return false;
    session->length += (size_t)got;
    lines_take(exchange);
    return true;
}

/* Returns SESSION_DONE as long as the process may go on. */
static enum session_end time_check(struct exchange *exchange, bool moved)
{
    double limit = exchange->session->limit;
    double now = seconds_of(CLOCK_MONOTONIC);
    double busy = seconds_of(exchange->session->clock);
    if (moved || busy > exchange->busy) {
        exchange->moved = now;
        exchange->busy = busy;
    }
    if (busy - exchange->busy_begin > limit)
        return SESSION_COMPUTES;
    return now - exchange->moved > limit ? SESSION_SILENT : SESSION_DONE;
}

enum session_end session_exchange(struct session *session, const char *text, size_t length,
                                  session_answer answer, void *context)
{
    double busy = seconds_of(session->clock);
    struct exchange exchange = {.session = session,
                                .text = text,
                                .length = length,
                                .answer = answer,
                                .context = context,
                                .busy = busy,
                                .busy_begin = busy,
                                .moved = seconds_of(CLOCK_MONOTONIC)};
    while (!exchange.done) {
        struct pollfd polls[2] = {
            {.fd = session->answers, .events = POLLIN},
            {.fd = exchange.sent < length ? session->requests : -1, .events = POLLOUT},
        };
        int ready = poll(polls, 2, WAIT_MS);
        if (ready > 0 && polls[1].revents)
            send_some(&exchange);
        if (ready > 0 && polls[0].revents && !receive_some(&exchange))
            return SESSION_ENDED;
        enum session_end end = time_check(&exchange, ready > 0);
        if (end != SESSION_DONE && !exchange.done)
            return end;
    }
    return SESSION_DONE;
}

/* ---- the end ---- */

static bool has_ended(struct session *session)
{
    siginfo_t about = {0};
    return waitid(P_PID, (id_t)session->pid, &about, WEXITED | WNOHANG | WNOWAIT) == 0 && about.si_pid != 0;
}

/* Reaps the runtime, which has ended. Before that its number can be no other's, and so what it leaves is ended by it. */
static int runtime_reap(struct session *session)
{
    int status = 0;
    pid_t none = 0;
    kill(-session->pid, SIGKILL);
    while (write(session->lifeline, &none, sizeof none) < 0 && errno == EINTR)
        ;
    while (waitpid(session->pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

static void session_free(struct session *session)
{
    guard_end(session);
    close(session->requests);
    close(session->answers);
    free(session->line);
    *session = (struct session){0};
}

int session_wait(struct session *session, bool *ret_killed)
{
    int status = 0;
    double end = seconds_of(CLOCK_MONOTONIC) + session->limit;
    close(session->requests);
    session->requests = -1;
    *ret_killed = false;
    while (!has_ended(session) && !*ret_killed) {
        *ret_killed = seconds_of(CLOCK_MONOTONIC) > end;
        if (!*ret_killed)
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    if (*ret_killed) {
        session_kill(session);
    } else {
        status = runtime_reap(session);
        session_free(session);
    }
    return status;
}

void session_kill(struct session *session)
{
    if (!session->pid)
        return;
    kill(session->pid, SIGKILL);
    runtime_reap(session);
    session_free(session);
}
