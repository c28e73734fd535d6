/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/results/json-text.h"
#include "harness/results/merging.h"
#include "harness/results/same-plan.h"

/* ---- machines ---- */

static bool array_has(const json_t *array, json_int_t number)
{
    const json_t *item;
    size_t index;
    json_array_foreach(array, index, item)
        if (json_integer_value(item) == number)
            return true;
    return false;
}

/* The machine that a source's block ran on: the source's own, or of a merged run that which names the block. */
static const json_t *machine_of(const json_t *manifest, size_t block)
{
    const json_t *entry;
    size_t index;
    json_array_foreach(json_object_get(manifest, "machines"), index, entry)
        if (array_has(json_object_get(entry, "blocks"), (json_int_t)block))
            return json_object_get(entry, "machine");
    return json_object_get(manifest, "machine");
}

static const char *host_of(const json_t *machine)
{
    const char *hash = json_string_value(json_object_get(machine, "hostname_hash"));
    return hash ? hash : "";
}

/* Whether two descriptions are of one machine: its name and its parts, not its load or its settings. */
static bool machines_are_one(const json_t *a, const json_t *b)
{
    json_t *left = json_pack("{sO}", "machine", a), *right = json_pack("{sO}", "machine", b);
    bool one = strcmp(host_of(a), host_of(b)) == 0 && !same_plan_machine_difference(left, right);
    json_decref(left);
    json_decref(right);
    return one;
}

/* The entry of `machines` for a machine, which is added where it is new. */
static json_t *machine_entry(json_t *machines, const json_t *machine)
{
    json_t *entry;
    size_t index;
    json_array_foreach(machines, index, entry)
        if (machines_are_one(json_object_get(entry, "machine"), machine))
            return entry;
    json_array_append_new(machines, json_pack("{sO s[]}", "machine", machine, "blocks"));
    return json_array_get(machines, json_array_size(machines) - 1);
}

static json_t *machines_list(const struct merging *merging)
{
    json_t *machines = json_array();
    for (size_t block = 0; block < merging->blocks; block++) {
        size_t from = merging->from[block];
        if (from == merging->count)
            continue;
        const json_t *machine = machine_of(merging->sources[from].store->manifest, block);
        json_array_append_new(json_object_get(machine_entry(machines, machine), "blocks"),
                              json_integer((json_int_t)block));
    }
    return machines;
}

/* ---- sessions and warnings ---- */

static bool source_contributes(const struct merging *merging, size_t source)
{
    for (size_t block = 0; block < merging->blocks; block++)
        if (merging->from[block] == source)
            return true;
    return false;
}

static bool array_has_value(const json_t *array, const json_t *value)
{
    const json_t *item;
    size_t index;
    json_array_foreach(array, index, item)
        if (json_equal(item, value))
            return true;
    return false;
}

static void array_add(json_t *array, json_t *value)
{
    if (!array_has_value(array, value))
        json_array_append(array, value);
}

/* Adds the sessions of a source, each with the name of its machine, which those of a merged run have. */
static void sessions_add(const json_t *manifest, json_t *sessions)
{
    json_t *session;
    size_t index;
    json_array_foreach(json_object_get(manifest, "sessions"), index, session) {
        json_t *named = json_copy(session);
        if (!json_object_get(named, "host"))
            json_object_set_new(named, "host", json_text(host_of(json_object_get(manifest, "machine"))));
        array_add(sessions, named);
        json_decref(named);
    }
}

/* Adds the warnings of a source. Where there are several machines, each warning names its own. */
static void warnings_add(const json_t *manifest, bool several, json_t *warnings)
{
    const json_t *warning;
    size_t index;
    bool merged = json_object_get(manifest, "machines");
    json_array_foreach(json_object_get(manifest, "warnings"), index, warning) {
        const char *words = json_string_value(warning);
        char *text = several && !merged
                         ? text_format("host %.6s: %s", host_of(json_object_get(manifest, "machine")), words)
                         : text_format("%s", words ? words : "");
        json_t *named = json_text(text);
        array_add(warnings, named);
        json_decref(named);
        free(text);
    }
}

/* What a reader of absolute times must know. */
static void warnings_add_pooled(size_t machines, json_t *warnings)
{
    char *text = text_format(
        "the blocks were measured on %zu machines: ratios are formed within a block, and compared "
        "over machines; absolute figures are of one of them",
        machines);
    json_t *words = json_string(text);
    array_add(warnings, words);
    json_decref(words);
    free(text);
}

/* ---- times ---- */

/* The first or the last of what the sources say under a key, as texts that sort by time; NULL: none says so. */
static const char *time_choose(const struct merging *merging, const char *key, int sign)
{
    const char *chosen = NULL;
    for (size_t i = 0; i < merging->count; i++) {
        const char *text = json_string_value(json_object_get(merging->sources[i].store->manifest, key));
        if (text && (!chosen || sign * strcmp(text, chosen) > 0))
            chosen = text;
    }
    return chosen;
}

json_t *merge_manifest(const struct merging *merging, size_t *ret_machines)
{
    json_t *merged = json_deep_copy(merging->sources[0].store->manifest);
    json_t *machines = machines_list(merging), *sessions = json_array(), *warnings = json_array();
    bool complete = merging->processes == merging->cells * merging->blocks;
    bool several = json_array_size(machines) > 1;
    for (size_t i = 0; i < merging->count; i++)
        if (source_contributes(merging, i)) {
            sessions_add(merging->sources[i].store->manifest, sessions);
            warnings_add(merging->sources[i].store->manifest, several, warnings);
        }
    if (several)
        warnings_add_pooled(json_array_size(machines), warnings);
    *ret_machines = json_array_size(machines);
    json_object_del(merged, "shard");
    json_object_del(merged, "check");
    json_object_set_new(merged, "created", json_string(time_choose(merging, "created", -1)));
    const char *finished = complete ? time_choose(merging, "finished", 1) : NULL;
    json_object_set_new(merged, "finished", finished ? json_string(finished) : json_null());
    json_object_set_new(merged, "ended", finished ? json_string("blocks") : json_null());
    json_object_set_new(merged, "rows", json_integer((json_int_t)merging->rows));
    if (json_array_size(machines))
        json_object_set(merged, "machine", json_object_get(json_array_get(machines, 0), "machine"));
    json_object_set_new(merged, "machines", machines);
    json_object_set_new(merged, "sessions", sessions);
    json_object_set_new(merged, "warnings", warnings);
    return merged;
}
