/* SPDX-License-Identifier: MIT */
#include "harness/report/overview-json.h"

#include "harness/analysis/compare.h"
#include "harness/report/drift-text.h"
#include "harness/report/figure.h"
#include "harness/report/machines-text.h"
#include "harness/report/overview-foot.h"

static json_t *overview_names_json(const struct run_list *list)
{
    json_t *names = json_array();
    for (size_t i = 0; i < list->measured; i++)
        json_array_append_new(names, json_string(list->names[i]));
    return names;
}

void overview_json_print(const struct run *run, const struct overview_options *options, json_t *claims,
                         json_t *cells, FILE *stream)
{
    json_t *object = json_object();
    json_object_set_new(object, "schema", json_string("gcmatrix.overview.2"));
    json_object_set(object, "name", json_object_get(run->store->manifest, "name"));
    json_object_set_new(object, "ended", json_boolean(run->ended));
    json_object_set_new(object, "missing", json_integer((json_int_t)run->missing));
    machines_text_run_json(run, object);
    json_object_set(object, "claims", claims);
    json_object_set_new(object, "settings", overview_names_json(&run->settings));
    json_object_set_new(object, "baseline",
                        options->baseline == OVERVIEW_NONE
                            ? json_null()
                            : json_string(run->configs.names[options->baseline]));
    json_object_set_new(object, "drift", drift_text_json(compare_drift(run)));
    json_object_set_new(object, "reference_drift", drift_text_json(compare_reference_drift(run)));
    if (run->layout_count > 1) {
        struct tables_layout_sum sum = overview_foot_layouts(run);
        json_object_set_new(object, "layouts",
                            json_pack("{sI sO? so so}", "count", (json_int_t)run->layout_count, "as_planned",
                                      json_object_get(run->store->manifest, "layouts"), "median_deviation",
                                      figure_json(sum.median), "largest_deviation",
                                      figure_json(sum.largest)));
    }
    json_object_set(object, "cells", cells);
    json_dumpf(object, stream, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
    putc('\n', stream);
    json_decref(object);
}
