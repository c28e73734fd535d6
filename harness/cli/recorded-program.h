/* SPDX-License-Identifier: MIT */
/* A program to replay, from a workload or a file, and the deaths of its objects. The commands `explicit` and
 * `lifetimes` share it. */
#ifndef HARNESS_CLI_RECORDED_PROGRAM_H
#define HARNESS_CLI_RECORDED_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "program/deaths.h"

struct recording {
    char *name;           /* the source: WORKLOAD[:OPTIONS], or the file */
    char *folder;         /* a temporary folder; recording_close() removes it */
    char *file;           /* in the folder: the program with its deaths */
    struct program plain; /* the program without them */
    struct deaths deaths;
};

/* Reads a program in either form, binary or text. Returns 0, or MESSAGE_BAD_INPUT after one line that begins
 * with `command`. */
int recording_load(const char *command, const char *path, struct program *ret_program);

/*
 * Runs a workload with `seed` under the recorder, or reads a program where `source` has a slash or ends in
 * .gcp or .gcp.txt. Finds the deaths and writes the program with them to `file`. Returns 0, or a status of
 * message.h after one line. The caller closes the recording in either case. O(operations); some 150 bytes of
 * memory for each.
 */
int recording_open(const char *command, const char *source, uint64_t seed, struct recording *ret_recording);
void recording_close(struct recording *recording);

/* Prints one line about the recording: its operations, its objects, and how they die. */
void recording_print(const struct recording *recording);

#endif
