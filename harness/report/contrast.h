/* SPDX-License-Identifier: MIT */
/* Prints two runs side by side, for `gcmatrix compare A B`. */
#ifndef HARNESS_REPORT_CONTRAST_H
#define HARNESS_REPORT_CONTRAST_H

#include <stdio.h>

#include "harness/analysis/compare.h"
#include "harness/report/form.h"

/*
 * Prints, in this order: the two runs and what else differs between them; what B says of A's claims, and how far
 * figures and intervals hold; the cells side by side.
 */
void contrast_print(const struct run *a, const struct run *b, const struct compare *compare,
                    const struct compare_options *options, enum report_form form, FILE *stream);

#endif
