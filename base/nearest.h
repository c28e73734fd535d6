/* SPDX-License-Identifier: MIT */
/* "Did you mean": the name in a list that a misspelt word most likely stands for. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/*
 * Edits (insert, remove, replace, swap of neighbours) that turn `a` into `b`: optimal string alignment.
 * O(|a| * |b|) time; words longer than 63 characters count as unrelated.
 */
size_t nearest_distance(const char *a, const char *b);

/*
 * The name among `names` that is fewest edits from `word`, the first of equals; NULL if none is within a
 * third of the word's length (at least one edit is allowed). The result belongs to the list.
 */
const char *nearest_name(const char *word, const char *const *names, size_t count);

#endif
