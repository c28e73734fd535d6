/* SPDX-License-Identifier: MIT */
#include "harness/teaching/pictures-dot.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/text.h"
#include "harness/teaching/parts.h"
#include "harness/teaching/pictures.h"

enum { CAPTION_WIDTH = 110 }; /* in characters */

/* What a graph is drawn of. */
struct graph {
    const json_t *document;
    struct parts all;    /* of all pictures: the layout */
    struct parts now;    /* of this picture: what is visible */
    struct parts before; /* of the picture before it: what has changed is bold */
    bool whole;          /* all parts are visible, and no object has a colour */
    double width;        /* of an object, in inches */
    FILE *stream;
};

/* ---- objects ---- */

static const struct fill {
    const char *colour, *fill, *ink;
} fills[] = {
    {"black", "#262626", "#ffffff"},  {"grey", "#a6a6a6", "#000000"},  {"white", "#ffffff", "#000000"},
    {"purple", "#7d3c98", "#ffffff"}, {"green", "#2e7d4f", "#ffffff"}, {NULL, "#e6eef5", "#000000"},
};

static const struct fill *fill_of(const json_t *object, bool plain)
{
    const char *colour = plain ? NULL : json_string_value(json_object_get(object, "colour"));
    const struct fill *fill = fills;
    while (fill->colour && !(colour && strcmp(fill->colour, colour) == 0))
        fill++;
    return fill;
}

/* Returns the second line of an object: its count, and the number beside it. The caller frees it. */
static char *count_line(const json_t *document, const json_t *object)
{
    const json_t *count = json_object_get(object, "count"), *number = json_object_get(object, "number");
    const char *name = json_string_value(json_object_get(json_object_get(document, "collector"), "number"));
    char *first = json_is_integer(count) ? text_format("count %lld", (long long)json_integer_value(count))
                                         : text_format("%s", "");
    if (!json_is_integer(number))
        return first;
    char *both = text_format("%s%s%s %lld", first, *first ? ", " : "", name ? name : "",
                             (long long)json_integer_value(number));
    free(first);
    return both;
}

static char *first_line(const json_t *object)
{
    return text_format("#%lld %s", (long long)json_integer_value(json_object_get(object, "object")),
                       json_string_value(json_object_get(object, "shape")));
}

/* The width in which the widest line of any object fits. A letter takes a twelfth of an inch at most. */
static double width_of(const json_t *objects)
{
    size_t most = strlen("count 10, counted 10");
    const char *node;
    json_t *object;
    json_object_foreach((json_t *)objects, node, object) {
        char *line = first_line(object);
        most = strlen(line) > most ? strlen(line) : most;
        free(line);
    }
    return (double)most / 12 + 0.1;
}

/* Whether an object shows something else than in the picture before. */
static bool has_changed(const struct graph *graph, const char *node, const json_t *object)
{
    const json_t *old = json_object_get(graph->before.objects, node);
    static const char *const keys[] = {"count", "number", "colour"};
    if (!old)
        return json_array_size(graph->before.frames) > 0;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!json_equal(json_object_get(old, keys[i]), json_object_get(object, keys[i])))
            return true;
    return false;
}

static void object_label(const struct graph *graph, const json_t *object)
{
    const char *colour = json_string_value(json_object_get(object, "colour"));
    char *first = first_line(object), *second = count_line(graph->document, object);
    fputs(" label=\"", graph->stream);
    escape_dot(graph->stream, first);
    fputs("\\n", graph->stream);
    escape_dot(graph->stream, graph->whole ? "count" : second);
    fputs("\\n", graph->stream);
    escape_dot(graph->stream, graph->whole ? "colour" : colour);
    fputs("\"", graph->stream);
    free(first);
    free(second);
}

static void object_write(const struct graph *graph, const char *node, const json_t *last)
{
    const json_t *object = graph->whole ? last : json_object_get(graph->now.objects, node);
    const struct fill *fill = fill_of(object, graph->whole);
    bool held = object != NULL, changed = held && !graph->whole && has_changed(graph, node, object);
    fprintf(graph->stream, "  %s [id=\"%s\" class=\"object\"", node, node);
    object_label(graph, held ? object : last);
    if (!held)
        fputs(" style=invis", graph->stream);
    else
        fprintf(graph->stream, " style=\"filled,rounded%s\" fillcolor=\"%s\" fontcolor=\"%s\"%s",
                json_is_true(json_object_get(object, "reachable")) || graph->whole ? "" : ",dashed",
                fill->fill, fill->ink, changed ? " penwidth=3 color=\"#d55e00\"" : "");
    fputs("];\n", graph->stream);
}

/* ---- names and links ---- */

/* Writes a frame as one node, so that its names stand in their order. A name that the picture lacks is blank. */
static void frame_write(const struct graph *graph, size_t frame)
{
    json_int_t count = json_integer_value(json_array_get(graph->all.frames, frame));
    json_int_t now = graph->whole ? count : json_integer_value(json_array_get(graph->now.frames, frame));
    if (count == 0)
        return;
    fprintf(graph->stream, "  f%zu [id=\"f%zu\" class=\"frame\" shape=record%s label=\"", frame, frame,
            now ? "" : " style=invis");
    if (frame == 0)
        fputs("globals", graph->stream);
    else
        fprintf(graph->stream, "frame %zu", frame);
    for (json_int_t i = 0; i < count; i++) {
        fprintf(graph->stream, "|<s%lld> ", (long long)i);
        if (i < now)
            fprintf(graph->stream, "%s%lld", frame ? "" : "g", (long long)i);
    }
    fputs("\"];\n", graph->stream);
}

