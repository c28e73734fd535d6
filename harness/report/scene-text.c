/* SPDX-License-Identifier: MIT */
#include "harness/report/scene-text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/terminal.h"
#include "harness/report/figure.h"
#include "harness/report/tables-cell.h"
#include "harness/report/textual.h"

/* Returns the name of the cell's config; without its heap, which the scene names. The caller frees it. */
static char *scene_text_name(const struct claims *claims, const struct run_cell *cell)
{
    const char *label = claims->run->configs.names[cell->config];
    const char *heap = run_cell_text(claims->run, cell, "heap");
    char *suffix = text_format("heap=%s", heap), *name = text_format("%s", label);
    char *found = *heap ? strstr(name, suffix) : NULL;
    if (found && found > name)
        memmove(found - 1, found + strlen(suffix), strlen(found + strlen(suffix)) + 1);
    free(suffix);
    return name;
}

/*
 * Returns the cell's name, its mark, and its ratio: "" for the best itself. Where a value is 0 there is no
 * ratio, so the median stands in its place.
 */
static char *scene_text_member(const struct claims *claims, const struct ranking *ranking, size_t place)
{
    const struct run_cell *cell = ranking->cells[place];
    char *name = scene_text_name(claims, cell);
    double median = run_cell_median(claims->run, cell, claims->metric), ratio = ranking->ratios[place];
    char figure[FIGURE_TEXT] = "";
    if (median == 0 || !isfinite(ratio))
        figure_of_metric(median, claims->metric, figure);
    else if (place != ranking->best)
        figure_ratio(ratio, figure);
    char *member = text_format("%s%s%s%s%s", name, figure_cell_mark(cell),
                               tables_is_longest(claims->run, cell, claims->metric) ? FIGURE_LONGEST : "",
                               figure[0] ? " " : "", figure);
    free(name);
    return member;
}

/* Returns why a cell of the scene stands in no order; NULL where it stands in it, or is of no scene. */
static const char *scene_text_state(const struct claims *claims, const struct claims_scene *scene,
                                    const struct run_cell *cell)
{
    bool here = !run_cell_is_aside(cell) && cell->work == scene->work && cell->setting == scene->setting &&
                strcmp(run_cell_text(claims->run, cell, "heap"), scene->heap) == 0;
    if (!here)
        return NULL;
    return cell->reason ? cell->status : claims_stops_as_warm(cell, claims->metric) ? "as warm" : NULL;
}

/* Adds the cells from `first` on that have its state, as in "(oom: rc," "boehm)". */
static void scene_text_add_state(const struct claims *claims, const struct claims_scene *scene, size_t first,
                                 const char *state, struct text_list *pieces)
{
    const struct run *run = claims->run;
    char *open = text_format("(%s: ", state);
    for (size_t i = first, next; i < run->cell_count; i = next) {
        for (next = i + 1; next < run->cell_count; next++) {
            const char *other = scene_text_state(claims, scene, &run->cells[next]);
            if (other && strcmp(other, state) == 0)
                break;
        }
        char *name = scene_text_name(claims, &run->cells[i]);
        text_list_take(
            pieces, text_format("%s%s%s", i == first ? open : "", name, next < run->cell_count ? "," : ")"));
        free(name);
    }
    free(open);
}

/* Adds the cells of the scene that stand in no order: they have no figure, or stopped as warm. */
static void scene_text_add_blanks(const struct claims *claims, const struct claims_scene *scene,
                                  struct text_list *pieces)
{
    const struct run *run = claims->run;
    for (size_t i = 0; i < run->cell_count; i++) {
        const char *state = scene_text_state(claims, scene, &run->cells[i]), *before;
        size_t first = 0;
        while (
            state && first < i &&
            (!(before = scene_text_state(claims, scene, &run->cells[first])) || strcmp(before, state) != 0))
            first++;
        if (state && first == i)
            scene_text_add_state(claims, scene, i, state, pieces);
    }
}

void scene_text_ranking(const struct claims *claims, const struct claims_scene *scene,
                        const struct ranking *ranking, struct text_list *pieces)
{
    for (size_t i = 0; i < ranking->count; i++) {
        char *member = scene_text_member(claims, ranking, i);
        if (i == 0)
            text_list_take(pieces, text_format("%s", member));
        else
            text_list_take(pieces, text_format("%s %s", ranking_sign(ranking->signs[i - 1]), member));
        free(member);
    }
    scene_text_add_blanks(claims, scene, pieces);
}

static bool scene_text_same_clause(const struct ranking_exception *a, const struct ranking_exception *b)
{
    return a->left == b->left && a->verdict == b->verdict;
}

