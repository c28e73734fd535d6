/* SPDX-License-Identifier: MIT */
#include "harness/stress/rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"

enum { WAIT_MS = 200 };
#define SILENCE_NS UINT64_C(20000000000)

char *rules_path(const struct worker *worker)
{
    const char *slash = strrchr(worker->path, '/');
    return text_format("%.*s/model-%s", (int)(slash - worker->path), worker->path, worker->collector);
}

/* ---- what a process says ---- */

static bool begins_with(const char *line, const char *words)
{
    return strncmp(line, words, strlen(words)) == 0;
}

/* The sentence of a line of TAP: what stands behind the dash. */
static const char *sentence_of(const char *line)
{
    const char *dash = strstr(line, " - ");
    return dash ? dash + 3 : line;
}

/* Reads TAP: "ok 3 - sentence", "not ok 4 - sentence", and "# found 1, expected 2" behind one that is broken. */
static void lines_read(char *text, struct rules *rules)
{
    bool is_first = false; /* the line before was the first that is broken */
    for (char *line; (line = strsep(&text, "\n"));) {
        if (is_first && begins_with(line, "# ") && !*rules->detail) {
            free(rules->detail);
            rules->detail = text_format("%s", line + 2);
        }
        is_first = begins_with(line, "not ok ") && !rules->first;
        rules->kept += begins_with(line, "ok ") && !strstr(line, " # SKIP ");
        rules->broken += begins_with(line, "not ok ");
        if (is_first || (begins_with(line, "Bail out!") && !rules->first))
            rules->first = text_format("%s", sentence_of(line));
    }
}

/* How a process ended that broke no rule and failed, in words that the caller frees; NULL where it did not fail. */
static char *failure_of(const struct child *child)
{
    if (WIFSIGNALED(child->status) && WTERMSIG(child->status) == SIGKILL)
        return text_format("the process says nothing, and does not end");
    if (WIFSIGNALED(child->status))
        return text_format("the process ended by signal %d (%s)", WTERMSIG(child->status),
                           strsignal(WTERMSIG(child->status)));
    if (WEXITSTATUS(child->status) != 0)
        return text_format("the process ended with status %d", WEXITSTATUS(child->status));
    return NULL;
}

static void rules_read(const struct child *child, struct rules *rules)
{
    const char *said = child->error.text ? child->error.text : "";
    rules->looked = true;
    rules->detail = text_format("%s", "");
    if (child->output.text)
        lines_read(child->output.text, rules);
    if (!rules->first && (rules->first = failure_of(child))) {
        free(rules->detail);
        rules->detail = text_format("%.*s", (int)strcspn(said, "\n"), said);
    }
    rules->broken += rules->first && !rules->broken; /* it failed outside of any rule */
}

/* ---- all processes ---- */

static bool is_built(const struct worker *worker)
{
    char *path = rules_path(worker);
    bool built = !worker->runtime && access(path, X_OK) == 0;
    free(path);
    return built;
}

static int start(const struct worker *worker, struct child *child)
{
    char *path = rules_path(worker);
    int status = child_start(child, (char *const[]){path, NULL}) == 0
                     ? 0
                     : message_bad_input("stress: %s cannot be started: %s", path, strerror(errno));
    free(path);
    return status;
}

struct looking {
    const struct worker *const *workers;
    size_t count, next; /* the next one that has not had its turn */
    struct child *children;
    size_t *running; /* the worker of each child */
    size_t jobs, open;
};

/* Gives each idle job the next worker that has a model. */
static int jobs_fill(struct looking *looking)
{
    int status = 0;
    for (size_t job = 0; job < looking->jobs && status == 0; job++) {
        while (looking->next < looking->count && !is_built(looking->workers[looking->next]))
            looking->next++;
        if (looking->children[job].pid || looking->next == looking->count)
            continue;
        looking->running[job] = looking->next;
        status = start(looking->workers[looking->next++], &looking->children[job]);
        looking->open += status == 0;
    }
    return status;
}

int rules_look(const struct worker *const *workers, size_t count, size_t jobs, struct rules *ret_rules)
{
    struct looking looking = {.workers = workers,
                              .count = count,
                              .children = memory_new(jobs, sizeof *looking.children),
                              .running = memory_new(jobs, sizeof *looking.running),
                              .jobs = jobs};
    int status = 0;
    memset(ret_rules, 0, count * sizeof *ret_rules);
    while (status == 0 && (looking.next < count || looking.open > 0)) {
        status = jobs_fill(&looking);
        struct child *child = looking.open ? child_wait(looking.children, jobs, WAIT_MS, SILENCE_NS) : NULL;
        if (!child)
            continue;
        rules_read(child, &ret_rules[looking.running[child - looking.children]]);
        child_close(child);
        looking.open--;
    }
    for (size_t job = 0; job < jobs; job++)
        child_close(&looking.children[job]);
    free(looking.running);
    free(looking.children);
    return status;
}

void rules_free(struct rules *rules, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(rules[i].first);
        free(rules[i].detail);
    }
}
