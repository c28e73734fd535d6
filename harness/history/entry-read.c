/* SPDX-License-Identifier: MIT */
/* From the text of a file to an entry. The file may be a stranger's: each value is looked at before it is used. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/message.h"
#include "harness/history/entry.h"

/* Before the figures of a cell's line: its names, its executable and its status. */
enum { CELL_TEXTS = HISTORY_NAMES + 2, CLAIM_TEXTS = 4 };

/* Most processes of a figure, and the latest time of a commit: the end of the year 9999. */
static const json_int_t COUNT_MOST = 1 << 24, TIME_MOST = 253402300799;

/* What is read, and where. */
struct reading {
    const char *place;
    size_t line;                       /* of the file, from 1 */
    size_t positions[HISTORY_METRICS]; /* of each metric among a line's figures; figures: it is not there */
    size_t figures;                    /* of a line */
    struct history_entry *entry;
};

static int reading_refuse(const struct reading *reading, const char *what)
{
    return message_bad_input("%s:%zu: %s; it is no entry of a history, or is damaged", reading->place,
                             reading->line, what);
}

/* The text at a place of an array, which is plain; NULL: there is none. */
static const char *text_at(const json_t *array, size_t place)
{
    const char *text = json_string_value(json_array_get(array, place));
    return text && escape_is_plain(text) ? text : NULL;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text && escape_is_plain(text) ? text : NULL;
}

/* ---- figures ---- */