/* Returns the last of the exceptions of one clause, from `first` on, whose cells stand side by side. */
static size_t scene_text_side_by_side(const struct ranking *ranking, size_t first)
{
    const struct ranking_exception *found = ranking->exceptions;
    size_t last = first;
    while (last + 1 < ranking->exception_count && scene_text_same_clause(&found[last], &found[last + 1]) &&
           found[last + 1].right == found[last].right + 1)
        last++;
    return last >= first + 2 ? last : first;
}

void scene_text_exceptions(const struct claims *claims, const struct ranking *ranking,
                           struct text_list *pieces)
{
    const struct ranking_exception *found = ranking->exceptions;
    for (size_t i = 0, last; i < ranking->exception_count; i = last + 1) {
        last = scene_text_side_by_side(ranking, i);
        bool begins = i == 0 || !scene_text_same_clause(&found[i - 1], &found[i]);
        bool ends = last + 1 == ranking->exception_count;
        bool goes_on = !ends && scene_text_same_clause(&found[last], &found[last + 1]);
        char *left = scene_text_name(claims, ranking->cells[found[i].left]);
        char *right = scene_text_name(claims, ranking->cells[found[i].right]);
        char *to = scene_text_name(claims, ranking->cells[found[last].right]);
        const char *end = goes_on ? "," : ends ? "" : ";";
        char *rights = last > i ? text_format("%s to %s", right, to) : text_format("%s", right);
        if (begins)
            text_list_take(pieces,
                           text_format("%s %s %s%s", left, ranking_sign(found[i].verdict), rights, end));
        else
            text_list_take(pieces, text_format("%s%s", rights, end));
        free(left);
        free(right);
        free(to);
        free(rights);
    }
}

static char *scene_text_title(const struct claims *claims, const struct claims_scene *scene)
{
    const char *work = claims->run->works.names[scene->work];
    return *scene->heap ? text_format("%s, heap %s", work, scene->heap) : text_format("%s", work);
}

/* Returns the pieces as one line. */
static char *scene_text_joined(const struct text_list *pieces)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = memory_stream(&text, &size);
    for (size_t i = 0; i < pieces->count; i++)
        fprintf(stream, "%s%s", i ? " " : "", pieces->items[i]);
    memory_stream_close(stream);
    return text;
}

static void scene_text_add_markdown(const char *name, const struct text_list *order,
                                    const struct text_list *others, struct textual *table)
{
    char *line = scene_text_joined(order), *but = scene_text_joined(others);
    textual_add(table, TEXTUAL_PLAIN, "%s", name);
    textual_add(table, TEXTUAL_PLAIN, "%s", line);
    textual_add(table, TEXTUAL_PLAIN, "%s", but);
    free(line);
    free(but);
}

/* Prints a scene in text, or adds it to the table of Markdown. */
static void scene_text_print_one(const struct claims *claims, const struct claims_scene *scene, size_t indent,
                                 enum report_form form, struct textual *table, FILE *stream)
{
    struct ranking ranking;
    struct text_list order = {0}, others = {0};
    char *name = scene_text_title(claims, scene);
    ranking_make(claims, scene, &ranking);
    scene_text_ranking(claims, scene, &ranking, &order);
    scene_text_exceptions(claims, &ranking, &others);
    if (form == REPORT_MARKDOWN)
        scene_text_add_markdown(name, &order, &others, table);
    else
        textual_print_pieces(name, indent, order.items, order.count, stream);
    if (form == REPORT_TEXT && others.count) {
        char *head = text_format("%*sbut", (int)indent, "");
        textual_print_pieces(head, indent + strlen("but "), others.items, others.count, stream);
        free(head);
    }
    text_list_free(&order);
    text_list_free(&others);
    ranking_fini(&ranking);
    free(name);
}

/* Returns the columns of the widest name, and two. */
static size_t scene_text_indent(const struct claims *claims, const struct claims_scene *scenes, size_t count)
{
    size_t widest = 0;
    for (size_t i = 0; i < count; i++) {
        char *name = scene_text_title(claims, &scenes[i]);
        size_t width = terminal_width(name);
        widest = width > widest ? width : widest;
        free(name);
    }
    return widest + 2;
}

void scene_text_print(const struct claims *claims, const struct claims_scene *scenes, size_t count,
                      enum report_form form, FILE *stream)
{
    size_t indent = scene_text_indent(claims, scenes, count);
    struct textual table;
    textual_init(&table, 3, 3);
    textual_add(&table, TEXTUAL_BOLD, "workload");
    textual_add(&table, TEXTUAL_BOLD, "order");
    textual_add(&table, TEXTUAL_BOLD, "but");
    for (size_t i = 0; i < count; i++)
        scene_text_print_one(claims, &scenes[i], indent, form, &table, stream);
    if (form == REPORT_MARKDOWN)
        textual_print_form(&table, form, stream);
    textual_fini(&table);
}
