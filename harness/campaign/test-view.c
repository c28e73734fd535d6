/* SPDX-License-Identifier: MIT */
/* Checks the live view: what it says of decisions, and that it fits any terminal. */
#include "harness/campaign/view.h"
#include "tests/tap.h"

enum { WORKLOADS = 12, CELLS = 2 * WORKLOADS };

/* A plan of workloads under two collectors, and one pair of each. */
struct made {
    struct plan_cell cells[CELLS];
    struct decide_pair pairs[WORKLOADS];
    char names[WORKLOADS][64];
    struct plan plan;
    struct decide decide;
};

static void made_init(struct made *made)
{
    *made = (struct made){0};
    for (uint32_t i = 0; i < WORKLOADS; i++) {
        snprintf(made->names[i], sizeof(made->names[i]), "w%u", i);
        for (uint32_t side = 0; side < 2; side++)
            made->cells[2 * i + side] =
                (struct plan_cell){.workload = made->names[i], .workload_options = ""};
        made->pairs[i] =
            (struct decide_pair){.a = 2 * i, .b = 2 * i + 1, .result = {.verdict = SEQUENTIAL_UNDECIDED}};
    }
    made->plan = (struct plan){.cells = made->cells, .cell_count = CELLS, .blocks = 24};
    made->decide = (struct decide){.pairs = made->pairs, .pair_count = WORKLOADS};
}

/* Returns the lines, joined by line ends. The caller frees them. */
static char *shown(const struct made *made, const char *cell, size_t total, struct terminal_size size)
{
    struct view *view = view_new(&made->plan, &made->decide);
    struct text_list lines = {0};
    char *text;
    size_t bytes;
    view_count(view);
    view_lines(view, &(struct view_now){"head", cell, 3, total}, size, &lines);
    FILE *stream = open_memstream(&text, &bytes);
    for (size_t i = 0; i < lines.count; i++)
        fprintf(stream, "%s\n", lines.items[i]);
    fclose(stream);
    text_list_free(&lines);
    view_free(view);
    return text;
}

static size_t lines_in(const char *text, size_t *ret_widest)
{
    size_t count = 0;
    char *copy = text_format("%s", text), *rest = copy, *line;
    *ret_widest = 0;
    while ((line = strsep(&rest, "\n")) && rest) {
        size_t width = terminal_width(line);
        *ret_widest = width > *ret_widest ? width : *ret_widest;
        count++;
    }
    free(copy);
    return count;
}

static void test_decisions(struct made *made)
{
    for (size_t i = 0; i < WORKLOADS; i++)
        made->pairs[i].result.verdict = i < 4   ? SEQUENTIAL_LESS
                                        : i < 6 ? SEQUENTIAL_EQUAL
                                                : SEQUENTIAL_UNDECIDED;
    made->pairs[11].result.verdict = SEQUENTIAL_BLANK;
    made->pairs[10].as_warm = true;
    char *text = shown(made, "w1 x rc", 0, (struct terminal_size){80, 24});
    tap_ok(strncmp(text, "head\n                # differ = equal - undecided\nall comparisons |", 67) == 0,
           "what is said of the run comes first, then what signs mean, and then all comparisons");
    tap_ok(strstr(text, " 6 of 10\n") != NULL,
           "the decided ones are counted, without those of which nothing is claimed");
    tap_ok(strstr(text, "|"
                        "################"
                        "======="
                        "----------------"
                        " 6 of 10") != NULL,
           "the bar has those that differ, are equal and are undecided");
    tap_ok(strstr(text, "\nw6 ") < strstr(text, "\nw0 ") && strstr(text, "\nw0 "),
           "workloads with undecided ones come before the others");
    tap_ok(!strstr(text, "\nw10 ") && !strstr(text, "\nw11 "), "those without any do not come");
    tap_ok(strstr(text, "\n2 workloads more, 2 of them decided\nnow: w1 x rc\n") != NULL,
           "the rest is counted, and what runs now comes last");
    free(text);
    text = shown(made, "w1 x rc", 30, (struct terminal_size){80, 24});
    tap_ok(strncmp(text, "head\nprocesses ", 15) == 0 && strstr(text, " 3 of 30\nnow: w1 x rc\n") &&
               !strstr(text, "w6"),
           "in a fixed design the bar is that of its processes");
    free(text);
}

static void test_sizes(struct made *made)
{
    static const struct terminal_size sizes[] = {{40, 24}, {80, 24}, {200, 50}, {20, 10},
                                                 {80, 6},  {80, 3},  {1, 1}};
    static const char wide[] =
        "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字";
    bool right = true;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
        for (int foreign = 0; foreign < 2; foreign++) {
            char *cell = text_format("%s\033[2J\n%s", wide, wide);
            snprintf(made->names[7], sizeof(made->names[7]), "%s",
                     foreign ? "漢字漢字漢字漢字漢字漢字漢字漢字漢字" : "w7");
            char *text = shown(made, cell, 0, sizes[i]);
            size_t widest, count = lines_in(text, &widest);
            size_t columns = sizes[i].columns > 2 ? sizes[i].columns - 2 : 1;
            size_t rows = sizes[i].rows > 2 ? sizes[i].rows - 2 : 1;
            bool fits = count >= 1 && count <= rows && widest <= columns && !strchr(text, '\033');
            if (!fits)
                tap_note("%zu lines of %zu columns on %zu x %zu", count, widest, sizes[i].rows,
                         sizes[i].columns);
            right &= fits;
            free(text);
            free(cell);
        }
    tap_ok(right, "the view fits a terminal of any size, and drives none");
}

int main(void)
{
    struct made made;
    setenv("LC_ALL", "C", 1);
    made_init(&made);
    test_decisions(&made);
    test_sizes(&made);
    return tap_done();
}
