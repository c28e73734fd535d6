/* SPDX-License-Identifier: MIT */
#include "harness/results/run-machines.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/memory.h"

size_t run_machines_of_blocks(const json_t *manifest, size_t blocks, size_t *ret_places)
{
    const json_t *machines = json_object_get(manifest, "machines"), *entry, *block;
    size_t place, index;
    for (size_t i = 0; i < blocks; i++)
        ret_places[i] = 0;
    size_t count = json_array_size(machines) < blocks ? json_array_size(machines) : blocks;
    for (place = 0; place < count; place++) {
        entry = json_array_get(machines, place);
        json_array_foreach(json_object_get(entry, "blocks"), index, block) {
            json_int_t number = json_integer_value(block);
            if (number >= 0 && (size_t)number < blocks)
                ret_places[number] = place;
        }
    }
    return count > 1 ? count : 1;
}

const json_t *run_machines_describe(const json_t *manifest, size_t place)
{
    const json_t *entry = json_array_get(json_object_get(manifest, "machines"), place);
    return json_object_get(entry ? entry : manifest, "machine");
}

bool run_machines_are_same(const json_t *a, const json_t *b)
{
    static const char *const keys[] = {"hostname_hash", "cpu", "cores"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (!json_equal(json_object_get(a, keys[i]), json_object_get(b, keys[i])))
            return false;
    return true;
}

/* Leaves the sessions of the run's machine. A session of a merged run says on which host it was. */
static void sessions_keep(json_t *manifest)
{
    const json_t *host = json_object_get(json_object_get(manifest, "machine"), "hostname_hash");
    json_t *kept = json_array();
    size_t index;
    json_t *session;
    json_array_foreach(json_object_get(manifest, "sessions"), index, session) {
        const json_t *where = json_object_get(session, "host");
        if (!where || json_equal(where, host))
            json_array_append(kept, session);
    }
    json_object_set_new(manifest, "sessions", kept);
}

void run_machines_keep(struct store *store, size_t place)
{
    size_t blocks = (size_t)json_integer_value(json_object_get(store->manifest, "blocks")), kept = 0;
    size_t *places = memory_new(blocks, sizeof(*places));
    if (run_machines_of_blocks(store->manifest, blocks, places) > 1) {
        json_object_set(store->manifest, "machine", (json_t *)run_machines_describe(store->manifest, place));
        json_object_del(store->manifest, "machines");
        sessions_keep(store->manifest);
        for (size_t i = 0; i < store->row_count; i++)
            if (places[store->rows[i].block] == place)
                store->rows[kept++] = store->rows[i];
        store->row_count = kept;
    }
    free(places);
}

void run_machines_name(const json_t *manifest, size_t place, char ret_name[RUN_MACHINES_NAME])
{
    const char *host =
        json_string_value(json_object_get(run_machines_describe(manifest, place), "hostname_hash"));
    if (host && *host)
        snprintf(ret_name, RUN_MACHINES_NAME, "%zu (host %.6s)", place + 1, host);
    else
        snprintf(ret_name, RUN_MACHINES_NAME, "%zu", place + 1);
    escape_clean(ret_name);
}
