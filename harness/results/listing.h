/* SPDX-License-Identifier: MIT */
/* What is in a folder that is held open. */
#ifndef HARNESS_RESULTS_LISTING_H
#define HARNESS_RESULTS_LISTING_H

#include <dirent.h>
#include <stdbool.h>

/* Lists the folder of a descriptor, which stays usable, for closedir(). NULL on an error. */
DIR *listing_open(int folder);

/* Returns the next name that is neither the folder nor its parent, until the next call; NULL at the end. */
const char *listing_next(DIR *listing);

/* Whether the name is that of a plain file, and of no link. */
bool listing_is_plain(int folder, const char *name);

#endif
