/* SPDX-License-Identifier: MIT */
/* Keeps a finding: its program, shrunk, as .gcp and as text that says how to run the program again. */
#ifndef HARNESS_STRESS_KEEP_H
#define HARNESS_STRESS_KEEP_H

#include "base/writing.h"
#include "harness/stress/driver.h"

struct kept {
    char *boundaries;    /* from which the program was made, as text */
    char *path;          /* path of the text; without .txt, path of the program */
    char *command;       /* the command that runs it again */
    uint64_t operations; /* of the shrunk program */
    uint64_t processes;  /* runs of a worker while it was shrunk */
    bool reproduced;     /* it fails by itself; if false, the program is as it was found */
};

/* Opens the folder for findings, and makes it if need be: before the campaign, as a name that is wrong would lose what the
 * campaign finds. Returns 0, or a status of message.h after one line. The caller closes it. */
int keep_folder_open(const char *path, struct writing_folder *ret_folder);

/* Makes the finding's program again, shrinks it for `seconds` at most, and writes it to the folder, whose links it does
 * not follow. Returns 0, or MESSAGE_STORAGE after one line. The caller calls kept_free() after 0. */
int keep_finding(const struct driver_request *request, const struct driver_finding *finding,
                 const struct writing_folder *folder, double seconds, struct kept *ret_kept);
void kept_free(struct kept *kept);

#endif
