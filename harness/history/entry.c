/* SPDX-License-Identifier: MIT */
/* What entries are, apart from how they are made and read. */
#include "harness/history/entry.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

const enum run_metric history_metrics[HISTORY_METRICS] = {
    [HISTORY_WALL] = RUN_WALL,           [HISTORY_OWN] = RUN_OWN,
    [HISTORY_PEAK] = RUN_PEAK,           [HISTORY_PAUSE_P99] = RUN_PAUSE_P99,
    [HISTORY_PAUSE_MAX] = RUN_PAUSE_MAX, [HISTORY_INSTRUCTIONS] = RUN_INSTRUCTIONS,
};

void history_entry_free(struct history_entry *entry)
{
    free(entry->cells);
    free(entry->claims);
    json_decref(entry->lines);
    *entry = (struct history_entry){0};
}

bool history_cells_are_same(const struct history_cell *a, const struct history_cell *b)
{
    for (int name = 0; name < HISTORY_NAMES; name++)
        if (strcmp(a->names[name], b->names[name]) != 0)
            return false;
    return true;
}

char *history_cell_name(const struct history_cell *cell)
{
    const char *const *names = cell->names;
    bool warm = strcmp(names[HISTORY_MEMORY], "warm") == 0;
    return text_format("%s x %s on %s%s%s%s", names[HISTORY_WORKLOAD], names[HISTORY_COLLECTOR],
                       names[HISTORY_ALLOCATOR], warm ? " warm" : "", *names[HISTORY_HEAP] ? ", heap " : "",
                       names[HISTORY_HEAP]);
}
