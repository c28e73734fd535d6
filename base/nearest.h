/* SPDX-License-Identifier: MIT */
/* Finds the name for "did you mean": the one in a list that a misspelt word most likely stands for. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/*
 * Returns the number of edits (insert, remove, replace, swap of neighbours) that turn `a` into `b`. The
 * algorithm is optimal string alignment. O(|a| * |b|) time. Words longer than 63 characters count as
 * unrelated.
 */
size_t nearest_distance(const char *a, const char *b);

/*
 * Returns the name among `names` with the fewest edits from `word`, the first of equals. Returns NULL if no
 * name is within a third of the word's length (one edit is always allowed). The result belongs to the list.
 */
const char *nearest_name(const char *word, const char *const *names, size_t count);

#endif
