/* SPDX-License-Identifier: MIT */
/* The build that a file belongs to, and the command that makes the file. For messages about what is not
 * built. */
#ifndef BASE_BUILD_H
#define BASE_BUILD_H

#include <stdbool.h>
#include <stddef.h>

/* Returns the nearest folder above `path` that holds build.ninja, without symbolic links; NULL if none does.
 * The file need not be there, but its folder must. The caller frees the text. */
char *build_folder(const char *path);

/* Returns the same folder as a person would type it: relative where it lies below the working directory, and
 * quoted for a shell. */
char *build_folder_shown(const char *path);

/* Returns the file's name as a target of its build, which is its path from the build's folder; NULL if the
 * file lies in no build. The caller frees the text. */
char *build_target(const char *path);

/* Returns whether a build knows how to make the file. O(size of build.ninja). */
bool build_makes(const char *path);

/*
 * Returns the command that makes the files, such as "ninja -C build harness/runner/rings-rc"; NULL if the
 * first one lies in no build. Files of another build than the first's are left out. The caller frees the text.
 */
char *build_command(char *const *paths, size_t count);

#endif
