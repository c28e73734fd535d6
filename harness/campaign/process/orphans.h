/* SPDX-License-Identifier: MIT */
/*
 * Orphans: processes whose parent died before them. A process that adopts becomes the parent of every orphan
 * below it (PR_SET_CHILD_SUBREAPER, prctl(2)), even of one that left its process group. So it can end all of
 * them, and wait for their end.
 */
#ifndef HARNESS_CAMPAIGN_PROCESS_ORPHANS_H
#define HARNESS_CAMPAIGN_PROCESS_ORPHANS_H

#include <stddef.h>
#include <sys/types.h>

/* Children of this process, by their ids in no order. */
struct orphans_children {
    pid_t *pids;
    size_t count;
};

/* From now on every orphan below this process becomes its child. A fork does not inherit this. */
void orphans_adopt(void);

/*
 * The children that this process has now, for orphans_free(). Costs one system call where it has none, and else
 * reads the file of each process of the system in /proc.
 */
struct orphans_children orphans_list(void);

/*
 * Kills the children of this process other than those of `kept`, and theirs as they become orphans, and waits
 * for the end of each. When it returns, no process is left below this one, except below those of `kept` and
 * those of another user.
 */
void orphans_end(const struct orphans_children *kept);

void orphans_free(struct orphans_children *children);

#endif
