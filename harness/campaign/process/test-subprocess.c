/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/process/progress.h"
#include "harness/campaign/process/subprocess.h"
#include "tests/tap.h"

static enum subprocess_end shell(const char *script, int64_t timeout_ns, int *ret_code, char **ret_output,
                                 char **ret_error)
{
    char *argv[] = {(char *)"/bin/sh", (char *)"-c", (char *)script, NULL};
    return subprocess_capture(argv, NULL, timeout_ns, ret_code, ret_output, ret_error);
}

static void check_end(const char *script, enum subprocess_end end, int code, const char *sentence)
{
    char *output, *error;
    int found;
    enum subprocess_end found_end = shell(script, SUBPROCESS_QUICK, &found, &output, &error);
    if (!tap_ok(found_end == end && found == code, "%s", sentence))
        tap_note("end %d, code %d", found_end, found);
    free(output);
    free(error);
}

static void check_output(void)
{
    char *output, *error;
    int code;
    shell("echo out; echo err >&2; cat", SUBPROCESS_QUICK, &code, &output, &error);
    tap_same(output, "out\n", "standard output is captured, and standard input is empty");
    tap_same(error, "err\n", "standard error is captured beside it");
    free(output);
    free(error);
    char lines[] = "one\n  two\nWarning: x\n \n";
    tap_same(subprocess_line_last(lines, "Warning"), "two", "the last line that says something is found");
    char blank[] = "\n \n";
    tap_ok(subprocess_line_last(blank, NULL) == NULL, "there is none in blanks");
}

static void check_answer(void)
{
    char *says[] = {(char *)"/bin/sh", (char *)"-c", (char *)"echo out; echo err >&2", NULL}, *output;
    tap_equal(subprocess_answer(says, "asked", &output), 0, "a command that ends well has answered");
    tap_same(output, "out\n", "with its standard output");
    free(output);
    char *fails[] = {(char *)"/bin/sh", (char *)"-c", (char *)"echo out; echo no such thing >&2; exit 3",
                     NULL};
    tap_equal(subprocess_answer(fails, "asked", &output), MESSAGE_BAD_INPUT, "one that fails is bad input");
    tap_ok(strstr(message_last(), "asked: ") && strstr(message_last(), "no such thing") && !output,
           "in a line that names it and has the last that it said, and there is no answer");
}

