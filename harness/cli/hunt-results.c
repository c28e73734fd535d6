/* SPDX-License-Identifier: MIT */
#include "harness/cli/hunt-results.h"

#include <math.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/process/progress.h"
#include "harness/cli/cli.h"
#include "harness/cli/cliffs.h"
#include "harness/report/figure.h"
#include "harness/results/json-text.h"

void hunt_results_progress(const struct hunt_request *request, const struct hunt_result *result)
{
    static double shown;
    char left[32] = "";
    if (result->elapsed >= shown && result->elapsed < shown + 0.2)
        return;
    shown = result->elapsed;
    if (request->seconds > 0)
        progress_span((int64_t)(fmax(request->seconds - result->elapsed, 0) * 1e9), left);
    struct hunt_found worst = {0};
    if (result->worst.ratio > 0)
        worst = hunt_found_open(&result->worst);
    fprintf(stderr, "\rhunt: %s%s%llu programs of %zu kinds, at worst %.3g times as much: %.60s \033[K", left,
            *left ? " left, " : "", (unsigned long long)result->candidates, result->cells,
            result->worst.ratio, worst.text ? worst.text : "");
    hunt_found_close(&worst);
}

static const char *by_of(const struct hunt_results *results)
{
    return hunt_words[results->request->by];
}

/* The ratio as a person reads it. The caller frees it. */
static char *ratio_text(const struct hunt_found *found)
{
    if (!hunt_is_measured(found))
        return text_format("%.3g, counted", found->candidate.ratio);
    return text_format("%.3g [%.3g, %.3g]", found->measured.ratio, found->measured.low, found->measured.high);
}

/* ---- to a person ---- */

/* The options that measure what was found again. The caller frees them. */
static char *again_text(const struct hunt_found *found)
{
    char *quoted = escape_shell(found->text);
    char *text = found->candidate.form == HUNT_WORKLOAD
                     ? text_format("--workload %s", quoted)
                     : text_format("--recipe %s --size %u", quoted, found->candidate.n);
    free(quoted);
    return text;
}

static void found_print(const struct hunt_results *results, const struct hunt_found *found)
{
    char *ratio = ratio_text(found), *again = again_text(found);
    printf("\n%s times as much%s, %.3g by counting: ", ratio,
           hunt_is_cliff(found) ? "" : ", which is not confirmed", found->candidate.ratio);
    if (found->candidate.form == HUNT_WORKLOAD)
        printf("workload '%s'\n", found->text);
    else
        printf("n=%u, '%s'\n", found->candidate.n, found->text);
    if (found->failed)
        message_say("  %s", found->failed);
    char *collectors[] = {escape_shell(results->collectors[0]), escape_shell(results->collectors[1])};
    printf("  gcmatrix hunt -c %s --against %s --by %s %s\n", collectors[0], collectors[1], by_of(results),
           again);
    free(collectors[0]);
    free(collectors[1]);
    free(again);
    free(ratio);
}

static void dropped_print(const struct hunt_result *result)
{
    const uint64_t *dropped = result->dropped;
    if (dropped[HUNT_TOO_LARGE] + dropped[HUNT_REFUSED] + dropped[HUNT_FAILED] == 0)
        return;
    message_say("not compared: %llu were too large, %llu had options that do not go together, %llu failed",
                (unsigned long long)dropped[HUNT_TOO_LARGE], (unsigned long long)dropped[HUNT_REFUSED],
                (unsigned long long)dropped[HUNT_FAILED]);
}

void hunt_results_print(const struct hunt_results *results)
{
    const struct hunt_result *result = &results->result;
    size_t cliffs = 0;
    for (size_t i = 0; i < results->found_count; i++) {
        found_print(results, &results->found[i]);
        cliffs += hunt_is_cliff(&results->found[i]);
    }
    puts("");
    message_say("%s against %s by %s: %zu cliff%s; %llu programs of %zu kinds in %.1f s%s",
                results->collectors[0], results->collectors[1], by_of(results), cliffs,
                cliffs == 1 ? "" : "s", (unsigned long long)result->candidates, result->cells,
                result->elapsed, results->interrupted ? ", interrupted" : "");
    dropped_print(result);
}

