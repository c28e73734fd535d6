/* SPDX-License-Identifier: MIT */
/*
 * Tells when the count of an object is the same under every collector that counts. Garbage on a cycle refers
 * to live objects until a collection finds it, and each collector collects at its own times. A program may
 * therefore ask for the count of an object only while no garbage refers to it.
 */
#ifndef HARNESS_STRESS_SURE_COUNTS_H
#define HARNESS_STRESS_SURE_COUNTS_H

#include "program/model.h"

/*
 * Returns whether all references to `object` come from names and from objects that names reach. Its count in
 * the model is then its count anywhere. False where a trace may have taken the object, or what held it, from an
 * ephemeron: counting does not know of that. `object` is the number itself, not plus one. False also without
 * memory. O(model).
 */
bool count_is_sure(const struct model *model, uint32_t object);

#endif
