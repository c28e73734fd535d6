/* SPDX-License-Identifier: MIT */
/* model-<collector> says rule by rule whether the one collector with which it is linked keeps the model of memory: in
 * TAP, unit by unit, or of the one unit that is named. */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "harness/stress/model/units.h"

struct unit {
    const char *name;
    int (*run)(void);
};

/* clang-format off */
static const struct unit units[] = {
#define UNIT(name) {#name, model_##name},
    MODEL_UNITS
#undef UNIT
};
/* clang-format on */

/* Read by the sanitizer: some collectors leak, and that is no error. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

int main(int argc, char **argv)
{
    bool known = false;
    int broken = 0;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (argc > 1 && strcmp(argv[1], units[i].name) != 0)
            continue;
        known = true;
        broken |= units[i].run();
    }
    if (!known)
        fprintf(stderr, "usage: %s [UNIT]\n", argv[0]);
    return known ? broken : 2;
}
