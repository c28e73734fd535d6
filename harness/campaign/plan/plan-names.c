/* SPDX-License-Identifier: MIT */
/* What cells are called in words. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/campaign/plan/plan.h"

/* "on jemalloc:normalised in 2 times the minimum heap, warm of old"; the caller frees it. */
static char *setting_name(const struct plan_cell *cell)
{
    const char *tuning = cell->allocator->tuning->name;
    bool plain = strcmp(tuning, "default") == 0;
    bool warm = strcmp(cell->memory, "warm") == 0;
    return text_format("on %s%s%s%s%s%s%s%s%s", cell->allocator->name, plain ? "" : ":", plain ? "" : tuning,
                       cell->heap ? " in " : "", cell->heap ? cell->heap : "",
                       cell->heap ? " times the minimum heap" : "", warm ? ", warm" : "",
                       *cell->build ? " of " : "", cell->build);
}

char *plan_cell_name(const struct plan_cell *cell)
{
    char *setting = setting_name(cell);
    char *name = text_format("%s%s%s x %s%s%s %s", cell->workload, *cell->workload_options ? ":" : "",
                             cell->workload_options, cell->collector, *cell->collector_options ? ":" : "",
                             cell->collector_options, setting);
    free(setting);
    return name;
}

char *plan_place_name(const struct plan_cell *cell)
{
    char *setting = setting_name(cell);
    char *name = text_format("%s%s%s %s", cell->workload, *cell->workload_options ? ":" : "",
                             cell->workload_options, setting);
    free(setting);
    return name;
}
