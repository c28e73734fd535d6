/* SPDX-License-Identifier: MIT */
/* The command that goes on with a run. */
#ifndef HARNESS_RESULTS_AGAIN_H
#define HARNESS_RESULTS_AGAIN_H

#include <jansson.h>

/*
 * Returns the command that goes on with the run in the folder `dir`, as a shell takes it. It has all of the design
 * that a resume compares: `manifest` is that of the run, checked. The manifest knows no file, so that SPECIFICATION
 * and BUILD_DIR stand for them. The caller frees it. O(cells).
 */
char *again_command(const json_t *manifest, const char *dir);

#endif
