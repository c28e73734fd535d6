/* SPDX-License-Identifier: MIT */
#include "harness/report/contrast-claims.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "harness/analysis/agreement.h"
#include "harness/analysis/claims.h"
#include "harness/analysis/ranking.h"
#include "harness/report/claims-text.h"
#include "harness/report/figure.h"
#include "harness/report/textual.h"

enum { CONTRAST_METRICS = 4 };
static const enum run_metric contrast_metrics[CONTRAST_METRICS] = {RUN_WALL, RUN_OWN, RUN_PEAK,
                                                                   RUN_PAUSE_MAX};

/* What the two runs say of one metric. */
struct contrast_side {
    struct claims a, b;
    struct claims_confirmation confirmation;
    struct claims_counts counts[2];
    struct agreement_widths value_widths[2], ratio_widths[2];
    struct agreement values, ratios;
};

static void contrast_side_make(const struct run *a, const struct run *b, enum run_metric metric,
                               double between, struct contrast_side *side)
{
    claims_make(a, metric, &side->a);
    claims_make(b, metric, &side->b);
    claims_confirm(&side->a, &side->b, &side->confirmation);
    side->counts[0] = claims_count(&side->a, CLAIMS_ANY);
    side->counts[1] = claims_count(&side->b, CLAIMS_ANY);
    side->value_widths[0] = agreement_widths_of_values(a, metric);
    side->value_widths[1] = agreement_widths_of_values(b, metric);
    side->ratio_widths[0] = agreement_widths_of_ratios(a, metric);
    side->ratio_widths[1] = agreement_widths_of_ratios(b, metric);
    side->values = agreement_of_values(a, b, metric, between);
    side->ratios = agreement_of_ratios(a, b, metric, between);
}

static void contrast_side_fini(struct contrast_side *side)
{
    claims_confirm_fini(&side->confirmation);
    claims_fini(&side->a);
    claims_fini(&side->b);
}

/* Adds a share in per cent; "n/a" where it is not known. */
static void contrast_add_share(struct textual *table, double share)
{
    if (isnan(share))
        textual_add(table, TEXTUAL_FAINT, "n/a");
    else if (share > 10)
        textual_add(table, TEXTUAL_PLAIN, "> 1000%%");
    else
        textual_add(table, TEXTUAL_PLAIN, "%.1f%%", 100 * share);
}

static void contrast_add_agreement(struct textual *table, struct agreement agreement)
{
    if (agreement.figures)
        textual_add(table, TEXTUAL_PLAIN, "%.1f%% of %zu",
                    100 * (double)agreement.within / (double)agreement.figures, agreement.figures);
    else
        textual_add(table, TEXTUAL_FAINT, "n/a");
}

static void contrast_header(struct textual *table, size_t columns, const char *const *header)
{
    textual_init(table, columns, 1);
    for (size_t i = 0; i < columns; i++)
        textual_add(table, TEXTUAL_BOLD, "%s", header[i]);
}

/* ---- confirmed or not ---- */

static void contrast_print_outcomes(const struct contrast_side *sides, enum report_form form, FILE *stream)
{
    static const char *const header[] = {"metric",   "claims of A", "confirmed",    "claimed too",
                                         "same way", "other way",   "contradicted", "no figure"};
    enum { COLUMNS = sizeof(header) / sizeof(header[0]) };
    struct textual table;
    contrast_header(&table, COLUMNS, header);
    for (size_t i = 0; i < CONTRAST_METRICS; i++) {
        const struct claims_confirmation *found = &sides[i].confirmation;
        bool bad = found->outcomes[CLAIMS_CONTRADICTED] > 0;
        textual_add(&table, TEXTUAL_PLAIN, "%s", run_metric_names[contrast_metrics[i]].name);
        textual_add(&table, TEXTUAL_PLAIN, "%zu", found->count);
        contrast_add_share(&table, claims_confirmed(found));
        for (int outcome = 0; outcome < CLAIMS_OUTCOMES; outcome++)
            textual_add(&table, bad && outcome == CLAIMS_CONTRADICTED ? TEXTUAL_BAD : TEXTUAL_PLAIN, "%zu",
                        found->outcomes[outcome]);
    }
    textual_print_form(&table, form, stream);
    textual_fini(&table);
}

