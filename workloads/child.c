/* SPDX-License-Identifier: MIT */
#include "workloads/child.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workloads/workload.h"

struct workload_child workload_child;

/* What a child writes into its pipe. A pipe takes so little at once. */
struct child_answer {
    uint64_t value;
    int64_t begun_bytes, read_bytes, collected_bytes;
};

static int64_t private_dirty_bytes(void)
{
    return workload_child.private_dirty_bytes ? workload_child.private_dirty_bytes() : -1;
}

/* Memory is out in the child. It leaves at once: all that it would tidy up is its parent's. */
__attribute__((noreturn)) static void on_exhausted(struct gc_mutator *mutator, enum gc_exhaustion why)
{
    (void)mutator;
    (void)why;
    _exit(WORKLOAD_EXIT_WRONG);
}

/* Nothing that the child does is noted where its parent keeps its notes: to write there would unshare them. */
static void observers_leave(struct gc_mutator *mutator)
{
    mutator->exhausted = on_exhausted;
    mutator->observer.listener = NULL;
    mutator->observer.checkpoint = NULL;
    mutator->observer.workload_returned = true;
    mutator->clock.sample_at = UINT64_MAX;
    gc_allocation_rearm(mutator);
}

__attribute__((noreturn)) static void child_run(struct gc_mutator *mutator,
                                                uint64_t (*visit)(struct gc_mutator *mutator), int pipe_end)
{
    struct child_answer answer = {0};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    observers_leave(mutator);
    answer.begun_bytes = private_dirty_bytes();
    answer.value = visit(mutator);
    answer.read_bytes = private_dirty_bytes();
    gc_collect(mutator, GC_COLLECT_FULL);
    answer.collected_bytes = private_dirty_bytes();
    ssize_t written = write(pipe_end, &answer, sizeof answer);
    _exit(written == (ssize_t)sizeof answer ? 0 : WORKLOAD_EXIT_WRONG);
}

/* Waits for the child's answer and for its end. Returns whether there was one. */
static bool answer_await(pid_t child, int pipe_end, struct child_answer *ret_answer)
{
    int status;
    ssize_t got;
    do
        got = read(pipe_end, ret_answer, sizeof *ret_answer);
    while (got < 0 && errno == EINTR);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return got == (ssize_t)sizeof *ret_answer;
}

uint64_t workload_child_run(struct gc_mutator *mutator, uint64_t (*visit)(struct gc_mutator *mutator))
{
    struct child_answer answer = {0};
    int pipe_ends[2];
    pid_t child = -1;
    if (pipe(pipe_ends) < 0 || (child = fork()) < 0)
        workload_fail("no child process: %s", strerror(errno));
    if (child == 0)
        child_run(mutator, visit, pipe_ends[1]);
    close(pipe_ends[1]);
    bool answered = answer_await(child, pipe_ends[0], &answer);
    close(pipe_ends[0]);
    if (!answered)
        workload_fail("the child process ended early");
    workload_child.ran = true;
    workload_child.heap_bytes = gc_held_bytes(mutator);
    workload_child.begun_bytes = answer.begun_bytes;
    workload_child.read_bytes = answer.read_bytes;
    workload_child.collected_bytes = answer.collected_bytes;
    return answer.value;
}
