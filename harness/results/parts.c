/* SPDX-License-Identifier: MIT */
#include "harness/results/parts.h"

enum { MUTATOR, COLLECTING, CASCADES, SORTS };

static double least(double a, double b)
{
    return a < b ? a : b;
}

/* What `kernel` exceeds `room` by in one sort of time; that sort then holds its room and no more. */
static double excess_take(double *kernel, double room)
{
    double excess = *kernel > room ? *kernel - room : 0;
    *kernel -= excess;
    return excess;
}

/* Moves kernel time that exceeds the time of its sort to the sorts that have room, the mutator's first. The
 * rooms together hold all of it. */
static void kernel_fit(double kernel[SORTS], const double room[SORTS])
{
    double excess = 0;
    for (int sort = 0; sort < SORTS; sort++)
        excess += excess_take(&kernel[sort], room[sort]);
    for (int sort = 0; sort < SORTS; sort++) {
        double moved = least(excess, room[sort] - kernel[sort]);
        kernel[sort] += moved;
        excess -= moved;
    }
}

static bool row_has_parts(const struct store_row *row)
{
    return row->wall_ns > 0 && row->user_ns >= 0 && row->sys_ns >= 0 && row->collecting_ns >= 0 &&
           row->cascades_ns >= 0 && row->kernel_collecting_ns >= 0 && row->kernel_cascades_ns >= 0;
}

bool parts_of_row(const struct store_row *row, struct parts *ret_parts)
{
    if (!row_has_parts(row))
        return false;
    double wall = (double)row->wall_ns;
    double processor = (double)row->user_ns + (double)row->sys_ns;
    double scale = processor > wall ? wall / processor : 1;
    double running = least(processor, wall) / wall; /* the share of the time that is not waiting */
    double collecting = least((double)row->collecting_ns, wall);
    double cascades = least((double)row->cascades_ns, wall - collecting);
    double room[SORTS] = {(wall - collecting - cascades) * running, collecting * running, cascades * running};
    double kernel[SORTS] = {
        [COLLECTING] = least((double)row->kernel_collecting_ns, (double)row->sys_ns) * scale,
    };
    kernel[CASCADES] =
        least((double)row->kernel_cascades_ns * scale, (double)row->sys_ns * scale - kernel[COLLECTING]);
    kernel[MUTATOR] = (double)row->sys_ns * scale - kernel[COLLECTING] - kernel[CASCADES];
    kernel_fit(kernel, room);
    *ret_parts = (struct parts){
        .mutator = room[MUTATOR] - kernel[MUTATOR],
        .collecting = room[COLLECTING] - kernel[COLLECTING],
        .cascades = room[CASCADES] - kernel[CASCADES],
        .kernel_mutator = kernel[MUTATOR],
        .kernel_collecting = kernel[COLLECTING],
        .kernel_cascades = kernel[CASCADES],
        .waiting = wall * (1 - running),
        .beyond = processor > wall ? processor - wall : 0,
    };
    return true;
}

double parts_sum(const struct parts *parts)
{
    return parts->mutator + parts->collecting + parts->cascades + parts->kernel_mutator +
           parts->kernel_collecting + parts->kernel_cascades + parts->waiting;
}