/* Returns what a fault cost in the two cells of a run, in ns; NaN where it is not known. */
static double contrast_fault_price(const struct run *run, const struct run_cell *a, const struct run_cell *b)
{
    double kernel = run_cell_median(run, a, RUN_KERNEL) + run_cell_median(run, b, RUN_KERNEL);
    double faults = run_cell_median(run, a, RUN_FAULTS) + run_cell_median(run, b, RUN_FAULTS);
    return faults > 0 ? kernel / faults : NAN;
}

/* Returns the reason in words, "" where none is known. The caller frees it. */
static char *contrast_reason(const struct contrast_side *side, const struct claims_answer *answer)
{
    const struct run *a = side->a.run, *b = side->b.run;
    const struct run_cell *left = answer->claim->a, *right = answer->claim->b;
    char price_a[FIGURE_TEXT], price_b[FIGURE_TEXT], first[FIGURE_TEXT], second[FIGURE_TEXT];
    bool apart = answer->reason == RUN_KERNEL || answer->reason == RUN_WAITING;
    if (answer->reason == RUN_METRICS)
        return text_format("%s", "");
    if (!apart)
        return text_format("; the change is in %s", run_metric_names[answer->reason].name);
    figure_ratio(claims_estimate(a, left, right, RUN_OWN), first);
    figure_ratio(claims_estimate(b, answer->a, answer->b, RUN_OWN), second);
    if (answer->reason == RUN_WAITING)
        return text_format("; waiting: apart from it and the kernel %s and %s", first, second);
    if (run_cell_is_warm(a, left)) /* the pages were there: what the kernel does is something else */
        return text_format("; the kernel: apart from it %s and %s", first, second);
    double price = contrast_fault_price(a, left, right);
    figure_time(price, price_a);
    figure_time(contrast_fault_price(b, answer->a, answer->b), price_b);
    if (isnan(price))
        return text_format("; fresh pages (the kernel): apart from it %s and %s", first, second);
    return text_format("; fresh pages (%.20s a fault in A, %.20s in B): apart from the kernel %s and %s",
                       price_a, price_b, first, second);
}

static void contrast_print_answer(const struct contrast_side *side, const struct claims_answer *answer,
                                  enum report_form form, FILE *stream)
{
    const struct run *run = side->a.run;
    const struct claims_pair *claim = answer->claim;
    char *reason = contrast_reason(side, answer), ratio_a[FIGURE_TEXT], ratio_b[FIGURE_TEXT];
    figure_fine_ratio(claim->result.ratio, ratio_a);
    figure_fine_ratio(answer->ratio, ratio_b);
    char *text = text_format("- %s, %s (%s): %s %s %s, %s in A, %s in B, where it is %s%s.",
                             run_metric_names[side->a.metric].name, run->works.names[claim->a->work],
                             run->settings.names[claim->a->setting], run->configs.names[claim->a->config],
                             ranking_sign(claim->result.verdict), run->configs.names[claim->b->config],
                             ratio_a, ratio_b,
                             answer->outcome == CLAIMS_CONTRADICTED ? "claimed the other way"
                                                                    : claims_text_verdict(answer->verdict),
                             reason);
    textual_print_sentence(text, form, stream);
    free(text);
    free(reason);
}

static void contrast_print_unconfirmed(const struct contrast_side *sides, enum report_form form, FILE *stream)
{
    size_t printed = 0;
    for (size_t i = 0; i < CONTRAST_METRICS; i++)
        for (size_t j = 0; j < sides[i].confirmation.count; j++) {
            const struct claims_answer *answer = &sides[i].confirmation.answers[j];
            if (answer->outcome != CLAIMS_OTHER_WAY && answer->outcome != CLAIMS_CONTRADICTED)
                continue;
            if (printed++ == 0)
                fputs("\nNot confirmed:\n", stream);
            contrast_print_answer(&sides[i], answer, form, stream);
        }
}

/* ---- how far the figures hold ---- */

/* Returns the processes of a run, repeated ones and baselines too, for each of its claims; NaN without a claim. */
static double contrast_spent(const struct claims *claims, const struct claims_counts *counts)
{
    return counts->claims ? (double)claims->run->store->row_count / (double)counts->claims : NAN;
}

