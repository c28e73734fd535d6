/* SPDX-License-Identifier: MIT */
#include "harness/campaign/process/control-group.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/message.h"
#include "base/number.h"
#include "base/text.h"

/* A number in a file of a group: behind this word of a line; "": the file holds no more than it. */
struct number_place {
    const char *file, *word;
};

/* The names of both versions. Swap is limited by itself in version 2, and together with memory in version 1. */
static const struct names {
    const char *mount, *controller, *limit, *swap;
    struct number_place kills, met;
} names[] = {
    {"/sys/fs/cgroup/memory",
     "memory",
     "memory.limit_in_bytes",
     "memory.memsw.limit_in_bytes",
     {"memory.oom_control", "oom_kill "},
     {"memory.failcnt", ""}},
    {"/sys/fs/cgroup",
     "",
     "memory.max",
     "memory.swap.max",
     {"memory.events", "oom_kill "},
     {"memory.events", "max "}},
};

/* Tries of removing a group, a millisecond apart: the kernel takes a moment to see that its processes have ended, and a
 * busy machine a long one. */
enum { REMOVAL_TRIES = 2000 };

char *control_group_of_self(const char *root, const char *controller)
{
    char *whole = text_format("%s/proc/self/cgroup", root), line[4096], *group = NULL;
    FILE *file = fopen(whole, "re");
    while (file && !group && fgets(line, sizeof(line), file)) {
        char *controllers = strchr(line, ':'), *path = controllers ? strchr(controllers + 1, ':') : NULL,
             *name;
        if (!path)
            continue;
        *path++ = '\0';
        path[strcspn(path, "\n")] = '\0';
        for (controllers++; !group && (name = strsep(&controllers, ","));)
            if (strcmp(name, controller) == 0)
                group = text_format("%s", path);
    }
    if (file)
        fclose(file);
    free(whole);
    return group ? group : text_format("/");
}

/* Writes a number to a file of a group. Returns 0 or an error number. */
static int number_write(const char *folder, const char *name, uint64_t value)
{
    char *path = text_format("%s/%s", folder, name), text[32];
    int length = snprintf(text, sizeof(text), "%" PRIu64, value), error = 0;
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0 || write(file, text, (size_t)length) != length)
        error = errno;
    if (file >= 0)
        close(file);
    free(path);
    return error;
}

/* Returns the number that stands there; 0 where none does. */
static uint64_t number_read(const char *folder, const struct number_place *place)
{
    char *path = text_format("%s/%s", folder, place->file), line[128];
    size_t length = strlen(place->word);
    uint64_t number = 0;
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof(line), file)) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, place->word, length) == 0)
            number_integer_read(line + length, UINT64_MAX, &number);
    }
    if (file)
        fclose(file);
    free(path);
    return number;
}

static void folder_remove(const char *folder)
{
    for (int i = 0; rmdir(folder) != 0 && errno == EBUSY && i < REMOVAL_TRIES; i++)
        usleep(1000);
}

int control_group_begin(const struct control_group_place *place, uint64_t bytes,
                        struct control_group *ret_group)
{
    const struct names *name = &names[place->combined];
    char *folder = text_format("%s/gcmatrix-%d", place->folder, (int)getpid());
    *ret_group = (struct control_group){0};
    int error = mkdir(folder, 0755) == 0 || errno == EEXIST ? 0 : errno;
    if (!error)
        error = number_write(folder, name->limit, bytes);
    /* A kernel may account for no swap. */
    int swap = error ? 0 : number_write(folder, name->swap, place->combined ? 0 : bytes);
    if (!error && swap != 0 && swap != ENOENT && swap != EACCES)
        error = swap;
    if (error) {
        folder_remove(folder);
        free(folder);
        return error;
    }
    *ret_group = (struct control_group){
        .folder = folder, .members = text_format("%s/cgroup.procs", folder), .combined = place->combined};
    return 0;
}

struct control_group_ending control_group_end(struct control_group *group)
{
    struct control_group_ending ending = {0};
    const struct names *name = &names[group->combined];
    if (!group->folder)
        return ending;
    ending.killed = number_read(group->folder, &name->kills) > 0;
    ending.met = number_read(group->folder, &name->met);
    folder_remove(group->folder);
    free(group->folder);
    free(group->members);
    *group = (struct control_group){0};
    return ending;
}

/* ---- where ---- */

/* Whether a process may join a group: it is forked for that. */
static bool member_try(const struct control_group *group)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0)
        _exit(number_write(group->folder, "cgroup.procs", 0) != 0);
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Whether groups can be made in a folder and joined. */
static bool place_try(const struct control_group_place *place)
{
    struct control_group group;
    if (control_group_begin(place, UINT64_C(1) << 30, &group) != 0)
        return false;
    bool joined = member_try(&group);
    control_group_end(&group);
    return joined;
}

/* Tries this process's group of a version, and each above it. */
static bool version_try(bool combined, struct control_group_place *ret_place)
{
    char *path = control_group_of_self("", names[combined].controller), *slash = path;
    bool found = false;
    while (!found && slash) {
        *ret_place = (struct control_group_place){text_format("%s%s", names[combined].mount, path), combined};
        found = place_try(ret_place);
        if (!found)
            control_group_place_free(ret_place);
        slash = strrchr(path, '/');
        if (slash)
            *slash = '\0';
    }
    free(path);
    return found;
}

int control_group_place_find(struct control_group_place *ret_place)
{
    if (version_try(false, ret_place) || version_try(true, ret_place))
        return 0;
    return message_bad_input(
        "process_limit needs a control group of memory that this process may divide, and there is none; try "
        "systemd-run --user --scope -p Delegate=yes gcmatrix ..., or a container with control groups of its "
        "own");
}

void control_group_place_free(struct control_group_place *place)
{
    free(place->folder);
    *place = (struct control_group_place){0};
}
