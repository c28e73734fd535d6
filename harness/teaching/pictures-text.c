/* SPDX-License-Identifier: MIT */
#include "harness/teaching/pictures-text.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/terminal.h"
#include "harness/report/textual.h"
#include "harness/teaching/pictures.h"

/* Returns numbers of objects as people write them: "#1 - #3"; "-" for null. The caller frees it. */
static char *numbers_text(const json_t *numbers)
{
    char *text = NULL;
    size_t size, i;
    const json_t *number;
    FILE *stream = memory_stream(&text, &size);
    json_array_foreach(numbers, i, number) {
        if (i > 0)
            fputc(' ', stream);
        if (json_integer_value(number))
            fprintf(stream, "#%lld", (long long)json_integer_value(number));
        else
            fputc('-', stream);
    }
    memory_stream_close(stream);
    return text;
}

static void numbers_add(struct textual *table, const json_t *numbers)
{
    char *text = numbers_text(numbers);
    textual_add(table, TEXTUAL_PLAIN, "%s", text);
    free(text);
}

/* ---- the parts of a picture ---- */

static void names_print(const json_t *frames, FILE *stream)
{
    size_t i;
    const json_t *slots;
    json_array_foreach(frames, i, slots) {
        if (json_array_size(slots) == 0)
            continue;
        char *text = numbers_text(slots);
        if (i == 0)
            fprintf(stream, "  globals: %s\n", text);
        else
            fprintf(stream, "  frame %zu: %s\n", i, text);
        free(text);
    }
}

/* Prints the buffers that are not empty. */
static void buffers_print(const json_t *names, const json_t *buffers, FILE *stream)
{
    size_t i;
    const json_t *entries;
    json_array_foreach(buffers, i, entries) {
        char *text = numbers_text(entries);
        if (*text)
            fprintf(stream, "  %s: %s\n", json_string_value(json_array_get(names, i)), text);
        free(text);
    }
}

static void freed_print(const json_t *freed, FILE *stream)
{
    char *text = numbers_text(freed);
    if (*text)
        fprintf(stream, "  freed: %s\n", text);
    free(text);
}

static void integer_add(struct textual *table, const json_t *value)
{
    if (json_is_null(value))
        textual_add(table, TEXTUAL_FAINT, "-");
    else
        textual_add(table, TEXTUAL_PLAIN, "%lld", (long long)json_integer_value(value));
}

static const char *word_of(const json_t *object, const char *key)
{
    const char *word = json_string_value(json_object_get(object, key));
    return word ? word : "";
}

/* Which columns the objects of a collector have. */
struct columns {
    bool count;
    const char *number; /* NULL: none */
    bool colour;
};

static struct columns columns_of(const json_t *collector)
{
    return (struct columns){.count = json_is_true(json_object_get(collector, "counts")),
                            .number = json_string_value(json_object_get(collector, "number")),
                            .colour = json_array_size(json_object_get(collector, "colours")) > 0};
}

static void objects_print(const struct columns *columns, const json_t *objects, FILE *stream)
{
    struct textual table;
    size_t i;
    const json_t *object;
    if (json_array_size(objects) == 0)
        return;
    size_t count = 4u + columns->count + (columns->number != NULL) + columns->colour;
    textual_init(&table, count, count);
    textual_add(&table, TEXTUAL_FAINT, "  object");
    textual_add(&table, TEXTUAL_FAINT, "shape");
    if (columns->count)
        textual_add(&table, TEXTUAL_FAINT, "count");
    if (columns->number)
        textual_add(&table, TEXTUAL_FAINT, "%s", columns->number);
    if (columns->colour)
        textual_add(&table, TEXTUAL_FAINT, "colour");
    textual_add(&table, TEXTUAL_FAINT, "a name reaches it");
    textual_add(&table, TEXTUAL_FAINT, "fields");
    json_array_foreach(objects, i, object) {
        textual_add(&table, TEXTUAL_PLAIN, "  #%lld",
                    (long long)json_integer_value(json_object_get(object, "object")));
        textual_add(&table, TEXTUAL_PLAIN, "%s", word_of(object, "shape"));
        if (columns->count)
            integer_add(&table, json_object_get(object, "count"));
        if (columns->number)
            integer_add(&table, json_object_get(object, "number"));
        if (columns->colour)
            textual_add(&table, TEXTUAL_PLAIN, "%s", word_of(object, "colour"));
        textual_add(&table, TEXTUAL_PLAIN, json_is_true(json_object_get(object, "reachable")) ? "yes" : "no");
        numbers_add(&table, json_object_get(object, "fields"));
    }
    textual_print_whole(&table, stream, terminal_has_colour(stream));
    textual_fini(&table);
}

static void picture_print(const json_t *document, size_t place, FILE *stream)
{
    const json_t *picture = json_array_get(json_object_get(document, "pictures"), place);
    const json_t *collector = json_object_get(document, "collector");
    struct columns columns = columns_of(collector);
    char *heading = pictures_heading(document, place), *phase = pictures_phase(document, place);
    fprintf(stream, "%s\n", heading);
    if (*phase)
        fprintf(stream, "  %s\n", phase);
    freed_print(json_object_get(picture, "freed"), stream);
    names_print(json_object_get(picture, "frames"), stream);
    buffers_print(json_object_get(collector, "buffers"), json_object_get(picture, "buffers"), stream);
    objects_print(&columns, json_object_get(picture, "objects"), stream);
    free(heading);
    free(phase);
}

/* ---- the whole ---- */

/* Says what the number and the colours mean. */
static void legend_print(const json_t *collector, FILE *stream)
{
    size_t i;
    const json_t *colour;
    if (json_is_string(json_object_get(collector, "number")))
        fprintf(stream, "%s: %s\n", word_of(collector, "number"), word_of(collector, "number_means"));
    json_array_foreach(json_object_get(collector, "colours"), i, colour)
        fprintf(stream, "%s: %s\n", word_of(colour, "name"), word_of(colour, "means"));
}

void pictures_text_write(const json_t *document, FILE *stream)
{
    const json_t *collector = json_object_get(document, "collector");
    size_t count = json_array_size(json_object_get(document, "pictures"));
    fprintf(stream, "%s under %s: %s\n", word_of(document, "program"), word_of(collector, "name"),
            word_of(collector, "summary"));
    legend_print(collector, stream);
    for (size_t i = 0; i < count; i++) {
        fputc('\n', stream);
        picture_print(document, i, stream);
    }
}
