/* SPDX-License-Identifier: MIT */
/*
 * Reads and prepares a program in a process of its own, and maps the result: what reading takes is neither in
 * the peak of resident memory nor in the state in which the allocator under test begins.
 */
#ifndef WORKLOADS_REPLAY_LOAD_H
#define WORKLOADS_REPLAY_LOAD_H

#include <stdbool.h>

#include "workloads/replay/vm.h"

/*
 * Maps and touches the program of `file`, for as long as the process lives. `ret_says_deaths`: whether it
 * says of each object when it dies. Ends the process with one line when the file is not a program, or memory
 * is out.
 */
void replay_load(const char *file, struct vm_program *ret_loaded, bool *ret_says_deaths);

#endif
