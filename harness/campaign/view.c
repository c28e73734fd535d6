/* SPDX-License-Identifier: MIT */
#include "harness/campaign/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bar.h"
#include "base/escape.h"
#include "base/memory.h"

enum {
    VIEW_WORKLOADS = 8, /* lines of workloads, at most */
    VIEW_NAME = 36,     /* columns of a name, at most */
    VIEW_BAR = 40,      /* columns of a bar, at most */
    VIEW_BAR_LEAST = 8, /* columns below which a bar tells nothing: it is left out */
    VIEW_COUNTS = 16,   /* columns of what stands behind a bar */
    VIEW_FREE = 2, /* rows and columns that stay free: what a terminal echoes, such as ^C, breaks no line */
    VIEW_WITHOUT = 5, /* lines beside those of workloads: head, signs, all, the rest, and what runs now */
};

/* The pairs of a workload with its options, or of all. */
struct group {
    char *name;
    size_t differ, equal, undecided;
};

struct view {
    const struct decide *decide;
    struct group *groups; /* in the order of their first cells */
    size_t count;
    size_t *of_cell; /* the group of each cell */
    struct group all;
};

/* ---- groups ---- */

/* Finds the group of that name, or adds it; takes the name. */
static size_t group_of(struct view *view, char *name)
{
    for (size_t i = 0; i < view->count; i++)
        if (strcmp(view->groups[i].name, name) == 0) {
            free(name);
            return i;
        }
    view->groups[view->count].name = name;
    return view->count++;
}

struct view *view_new(const struct plan *plan, const struct decide *decide)
{
    struct view *view = memory_new(1, sizeof(*view));
    *view = (struct view){.decide = decide,
                          .groups = memory_new(plan->cell_count, sizeof(*view->groups)),
                          .of_cell = memory_new(plan->cell_count, sizeof(*view->of_cell)),
                          .all = {.name = text_format("all comparisons")}};
    for (size_t i = 0; i < plan->cell_count; i++) {
        const struct plan_cell *cell = &plan->cells[i];
        char *name =
            text_format("%s%s%s", cell->workload, *cell->workload_options ? ":" : "", cell->workload_options);
        escape_clean(name);
        view->of_cell[i] = group_of(view, name);
    }
    return view;
}

void view_free(struct view *view)
{
    if (!view)
        return;
    for (size_t i = 0; i < view->count; i++)
        free(view->groups[i].name);
    free(view->groups);
    free(view->of_cell);
    free(view->all.name);
    free(view);
}

static void group_empty(struct group *group)
{
    *group = (struct group){.name = group->name};
}

static void group_take(struct group *group, const struct decide_pair *pair)
{
    enum sequential_verdict verdict = pair->result.verdict;
    group->differ += verdict == SEQUENTIAL_LESS || verdict == SEQUENTIAL_MORE;
    group->equal += verdict == SEQUENTIAL_EQUAL;
    group->undecided += decide_pair_is_open(pair);
}

void view_count(struct view *view)
{
    group_empty(&view->all);
    for (size_t i = 0; i < view->count; i++)
        group_empty(&view->groups[i]);
    for (size_t i = 0; i < view->decide->pair_count; i++) {
        const struct decide_pair *pair = &view->decide->pairs[i];
        group_take(&view->groups[view->of_cell[pair->a]], pair);
        group_take(&view->all, pair);
    }
}

/* The most that is undecided first. */
static int groups_compare(const void *left, const void *right)
{
    const struct group *a = *(const struct group *const *)left, *b = *(const struct group *const *)right;
    if (a->undecided != b->undecided)
        return a->undecided < b->undecided ? 1 : -1;
    return (a > b) - (a < b);
}

/* Lists the groups that have pairs, in the order in which they are shown. Returns how many. */
static size_t groups_list(const struct view *view, const struct group **ret_groups)
{
    size_t count = 0;
    for (size_t i = 0; i < view->count; i++) {
        const struct group *group = &view->groups[i];
        if (group->differ + group->equal + group->undecided)
            ret_groups[count++] = group;
    }
    qsort(ret_groups, count, sizeof(*ret_groups), groups_compare);
    return count;
}

/* ---- lines ---- */

/* Where the parts of a line stand. */
struct form {
    size_t name, bar; /* columns of a name, and of a bar; 0: there is no bar */
    size_t line;      /* columns of a line, at most */
};

static void line_take(const struct form *form, char *line, struct text_list *lines)
{
    escape_clean(line);
    terminal_clip(line, form->line);
    text_list_take(lines, line);
}