/* Whether a process is there, a zombie aside. */
static bool lives(pid_t pid)
{
    char path[64], text[256] = "";
    snprintf(path, sizeof(path), "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    bool read = file && fgets(text, sizeof(text), file);
    if (file)
        fclose(file);
    const char *state = read ? strrchr(text, ')') : NULL;
    return state && state[2] != 'Z';
}

static bool dies_soon(pid_t pid)
{
    for (int i = 0; i < 3000 && lives(pid); i++)
        usleep(10000);
    return !lives(pid);
}

/* A grandchild that outlives its parent, as a measured process would under a killed hyperfine. Where the machine is so busy
 * that the limit ends the program before it has one, the limit is a longer one. */
static void check_timeout(void)
{
    char *output = NULL, *error = NULL;
    int code;
    pid_t grandchild = 0;
    for (int64_t limit = 300000000; grandchild == 0 && limit < 20000000000; limit *= 4) {
        free(output);
        free(error);
        int64_t begin = progress_clock();
        enum subprocess_end end = shell("sleep 60 & echo $!; wait", limit, &code, &output, &error);
        int64_t took = progress_clock() - begin;
        tap_equal(end, SUBPROCESS_TIMEOUT, "a program over its time is stopped");
        tap_ok(took >= limit && took < limit + 5000000000, "at its limit (after %.2f s)", (double)took / 1e9);
        grandchild = atoi(output);
    }
    tap_ok(grandchild > 1 && dies_soon(grandchild), "and its children with it");
    free(output);
    free(error);
}

/* A script whose first line of output is the id of a process that would sleep for a minute. */
static void check_left_behind(const char *script, enum subprocess_end end, const char *sentence)
{
    char *output, *error;
    int code;
    enum subprocess_end found = shell(script, SUBPROCESS_QUICK, &code, &output, &error);
    pid_t sleeper = atoi(output);
    if (!tap_ok(found == end && sleeper > 1 && !lives(sleeper), "%s", sentence))
        tap_note("end %d, process %d %s", found, sleeper, lives(sleeper) ? "lives" : "is gone");
    free(output);
    free(error);
}

/* Starts a process in a session of its own, and goes on when that has said its id. */
#define ELSEWHERE "{ setsid sh -c 'echo $$; exec sleep 60' & } | { read id; echo $id; }"

/* As hyperfine and its guard may be killed, by a person or for want of memory. */
static void check_kills(void)
{
    check_left_behind("sleep 60 & echo $!; kill -KILL $$", SUBPROCESS_SIGNALLED,
                      "when a command is killed, its child has ended before the result is there");
    check_left_behind("sleep 60 & echo $!", SUBPROCESS_EXITED, "so has a child that a command forgets");
    check_left_behind(ELSEWHERE, SUBPROCESS_EXITED, "even one in a session of its own");
    check_left_behind("echo $$; kill -KILL $PPID; exec sleep 60", SUBPROCESS_LOST,
                      "when the guard is killed, the command has ended, and is said to be lost");
    check_left_behind(ELSEWHERE "; kill -KILL $PPID; exec sleep 60", SUBPROCESS_LOST,
                      "so has its child in a session of its own");
    check_left_behind("echo $$; kill -TERM $PPID; exec sleep 60", SUBPROCESS_LOST,
                      "a guard that is told to end takes its command with it");
}

/* Without a descriptor to wait at, the end, the limit and the rest are as ever. */
static void check_descriptors(void)
{
    struct rlimit before, none;
    int code;
    char *argv[] = {(char *)"/bin/sh", (char *)"-c", (char *)"exit 4", NULL};
    char *slow[] = {(char *)"/bin/sh", (char *)"-c", (char *)"exec sleep 60", NULL};
    struct subprocess_request request = {
        .argv = argv, .output = -1, .error = -1, .timeout_ns = SUBPROCESS_QUICK};
    getrlimit(RLIMIT_NOFILE, &before);
    none = (struct rlimit){32, before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
    while (dup(STDERR_FILENO) >= 0) /* the command closes them */
        ;
    enum subprocess_end end = subprocess_run(&request, &code);
    tap_ok(end == SUBPROCESS_EXITED && code == 4, "without a free descriptor a command ends as it does");
    request = (struct subprocess_request){.argv = slow, .output = -1, .error = -1, .timeout_ns = 200000000};
    tap_equal(subprocess_run(&request, &code), SUBPROCESS_TIMEOUT, "and has its limit");
    setrlimit(RLIMIT_NOFILE, &before);
    close_range(STDERR_FILENO + 1, 31, 0);
}

/* What was there before the command is not the command's. */
static void check_others(void)
{
    pid_t other = fork();
    if (other == 0) {
        pause();
        _exit(0);
    }
    check_left_behind("sleep 60 & echo $!; kill -KILL $PPID; wait", SUBPROCESS_LOST,
                      "beside another child of this process a killed guard leaves nothing either");
    tap_ok(lives(other), "and the other child goes on");
    kill(other, SIGKILL);
    waitpid(other, NULL, 0);
}

/*
 * A child of ours runs a script, in whose environment is its id; when the child is killed outright, what the
 * script began must go too.
 */
static void check_orphans(const char *script, const char *sentence)
{
    int ends[2];
    char text[32] = "";
    assert(pipe(ends) == 0);
    pid_t child = fork();
    if (child == 0) {
        char *argv[] = {(char *)"/bin/sh", (char *)"-c", (char *)script, NULL};
        char *parent = text_format("RUNS_IT=%d", getpid());
        char *envp[] = {parent, NULL};
        struct subprocess_request request = {.argv = argv, .envp = envp, .output = ends[1], .error = -1};
        int code;
        subprocess_run(&request, &code);
        _exit(0);
    }
    assert(read(ends[0], text, sizeof(text) - 1) > 0);
    close(ends[0]);
    close(ends[1]);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    tap_ok(atoi(text) > 1 && dies_soon(atoi(text)), "%s", sentence);
}

static void check_interrupt(void)
{
    char *output, *error;
    int code;
    subprocess_interrupts_hold();
    tap_equal(subprocess_interrupted(), 0, "held interrupts have not come yet");
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        usleep(200000);
        kill(parent, SIGINT);
        _exit(0);
    }
    enum subprocess_end end = shell("echo $$; exec sleep 60", 0, &code, &output, &error);
    waitpid(child, NULL, 0);
    tap_equal(end, SUBPROCESS_INTERRUPTED, "an interrupt stops the program in flight");
    tap_ok(dies_soon(atoi(output)), "which is gone");
    tap_equal(subprocess_interrupted(), SIGINT, "and is remembered");
    free(output);
    free(error);
    end = shell("true", 0, &code, &output, &error);
    tap_equal(end, SUBPROCESS_INTERRUPTED, "after it nothing is started any more");
    free(output);
    free(error);
}

/* What an interrupted process prints fills the pipe. */
__attribute__((noreturn)) static void interrupted_print(int output)
{
    static const char block[1 << 20];
    signal(SIGINT, SIG_DFL);
    dup2(output, STDOUT_FILENO);
    subprocess_interrupts_hold();
    raise(SIGINT);
    bool held = subprocess_interrupted() == SIGINT;
    subprocess_interrupts_release();
    _exit(held ? write(STDOUT_FILENO, block, sizeof block) < 0 : 9);
}

static void check_release(void)
{
    int ends[2], status = 0;
    assert(pipe(ends) == 0);
    pid_t child = fork(), ended = 0;
    if (child == 0)
        interrupted_print(ends[1]);
    for (int i = 0; i < 600 && ended == 0; i++) {
        usleep(50000);
        ended = waitpid(child, &status, WNOHANG);
    }
    if (!tap_ok(ended == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGINT,
                "an interrupt that was held ends a process whose output nobody reads"))
        kill(child, SIGKILL);
    close(ends[0]);
    close(ends[1]);
}

static void check_span(int64_t seconds, const char *expected)
{
    char text[32];
    progress_span(seconds * 1000000000, text);
    tap_same(text, expected, "a span of time is written for people");
}

static int call_exit(void *context)
{
    int *shared = context;
    *shared = 1; /* in the child's copy */
    return 7;
}

static int call_abort(void *context)
{
    (void)context;
    return raise(SIGKILL);
}

static void check_call(void)
{
    int mine = 0, code;
    enum subprocess_end end = subprocess_call(call_exit, &mine, &code);
    tap_ok(end == SUBPROCESS_EXITED && code == 7 && mine == 0,
           "a function runs in a process of its own, and its result is the status");
    end = subprocess_call(call_abort, NULL, &code);
    tap_ok(end == SUBPROCESS_SIGNALLED && code == SIGKILL, "and its end by a signal is seen");
}

int main(void)
{
    check_call();
    check_end("exit 3", SUBPROCESS_EXITED, 3, "an exit status is passed on");
    check_end("kill -SEGV $$", SUBPROCESS_SIGNALLED, SIGSEGV, "a signal is passed on");
    check_end("kill -KILL $$", SUBPROCESS_SIGNALLED, SIGKILL, "even SIGKILL");
    check_end("exec /nonexistent", SUBPROCESS_EXITED, 127, "a program that is not there has status 127");
    check_output();
    check_answer();
    check_timeout();
    check_kills();
    check_others();
    check_descriptors();
    check_orphans("sleep 60 & echo $!; wait", "a program goes when the one that runs it is killed");
    check_orphans("setsid sh -c 'echo $$; exec sleep 60' & wait",
                  "so does its child in a session of its own");
    check_orphans("sleep 60 & echo $!; kill -KILL $PPID $RUNS_IT; wait",
                  "so does its child when the one that runs it is killed together with the guard");
    check_span(8, "8 s");
    check_span(252, "4 min 12 s");
    check_span(7500, "2 h 5 min");
    check_release();
    check_interrupt();
    return tap_done();
}
