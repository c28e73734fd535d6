/* SPDX-License-Identifier: MIT */
/*
 * What every pair says of itself with --describe, against the schema in results/README.md.
 *
 * usage: test-description PAIRS_JSON
 */
#include <stdlib.h>

#include "tests/support/pairs.h"
#include "tests/tap.h"

/* Whether an object has exactly the keys in `keys`, a list separated by spaces. */
static bool has_keys(json_t *object, const char *keys)
{
    char list[256];
    size_t count = 0;
    char *rest = NULL;
    snprintf(list, sizeof list, "%s", keys);
    for (char *key = strtok_r(list, " ", &rest); key; key = strtok_r(NULL, " ", &rest), count++) {
        if (!json_object_get(object, key)) {
            tap_note("there is no \"%s\"", key);
            return false;
        }
    }
    return json_object_size(object) == count;
}

static bool option_is_right(json_t *option)
{
    const char *type = json_string_value(json_object_get(option, "type"));
    json_t *standard = json_object_get(option, "default");
    if (!type)
        return false;
    if (strcmp(type, "integer") == 0)
        return has_keys(option, "name type default min max unit help") && json_is_integer(standard) &&
               json_number(option, "min") <= json_integer_value(standard) &&
               json_integer_value(standard) <= json_number(option, "max");
    if (strcmp(type, "real") == 0)
        return has_keys(option, "name type default min max unit help") && json_is_real(standard) &&
               json_real_value(json_object_get(option, "min")) <= json_real_value(standard) &&
               json_real_value(standard) <= json_real_value(json_object_get(option, "max"));
    if (strcmp(type, "switch") == 0)
        return has_keys(option, "name type default unit help") && json_is_boolean(standard);
    if (strcmp(type, "text") == 0)
        return has_keys(option, "name type unit help");
    if (strcmp(type, "choice") != 0 || !has_keys(option, "name type default unit help choices"))
        return false;
    size_t i;
    json_t *word;
    json_array_foreach(json_object_get(option, "choices"), i, word) {
        if (json_equal(word, standard))
            return true;
    }
    return false;
}

static bool half_is_right(json_t *half, const char *keys, const char *name)
{
    size_t i;
    json_t *option;
    bool right = has_keys(half, keys) &&
                 strcmp(json_string_value(json_object_get(half, "name")), name) == 0 &&
                 *json_string_value(json_object_get(half, "summary"));
    json_array_foreach(json_object_get(half, "options"), i, option) {
        if (!option_is_right(option)) {
            tap_note("option %zu of %s is not as the schema has it", i + 1, name);
            right = false;
        }
    }
    return right;
}

/* A pair that its description calls impossible says so when it is run, in one line. */
static bool refuses_in_one_line(const struct pair *pair)
{
    struct process process = pair_run(pair, NULL);
    const char *end = strchr(process.err, '\n');
    bool right = process.status == 2 && !*process.out && strstr(process.err, "finalisers") && end && !end[1];
    process_free(&process);
    return right;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s PAIRS_JSON\n", argv[0]);
        return 2;
    }
    struct pairs pairs = pairs_load(argv[1], NULL);
    for (size_t i = 0; i < pairs.count; i++) {
        const struct pair *pair = &pairs.pairs[i];
        json_t *description = pair->description;
        json_t *collector = json_object_get(description, "collector");
        const char *schema = json_string_value(json_object_get(description, "schema"));
        tap_ok(has_keys(description, "schema workload collector") && schema &&
                   strcmp(schema, "gcmatrix.describe.1") == 0,
               "%s describes itself", pair->name);
        tap_ok(half_is_right(json_object_get(description, "workload"),
                             "name group summary options finalising", pair->workload),
               "%s: the workload is as the schema has it", pair->name);
        tap_ok(half_is_right(collector, "name group summary options traits bounds", pair->collector),
               "%s: and so is the collector", pair->name);
        tap_ok(has_keys(json_object_get(collector, "traits"),
                        "counts reclaims reclaims_cycles frees_at_once moves conservative defers observes "
                        "buffers_roots finalises freezes frees_when_told frees_late header_bytes"),
               "%s: with every trait", pair->name);
        tap_ok(has_keys(json_object_get(collector, "bounds"), "held tables visits full young"),
               "%s: and every bound", pair->name);
        if (pair_refuses(pair))
            tap_ok(refuses_in_one_line(pair), "%s refuses to run, and says why in one line", pair->name);
    }
    return tap_done();
}