/* Adds a line with a bar from 0 to `whole`. */
static void bar_line_take(const struct form *form, const char *name, struct bar bar, double whole,
                          const char *behind, struct text_list *lines)
{
    const struct bar_scale scale = {
        .high = whole > 0 ? whole : 1, .utf8 = terminal_has_utf8(), .columns = form->bar};
    char *drawn = bar_draw(&scale, bar), *brief = text_format("%s", name);
    terminal_clip(brief, form->name);
    size_t width = terminal_width(brief);
    line_take(form,
              text_format("%s%*s%s%s%s", brief, (int)(form->name - width + 1), "", drawn,
                          form->bar ? " " : "", behind),
              lines);
    free(drawn);
    free(brief);
}

static void group_line_take(const struct form *form, const struct group *group, struct text_list *lines)
{
    size_t decided = group->differ + group->equal, whole = decided + group->undecided;
    char *behind = text_format("%zu of %zu", decided, whole);
    struct bar bar = {(double)group->differ, (double)decided, (double)whole};
    bar_line_take(form, group->name, bar, (double)whole, behind, lines);
    free(behind);
}

/* Says above the bars what their signs mean. */
static void signs_take(const struct form *form, struct text_list *lines)
{
    const char *const *signs = bar_signs(terminal_has_utf8());
    if (form->bar)
        line_take(form,
                  text_format("%*s%s differ %s equal %s undecided", (int)form->name + 1, "", signs[0],
                              signs[1], signs[2]),
                  lines);
}

/* Says how many groups are not shown, of which the first is at `from`. */
static void rest_take(const struct form *form, const struct group *const *groups, size_t from, size_t count,
                      struct text_list *lines)
{
    size_t decided = 0;
    for (size_t i = from; i < count; i++)
        decided += groups[i]->undecided == 0;
    if (from < count)
        line_take(form,
                  text_format("%zu workload%s more, %zu of them decided", count - from,
                              count - from == 1 ? "" : "s", decided),
                  lines);
}

/* The columns of names and bars, by the names that are shown. */
static struct form form_make(const struct view *view, const struct group *const *groups, size_t shown,
                             struct terminal_size size)
{
    struct form form = {.name = terminal_width(view->all.name),
                        .line = size.columns > VIEW_FREE ? size.columns - VIEW_FREE : 1};
    for (size_t i = 0; i < shown; i++) {
        size_t width = terminal_width(groups[i]->name);
        form.name = width > form.name ? width : form.name;
    }
    form.name = form.name < VIEW_NAME ? form.name : VIEW_NAME;
    size_t others = form.name + 1 + VIEW_COUNTS;
    form.bar = form.line > others + VIEW_BAR_LEAST ? form.line - others : 0;
    form.bar = form.bar < VIEW_BAR ? form.bar : VIEW_BAR;
    return form;
}

/* How many lines of workloads there is room for. */
static size_t lines_room(struct terminal_size size)
{
    size_t room = size.rows > VIEW_WITHOUT + VIEW_FREE ? size.rows - VIEW_WITHOUT - VIEW_FREE : 0;
    return room < VIEW_WORKLOADS ? room : VIEW_WORKLOADS;
}

static void decisions_take(const struct view *view, const struct form *form,
                           const struct group *const *groups, size_t shown, size_t count,
                           struct text_list *lines)
{
    signs_take(form, lines);
    group_line_take(form, &view->all, lines);
    for (size_t i = 0; i < shown; i++)
        group_line_take(form, groups[i], lines);
    rest_take(form, groups, shown, count, lines);
}

void view_lines(const struct view *view, const struct view_now *now, struct terminal_size size,
                struct text_list *ret_lines)
{
    const struct group **groups = memory_new(view->count + 1, sizeof(*groups));
    size_t count = groups_list(view, groups), room = lines_room(size);
    size_t shown = now->total ? 0 : count < room ? count : room;
    struct form form = form_make(view, groups, shown, size);
    char *counted = text_format("%zu of %zu", now->done, now->total);
    bool tall = size.rows >= VIEW_WITHOUT + VIEW_FREE;
    if (tall)
        line_take(&form, text_format("%s", now->head), ret_lines);
    if (tall && now->total)
        bar_line_take(&form, "processes", BAR_OF((double)now->done), (double)now->total, counted, ret_lines);
    else if (tall)
        decisions_take(view, &form, groups, shown, count, ret_lines);
    line_take(&form, text_format("now: %s", now->cell), ret_lines);
    free(counted);
    free(groups);
}
