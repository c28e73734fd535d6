/* SPDX-License-Identifier: MIT */
/* The units of the model of memory. MODEL_UNITS is their list in meson.build: UNIT(counts) and so on. Each is a function
 * of test-<unit>.c that prints TAP, skips what the collector's traits do not claim, and returns whether a rule is
 * broken. */
#ifndef HARNESS_STRESS_MODEL_UNITS_H
#define HARNESS_STRESS_MODEL_UNITS_H

/* clang-format off */
#define UNIT(name) int model_##name(void);
MODEL_UNITS
#undef UNIT
/* clang-format on */

#endif
