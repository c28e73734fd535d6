/* SPDX-License-Identifier: MIT */
#include "harness/report/page-claims.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "harness/report/claims-text.h"
#include "harness/report/figure.h"

/* Writes a piece; its name and figure, without the sign before them, stand out. */
static void claims_strong_piece(FILE *page, const char *piece, bool has_sign)
{
    size_t sign = has_sign ? strcspn(piece, " ") + 1 : 0;
    char *before = text_format("%.*s", (int)sign, piece);
    escape_html(page, before);
    fputs("<span class=\"lead\">", page);
    escape_html(page, piece + sign);
    fputs("</span>", page);
    free(before);
}

/* Writes pieces that break between each other only. The piece at `strong` stands out; the count means none. */
static void claims_pieces(FILE *page, const struct text_list *pieces, size_t strong)
{
    for (size_t i = 0; i < pieces->count; i++) {
        fprintf(page, "%s<span class=\"piece\">", i ? " " : "");
        if (i == strong)
            claims_strong_piece(page, pieces->items[i], i > 0);
        else
            escape_html(page, pieces->items[i]);
        fputs("</span>", page);
    }
}

static void claims_row(FILE *page, const struct claims *claims, const struct claims_scene *scene)
{
    const struct run *run = claims->run;
    struct ranking ranking;
    struct text_list order = {0}, others = {0};
    struct claims_counts counts = claims_count_scene(claims, scene);
    ranking_make(claims, scene, &ranking);
    claims_text_ranking(claims, scene, &ranking, &order);
    claims_text_exceptions(claims, &ranking, &others);
    fputs("<tr><th scope=\"row\">", page);
    escape_html(page, run->works.names[scene->work]);
    if (*scene->heap) {
        fputs(", heap ", page);
        escape_html(page, scene->heap);
    }
    fputs("</th><td class=\"order\">", page);
    claims_pieces(page, &order, ranking.best < ranking.count ? ranking.best : order.count);
    if (others.count) {
        fputs("<small>but ", page);
        claims_pieces(page, &others, others.count);
        fputs("</small>", page);
    }
    fprintf(page, "</td><td>%zu</td><td>%zu</td><td%s>%zu</td></tr>\n", counts.claims, counts.equal,
            counts.undecided ? " class=\"open\"" : "", counts.undecided);
    text_list_free(&order);
    text_list_free(&others);
    ranking_fini(&ranking);
}

/* Returns the heading of the order. */
static const char *claims_least(enum run_metric metric)
{
    return metric == RUN_PEAK        ? "the smallest first"
           : metric == RUN_PAUSE_MAX ? "the shortest pause first"
                                     : "the fastest first";
}

/* Writes a table with a line for each scene of the setting. */
static void claims_scenes_table(FILE *page, const struct claims *claims, size_t setting)
{
    const struct run *run = claims->run;
    struct claims_scene *scenes = memory_new(run->cell_count, sizeof(*scenes));
    size_t count = claims_scenes(claims, scenes);
    fprintf(page,
            "<div class=\"scroll\"><table class=\"claims\"><thead><tr><th scope=\"col\">workload</th><th "
            "class=\"text\" scope=\"col\">%s</th><th scope=\"col\">claimed</th><th "
            "scope=\"col\">equal</th><th scope=\"col\">undecided</th></tr></thead><tbody>\n",
            claims_least(claims->metric));
    for (size_t i = 0; i < count; i++)
        if (scenes[i].setting == setting)
            claims_row(page, claims, &scenes[i]);
    fputs("</tbody></table></div>\n", page);
    free(scenes);
}

/* Writes a table of the pairs of two builds. */
static void claims_builds_table(FILE *page, const struct claims *claims, size_t setting)
{
    const struct run *run = claims->run;
    char ratio[FIGURE_TEXT], interval[FIGURE_TEXT];
    fputs(
        "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">workload</th><th class=\"text\">A</th><th "
        "class=\"text\">B</th><th>A / B</th><th>verdict</th></tr></thead><tbody>\n",
        page);
    for (size_t i = 0; i < claims->count; i++) {
        const struct claims_pair *pair = &claims->pairs[i];
        if (pair->a->setting != setting)
            continue;
        figure_fine_ratio(pair->result.ratio, ratio);
        figure_fine_interval((struct bootstrap_interval){pair->result.low, pair->result.high}, interval);
        fputs("<tr><th scope=\"row\">", page);
        escape_html(page, run->works.names[pair->a->work]);
        fputs("</th><td class=\"text\">", page);
        escape_html(page, run->configs.names[pair->a->config]);
        fputs("</td><td class=\"text\">", page);
        escape_html(page, run->configs.names[pair->b->config]);
        fprintf(page, "</td><td>%s<small>%s</small></td><td>%s</td></tr>\n", ratio, interval,
                claims_text_verdict(pair->result.verdict));
    }
    fputs("</tbody></table></div>\n", page);
}

