/* SPDX-License-Identifier: MIT */
/* How figures are divided into charts. */
#include "harness/report/plot-parts.h"
#include "tests/tap.h"

/* Whether the charts of a figure have each of the works once and in order, and about as many each. */
static bool covers(const struct plot_parts *parts, size_t works)
{
    size_t next = 0, least = works, most = 0;
    for (size_t place = 0; place < parts->parts; place++) {
        struct plot_part part = plot_parts_at(parts, place);
        least = part.count < least ? part.count : least;
        most = part.count > most ? part.count : most;
        for (size_t i = 0; i < part.count; i++)
            if (part.works[i] != next++)
                return false;
    }
    return next == works && most - least <= 1;
}

/* Divides a figure without lines, and checks what comes out. Returns the charts. */
static size_t divided(const char *name, size_t works, size_t configs, const struct plot_medium *medium,
                      int across)
{
    const struct plot_data data = {.works = works, .keys = configs};
    struct plot_parts parts;
    plot_parts_make(plot_find(name), &data, medium, &parts);
    tap_ok(covers(&parts, works) && parts.across == across, "%s of %zu works at %d px: %zu charts, %d across",
           name, works, medium->width, parts.parts, parts.across);
    size_t charts = parts.parts;
    plot_parts_free(&parts);
    return charts;
}

static void check_parts(void)
{
    tap_equal((int64_t)divided("time", 11, 11, &plot_screen, 1), 1,
              "eleven collectors and workloads are one chart");
    tap_equal((int64_t)divided("time", 30, 15, &plot_screen, 1), 4, "a run of 15 x 30 is four");
    tap_equal((int64_t)divided("heatmap", 60, 40, &plot_screen, 1), 1,
              "a heat map is one, however large it is");
    tap_equal((int64_t)divided("pauses", 30, 15, &plot_screen, 3), 2, "panels stand side by side");
    tap_equal((int64_t)divided("pauses", 4, 15, &plot_screen, 2), 1, "few are drawn large");
    tap_equal((int64_t)divided("heap", 6, 15, &plot_screen, 3), 3,
              "panels of collectors make a workload as tall");
    tap_equal((int64_t)divided("time", 0, 3, &plot_screen, 1), 0, "without a workload there is none");
}

int main(void)
{
    check_parts();
    return tap_done();
}
