/* SPDX-License-Identifier: MIT */
/* From a run to the lines of its entry. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/crc32.h"
#include "base/memory.h"
#include "base/text.h"
#include "harness/analysis/claims.h"
#include "harness/analysis/compare.h"
#include "harness/history/entry.h"
#include "harness/results/json-text.h"
#include "harness/results/reference.h"

/* From so many ns or bytes on a half of one does not count. */
static const double NUMBER_LARGE = 1e6;

enum { PROGRAM_DIGITS = 12, CHECK_DIGITS = 8 };

/* ---- figures ---- */

/* A large number has no half, and so no point. */
static json_t *number_json(double value)
{
    value = fabs(value) >= NUMBER_LARGE ? round(value) : value;
    return json_number(value);
}

/* A figure as a line has it; `values` are those that are comparable, one for each block. */
static json_t *figure_json_of(double median, struct bootstrap_interval interval, const double *values,
                              size_t blocks)
{
    struct two_runs_side side = two_runs_side_of(values, blocks);
    if (side.count == 0 || isnan(median))
        return json_null();
    json_t *figure = json_array();
    json_array_append_new(figure, json_integer((json_int_t)side.count));
    json_array_append_new(figure, number_json(median));
    if (side.constant && side.first == median)
        return figure;
    bool has_mean = side.zeros == 0;
    json_array_append_new(figure, has_mean ? json_real(exp(side.mean)) : json_null());
    json_array_append_new(figure, has_mean ? json_real(sqrt(side.variance)) : json_null());
    if (isnan(interval.low) || isnan(interval.high))
        return figure;
    json_array_append_new(figure, number_json(interval.low));
    json_array_append_new(figure, number_json(interval.high));
    return figure;
}

static json_t *cell_figure(const struct run *run, const struct run_cell *cell, enum run_metric metric)
{
    struct bootstrap_interval none = {NAN, NAN};
    bool divided = compare_is_time(metric) && run->reference_ns,
         ends = metric == RUN_WALL || metric == RUN_OWN;
    if (!run_cell_is_whole(cell) || !run_cell_measures(run, cell, metric))
        return json_null();
    double *values = memory_new(run->blocks, sizeof(*values));
    compare_values(run, cell, metric, divided ? COMPARE_REFERENCE : COMPARE_NONE, values);
    json_t *figure = figure_json_of(run_cell_median(run, cell, metric),
                                    ends ? run_cell_interval(run, cell, metric) : none, values, run->blocks);
    free(values);
    return figure;
}

/* ---- a cell ---- */

/* A name with what details it, where there is a detail that says something. */
static json_t *name_json(const struct run *run, const struct run_cell *cell, const char *name,
                         const char *detail, const char *usual)
{
    const char *plain = run_cell_text(run, cell, name), *more = run_cell_text(run, cell, detail);
    bool says = *more && strcmp(more, usual) != 0;
    char *whole = text_format("%s%s%s", plain, says ? ":" : "", says ? more : "");
    json_t *text = json_text(whole);
    free(whole);
    return text;
}

static json_t *memory_json(const struct run *run, const struct run_cell *cell)
{
    return json_string(run_cell_is_warm(run, cell) ? "warm" : "cold");
}

/* The first digits of the executable's hash; "" where the run does not say it. */
static json_t *program_json(const struct run *run, const struct run_cell *cell)
{
    const json_t *all = json_object_get(run->store->manifest, "binaries");
    const char *hash = json_string_value(json_object_get(all, run_cell_text(run, cell, "pair")));
    char *digits = text_format("%.*s", PROGRAM_DIGITS, hash ? hash : "");
    json_t *text = json_text(digits);
    free(digits);
    return text;
}

static json_t *cell_line(const struct run *run, const struct run_cell *cell)
{
    json_t *line = json_array();
    json_array_append_new(line, name_json(run, cell, "workload", "workload_options", ""));
    json_array_append_new(line, name_json(run, cell, "collector", "collector_options", ""));
    json_array_append_new(line, name_json(run, cell, "allocator", "tuning", "default"));
    json_array_append_new(line, memory_json(run, cell));
    json_array_append_new(line, json_text(run_cell_text(run, cell, "heap")));
    json_array_append_new(line, program_json(run, cell));
    json_array_append_new(line, json_text(cell->status));
    for (int metric = 0; metric < HISTORY_METRICS; metric++)
        json_array_append_new(line, cell_figure(run, cell, history_metrics[metric]));
    return json_pack("{so}", "cell", line);
}

/* Whether a history follows the cell: one of this build that says something of a collector. */
static bool cell_is_followed(const struct run *run, const struct run_cell *cell)
{
    return !run_cell_is_aside(cell) && !*run_cell_text(run, cell, "build");
}

/* ---- claims ---- */

static char verdict_sign(enum sequential_verdict verdict)
{
    switch (verdict) {
    case SEQUENTIAL_LESS:
        return '<';
    case SEQUENTIAL_MORE:
        return '>';
    case SEQUENTIAL_EQUAL:
        return '=';
    case SEQUENTIAL_UNDECIDED:
        return '?';
    default:
        return '-';
    }
}

/* The cells of a scene, in the order of the run. Returns how many; there is room for all of the run. */
static size_t scene_cells(const struct claims *claims, const struct claims_scene *scene,
                          const struct run_cell **ret_cells)
{
    const struct run *run = claims->run;
    size_t count = 0;
    for (const struct run_cell *cell = run->cells; cell < run->cells + run->cell_count; cell++)
        if (cell_is_followed(run, cell) && cell->work == scene->work && cell->setting == scene->setting &&
            strcmp(run_cell_text(run, cell, "heap"), scene->heap) == 0)
            ret_cells[count++] = cell;
    return count;
}

