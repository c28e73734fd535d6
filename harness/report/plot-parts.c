/* SPDX-License-Identifier: MIT */
#include "harness/report/plot-parts.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"

/* How many of `count` panels stand side by side. Few panels are drawn large. */
static int parts_across(const struct plot_shape *shape, size_t count, int width)
{
    int fit = shape->room ? width / shape->room : 1;
    int wanted = count < 2 ? 1 : count < 5 ? 2 : 3;
    return fit < 1 ? 1 : fit < wanted ? fit : wanted;
}

/* How many panels a work has. */
static int parts_groups(const struct plot_shape *shape, size_t configs)
{
    size_t lines = (size_t)shape->lines;
    return lines && configs > lines ? (int)((configs + lines - 1) / lines) : 1;
}

/* How many panels one chart has room for; or works, where panels are of configs. */
static size_t parts_room(const struct plot_shape *shape, size_t configs, size_t across, int tallest)
{
    size_t down = shape->by_config ? (configs + across - 1) / across : configs;
    size_t height = (size_t)shape->fixed + (size_t)shape->each * down;
    size_t rows = height ? (size_t)tallest / height : SIZE_MAX / across;
    return (rows ? rows : 1) * (shape->by_config ? 1 : across);
}

void plot_parts_make(const struct plot_figure *figure, const struct plot_data *data,
                     const struct plot_medium *medium, struct plot_parts *ret_parts)
{
    struct plot_parts parts = {.works = memory_new(data->works + 1, sizeof(*parts.works))};
    for (size_t work = 0; work < data->works; work++)
        if (data->count == 0 || plot_data_count(data, work, data->keys) > 0)
            parts.works[parts.count++] = work;
    parts.groups = parts_groups(&figure->shape, data->keys);
    size_t panels = figure->shape.by_config ? data->keys : parts.count * (size_t)parts.groups;
    parts.across = parts_across(&figure->shape, panels, medium->width);
    size_t room = parts_room(&figure->shape, data->keys, (size_t)parts.across, medium->height);
    room = room > (size_t)parts.groups ? room / (size_t)parts.groups : 1;
    parts.parts = parts.count / room + (parts.count % room > 0);
    *ret_parts = parts;
}

void plot_parts_free(struct plot_parts *parts)
{
    free(parts->works);
    *parts = (struct plot_parts){0};
}

struct plot_part plot_parts_at(const struct plot_parts *parts, size_t place)
{
    size_t first = place * parts->count / parts->parts, past = (place + 1) * parts->count / parts->parts;
    return (struct plot_part){parts->works + first, past - first,  place,
                              parts->parts,         parts->across, parts->groups};
}
