/* SPDX-License-Identifier: MIT */
/* Commands of other projects, by their names in PATH: hyperfine, gnuplot, valgrind. */
#ifndef BASE_TOOL_H
#define BASE_TOOL_H

/*
 * The absolute path of a command, found as the shell finds it: a folder of that name, and a file that may not be
 * executed, are passed over. The caller frees the path; NULL if there is none. O(folders in PATH).
 */
char *tool_find(const char *name);

/*
 * Why there is no such command, in words that the caller frees: "hyperfine not found in PATH", or what stands
 * there in its place, as "/opt/hyperfine in PATH is a folder, and no command".
 */
char *tool_missing_explain(const char *name);

#endif
