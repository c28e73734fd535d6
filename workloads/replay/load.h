/* SPDX-License-Identifier: MIT */
/* Reads and prepares a program in a process of its own, and maps the result. The memory that reading takes
 * thus stays out of the peak of resident memory. The allocator under test begins in its fresh state. */
#ifndef WORKLOADS_REPLAY_LOAD_H
#define WORKLOADS_REPLAY_LOAD_H

#include <stdbool.h>

#include "workloads/replay/vm.h"

/*
 * Maps and touches the program of `file`. The mapping lives as long as the process. `ret_says_deaths` becomes
 * whether the program says of each object when it dies. Ends the process with one line when the file is not a
 * program or memory is out.
 */
void replay_load(const char *file, struct vm_program *ret_loaded, bool *ret_says_deaths);

/* The same for an image of a program (image.h), which needs no reading. */
void replay_map(const char *file, struct vm_program *ret_loaded, bool *ret_says_deaths);

#endif