/* Links leave names on the right. */
static void link_write(const struct graph *graph, const char *name, const json_t *link)
{
    const json_t *field = json_object_get(link, "field");
    fprintf(graph->stream, "  %s%s -> %s [id=\"%s\" class=\"link\"",
            json_string_value(json_object_get(link, "from")), json_is_null(field) ? ":e" : "",
            json_string_value(json_object_get(link, "to")), name);
    if (json_is_integer(field))
        fprintf(graph->stream, " taillabel=\"%lld\"", (long long)json_integer_value(field));
    fputs(graph->whole || json_object_get(graph->now.links, name) ? "];\n" : " style=invis];\n",
          graph->stream);
}

/* ---- a graph ---- */

/* Writes a line of the caption, with blanks behind it: all captions are as wide, so that none moves its
 * graph. */
static void caption_line(const struct graph *graph, const char *line)
{
    escape_dot(graph->stream, line);
    for (size_t i = strlen(line); i < CAPTION_WIDTH; i++)
        fputc(' ', graph->stream);
    fputs("\\l", graph->stream);
}

static void caption_buffer(const struct graph *graph, const char *name, const json_t *entries)
{
    char *line = text_format("%s:", name);
    size_t i;
    const json_t *entry;
    json_array_foreach(entries, i, entry) {
        char *longer = text_format("%s #%lld", line, (long long)json_integer_value(entry));
        free(line);
        line = longer;
    }
    caption_line(graph, line);
    free(line);
}

static void caption_write(const struct graph *graph, size_t place)
{
    const json_t *picture = json_array_get(json_object_get(graph->document, "pictures"), place);
    const json_t *names = json_object_get(json_object_get(graph->document, "collector"), "buffers"), *entries;
    char *heading = pictures_heading(graph->document, place), *phase = pictures_phase(graph->document, place);
    size_t i;
    fputs("  label=\"", graph->stream);
    caption_line(graph, heading);
    caption_line(graph, phase);
    json_array_foreach(json_object_get(picture, "buffers"), i, entries)
        caption_buffer(graph, json_string_value(json_array_get(names, i)), entries);
    fputs("\";\n", graph->stream);
    free(heading);
    free(phase);
}

static void graph_begin(const struct graph *graph)
{
    fprintf(graph->stream, "digraph picture {\n"
                           "  rankdir=LR; nodesep=0.25; ranksep=0.6; labelloc=t; labeljust=l; "
                           "fontname=\"monospace\"; fontsize=10;\n"
                           "  node [shape=box fontname=\"Helvetica\" fontsize=11];\n"
                           "  edge [fontname=\"Helvetica\" fontsize=9 arrowsize=0.7];\n"
                           "  node [height=0.3];\n");
}

/* Writes the frames, and has them stand on the left. */
static void frames_write(const struct graph *graph)
{
    size_t count = json_array_size(graph->all.frames);
    for (size_t i = 0; i < count; i++)
        frame_write(graph, i);
    fputs("  {rank=min;", graph->stream);
    for (size_t i = 0; i < count; i++)
        if (json_integer_value(json_array_get(graph->all.frames, i)))
            fprintf(graph->stream, " f%zu;", i);
    fputs("}\n", graph->stream);
}

static void graph_end(const struct graph *graph)
{
    const char *name;
    json_t *part;
    frames_write(graph);
    fprintf(graph->stream, "  node [fixedsize=true width=%.2f height=0.65];\n", graph->width);
    json_object_foreach(graph->all.objects, name, part)
        object_write(graph, name, part);
    json_object_foreach(graph->all.links, name, part)
        link_write(graph, name, part);
    fputs("}\n", graph->stream);
}

static void graph_open(struct graph *graph, const json_t *document, bool whole, FILE *stream)
{
    *graph = (struct graph){.document = document, .whole = whole, .stream = stream};
    parts_init(&graph->all);
    parts_init(&graph->now);
    parts_init(&graph->before);
    parts_add_all(&graph->all, document);
    graph->width = width_of(graph->all.objects);
}

static void graph_close(struct graph *graph)
{
    parts_free(&graph->all);
    parts_free(&graph->now);
    parts_free(&graph->before);
}

void pictures_dot_write(const json_t *document, FILE *stream)
{
    struct graph graph;
    size_t i;
    const json_t *picture;
    graph_open(&graph, document, false, stream);
    json_array_foreach(json_object_get(document, "pictures"), i, picture) {
        parts_free(&graph.before);
        graph.before = graph.now;
        parts_init(&graph.now);
        parts_add(&graph.now, picture);
        graph_begin(&graph);
        caption_write(&graph, i);
        graph_end(&graph);
    }
    graph_close(&graph);
}

void pictures_dot_write_whole(const json_t *document, FILE *stream)
{
    struct graph graph;
    graph_open(&graph, document, true, stream);
    graph_begin(&graph);
    graph_end(&graph);
    graph_close(&graph);
}
