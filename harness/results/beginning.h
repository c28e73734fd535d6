/* SPDX-License-Identifier: MIT */
/*
 * A folder that is to become a run's. It becomes one when its manifest gets its name. Until then it holds nothing,
 * or what gcmatrix makes before the manifest: the folders of files_names, all empty, and a runs.csv that is the
 * beginning of a header. A run that was killed in that moment leaves such a folder, and it may begin anew.
 */
#ifndef HARNESS_RESULTS_BEGINNING_H
#define HARNESS_RESULTS_BEGINNING_H

#include <stdbool.h>

#include "base/writing.h"

/* Whether the folder is one that a run may begin in. Touches nothing. */
bool beginning_is(const struct writing_folder *run);

/* Removes what gcmatrix makes before the manifest, of a folder that beginning_is(). */
void beginning_clear(const struct writing_folder *run);

#endif
