/* SPDX-License-Identifier: MIT */
/*
 * When a count is the same under every collector that counts. Garbage on a cycle refers to what lives until a
 * collection finds it, and each collector does so when it likes: so a program may ask for the count of an
 * object only while no garbage refers to it.
 */
#ifndef HARNESS_STRESS_COUNTS_H
#define HARNESS_STRESS_COUNTS_H

#include "program/model.h"

/*
 * Whether all references to `object` (a number, not plus one) come from names and from objects that names
 * reach; then its count in the model is its count anywhere. False also without memory. O(model).
 */
bool counts_are_sure(const struct model *model, uint32_t object);

#endif
