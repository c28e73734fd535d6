/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "harness/campaign/process/control-group.h"
#include "tests/tap.h"

static void file_write(const char *folder, const char *name, const char *text)
{
    char *path = text_format("%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
    free(path);
}

static void file_remove(const char *folder, const char *name)
{
    char *path = text_format("%s/%s", folder, name);
    unlink(path);
    free(path);
}

/* Ends a group whose files were written by hand, as the kernel writes them. */
static struct control_group_ending end(const char *folder, bool combined)
{
    struct control_group group = {.folder = text_format("%s", folder),
                                  .members = text_format("%s/cgroup.procs", folder),
                                  .combined = combined};
    struct control_group_ending ending = control_group_end(&group);
    tap_ok(!group.folder && !group.members, "a group that has ended is none");
    return ending;
}

static void check_version_1(const char *folder)
{
    file_write(folder, "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n");
    file_write(folder, "memory.failcnt", "17\n");
    struct control_group_ending ending = end(folder, false);
    tap_ok(!ending.killed, "version 1: who met the limit need not have been killed");
    tap_equal(ending.met, 17, "how often is counted");
    file_write(folder, "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
    tap_ok(end(folder, false).killed, "who was killed is said so");
    file_remove(folder, "memory.failcnt");
    file_remove(folder, "memory.oom_control");
}

static void check_version_2(const char *folder)
{
    file_write(folder, "memory.events", "low 0\nhigh 0\nmax 43256\noom 0\noom_kill 0\noom_group_kill 3\n");
    struct control_group_ending ending = end(folder, true);
    tap_ok(!ending.killed, "version 2: another word that begins alike is not taken");
    tap_equal(ending.met, 43256, "how often the limit was met is counted");
    file_write(folder, "memory.events", "low 0\nhigh 0\nmax 5\noom 1\noom_kill 1\n");
    tap_ok(end(folder, true).killed, "who was killed is said so");
    file_remove(folder, "memory.events");
    ending = end(folder, true);
    tap_ok(!ending.killed && ending.met == 0, "of what says nothing, nothing is known");
}

int main(void)
{
    char *folder = text_scratch("gcmatrix-control-group");
    struct control_group none = {0};
    struct control_group_ending ending = control_group_end(&none);
    tap_ok(!ending.killed && ending.met == 0, "no group has met nothing");
    assert(mkdtemp(folder));
    char *inner = text_format("%s/group", folder);
    for (int version = 1; version <= 2; version++) {
        assert(mkdir(inner, 0700) == 0);
        (version == 1 ? check_version_1 : check_version_2)(inner);
        rmdir(inner);
    }
    rmdir(folder);
    free(inner);
    free(folder);
    return tap_done();
}
