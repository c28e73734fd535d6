/* SPDX-License-Identifier: MIT */
/*
 * Says what the machines of a run do to its figures: the page, the terminal and the JSON use the same words. Of a run of
 * one machine there is nothing to say: texts are "" or NULL, and nothing is printed or added.
 */
#ifndef HARNESS_REPORT_MACHINES_TEXT_H
#define HARNESS_REPORT_MACHINES_TEXT_H

#include <jansson.h>

#include "harness/analysis/claims.h"
#include "harness/report/form.h"

enum { MACHINES_TEXT = 320 };

/* Writes which machine absolute figures are of, as in "Times, sizes and counts are those of machine 1 (host 4f0a9c)". */
void machines_text_shown(const struct run *run, char ret_text[MACHINES_TEXT]);

/*
 * Returns how much the ratios of a setting depend on the machine, and which machines disagree, in sentences; NULL where
 * there is nothing to say. The caller frees it. O(pairs x blocks x machines).
 */
char *machines_text_effect(const struct claims *claims, size_t setting);

/*
 * Prints that, and the pairs of the setting on which a machine disagrees: the furthest apart first, ten at most, each with
 * its ratio on every machine.
 */
void machines_text_print(const struct claims *claims, size_t setting, enum report_form form, FILE *stream);

/* Adds `machines`, `tau` and `share` of a pair to its object. */
void machines_text_pair_json(const struct claims *claims, const struct claims_pair *pair, json_t *object);

/* Adds `machines` of the run to its object: how each is called, its blocks, and whether absolute figures are of it. */
void machines_text_run_json(const struct run *run, json_t *object);

#endif