static void contrast_add_spent(struct textual *table, double spent)
{
    if (isnan(spent))
        textual_add(table, TEXTUAL_FAINT, "n/a");
    else
        textual_add(table, TEXTUAL_PLAIN, "%.1f", spent);
}

static void contrast_print_figures(const struct contrast_side *sides, enum report_form form, FILE *stream)
{
    static const char *const header[] = {"metric",        "decided, A", "B", "values within",
                                         "ratios within", "spent, A",   "B"};
    enum { COLUMNS = sizeof(header) / sizeof(header[0]) };
    struct textual table;
    contrast_header(&table, COLUMNS, header);
    for (size_t i = 0; i < CONTRAST_METRICS; i++) {
        const struct contrast_side *side = &sides[i];
        textual_add(&table, TEXTUAL_PLAIN, "%s", run_metric_names[contrast_metrics[i]].name);
        contrast_add_share(&table, claims_decided(&side->counts[0]));
        contrast_add_share(&table, claims_decided(&side->counts[1]));
        contrast_add_agreement(&table, side->values);
        contrast_add_agreement(&table, side->ratios);
        contrast_add_spent(&table, contrast_spent(&side->a, &side->counts[0]));
        contrast_add_spent(&table, contrast_spent(&side->b, &side->counts[1]));
    }
    textual_print_form(&table, form, stream);
    textual_fini(&table);
}

static void contrast_print_widths(const struct contrast_side *sides, enum report_form form, FILE *stream)
{
    static const char *const header[] = {"metric",    "values, A", "90th", "B",   "90th",
                                         "ratios, A", "90th",      "B",    "90th"};
    enum { COLUMNS = sizeof(header) / sizeof(header[0]) };
    struct textual table;
    contrast_header(&table, COLUMNS, header);
    for (size_t i = 0; i < CONTRAST_METRICS; i++) {
        const struct contrast_side *side = &sides[i];
        const struct agreement_widths *const widths[] = {&side->value_widths[0], &side->value_widths[1],
                                                         &side->ratio_widths[0], &side->ratio_widths[1]};
        textual_add(&table, TEXTUAL_PLAIN, "%s", run_metric_names[contrast_metrics[i]].name);
        for (size_t j = 0; j < sizeof(widths) / sizeof(widths[0]); j++) {
            contrast_add_share(&table, widths[j]->median);
            contrast_add_share(&table, widths[j]->p90);
        }
    }
    textual_print_form(&table, form, stream);
    textual_fini(&table);
}

void contrast_claims_print(const struct run *a, const struct run *b, double between, enum report_form form,
                           FILE *stream)
{
    struct contrast_side sides[CONTRAST_METRICS];
    for (size_t i = 0; i < CONTRAST_METRICS; i++)
        contrast_side_make(a, b, contrast_metrics[i], between, &sides[i]);
    textual_print_title("What B says of A's claims", form, stream);
    putc('\n', stream);
    contrast_print_outcomes(sides, form, stream);
    contrast_print_unconfirmed(sides, form, stream);
    putc('\n', stream);
    textual_print_title("How far the figures hold", form, stream);
    putc('\n', stream);
    contrast_print_figures(sides, form, stream);
    putc('\n', stream);
    textual_print_title("How wide the intervals are", form, stream);
    putc('\n', stream);
    contrast_print_widths(sides, form, stream);
    putc('\n', stream);
    textual_print_sentence(
        "Confirmed: B's estimate lies the same way. \"Own\" is the time of mutator, collecting and cascades, "
        "apart from the kernel. Decided: claimed or equal, of all pairs. Within: figures of A that lie where "
        "B "
        "states that another run's do, with 95%. Values are the medians of cells, ratios are to the best. "
        "Spent: processes for each claim. "
        "Width: "
        "high / low - 1 of an interval, median and 90th percentile over the cells.",
        form, stream);
    putc('\n', stream);
    for (size_t i = 0; i < CONTRAST_METRICS; i++)
        contrast_side_fini(&sides[i]);
}

/* ---- JSON ---- */

/* Returns why a ratio of a claim, a / b, is null: NULL where it is not, or is not known. */
static const char *contrast_ratio_reason(double ratio)
{
    return isinf(ratio) ? "b is 0" : NULL;
}

