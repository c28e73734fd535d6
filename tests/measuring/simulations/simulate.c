/* SPDX-License-Identifier: MIT */
/*
 * Prints error rates, coverage and power of the statistics, in campaigns whose truth is known.
 *
 * usage: simulate [--brief] [--campaigns N] [--seed N] [TABLE...]
 *
 *   TABLE         sequential, intervals, best, runs, confirm, stopping, drift, machines
 *                 or changes; all of them if none is named
 *   --brief       the short form, as a test: a few seconds, and TAP
 *   --campaigns   of each row; 1000 if not stated, and 200 in the short form
 *
 * docs/methodology.md cites the tables. The long form takes some minutes. Exit status 1: a rate is not what
 * the page says.
 */
#include "tests/measuring/simulations/simulate.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

static int simulate_misses;

struct simulate_table {
    const char *name;
    void (*print)(const struct simulate *simulate);
};

static const struct simulate_table simulate_tables[] = {
    {"sequential", simulate_sequential},
    {"intervals", simulate_intervals},
    {"best", simulate_best},
    {"runs", simulate_runs},
    {"confirm", simulate_confirm},
    {"stopping", simulate_stopping},
    {"drift", simulate_drift},
    {"machines", simulate_machines},
    {"changes", simulate_changes},
};

enum { TABLES = sizeof(simulate_tables) / sizeof(simulate_tables[0]), SENTENCE = 300 };

void simulate_say(const struct simulate *simulate, const char *format, ...)
{
    va_list arguments;
    bool apart = *format == '\n'; /* a table stands apart from the one before */
    fputs(simulate->brief ? "# " : apart ? "\n" : "", stdout);
    va_start(arguments, format);
    vprintf(format + apart, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

static void simulate_judge(const struct simulate *simulate, bool holds, const char *sentence)
{
    if (simulate->brief)
        tap_ok(holds, "%s", sentence);
    else if (!holds)
        printf("MISSED: %s\n", sentence);
    simulate_misses += !holds;
}

void simulate_holds(const struct simulate *simulate, bool holds, const char *sentence, ...)
{
    char text[SENTENCE];
    va_list arguments;
    va_start(arguments, sentence);
    vsnprintf(text, sizeof(text), sentence, arguments);
    va_end(arguments);
    simulate_judge(simulate, holds, text);
}

/*
 * Returns the chance that at least `count` of `campaigns` do something that each does with the chance
 * `share`.
 */
static double binomial_tail(size_t count, size_t campaigns, double share)
{
    double tail = 0, n = (double)campaigns;
    for (size_t k = count; k <= campaigns; k++) {
        double log_ways = lgamma(n + 1) - lgamma((double)k + 1) - lgamma(n - (double)k + 1);
        tail += exp(log_ways + (double)k * log(share) + (n - (double)k) * log1p(-share));
    }
    return tail;
}

void simulate_at_most(const struct simulate *simulate, size_t count, size_t campaigns, double share,
                      const char *sentence, ...)
{
    char text[SENTENCE];
    va_list arguments;
    va_start(arguments, sentence);
    vsnprintf(text, sizeof(text), sentence, arguments);
    va_end(arguments);
    simulate_judge(simulate, count == 0 || binomial_tail(count, campaigns, share) > 1e-4, text);
}

static bool is_wanted(const char *name, char **names, int count)
{
    bool wanted = count == 0;
    for (int i = 0; i < count; i++)
        wanted = wanted || strcmp(names[i], name) == 0;
    return wanted;
}

static int usage(void)
{
    fputs("usage: simulate [--brief] [--campaigns N] [--seed N] "
          "[sequential|intervals|best|runs|confirm|stopping|drift|machines|changes...]\n",
          stderr);
    return 2;
}

static bool is_table(const char *name)
{
    for (size_t i = 0; i < TABLES; i++)
        if (strcmp(simulate_tables[i].name, name) == 0)
            return true;
    return false;
}

int main(int argc, char **argv)
{
    struct simulate simulate = {.seed = 1};
    int at = 1;
    for (; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
        if (strcmp(argv[at], "--brief") == 0)
            simulate.brief = true;
        else if (strcmp(argv[at], "--campaigns") == 0 && at + 1 < argc)
            simulate.campaigns = strtoull(argv[++at], NULL, 10);
        else if (strcmp(argv[at], "--seed") == 0 && at + 1 < argc)
            simulate.seed = strtoull(argv[++at], NULL, 10);
        else
            return usage();
    }
    for (int name = at; name < argc; name++)
        if (!is_table(argv[name]))
            return usage();
    if (simulate.campaigns == 0)
        simulate.campaigns = simulate.brief ? 200 : 1000;
    simulate_say(&simulate, "seed %" PRIu64 ", %zu campaigns a row", simulate.seed, simulate.campaigns);
    for (size_t i = 0; i < TABLES; i++)
        if (is_wanted(simulate_tables[i].name, argv + at, argc - at))
            simulate_tables[i].print(&simulate);
    return simulate.brief ? tap_done() : simulate_misses != 0;
}
