/* SPDX-License-Identifier: MIT */
/* A program to replay, from a workload or a file, and when its objects die: what `explicit` and `lifetimes`
 * share. */
#ifndef HARNESS_CLI_RECORDING_H
#define HARNESS_CLI_RECORDING_H

#include <stdbool.h>
#include <stdint.h>

#include "program/deaths.h"

struct recording {
    char *name;           /* of what was recorded: WORKLOAD[:OPTIONS], or the file */
    char *folder;         /* a temporary one, removed by recording_close() */
    char *file;           /* in it: the program with its deaths */
    struct program plain; /* without */
    struct deaths deaths;
};

/*
 * Reads a program in either form, binary or text. Returns 0, or MESSAGE_BAD_INPUT after one line that opens
 * with `command`.
 */
int recording_load(const char *command, const char *path, struct program *ret_program);

/*
 * Runs a workload with `seed` under the recorder, or reads a program where `source` has a slash or ends in
 * .gcp or .gcp.txt; finds its deaths, and writes both down. Returns 0, or a status of message.h after one
 * line; to be closed in either case. O(operations), some 150 bytes of memory for each.
 */
int recording_open(const char *command, const char *source, uint64_t seed, struct recording *ret_recording);
void recording_close(struct recording *recording);

/* One line on what is in it: operations, objects, and how they die. */
void recording_print(const struct recording *recording);

#endif
