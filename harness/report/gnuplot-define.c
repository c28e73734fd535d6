/* SPDX-License-Identifier: MIT */
#include "harness/report/gnuplot-define.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/text.h"
#include "harness/report/gnuplot.h"

void gnuplot_define(FILE *stream, const char *name, const char *text)
{
    fprintf(stream, "%s = ", name);
    escape_gnuplot(stream, text);
    putc('\n', stream);
}

void gnuplot_define_list(FILE *stream, const char *name, char *const *texts, size_t count, size_t most)
{
    fprintf(stream, "array %s[%zu]\n", name, count ? count : 1);
    for (size_t i = 0; i < count; i++) {
        char *brief = escape_plain(texts[i], most);
        fprintf(stream, "%s[%zu] = ", name, i + 1);
        escape_gnuplot(stream, brief);
        putc('\n', stream);
        free(brief);
    }
}

void gnuplot_define_numbers(FILE *stream, const char *name, const double *numbers, size_t count)
{
    /* In one command: gnuplot takes as long to read a command as to read dozens of numbers. */
    fprintf(stream, "array %s[%zu] = [", name, count ? count : 1);
    for (size_t i = 0; i < count; i++)
        fprintf(stream, "%s%.17g", i ? "," : "", numbers[i]);
    fputs(count ? "]\n" : "0]\n", stream);
}

/* gnuplot takes no '-' in the name that it writes into an SVG. */
static void define_name(FILE *stream, const char *name)
{
    char *taken = text_format("%s", name);
    for (char *dash = taken; (dash = strchr(dash, '-'));)
        *dash = '_';
    gnuplot_define(stream, "name", taken);
    free(taken);
}

void gnuplot_define_begin(FILE *stream, const char *name)
{
    fputs("set encoding utf8\nset datafile commentschars ''\n", stream);
    define_name(stream, name);
    gnuplot_define(stream, "scripts", PLOT_SCRIPTS);
    gnuplot_define(stream, "out", GNUPLOT_OUT);
}
