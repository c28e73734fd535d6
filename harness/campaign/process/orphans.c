/* SPDX-License-Identifier: MIT */
#include "harness/campaign/process/orphans.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

void orphans_adopt(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void orphans_free(struct orphans_children *children)
{
    free(children->pids);
    *children = (struct orphans_children){0};
}

static bool any_child(void)
{
    siginfo_t about;
    return waitid(P_ALL, 0, &about, WEXITED | WNOHANG | WNOWAIT) == 0;
}

/* The parent of a process, or 0. The name, which stands in parentheses, may hold any character. */
static pid_t parent_read(const char *process)
{
    char path[300], text[512] = "";
    int parent = 0;
    snprintf(path, sizeof(path), "/proc/%s/stat", process);
    FILE *file = fopen(path, "re");
    if (file) {
        text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
        fclose(file);
    }
    const char *name_end = strrchr(text, ')');
    if (name_end)
        sscanf(name_end + 1, " %*c %d", &parent);
    return parent;
}

struct orphans_children orphans_list(void)
{
    struct orphans_children children = {0};
    DIR *folder = any_child() ? opendir("/proc") : NULL;
    pid_t self = getpid();
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (isdigit((unsigned char)entry->d_name[0]) && parent_read(entry->d_name) == self) {
            children.pids = memory_grow(children.pids, children.count + 1, sizeof(*children.pids));
            children.pids[children.count++] = (pid_t)atoi(entry->d_name);
        }
    if (folder)
        closedir(folder);
    return children;
}

static bool has(const struct orphans_children *children, pid_t pid)
{
    for (size_t i = 0; i < children->count; i++)
        if (children->pids[i] == pid)
            return true;
    return false;
}

/* Kills a child and waits for its end; false where this process may not. The id is the child's until then. */
static bool child_end(pid_t child)
{
    if (kill(child, SIGKILL) != 0)
        return false;
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    return true;
}

/* A child's own children become ours before its end can be waited for. So each round finds those of the last. */
void orphans_end(const struct orphans_children *kept)
{
    bool ended;
    do {
        struct orphans_children now = orphans_list();
        ended = false;
        for (size_t i = 0; i < now.count; i++)
            if (!has(kept, now.pids[i]))
                ended |= child_end(now.pids[i]);
        orphans_free(&now);
    } while (ended);
}