static double number_at(const json_t *array, size_t place)
{
    const json_t *value = json_array_get(array, place);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* Bounds of what a run can have measured, far beyond them: what is computed of such figures is finite. */
static const double FIGURE_MOST = 1e20, MEAN_LEAST = 1e-20, SCATTER_MOST = 100;

/* Whether a figure says what can be: a median, and a mean, a scatter and an interval within bounds, if they are there. */
static bool figure_is_sane(const struct history_figure *figure)
{
    bool mean = isnan(figure->mean) || (figure->mean >= MEAN_LEAST && figure->mean <= FIGURE_MOST);
    bool scatter = isnan(figure->scatter) || (figure->scatter >= 0 && figure->scatter <= SCATTER_MOST);
    bool interval = !(figure->low < 0) && !(figure->high < figure->low) && !(figure->high > FIGURE_MOST);
    return figure->median >= 0 && figure->median <= FIGURE_MOST && mean && scatter && interval;
}

/* Reads a figure, or null. Returns false where it is neither. */
static bool figure_read(const json_t *value, struct history_figure *ret_figure)
{
    *ret_figure = (struct history_figure){0, NAN, NAN, NAN, NAN, NAN};
    if (json_is_null(value))
        return true;
    const json_t *count = json_array_get(value, 0);
    size_t parts = json_array_size(value);
    if (parts < 2 || !json_is_integer(count) || json_integer_value(count) < 1 ||
        json_integer_value(count) > COUNT_MOST)
        return false;
    ret_figure->count = (size_t)json_integer_value(count);
    ret_figure->median = number_at(value, 1);
    if (parts == 2) {
        ret_figure->mean = ret_figure->median > 0 ? ret_figure->median : NAN;
        ret_figure->scatter = 0;
    } else {
        ret_figure->mean = number_at(value, 2);
        ret_figure->scatter = number_at(value, 3);
        ret_figure->low = number_at(value, 4);
        ret_figure->high = number_at(value, 5);
    }
    return figure_is_sane(ret_figure);
}

/* ---- the first line ---- */

static bool commit_fits(const char *commit)
{
    size_t length = commit ? strlen(commit) : 0;
    return length >= 7 && length <= 64 && strspn(commit, "0123456789abcdef") == length;
}

/* Finds where each metric stands among a line's figures. */
static int metrics_find(struct reading *reading, const json_t *metrics)
{
    reading->figures = json_array_size(metrics);
    if (!json_is_array(metrics))
        return reading_refuse(reading, "\"metrics\" is no list");
    for (int metric = 0; metric < HISTORY_METRICS; metric++) {
        size_t at = 0;
        for (; at < reading->figures; at++) {
            const char *name = text_at(metrics, at);
            if (name && strcmp(name, run_metric_names[history_metrics[metric]].name) == 0)
                break;
        }
        reading->positions[metric] = at;
    }
    return 0;
}

static int head_read(struct reading *reading, const json_t *head)
{
    struct history_entry *entry = reading->entry;
    const char *schema = text_of(head, "schema");
    const json_t *committed = json_object_get(head, "committed"),
                 *reference = json_object_get(head, "reference");
    if (!schema || strcmp(schema, HISTORY_SCHEMA) != 0)
        return message_bad_input("%s: its schema is %s, and this version reads " HISTORY_SCHEMA,
                                 reading->place, schema ? schema : "missing");
    entry->commit = text_of(head, "commit");
    entry->subject = text_of(head, "subject");
    entry->run = text_of(head, "run");
    entry->machine = json_object_get(head, "machine");
    entry->versions = json_object_get(head, "versions");
    entry->reference_program = text_of(reference, "sha256");
    entry->committed = json_integer_value(committed);
    if (!commit_fits(entry->commit))
        return reading_refuse(reading, "\"commit\" names none");
    if (!json_is_integer(committed) || entry->committed < 0 || entry->committed > TIME_MOST)
        return reading_refuse(reading, "\"committed\" is no time");
    if (!entry->subject || !entry->run || !entry->reference_program)
        return reading_refuse(reading, "\"subject\", \"run\" or \"reference\" is no text, or is not plain");
    if (!json_is_object(entry->machine) || !json_is_object(entry->versions))
        return reading_refuse(reading, "\"machine\" or \"versions\" is missing");
    if (!figure_read(json_object_get(reference, "ns"), &entry->reference))
        return reading_refuse(reading, "\"ns\" of the reference program is no figure");
    return metrics_find(reading, json_object_get(head, "metrics"));
}

/* ---- the other lines ---- */

static int cell_read(struct reading *reading, const json_t *line)
{
    struct history_cell *cell = &reading->entry->cells[reading->entry->cell_count];
    const char *texts[CELL_TEXTS];
    if (json_array_size(line) != CELL_TEXTS + reading->figures)
        return reading_refuse(reading, "a cell has other figures than \"metrics\" says");
    for (size_t i = 0; i < CELL_TEXTS; i++)
        if (!(texts[i] = text_at(line, i)))
            return reading_refuse(reading, "a name of a cell is no text, or is not plain");
    memcpy(cell->names, texts, sizeof(cell->names));
    cell->program = texts[HISTORY_NAMES];
    cell->status = texts[HISTORY_NAMES + 1];
    for (int metric = 0; metric < HISTORY_METRICS; metric++) {
        const json_t *value = json_array_get(line, CELL_TEXTS + reading->positions[metric]);
        struct history_figure *figure = &cell->figures[metric];
        *figure = (struct history_figure){0, NAN, NAN, NAN, NAN, NAN};
        if (value && !figure_read(value, figure))
            return reading_refuse(reading, "a figure of a cell is none");
    }
    reading->entry->cell_count++;
    return 0;
}

static int claims_read(struct reading *reading, const json_t *line)
{
    struct history_claims *claims = &reading->entry->claims[reading->entry->claim_count];
    const json_t *collectors = json_array_get(line, CLAIM_TEXTS);
    size_t count = json_array_size(collectors);
    const char *texts[CLAIM_TEXTS], *verdicts = text_at(line, CLAIM_TEXTS + 1);
    for (size_t i = 0; i < CLAIM_TEXTS; i++)
        if (!(texts[i] = text_at(line, i)))
            return reading_refuse(reading, "a name of claims is no text, or is not plain");
    for (size_t i = 0; i < count; i++)
        if (!text_at(collectors, i))
            return reading_refuse(reading, "a collector of claims is no text, or is not plain");
    if (!verdicts || count < 2 || strlen(verdicts) != count * (count - 1) / 2 ||
        strspn(verdicts, "<>=?-") != strlen(verdicts))
        return reading_refuse(reading, "claims are not of each two collectors");
    *claims = (struct history_claims){texts[0], texts[1], texts[2], texts[3], collectors, verdicts};
    reading->entry->claim_count++;
    return 0;
}

static int line_read(struct reading *reading, const json_t *line)
{
    const json_t *cell = json_object_get(line, "cell"), *claims = json_object_get(line, "claims");
    if (json_is_array(cell))
        return cell_read(reading, cell);
    if (json_is_array(claims))
        return claims_read(reading, claims);
    return reading_refuse(reading, "a line has neither a cell nor claims");
}

int history_entry_of(const char *place, json_t *lines, struct history_entry *ret_entry)
{
    size_t count = json_array_size(lines);
    *ret_entry = (struct history_entry){.lines = json_incref(lines),
                                        .cells = memory_new(count, sizeof(struct history_cell)),
                                        .claims = memory_new(count, sizeof(struct history_claims))};
    struct reading reading = {.place = place, .line = 1, .entry = ret_entry};
    int status = head_read(&reading, json_array_get(lines, 0));
    for (size_t i = 1; i < count && status == 0; i++) {
        reading.line = i + 1;
        status = line_read(&reading, json_array_get(lines, i));
    }
    if (status != 0)
        history_entry_free(ret_entry);
    return status;
}

/* Reads the lines of a text as values of JSON. Returns an array; NULL after one line. */
static json_t *lines_parse(const char *place, const char *text)
{
    json_t *lines = json_array();
    for (size_t number = 1; *text; number++) {
        size_t length = strcspn(text, "\n");
        json_error_t error;
        json_t *line = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
        if (!line) {
            message_bad_input("%s:%zu:%d: %s", place, number, error.column, error.text);
            json_decref(lines);
            return NULL;
        }
        json_array_append_new(lines, line);
        text += length + (text[length] == '\n');
    }
    return lines;
}

int history_entry_read(const char *place, const char *text, struct history_entry *ret_entry)
{
    *ret_entry = (struct history_entry){0};
    json_t *lines = lines_parse(place, text);
    if (!lines)
        return MESSAGE_BAD_INPUT;
    int status = history_entry_of(place, lines, ret_entry);
    json_decref(lines);
    return status;
}
