/* SPDX-License-Identifier: MIT */
#include "harness/report/page-notes.h"

#include <math.h>
#include <stdlib.h>

#include "base/escape.h"
#include "harness/report/figure.h"
#include "harness/report/tables-memory.h"
#include "harness/results/attempts.h"
#include "harness/results/reference.h"

struct notes_memory {
    size_t differ, same, stopped, undecided;
};

static struct notes_memory notes_memory_count(const struct tables_memory *pairs, size_t count)
{
    struct notes_memory found = {0};
    for (size_t i = 0; i < count; i++) {
        found.stopped += pairs[i].stopped;
        found.differ += tables_memory_differs(&pairs[i]);
        found.same += !pairs[i].stopped && pairs[i].result.verdict == SEQUENTIAL_EQUAL;
    }
    found.undecided = count - found.stopped - found.differ - found.same;
    return found;
}

/* Lists the pairs that differ, as "rings under rc 1.45 (1.36–1.54)". */
static void notes_memory_list(FILE *page, const struct run *run, const struct tables_memory *pairs,
                              size_t count)
{
    char ratio[FIGURE_TEXT], interval[FIGURE_TEXT];
    size_t written = 0;
    for (size_t i = 0; i < count; i++) {
        if (!tables_memory_differs(&pairs[i]))
            continue;
        figure_ratio(pairs[i].result.ratio, ratio);
        figure_interval((struct bootstrap_interval){pairs[i].result.low, pairs[i].result.high}, interval);
        fputs(written++ ? "; " : "", page);
        escape_html(page, run->works.names[pairs[i].cold->work]);
        fputs(" under ", page);
        escape_html(page, run->configs.names[pairs[i].cold->config]);
        fprintf(page, "%s %s (%s)", figure_mark(pairs[i].cold->role), ratio, interval);
    }
}

/* Says how many warm processes were not warm. */
static void notes_warmth(FILE *page, const struct run *run)
{
    struct run_warmth sum = run_warmth(run);
    if (sum.lacking_processes == 0)
        return;
    fprintf(page,
            "<p><strong>%zu of %zu warm processes were not warm</strong>, in %zu of %zu cells (°): they took "
            "fresh "
            "pages while their clock ran. The most are of ",
            sum.lacking_processes, sum.processes, sum.lacking_cells, sum.cells);
    escape_html(page, run->works.names[sum.worst->work]);
    fputs(" under ", page);
    escape_html(page, run->configs.names[sum.worst->config]);
    fprintf(page, ": %zu of %zu.</p>\n", sum.worst->not_warm, sum.worst->processes);
}

void page_note_memory(FILE *page, const struct run *run)
{
    notes_warmth(page, run);
    struct tables_memory *pairs;
    struct sequential_design design;
    size_t count = tables_memory_list(run, &pairs, &design);
    struct notes_memory found = notes_memory_count(pairs, count);
    if (count) {
        fprintf(
            page,
            "<p>Of %zu cells that ran with cold and with warm memory, <strong>%zu differ by more than "
            "%g%%</strong>, %zu are equal within %g%%, %zu stopped at the first look as warm, and %zu are "
            "undecided. The difference is what fresh pages cost on this machine on this day.</p>\n",
            count, found.differ, 100 * design.minimum, found.same, 100 * design.precision, found.stopped,
            found.undecided);
        if (found.differ) {
            fputs("<details><summary>The cells that differ, cold over warm</summary><p>", page);
            notes_memory_list(page, run, pairs, count);
            fputs(".</p></details>\n", page);
        }
    }
    free(pairs);
}

static void notes_blocks(FILE *page, const struct tables_machine *machine)
{
    if (machine->differing == 0)
        fprintf(page, "No block differs from the run by more than %g%% by the reference program. ",
                100 * REFERENCE_DIFFERS);
    else {
        size_t written = 0;
        fprintf(page,
                "<strong>%zu of %zu blocks differ from the run by more than %g%%</strong> by the reference "
                "program: block ",
                machine->differing, machine->begun, 100 * REFERENCE_DIFFERS);
        for (size_t block = 0; block < machine->begun; block++)
            if (machine->blocks[block].differs)
                fprintf(page, "%s%zu (%+.0f%%)", written++ ? ", " : "", block,
                        100 * (machine->blocks[block].over_run - 1));
        fputs(". Comparisons are within blocks, so a block that is slow as a whole moves none. ", page);
    }
}

void page_note_machine(FILE *page, const struct tables *tables)
{
    const struct tables_machine *machine = &tables->machine;
    if (isnan(machine->run_ns) && isnan(machine->lost_share))
        return;
    fputs("<p>", page);
    if (!isnan(machine->run_ns))
        notes_blocks(page, machine);
    fprintf(
        page,
        "%zu of %zu processes lost more than %g%% of their time to others, and %zu repetitions were made of "
        "them; %zu of the processes that count were disturbed all the same. ",
        machine->disturbed, machine->processes, 100 * ATTEMPTS_LOST_MOST, machine->repeated,
        machine->still_disturbed);
    if (!isnan(machine->lost_share))
        fprintf(page, "In all, %.2f%% of the time of processes was lost to queues and to the host.",
                100 * machine->lost_share);
    fputs("</p>\n", page);
}