static void claims_leaders(FILE *page, const struct claims *claims, size_t setting)
{
    char *leaders = claims_text_leaders(claims, setting);
    if (leaders) {
        fputs("<p>", page);
        escape_html(page, leaders);
        fputs("</p>\n", page);
    }
    free(leaders);
}

static void claims_table(FILE *page, const struct claims *claims, size_t setting)
{
    claims_leaders(page, claims, setting);
    if (claims->builds)
        claims_builds_table(page, claims, setting);
    else
        claims_scenes_table(page, claims, setting);
}

static const char *const claims_questions[TABLES_CLAIMS] = {
    [TABLES_CLAIMS_WALL] = "Which is faster",
    [TABLES_CLAIMS_PEAK] = "Which is smaller (peak memory)",
    [TABLES_CLAIMS_PAUSE] = "Which pauses less (longest pause)",
};

/* Says of a setting that its processes have no such figure. */
static void claims_unmeasured(FILE *page, const struct tables *tables, int metric, size_t setting)
{
    fprintf(page, "<p><strong>%s, ", claims_questions[metric]);
    escape_html(page, tables->claims[metric].run->settings.names[setting]);
    fprintf(page, "</strong>: nothing is claimed. %s</p>\n", claims_text_warm);
}

/* Writes a metric in a setting that folds: its counts are what shows. */
static void claims_folded(FILE *page, const struct tables *tables, int metric, size_t setting)
{
    const struct claims *claims = &tables->claims[metric];
    struct claims_counts counts = claims_count(claims, setting);
    char text[CLAIMS_TEXT];
    if (!run_setting_measures(claims->run, setting, claims->metric))
        claims_unmeasured(page, tables, metric, setting);
    if (counts.pairs == 0)
        return;
    claims_text_counts(claims, &counts, text);
    fprintf(page, "<details><summary><strong>%s", claims_questions[metric]);
    if (setting != tables->front) {
        fputs(", ", page);
        escape_html(page, claims->run->settings.names[setting]);
    }
    fputs("</strong>: ", page);
    escape_html(page, text);
    fputs("</summary>\n", page);
    claims_table(page, claims, setting);
    fputs("</details>\n", page);
}

static const char claims_key[] =
    "<p class=\"quiet\">a&nbsp;&lt;&nbsp;b: a is claimed to be less; a&nbsp;=&nbsp;b: equal within the "
    "precision; a&nbsp;?&nbsp;b: "
    "<strong>undecided</strong>, the run cannot tell. A &lt; anywhere between two collectors is a claim "
    "about "
    "these two; pairs that are not so follow <em>but</em>, where x to y is all from x to y in the order. "
    "Numbers are times the best, which is bold; the "
    "best "
    "has done the whole job. † left more than a tenth of its garbage; ‡ frees nothing.</p>\n";

static const char claims_builds_key[] =
    "<p class=\"quiet\">Less: A is claimed to be less than B; more: it is claimed to be more. Equal is "
    "within the "
    "precision. <strong>Undecided</strong>: the run cannot tell. Each interval is at the level of the whole "
    "family.</p>\n";

void page_claims(FILE *page, const struct run *run, const struct tables *tables)
{
    const struct claims *walls = &tables->claims[TABLES_CLAIMS_WALL];
    struct claims_counts counts = claims_count(walls, tables->front);
    char text[CLAIMS_TEXT];
    fputs("<h2 id=\"claims\">What this run claims</h2>\n<p>", page);
    claims_text_design(walls, text);
    escape_html(page, text);
    fputs(" Each metric is a family of its own.</p>\n", page);
    if (counts.pairs) {
        claims_text_counts(walls, &counts, text);
        fputs("<p><strong>Which is faster</strong> (", page);
        escape_html(page, run->settings.names[tables->front]);
        fputs("): ", page);
        escape_html(page, text);
        fputs("</p>\n", page);
        claims_table(page, walls, tables->front);
        fputs(walls->builds ? claims_builds_key : claims_key, page);
    } else
        fputs("<p>No pair of collectors has figures in two blocks: nothing is claimed.</p>\n", page);
    for (int metric = TABLES_CLAIMS_WALL + 1; metric < TABLES_CLAIMS; metric++) {
        size_t shown = tables_front_of(run, tables, tables_claims_metrics[metric]);
        if (shown != tables->front)
            claims_folded(page, tables, metric, tables->front);
        if (shown < run->settings.count)
            claims_folded(page, tables, metric, shown);
    }
    if (run->settings.count < 2)
        return;
    fputs("<details><summary>The claims of the other settings</summary>\n", page);
    for (size_t setting = 0; setting < run->settings.count; setting++)
        for (int metric = 0; setting != tables->front && metric < TABLES_CLAIMS; metric++)
            if (setting != tables_front_of(run, tables, tables_claims_metrics[metric]))
                claims_folded(page, tables, metric, setting);
    fputs("</details>\n", page);
}