/* ---- JSON ---- */

static json_t *found_json(const struct hunt_results *results, const struct hunt_found *found)
{
    json_t *json = found->candidate.form == HUNT_WORKLOAD
                       ? json_pack("{so}", "workload", json_text(found->text))
                       : json_pack("{ss sI}", "recipe", found->text, "size", (json_int_t)found->candidate.n);
    json_object_set_new(json, "counted_ratio", json_real(found->candidate.ratio));
    json_object_set_new(json, "cliff", json_boolean(hunt_is_cliff(found)));
    if (hunt_is_measured(found))
        json_object_set_new(json, "measured",
                            json_pack("{so so so sI sI}", "ratio", figure_json(found->measured.ratio), "low",
                                      figure_json(found->measured.low), "high",
                                      figure_json(found->measured.high), "groups",
                                      (json_int_t)found->measured.blocks, "rounds",
                                      (json_int_t)(found->measured.blocks * results->rounds)));
    if (found->failed)
        json_object_set_new(json, "failed", json_text(found->failed));
    return json;
}

static json_t *dropped_json(const struct hunt_result *result)
{
    return json_pack("{sI sI sI}", "too_large", (json_int_t)result->dropped[HUNT_TOO_LARGE], "refused",
                     (json_int_t)result->dropped[HUNT_REFUSED], "failed",
                     (json_int_t)result->dropped[HUNT_FAILED]);
}

void hunt_results_json_print(const struct hunt_results *results)
{
    json_t *found = json_array();
    for (size_t i = 0; i < results->found_count; i++)
        json_array_append_new(found, found_json(results, &results->found[i]));
    json_t *all = json_pack(
        "{ss so so ss sI sI sI so sf sb so}", "schema", "gcmatrix.hunt.1", "collector",
        json_text(results->collectors[0]), "against", json_text(results->collectors[1]), "by", by_of(results),
        "seed", (json_int_t)results->request->seed, "programs", (json_int_t)results->result.candidates,
        "kinds", (json_int_t)results->result.cells, "dropped", dropped_json(&results->result), "seconds",
        results->result.elapsed, "interrupted", results->interrupted, "found", found);
    cli_json_print(all, 0);
}

/* ---- the page ---- */

static struct cliff cliff_of(const struct hunt_results *results, const struct hunt_found *found)
{
    return (struct cliff){.collector = text_format("%s", results->collectors[0]),
                          .against = text_format("%s", results->collectors[1]),
                          .by = text_format("%s", by_of(results)),
                          .ratio = ratio_text(found),
                          .size = found->candidate.form == HUNT_WORKLOAD
                                      ? text_format("%s", "")
                                      : text_format("%u", found->candidate.n),
                          .program = text_format("%s", found->text),
                          .reason = text_format("%s", "")};
}

int hunt_results_page_begin(const char *path, struct writing *ret_page)
{
    struct cliffs cliffs;
    int status = cliffs_read(path, &cliffs);
    cliffs_free(&cliffs);
    return status ? status : writing_begin_path("hunt: --write", path, ret_page);
}

int hunt_results_write(const struct hunt_results *results, const char *path, struct writing *page)
{
    struct cliffs cliffs;
    size_t count = 0;
    struct cliff *rows = memory_new(results->found_count + 1, sizeof *rows);
    int status = cliffs_read(path, &cliffs);
    for (size_t i = 0; i < results->found_count && status == 0; i++)
        if (hunt_is_cliff(&results->found[i]))
            rows[count++] = cliff_of(results, &results->found[i]);
    if (status == 0) {
        cliffs_replace(&cliffs, results->collectors[0], results->collectors[1], by_of(results), rows, count);
        cliffs_print(&cliffs, writing_stream(page));
        status = writing_keep(page);
    }
    cliffs_free(&cliffs);
    free(rows);
    return status;
}
