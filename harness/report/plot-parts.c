/* SPDX-License-Identifier: MIT */
#include "harness/report/plot-parts.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/terminal.h"

/* How many of `count` panels stand side by side. Few panels are drawn large. */
static int parts_across(const struct plot_shape *shape, size_t count, int width)
{
    if (shape->room == 0)
        return 1;
    int fit = width / shape->room;
    int wanted = count < 2 ? 1 : count < 5 ? 2 : shape->most;
    return fit < 1 ? 1 : fit < wanted ? fit : wanted;
}

/* How many panels a work has. */
static int parts_groups(const struct plot_shape *shape, size_t configs)
{
    size_t lines = (size_t)shape->lines;
    return lines && configs > lines ? (int)((configs + lines - 1) / lines) : 1;
}

/* The px that key.gp takes for the key of the configs, as in every format. */
static size_t parts_key(const struct plot_data *data, int width)
{
    enum { ROW = 20, MARK = 36, LEFT = 16, NOTE = 16 }; /* NOTE: "(frees nothing)" */
    const double letter = 7.0;
    size_t rows = 0;
    double place = width;
    for (size_t config = 0; data->configs && config < data->keys && data->configs[config]; config++) {
        double need = MARK + letter * (double)terminal_width(data->configs[config]);
        rows += LEFT + place + need > width;
        place = LEFT + place + need > width ? need : place + need;
    }
    return ROW * (rows + (size_t)(rows && (rows * NOTE * letter > width)));
}

/* The px of what a caption says of a choice: about so many letters, in lines. */
static size_t parts_said(const struct plot_data *data, int width)
{
    enum { LINE = 16, LETTERS = 150, LETTER = 6, MARGINS = 32 };
    return data->is_part ? LINE * (1 + LETTERS * LETTER / (size_t)(width - MARGINS)) : 0;
}

/* The px that the panels of a chart may take down. */
static size_t parts_height(const struct plot_shape *shape, const struct plot_data *data,
                           const struct plot_medium *medium)
{
    size_t taken = (size_t)medium->frame + (shape->keyed ? parts_key(data, medium->width) : 0) +
                   parts_said(data, medium->width);
    return taken < (size_t)medium->height ? (size_t)medium->height - taken : 0;
}

static size_t parts_divided(size_t count, size_t by)
{
    return count / by + (count % by > 0);
}

/* How many panels that are of works one chart has room for. */
static size_t parts_room(const struct plot_shape *shape, size_t configs, size_t across, size_t height)
{
    size_t each = (size_t)shape->fixed + (size_t)shape->each * configs;
    size_t rows = each ? height / each : SIZE_MAX / across;
    return (rows ? rows : 1) * across;
}

/*
 * How many works a chart has room for that has panels of all its configs. Where that is not one, a work has several
 * charts, each with panels of as many configs as fit.
 */
static size_t parts_room_of_configs(const struct plot_shape *shape, const struct plot_data *data,
                                    size_t across, size_t height, size_t *ret_pieces)
{
    bool cells = shape->panels == PLOT_OF_CELLS;
    size_t fixed = (size_t)shape->fixed, each = (size_t)shape->each * (cells ? 1 : data->settings);
    size_t down = parts_divided(data->keys, across);
    size_t work = cells ? fixed + each * down : each * down, head = cells ? 0 : fixed * down;
    *ret_pieces = 1;
    if (head + work <= height && work)
        return (height - head) / work;
    size_t row = cells ? each : fixed + each, head_of_work = cells ? fixed : 0;
    size_t fit = height > head_of_work + row ? (height - head_of_work) / row : 1;
    *ret_pieces = down ? parts_divided(down, fit) : 1;
    return 1;
}

void plot_parts_make(const struct plot_figure *figure, const struct plot_data *data,
                     const struct plot_medium *medium, struct plot_parts *ret_parts)
{
    const struct plot_shape *shape = &figure->shape;
    struct plot_parts parts = {.works = memory_new(data->works + data->families + 1, sizeof(*parts.works)),
                               .pieces = 1,
                               .configs = data->keys,
                               .means = shape->means};
    bool of_families = shape->panels == PLOT_OF_FAMILIES,
         of_works = of_families || shape->panels == PLOT_OF_WORKS;
    for (size_t family = 0; of_families && family < data->families; family++)
        parts.works[parts.count++] = family;
    for (size_t work = 0; !of_families && work < data->works; work++)
        if ((!data->left_out || !data->left_out[work]) &&
            (data->count == 0 || plot_data_count(data, work, data->keys) > 0))
            parts.works[parts.count++] = work;
    parts.groups = parts_groups(shape, data->keys);
    size_t panels = of_works ? parts.count * (size_t)parts.groups : data->keys;
    parts.across = parts_across(shape, panels, medium->width);
    size_t height = parts_height(shape, data, medium), across = (size_t)parts.across;
    size_t room = of_works ? parts_room(shape, data->keys, across, height)
                           : parts_room_of_configs(shape, data, across, height, &parts.pieces);
    room = room > (size_t)parts.groups ? room / (size_t)parts.groups : 1;
    size_t sets = parts_divided(parts.count + (parts.count && parts.means), room);
    parts.parts = (sets < parts.count ? sets : parts.count) * parts.pieces;
    *ret_parts = parts;
}

void plot_parts_free(struct plot_parts *parts)
{
    free(parts->works);
    *parts = (struct plot_parts){0};
}

struct plot_part plot_parts_at(const struct plot_parts *parts, size_t place)
{
    size_t sets = parts->parts / parts->pieces, set = place / parts->pieces, piece = place % parts->pieces;
    size_t count = parts->count + parts->means; /* the row of means is the last */
    size_t first = set * count / sets, past = (set + 1) * count / sets;
    past = past < parts->count ? past : parts->count;
    return (struct plot_part){.works = parts->works + first,
                              .count = past - first,
                              .place = place,
                              .parts = parts->parts,
                              .across = parts->across,
                              .groups = parts->groups,
                              .first = piece * parts->configs / parts->pieces,
                              .past = (piece + 1) * parts->configs / parts->pieces};
}
