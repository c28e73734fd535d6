/* SPDX-License-Identifier: MIT */
#include "harness/stress/same-build.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/build.h"
#include "base/message.h"
#include "harness/stress/children.h"
#include "harness/stress/fingerprint.h"

enum { WAIT_MS = 200 };
#define SILENCE_NS UINT64_C(600000000000) /* of wall time, and a machine may be busy */

/* Whether a process that has ended wrote this program's fingerprint, and nothing else. */
static bool is_same(const struct child *child)
{
    static char own[FINGERPRINT_BYTES]; /* made once */
    const char *said = child->output.text;
    bool ended = WIFEXITED(child->status) && WEXITSTATUS(child->status) == 0;
    return ended && said && (*own || fingerprint_make(own) == 0) && strcmp(said, own) == 0;
}

/* Says that a process was killed before it answered. Nothing is known of its build. */
static int refuse_unanswered(const char *command, const char *path, const struct child *child)
{
    return message_bad_input("%s: %s was asked of which build it is, and ended by signal %d (%s) before it "
                             "answered; run it alone with %s",
                             command, path, WTERMSIG(child->status), strsignal(WTERMSIG(child->status)),
                             FINGERPRINT_QUESTION);
}

/* Says that the two differ, and how to build them anew. */
static int refuse(const char *command, const char *path)
{
    char *own = realpath("/proc/self/exe", NULL);
    char *builds = build_command((char *[]){(char *)path, own}, own ? 2 : 1);
    int status = message_bad_input("%s: %s is of another build than this program; build both anew%s%s",
                                   command, path, builds ? ": " : "", builds ? builds : "");
    free(builds);
    free(own);
    return status;
}

int same_build_check(const char *command, const char *path)
{
    struct child child = {0};
    if (access(path, X_OK) < 0)
        return message_bad_input("%s: %s cannot be run: %s", command, path, strerror(errno));
    if (child_start(&child, (char *const[]){(char *)path, FINGERPRINT_QUESTION, NULL}) < 0)
        return message_bad_input("%s: %s cannot be started: %s", command, path, strerror(errno));
    while (!child_wait(&child, 1, WAIT_MS, SILENCE_NS))
        ;
    int status = 0;
    if (WIFSIGNALED(child.status))
        status = refuse_unanswered(command, path, &child);
    else if (!is_same(&child))
        status = refuse(command, path);
    child_close(&child);
    return status;
}
