/* SPDX-License-Identifier: MIT */
#include "harness/report/page-scenes.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "harness/report/claims-text.h"
#include "harness/report/figure.h"
#include "harness/report/page-json.h"
#include "harness/report/scene-text.h"
#include "harness/results/json-text.h"

/* How the page speaks of a metric. */
struct scenes_words {
    const char *question, *first; /* what is asked, and which stands first in an order */
    const char *best, *figure;
};

static const struct scenes_words scenes_words[TABLES_CLAIMS] = {
    [TABLES_CLAIMS_WALL] = {"Which is faster", "the fastest first", "fastest", "Wall time"},
    [TABLES_CLAIMS_PEAK] = {"Which is smaller (peak memory)", "the smallest first", "smallest",
                            "Peak memory"},
    [TABLES_CLAIMS_PAUSE] = {"Which pauses less (longest pause)", "the shortest pause first",
                             "shortest of the longest pauses", "Longest pause"},
};

/* ---- metrics ---- */

/* Returns what is said of a metric in a setting. */
static json_t *claims_setting_json(const struct claims *claims, size_t setting)
{
    struct claims_counts counts = claims_count(claims, setting);
    char *leaders = claims_text_leaders(claims, setting), text[CLAIMS_TEXT];
    bool measures = run_setting_measures(claims->run, setting, claims->metric);
    claims_text_counts(claims, &counts, text);
    json_t *object = json_pack("{sb sI sI sI sI sI}", "measures", measures, "pairs", (json_int_t)counts.pairs,
                               "claimed", (json_int_t)counts.claims, "equal", (json_int_t)counts.equal,
                               "undecided", (json_int_t)counts.undecided, "blank", (json_int_t)counts.blank);
    json_object_set_new(object, "counts", json_text(text));
    json_object_set_new(object, "leaders", json_text(leaders));
    json_object_set_new(object, "unmeasured", json_text(measures ? NULL : claims_text_warm));
    free(leaders);
    char *undecided = claims_text_undecided(claims, setting);
    json_object_set_new(object, "decides", json_text(undecided));
    free(undecided);
    return object;
}

static json_t *claims_metric_json(const struct run *run, const struct tables *tables, int metric)
{
    const struct claims *claims = &tables->claims[metric];
    const struct scenes_words *words = &scenes_words[metric];
    char text[CLAIMS_TEXT];
    json_t *object = json_pack("{ss ss ss ss ss ss}", "metric", run_metric_names[claims->metric].name, "less",
                               claims_text_less(claims->metric), "question", words->question, "first",
                               words->first, "best", words->best, "figure", words->figure);
    json_t *settings = json_array();
    struct claims_counts counts = claims_count(claims, CLAIMS_ANY);
    json_object_set_new(object, "minimum", figure_json(claims->design.minimum));
    json_object_set_new(object, "precision",
                        figure_json(fmax(claims->design.precision, claims->design.minimum)));
    json_object_set_new(object, "family", json_integer((json_int_t)claims->design.family));
    json_object_set_new(object, "undecided", json_integer((json_int_t)counts.undecided));
    claims_text_design(claims, text);
    json_object_set_new(object, "design", json_text(text));
    json_object_set_new(object, "front",
                        json_integer((json_int_t)tables_front_of(run, tables, claims->metric)));
    for (size_t setting = 0; setting < run->settings.count; setting++)
        json_array_append_new(settings, claims_setting_json(claims, setting));
    json_object_set_new(object, "settings", settings);
    return object;
}

json_t *page_claims_json(const struct run *run, const struct tables *tables)
{
    json_t *array = json_array();
    for (int metric = 0; metric < TABLES_CLAIMS; metric++)
        json_array_append_new(array, claims_metric_json(run, tables, metric));
    return array;
}

/* ---- scenes ---- */

static json_t *scene_pieces(const struct text_list *pieces)
{
    json_t *array = json_array();
    for (size_t i = 0; i < pieces->count; i++)
        page_json_add(array, pieces->items[i]);
    return array;
}

/* Adds the order in words. */
static void scene_set_words(const struct claims *claims, const struct claims_scene *scene,
                            const struct ranking *ranking, json_t *object)
{
    struct text_list order = {0}, others = {0};
    scene_text_ranking(claims, scene, ranking, &order);
    scene_text_exceptions(claims, ranking, &others);
    json_object_set_new(object, "order", scene_pieces(&order));
    json_object_set_new(object, "but", scene_pieces(&others));
    if (ranking->best < ranking->count)
        json_object_set_new(object, "strong", json_integer((json_int_t)ranking->best));
    text_list_free(&order);
    text_list_free(&others);
}

/* Adds the order in figures, and who may lead it. */
static void scene_set_figures(const struct claims *claims, const struct ranking *ranking, json_t *object)
{
    json_t *members = json_array(), *ratios = json_array(), *lead = json_array();
    for (size_t i = 0; i < ranking->count; i++) {
        json_array_append_new(members, json_integer((json_int_t)ranking->cells[i]->config));
        json_array_append_new(ratios, figure_json(ranking->ratios[i]));
        if (claims_may_lead(claims, ranking->cells[i]))
            json_array_append_new(lead, json_integer((json_int_t)ranking->cells[i]->config));
    }
    json_object_set_new(object, "members", members);
    json_object_set_new(object, "ratios", ratios);
    json_object_set_new(object, "lead", lead);
}

static json_t *scene_json(const struct claims *claims, const struct claims_scene *scene)
{
    struct claims_counts counts = claims_count_scene(claims, scene);
    struct ranking ranking;
    ranking_make(claims, scene, &ranking);
    json_t *object = json_pack("{ss sI sI sI sI sI}", "metric", run_metric_names[claims->metric].name,
                               "setting", (json_int_t)scene->setting, "row", (json_int_t)scene->work,
                               "claimed", (json_int_t)counts.claims, "equal", (json_int_t)counts.equal,
                               "undecided", (json_int_t)counts.undecided);
    json_object_set_new(object, "heap", json_text(scene->heap));
    scene_set_words(claims, scene, &ranking, object);
    scene_set_figures(claims, &ranking, object);
    ranking_fini(&ranking);
    return object;
}

json_t *page_scenes_json(const struct run *run, const struct tables *tables)
{
    json_t *array = json_array();
    struct claims_scene *scenes = memory_new(run->cell_count + 1, sizeof(*scenes));
    for (int metric = 0; metric < TABLES_CLAIMS; metric++) {
        const struct claims *claims = &tables->claims[metric];
        size_t count = claims_scenes(claims, scenes);
        for (size_t i = 0; i < count; i++)
            if (run_setting_measures(run, scenes[i].setting, claims->metric))
                json_array_append_new(array, scene_json(claims, &scenes[i]));
    }
    free(scenes);
    return array;
}
