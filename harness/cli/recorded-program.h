/* SPDX-License-Identifier: MIT */
/* A program to replay, from a workload or a file, read once for all processes that run it. The commands
 * `explicit` and `lifetimes` share it. */
#ifndef HARNESS_CLI_RECORDED_PROGRAM_H
#define HARNESS_CLI_RECORDED_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/campaign/process/progress.h"
#include "workloads/replay/image.h"

struct recording {
    char *name;   /* the source: WORKLOAD[:OPTIONS], or the file */
    char *folder; /* a temporary folder; recording_close() removes it */
    char *image;  /* in the folder: the program with its deaths, as processes map it (image.h) */
    struct image_census census;
};

/* Reads a program in either form, binary or text. Returns 0, or MESSAGE_BAD_INPUT after one line that begins
 * with `command`. */
int recording_load(const char *command, const char *path, struct program *ret_program);

/* The steps of recording_open() that a command's progress counts. */
enum { RECORDING_STEPS = 2 };

/*
 * Runs a workload with `seed` under the recorder, or reads a program where `source` has a slash or ends in
 * .gcp or .gcp.txt. Finds the deaths and makes the image, with the lives if asked for. That is done by a
 * process of its own, which an interrupt ends at once, and whose memory is free again after it.
 *
 * Says beforehand how much memory reading will take where that is a GiB or more, and refuses where the machine
 * has less. Returns 0, or a status of message.h after one line. The caller closes the recording in either case.
 */
int recording_open(const char *command, const char *source, uint64_t seed, bool lives,
                   struct progress *progress, struct recording *ret_recording);
void recording_close(struct recording *recording);

/* Removes the image and its folder as soon as no process needs them; the rest stays. */
void recording_discard(struct recording *recording);

/* Prints one line about the recording: its operations, its objects, and how they die. */
void recording_print(const struct recording *recording);

#endif