static json_t *scene_line(const struct claims *claims, const struct run_cell *const *cells, size_t count)
{
    const struct run *run = claims->run;
    json_t *line = json_array(), *collectors = json_array();
    char *verdicts = memory_new(count * count + 1, 1), *at = verdicts;
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(collectors, name_json(run, cells[i], "collector", "collector_options", ""));
        for (size_t j = i + 1; j < count; j++)
            *at++ = verdict_sign(claims_between(claims, cells[i], cells[j]).verdict);
    }
    json_array_append_new(line, name_json(run, cells[0], "workload", "workload_options", ""));
    json_array_append_new(line, name_json(run, cells[0], "allocator", "tuning", "default"));
    json_array_append_new(line, memory_json(run, cells[0]));
    json_array_append_new(line, json_text(run_cell_text(run, cells[0], "heap")));
    json_array_append_new(line, collectors);
    json_array_append_new(line, json_string(verdicts));
    free(verdicts);
    return json_pack("{so}", "claims", line);
}

/* Adds a line for each scene in which two collectors are compared. A run of two builds compares no collectors. */
static void claims_add(const struct run *run, json_t *lines)
{
    struct claims claims;
    claims_make(run, RUN_WALL, &claims);
    struct claims_scene *scenes = memory_new(run->cell_count, sizeof(*scenes));
    const struct run_cell **cells = memory_new(run->cell_count, sizeof(*cells));
    size_t count = claims.builds ? 0 : claims_scenes(&claims, scenes);
    for (size_t i = 0; i < count; i++) {
        size_t members = scene_cells(&claims, &scenes[i], cells);
        if (members > 1)
            json_array_append_new(lines, scene_line(&claims, cells, members));
    }
    free(scenes);
    free(cells);
    claims_fini(&claims);
}

/* ---- the run ---- */

/* A check of a value of JSON, in digits; the caller frees it. */
static char *json_check(const json_t *value)
{
    char *dumped = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
    uint32_t check = dumped ? crc32_add(0, dumped, strlen(dumped)) : 0;
    free(dumped);
    return text_format("%0*" PRIx32, CHECK_DIGITS, check);
}

char *history_run_identify(const struct run *run)
{
    static const char *const keys[] = {"created", "name", "spec_sha256", "seed", "machine", "binaries"};
    const json_t *manifest = run->store->manifest;
    json_t *parts = json_array();
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        json_t *part = json_object_get(manifest, keys[i]);
        json_array_append_new(parts, part ? json_incref(part) : json_null());
    }
    char *digits = json_check(parts);
    json_decref(parts);
    return digits;
}

/* Copies members of an object, those that are there. */
static json_t *members_of(const json_t *object, const char *const *keys)
{
    json_t *members = json_object();
    for (; *keys; keys++)
        if (json_object_get(object, *keys))
            json_object_set(members, *keys, json_object_get(object, *keys));
    return members;
}

/* What the run says of the machine's speed; `ns` is null where the reference program did not run. */
static json_t *reference_json(const struct run *run)
{
    const json_t *says = json_object_get(run->store->manifest, "reference");
    const char *hash = json_string_value(json_object_get(says, "binary_sha256"));
    struct bootstrap_interval none = {NAN, NAN};
    json_t *ns = run->reference_ns ? figure_json_of(reference_run_time(run->reference_ns, run->blocks), none,
                                                    run->reference_ns, run->blocks)
                                   : json_null();
    return json_pack("{so so}", "sha256", json_text(hash ? hash : ""), "ns", ns);
}

static json_t *head_line(const struct run *run, const struct history_commit *commit)
{
    static const char *const machine[] = {"hostname_hash", "cpu", "cores",    "memory_bytes",
                                          "kernel",        "thp", "governor", NULL};
    const json_t *manifest = run->store->manifest;
    json_t *head = json_object(), *metrics = json_array();
    char *id = history_run_identify(run), *programs = json_check(json_object_get(manifest, "binaries"));
    for (int metric = 0; metric < HISTORY_METRICS; metric++)
        json_array_append_new(metrics, json_string(run_metric_names[history_metrics[metric]].name));
    json_object_set_new(head, "schema", json_string(HISTORY_SCHEMA));
    json_object_set_new(head, "commit", json_text(commit->id));
    json_object_set_new(head, "committed", json_integer(commit->time));
    json_object_set_new(head, "subject", json_text(commit->subject));
    json_object_set_new(head, "run", json_text(id));
    json_object_set_new(head, "name", json_text(json_string_value(json_object_get(manifest, "name"))));
    json_object_set_new(head, "measured", json_text(json_string_value(json_object_get(manifest, "created"))));
    json_object_set_new(head, "machine", members_of(json_object_get(manifest, "machine"), machine));
    json_object_set(head, "versions", json_object_get(manifest, "versions"));
    json_object_set_new(head, "programs", json_text(programs));
    json_object_set_new(head, "reference", reference_json(run));
    json_object_set_new(head, "metrics", metrics);
    free(programs);
    free(id);
    return head;
}

json_t *history_lines_make(const struct run *run, const struct history_commit *commit)
{
    json_t *lines = json_array();
    json_array_append_new(lines, head_line(run, commit));
    for (size_t i = 0; i < run->cell_count; i++)
        if (cell_is_followed(run, &run->cells[i]))
            json_array_append_new(lines, cell_line(run, &run->cells[i]));
    claims_add(run, lines);
    return lines;
}

char *history_lines_write(const json_t *lines)
{
    enum { DIGITS = 6 };
    char *text;
    size_t size, i;
    json_t *line;
    FILE *file = memory_stream(&text, &size);
    json_array_foreach((json_t *)lines, i, line) {
        json_dumpf(line, file, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS));
        putc('\n', file);
    }
    memory_stream_close(file);
    return text;
}
