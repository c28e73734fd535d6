/* SPDX-License-Identifier: MIT */
/*
 * Control groups of the kernel (cgroups(7)), in either version: the one that this process is in, and one for a measured
 * process that may hold so much memory and no more.
 */
#ifndef HARNESS_CAMPAIGN_PROCESS_CONTROL_GROUP_H
#define HARNESS_CAMPAIGN_PROCESS_CONTROL_GROUP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Returns the path of this process's group in the hierarchy of a controller (version 1), or of all of them ("",
 * version 2); "/" where none is said. `root` stands before /proc: "" but in tests. The caller frees it.
 */
char *control_group_of_self(const char *root, const char *controller);

/* Where groups with a limit of memory can be made. */
struct control_group_place {
    char *folder;  /* of the group above them; NULL: nowhere */
    bool combined; /* the groups are of version 2 */
};

/*
 * Finds a place: this process's group, or the nearest one above it, in which the system lets this process make such a
 * group and join it. Returns 0, or MESSAGE_BAD_INPUT after one line where there is none. Tries each with a fork.
 */
int control_group_place_find(struct control_group_place *ret_place);
void control_group_place_free(struct control_group_place *place);

/* A group with a limit. */
struct control_group {
    char *folder;  /* NULL: there is none */
    char *members; /* its file to which a process that joins writes 0, for a subprocess_request */
    bool combined;
};

/*
 * Makes a group whose processes hold so many bytes at most, and swap none of it. What the kernel holds for them
 * counts, and so do the pages of files that they write. Returns 0 and a group for control_group_end(), or an error
 * number.
 */
int control_group_begin(const struct control_group_place *place, uint64_t bytes,
                        struct control_group *ret_group);

/* What a group's processes met. */
struct control_group_ending {
    bool killed; /* the kernel killed one of them at the limit */
    uint64_t
        met; /* times that they wanted more than the limit; the kernel may have found it in what they held */
};

/* Removes a group whose processes have ended. Returns what they met: nothing where there was no group. */
struct control_group_ending control_group_end(struct control_group *group);

#endif
