/* SPDX-License-Identifier: MIT */
/* What a program is like that no recipe made, such as the recording of a workload. */
#ifndef HARNESS_STRESS_CHARACTER_H
#define HARNESS_STRESS_CHARACTER_H

#include "harness/stress/recipe.h"

/* What an operation costs by the contract, in words: an object its bytes, a frame its slots, also for its end, a
 * range its references, and one for each. */
uint64_t character_op_size(const struct gc_shape *shapes, const struct program_op *op);

/*
 * Finds the character of a valid program, by its model:
 *
 *      on_rings   objects that counting alone would hold when all names are gone: on rings that the program did not
 *                 take apart, or held by such
 *      depth      the most objects on the shortest way from a name to an object, that one included. It is looked at
 *                 whenever as many objects have been made as were found at the look before, or one for each 16 of the
 *                 fields that were seen then
 *      fan_in     the most references to one object, from fields and from names
 *
 * There is no last phase. A program of more than `most` words, as character_op_size() has them, is cut in front of the
 * operation that is too much. Returns 0, or -1 without memory. O(words).
 */
int character_find(const struct program *program, uint64_t most, struct recipe_character *ret_character);

#endif
