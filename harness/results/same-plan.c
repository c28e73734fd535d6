/* SPDX-License-Identifier: MIT */
#include "harness/results/same-plan.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* Whether both are missing, or the same. */
static bool values_agree(const json_t *a, const json_t *b)
{
    return a && b ? json_equal(a, b) : a == b;
}

/* The first key of `ours` that has another value in `theirs`, or none; NULL when all agree. */
static const char *difference_find(const json_t *ours, const json_t *theirs)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)ours, key, value)
        if (!json_equal(value, json_object_get(theirs, key)))
            return key;
    return NULL;
}

/*
 * Whether the same is asked of both designs. How looks share alpha, and how well figures are to be known, is the
 * run's own: it goes on as it was begun, by what its manifest says. More time may be given to it.
 */
static bool designs_agree(const json_t *now, const json_t *then)
{
    static const char *const own[] = {"spending", "figures", "method", "budget_seconds"};
    json_t *left = json_copy((json_t *)now), *right = json_copy((json_t *)then);
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        json_object_del(left, own[i]);
        json_object_del(right, own[i]);
    }
    bool agree = json_equal(left, right);
    json_decref(left);
    json_decref(right);
    return agree;
}

char *same_plan_difference(const json_t *now, const json_t *then)
{
    static const char *const whole[][2] = {{"spec_sha256", "the spec is another one"},
                                           {"blocks", "the number of blocks differs"},
                                           {"seed", "the seed differs"},
                                           {"cells", "the cells differ"},
                                           {"layouts", "what its layouts vary differs"}};
    static const char *const inside[][2] = {{"binaries", "the executable"}, {"allocators", "the allocator"}};
    for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
        if (!values_agree(json_object_get(now, whole[i][0]), json_object_get(then, whole[i][0])))
            return text_format("%s", whole[i][1]);
    if (!designs_agree(json_object_get(now, "design"), json_object_get(then, "design")))
        return text_format("its precision, its minimum or its looks differ");
    for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
        const char *key =
            difference_find(json_object_get(now, inside[i][0]), json_object_get(then, inside[i][0]));
        if (key)
            return text_format("%s %s has changed since", inside[i][1], key);
    }
    return NULL;
}

const char *same_plan_machine_difference(const json_t *now, const json_t *then)
{
    static const char *const keys[] = {"cpu", "cores", "memory_bytes", "kernel"};
    const json_t *here = json_object_get(now, "machine"), *there = json_object_get(then, "machine");
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (!values_agree(json_object_get(here, keys[i]), json_object_get(there, keys[i])))
            return keys[i];
    return NULL;
}
