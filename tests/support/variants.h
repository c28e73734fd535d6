/* SPDX-License-Identifier: MIT */
/*
 * Options for small runs of a workload, made from the options that it describes. Nothing here knows a
 * workload.
 */
#ifndef TESTS_SUPPORT_VARIANTS_H
#define TESTS_SUPPORT_VARIANTS_H

#include <jansson.h>
#include <stdbool.h>

enum { VARIANTS_MOST = 64, VARIANT_BYTES = 512 };

struct variants {
    char texts[VARIANTS_MOST][VARIANT_BYTES]; /* each for --workload-options; the first is the plain one */
    size_t count;
};

/*
 * The plain variant has every large number divided by `divisor`. Each further variant changes one option
 * more: another word, the other position of a switch, a share of none or all, the least of a small number.
 * `options` is the array in a description. Every variant has what `fixed` says ("depth=10", or nothing).
 */
void variants_make(const json_t *options, json_int_t divisor, const char *fixed,
                   struct variants *ret_variants);

/* Whether a workload has a text among its options that `fixed` does not give. Such a workload needs a file,
 * and has tests of its own. */
bool variants_need_text(const json_t *options, const char *fixed);

/* What makes a collector work hardest: every number a thousandth, every share at its least, every switch the
 * other way. */
void variant_eager(const json_t *options, char text[static VARIANT_BYTES]);

#endif
