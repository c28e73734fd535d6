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
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"

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
}

int subprocess_interrupted(void)
{
    struct signalfd_siginfo info;
    if (interrupts >= 0 && read(interrupts, &info, sizeof(info)) == sizeof(info))
        interrupting_signal = (int)info.ssi_signo;
    return interrupting_signal;
}

static void descriptors_set(const struct subprocess_request *request)
{
    int null = open("/dev/null", O_RDWR);
    dup2(null, STDIN_FILENO);
    dup2(request->output >= 0 ? request->output : null, STDOUT_FILENO);
    dup2(request->error >= 0 ? request->error : null, STDERR_FILENO);
    close_range(3, ~0U, 0);
}

__attribute__((noreturn)) static void command_exec(const struct subprocess_request *request)
{
    sigset_t none;
    sigemptyset(&none);
    signal(SIGTERM, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
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

static void group_kill(int signal)
{
    kill(0, SIGKILL);
}

/*
 * The guard leads the group, waits for the command and passes on how it ended. When its parent dies, the
 * kernel sends the guard SIGTERM, and it kills the group. The kernel could not send the measured process that
 * signal: it is hyperfine's child.
 */
__attribute__((noreturn)) static void guard_run(const struct subprocess_request *request, pid_t parent)
{
    sigset_t stop;
    int status = 0;
    setpgid(0, 0);
    signal(SIGTERM, group_kill);
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigprocmask(SIG_UNBLOCK, &stop, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(127);
    descriptors_set(request);
    pid_t command = fork();
    if (command == 0)
        command_exec(request);
    if (command < 0)
        _exit(127);
    while (waitpid(command, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFSIGNALED(status)) {
        prctl(PR_SET_DUMPABLE, 0);
        signal(WTERMSIG(status), SIG_DFL);
        kill(getpid(), WTERMSIG(status));
    }
    _exit(WEXITSTATUS(status));
}

/* Waits for the guard, the time limit or an interrupt, whichever comes first. */
static enum subprocess_end guard_await(pid_t guard, int64_t timeout_ns)
{
    int watch = pidfd_open(guard, 0);
    struct pollfd events[] = {{.fd = watch, .events = POLLIN}, {.fd = interrupts, .events = POLLIN}};
    struct timespec limit = {timeout_ns / 1000000000, timeout_ns % 1000000000};
    int ready;
    do
        ready = ppoll(events, 2, timeout_ns ? &limit : NULL, NULL);
    while (ready < 0 && errno == EINTR);
    close(watch);
    if (ready == 0)
        return SUBPROCESS_TIMEOUT;
    return events[0].revents ? SUBPROCESS_EXITED : SUBPROCESS_INTERRUPTED;
}

enum subprocess_end subprocess_run(const struct subprocess_request *request, int *ret_code)
{
    int status = 0;
    pid_t parent = getpid();
    *ret_code = 0;
    if (subprocess_interrupted())
        return SUBPROCESS_INTERRUPTED;
    fflush(NULL);
    pid_t guard = fork();
    if (guard == 0)
        guard_run(request, parent);
    if (guard < 0) {
        *ret_code = errno;
        return SUBPROCESS_NOT_STARTED;
    }
    setpgid(guard, guard); /* in both, so that the group exists before either goes on */
    enum subprocess_end end = guard_await(guard, request->timeout_ns);
    if (end != SUBPROCESS_EXITED)
        kill(-guard, SIGKILL);
    while (waitpid(guard, &status, 0) < 0 && errno == EINTR)
        ;
    subprocess_interrupted();
    if (end != SUBPROCESS_EXITED)
        return end;
    *ret_code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    return WIFSIGNALED(status) ? SUBPROCESS_SIGNALLED : SUBPROCESS_EXITED;
}

/* Kills a child, and waits for its end for 40 ms: the system takes longer to free many GiB of memory, and this
 * process need not be there. */
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

char *subprocess_output(int descriptor)
{
    size_t size;
    FILE *file = fdopen(descriptor, "r");
    char *text = file ? text_read(file, &size) : NULL;
    if (file)
        fclose(file);
    return text ? text : text_format("%s", "");
}

enum subprocess_end subprocess_capture(char *const *argv, char *const *envp, int64_t timeout_ns,
                                       int *ret_code, char **ret_output, char **ret_error)
{
    struct subprocess_request request = {
        .argv = argv,
        .envp = envp,
        .output = memfd_create("output", MFD_CLOEXEC),
        .error = memfd_create("error", MFD_CLOEXEC),
        .timeout_ns = timeout_ns,
    };
    enum subprocess_end end = subprocess_run(&request, ret_code);
    char *output = subprocess_output(request.output), *error = subprocess_output(request.error);
    *ret_output = output;
    if (ret_error)
        *ret_error = error;
    else
        free(error);
    return end;
}

char *subprocess_line_last(char *text, const char *except)
{
    char *rest = text, *line, *found = NULL;
    while ((line = strsep(&rest, "\n")))
        if (line[strspn(line, " \t\r")] && !(except && strstr(line, except)))
            found = line + strspn(line, " \t\r");
    return found;
}

char *subprocess_find(const char *name)
{
    const char *path = getenv("PATH");
    while (path && *path) {
        size_t length = strcspn(path, ":");
        char *candidate = text_format("%.*s/%s", (int)length, path, name);
        struct stat about; /* a folder can be executable too */
        if (length && access(candidate, X_OK) == 0 && stat(candidate, &about) == 0 && S_ISREG(about.st_mode))
            return candidate;
        free(candidate);
        path += length + (path[length] == ':');
    }
    return NULL;
}
