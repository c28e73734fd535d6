/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a matrix file. What is read is within the bounds that the file may state, is described as JSON,
 * and each of its entries has a place.
 */
#include <stdlib.h>

#include "harness/campaign/plan/spec.h"
#include "tests/measuring/fuzz/scratch.h"

static void entries_look(struct spec *spec)
{
    for (unsigned i = 0; i < spec->cells_count; i++) {
        char *place = spec_place(spec, i, "workloads", 0);
        FUZZ_EXPECT(place && *place);
        free(place);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct spec *spec = NULL;
    if (spec_load(scratch_file("first", bytes, count), &spec) != 0)
        return 0;
    FUZZ_EXPECT(spec->blocks >= 1 && spec->blocks <= SPEC_BLOCKS_MAX);
    FUZZ_EXPECT(spec->layouts >= 1 && spec->layouts <= SPEC_LAYOUTS_MAX);
    FUZZ_EXPECT(spec->timeout_seconds >= 1 && spec->timeout_seconds <= SPEC_TIMEOUT_MAX);
    FUZZ_EXPECT(spec->name && *spec->name);
    entries_look(spec);
    json_t *described = spec_describe(spec);
    FUZZ_EXPECT(json_is_object(described));
    json_decref(described);
    spec_free(spec);
    return 0;
}
