/* SPDX-License-Identifier: MIT */
#include "harness/results/checksums.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

char *checksums_compare(json_t *known, struct store_row *row)
{
    char *key = text_format("%s:%s#%" PRId64, row->workload, row->workload_options, row->seed);
    const json_t *first = json_object_get(known, key);
    char *reason = NULL;
    if (!first) {
        json_object_set_new(known, key,
                            json_pack("{ss sI}", "checksum", row->checksum, "id", (json_int_t)row->id));
    } else if (strcmp(json_string_value(json_object_get(first, "checksum")), row->checksum) != 0) {
        row->status = "mismatch";
        row->reason = reason =
            text_format("checksum %s, but process %06" JSON_INTEGER_FORMAT " got %s from the same work",
                        row->checksum, json_integer_value(json_object_get(first, "id")),
                        json_string_value(json_object_get(first, "checksum")));
    }
    free(key);
    return reason;
}
