/* SPDX-License-Identifier: MIT */
#include "tests/measuring/limits/report.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES_MOST = 16 };

/* ---- arguments and the file ---- */

static FILE *file_open(const char *path)
{
    FILE *file = path ? fopen(path, "a") : NULL;
    if (!file) {
        fprintf(stderr, "--json: %s: %s\n", path ? path : "a file is needed",
                strerror(path ? errno : EINVAL));
        exit(2);
    }
    return file;
}

struct report report_open(int *argc, char **argv)
{
    struct report report = {0};
    int kept = 1;
    for (int i = 1; i < *argc; i++) {
        if (strcmp(argv[i], "--quick") == 0)
            report.quick = true;
        else if (strcmp(argv[i], "--json") == 0)
            report.json = file_open(++i < *argc ? argv[i] : NULL);
        else
            argv[kept++] = argv[i];
    }
    *argc = kept;
    return report;
}

static void number_write(FILE *json, const char *key, double number)
{
    if (isfinite(number))
        fprintf(json, "\"%s\": %.6g, ", key, number);
    else
        fprintf(json, "\"%s\": null, ", key);
}

void report_figure(const struct report *report, const char *collector, const char *code, struct figure figure)
{
    if (!report->json || !isfinite(figure.value))
        return;
    fprintf(report->json, "{\"collector\": \"%s\", \"code\": \"%s\", ", collector, code);
    number_write(report->json, "value", figure.value);
    number_write(report->json, "low", figure.low);
    number_write(report->json, "high", figure.high);
    number_write(report->json, "target", figure.target > 0 ? figure.target : NAN);
    fprintf(report->json, "\"unit\": \"%s\"}\n", figure.unit);
}

void report_close(struct report *report)
{
    if (!report->json)
        return;
    bool failed = ferror(report->json);
    failed |= fclose(report->json) != 0;
    report->json = NULL;
    if (failed) {
        perror("--json");
        exit(1);
    }
}

/* ---- figures ---- */

static int order(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;
    return (difference > 0) - (difference < 0);
}

static void sort(double *ret_sorted, const double *values, size_t count)
{
    assert(count > 0 && count <= VALUES_MOST);
    memcpy(ret_sorted, values, count * sizeof *values);
    qsort(ret_sorted, count, sizeof *ret_sorted, order);
}

double median_of(const double *values, size_t count)
{
    double sorted[VALUES_MOST];
    sort(sorted, values, count);
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

struct figure figure_once(double value, const char *unit, double target)
{
    return (struct figure){value, NAN, NAN, target, unit};
}

struct figure figure_of_turns(const double *values, size_t count, const char *unit, double target)
{
    double sorted[VALUES_MOST];
    sort(sorted, values, count);
    return (struct figure){median_of(values, count), sorted[0], sorted[count - 1], target, unit};
}

struct figure figure_of_ratios(const double *first, const double *second, size_t count, double target)
{
    double ratios[VALUES_MOST];
    assert(count <= VALUES_MOST);
    for (size_t i = 0; i < count; i++)
        ratios[i] = first[i] / second[i];
    return figure_of_turns(ratios, count, "ratio", target);
}

void figure_print(struct figure figure)
{
    bool share = strcmp(figure.unit, "share") == 0;
    if (share)
        printf("%.3g%%", 100 * figure.value);
    else
        printf("%.3g%s", figure.value, strcmp(figure.unit, "ratio") == 0 ? " x" : "");
    if (isfinite(figure.low))
        printf(share ? " [%.3g%%, %.3g%%]" : " [%.3g, %.3g]", figure.low * (share ? 100 : 1),
               figure.high * (share ? 100 : 1));
    if (figure.target > 0)
        printf(" (target %.3g%s)", figure.target, figure.value <= figure.target ? "" : ": above");
}