static json_t *contrast_answer_json(const struct claims *claims, const struct claims_answer *answer)
{
    static const char *const words[CLAIMS_OUTCOMES] = {[CLAIMS_CLAIMED_TOO] = "claimed too",
                                                       [CLAIMS_SAME_WAY] = "same way",
                                                       [CLAIMS_OTHER_WAY] = "other way",
                                                       [CLAIMS_CONTRADICTED] = "contradicted",
                                                       [CLAIMS_LACKING] = "no figure"};
    const struct run *run = claims->run;
    const struct claims_pair *claim = answer->claim;
    return json_pack("{ss ss ss ss ss so ss* so ss* ss ss ss*}", "workload", run->works.names[claim->a->work],
                     "setting", run->settings.names[claim->a->setting], "a",
                     run->configs.names[claim->a->config], "b", run->configs.names[claim->b->config], "claim",
                     claims_text_verdict(claim->result.verdict), "ratio_a", figure_json(claim->result.ratio),
                     "ratio_a_reason", contrast_ratio_reason(claim->result.ratio), "ratio_b",
                     figure_json(answer->ratio), "ratio_b_reason", contrast_ratio_reason(answer->ratio),
                     "verdict_b", claims_text_verdict(answer->verdict), "outcome", words[answer->outcome],
                     "reason", answer->reason == RUN_METRICS ? NULL : run_metric_names[answer->reason].name);
}

/* What one of the runs says: A with 0, B with 1. */
static json_t *contrast_run_json(const struct contrast_side *side, size_t run)
{
    const struct claims_counts *counts = &side->counts[run];
    json_t *object = json_object();
    json_object_set_new(object, "decided", figure_json(claims_decided(counts)));
    json_object_set_new(object, "claims", json_integer((json_int_t)counts->claims));
    json_object_set_new(object, "equal", json_integer((json_int_t)counts->equal));
    json_object_set_new(object, "undecided", json_integer((json_int_t)counts->undecided));
    json_object_set_new(object, "processes_per_claim",
                        figure_json(contrast_spent(run ? &side->b : &side->a, counts)));
    json_object_set_new(object, "value_width_median", figure_json(side->value_widths[run].median));
    json_object_set_new(object, "value_width_p90", figure_json(side->value_widths[run].p90));
    json_object_set_new(object, "width_median", figure_json(side->ratio_widths[run].median));
    json_object_set_new(object, "width_p90", figure_json(side->ratio_widths[run].p90));
    return object;
}

static json_t *contrast_agreement_json(struct agreement agreement)
{
    return json_pack("{sI sI}", "figures", (json_int_t)agreement.figures, "within",
                     (json_int_t)agreement.within);
}

static json_t *contrast_side_json(const struct contrast_side *side)
{
    const struct claims_confirmation *found = &side->confirmation;
    json_t *answers = json_array();
    for (size_t i = 0; i < found->count; i++)
        json_array_append_new(answers, contrast_answer_json(&side->a, &found->answers[i]));
    return json_pack("{ss sI so s{sI sI sI sI sI} so so so so so}", "metric",
                     run_metric_names[found->metric].name, "claims", (json_int_t)found->count, "confirmed",
                     figure_json(claims_confirmed(found)), "outcomes", "claimed_too",
                     (json_int_t)found->outcomes[CLAIMS_CLAIMED_TOO], "same_way",
                     (json_int_t)found->outcomes[CLAIMS_SAME_WAY], "other_way",
                     (json_int_t)found->outcomes[CLAIMS_OTHER_WAY], "contradicted",
                     (json_int_t)found->outcomes[CLAIMS_CONTRADICTED], "no_figure",
                     (json_int_t)found->outcomes[CLAIMS_LACKING], "a", contrast_run_json(side, 0), "b",
                     contrast_run_json(side, 1), "values", contrast_agreement_json(side->values), "ratios",
                     contrast_agreement_json(side->ratios), "answers", answers);
}

json_t *contrast_claims_json(const struct run *a, const struct run *b, double between)
{
    json_t *array = json_array();
    for (size_t i = 0; i < CONTRAST_METRICS; i++) {
        struct contrast_side side;
        contrast_side_make(a, b, contrast_metrics[i], between, &side);
        json_array_append_new(array, contrast_side_json(&side));
        contrast_side_fini(&side);
    }
    return array;
}
