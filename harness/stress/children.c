/* SPDX-License-Identifier: MIT */
#include "harness/stress/children.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "harness/stress/watch.h"

enum { CHILDREN_MAX = 256 };

__attribute__((noreturn)) static void become(char *const *argv, pid_t parent, int output, int error)
{
    sigset_t none;
    sigemptyset(&none);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(CHILD_EXIT_UNSTARTED);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int input = open("/dev/null", O_RDONLY);
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(error, STDERR_FILENO);
    execv(argv[0], argv);
    dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
    _exit(CHILD_EXIT_UNSTARTED);
}

int child_start(struct child *child, char *const *argv)
{
    int output[2], error[2];
    pid_t parent = getpid();
    if (pipe2(output, O_CLOEXEC) < 0)
        return -1;
    if (pipe2(error, O_CLOEXEC) < 0) {
        close(output[0]);
        close(output[1]);
        return -1;
    }
    pid_t pid = fork();
    if (pid == 0)
        become(argv, parent, output[1], error[1]);
    close(output[1]);
    close(error[1]);
    if (pid < 0) {
        close(output[0]);
        close(error[0]);
        return -1;
    }
    *child = (struct child){
        .pid = pid, .output = {.file = output[0]}, .error = {.file = error[0]}, .heard_ns = watch_clock()};
    return 0;
}

/* Reads the text that is there, and closes the descriptor at its end. */
static void text_read(struct child_text *text)
{
    if (text->capacity - text->length < 4096 + 1) {
        text->capacity = text->capacity * 2 + 16384;
        text->text = memory_grow(text->text, text->capacity, 1);
    }
    ssize_t got = read(text->file, text->text + text->length, text->capacity - text->length - 1);
    if (got > 0) {
        text->length += (size_t)got;
    } else if (got == 0 || errno != EINTR) {
        close(text->file);
        text->file = -1;
    }
    text->text[text->length] = '\0';
}

static bool has_ended(struct child *child)
{
    if (child->output.file >= 0 || child->error.file >= 0)
        return false;
    while (waitpid(child->pid, &child->status, 0) < 0 && errno == EINTR)
        ;
    child->pid = 0;
    return true;
}

static size_t polls_fill(struct child *children, size_t count, struct pollfd *polls)
{
    for (size_t i = 0; i < count; i++) {
        bool runs = children[i].pid != 0;
        polls[2 * i] = (struct pollfd){.fd = runs ? children[i].output.file : -1, .events = POLLIN};
        polls[2 * i + 1] = (struct pollfd){.fd = runs ? children[i].error.file : -1, .events = POLLIN};
    }
    return 2 * count;
}

struct child *child_wait(struct child *children, size_t count, int wait_ms, uint64_t silence_ns)
{
    struct pollfd polls[2 * CHILDREN_MAX];
    uint64_t end = watch_clock() + (uint64_t)wait_ms * 1000000;
    count = count < CHILDREN_MAX ? count : CHILDREN_MAX;
    do {
        if (poll(polls, polls_fill(children, count, polls), wait_ms) < 0)
            return NULL;
        for (size_t i = 0; i < count; i++) {
            struct child *child = &children[i];
            if (!child->pid)
                continue;
            bool heard = polls[2 * i].revents || polls[2 * i + 1].revents;
            if (polls[2 * i].revents)
                text_read(&child->output);
            if (polls[2 * i + 1].revents)
                text_read(&child->error);
            if (heard && has_ended(child))
                return child;
            if (heard)
                child->heard_ns = watch_clock();
            else if (silence_ns && watch_clock() - child->heard_ns > silence_ns)
                kill(child->pid, SIGKILL);
        }
    } while (watch_clock() < end);
    return NULL;
}

void child_close(struct child *child)
{
    if (child->pid) {
        kill(child->pid, SIGKILL);
        while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
            ;
        if (child->output.file >= 0)
            close(child->output.file);
        if (child->error.file >= 0)
            close(child->error.file);
    }
    free(child->output.text);
    free(child->error.text);
    *child = (struct child){0};
}
