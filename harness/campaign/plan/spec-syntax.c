/* SPDX-License-Identifier: MIT */
#include "harness/campaign/plan/spec-syntax.h"

#include <stdbool.h>
#include <string.h>
#include <yaml.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/message.h"

/* A file that is being checked. */
struct syntax {
    const char *path, *text;
    size_t size;
    unsigned depth, documents;
};

/* Says what is wrong at a byte of the text. */
static int refuse_at_byte(const struct syntax *syntax, size_t offset, const char *words)
{
    size_t line = 1, column = 1;
    for (size_t i = 0; i < offset && i < syntax->size; i++) {
        column = syntax->text[i] == '\n' ? 1 : column + 1;
        line += syntax->text[i] == '\n';
    }
    return message_bad_input("%s:%zu:%zu: %s", syntax->path, line, column, words);
}

static int refuse_at(const struct syntax *syntax, yaml_mark_t mark, const char *words)
{
    return message_bad_input("%s:%zu:%zu: %s", syntax->path, mark.line + 1, mark.column + 1, words);
}

/* What the library for YAML would take in another sense: it reads UTF-16, and a C string ends at a NUL. */
static int bytes_check(const struct syntax *syntax)
{
    const char *null = memchr(syntax->text, '\0', syntax->size);
    if (syntax->size >= 2 &&
        (memcmp(syntax->text, "\xff\xfe", 2) == 0 || memcmp(syntax->text, "\xfe\xff", 2) == 0))
        return refuse_at_byte(syntax, 0, "the file is in UTF-16; a matrix is in UTF-8");
    return null ? refuse_at_byte(syntax, (size_t)(null - syntax->text),
                                 "a NUL byte; a matrix is a text in UTF-8")
                : 0;
}

/* Whether a text is plain. In quotes a NUL can be written by its number, and would end the text early. */
static bool is_plain(const unsigned char *text, size_t length)
{
    return !memchr(text, '\0', length) && escape_is_plain((const char *)text);
}

/* Whether an event begins a list or a mapping (1), ends one (-1), or does neither. */
static int nesting_of(const yaml_event_t *event)
{
    bool begins = event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT;
    bool ends = event->type == YAML_SEQUENCE_END_EVENT || event->type == YAML_MAPPING_END_EVENT;
    return begins - ends;
}

static const unsigned char *tag_of(const yaml_event_t *event)
{
    return event->type == YAML_SCALAR_EVENT           ? event->data.scalar.tag
           : event->type == YAML_SEQUENCE_START_EVENT ? event->data.sequence_start.tag
           : event->type == YAML_MAPPING_START_EVENT  ? event->data.mapping_start.tag
                                                      : NULL;
}

static const unsigned char *anchor_of(const yaml_event_t *event)
{
    return event->type == YAML_SCALAR_EVENT           ? event->data.scalar.anchor
           : event->type == YAML_ALIAS_EVENT          ? event->data.alias.anchor
           : event->type == YAML_SEQUENCE_START_EVENT ? event->data.sequence_start.anchor
           : event->type == YAML_MAPPING_START_EVENT  ? event->data.mapping_start.anchor
                                                      : NULL;
}

/* What is wrong with an event; NULL: nothing. */
static const char *event_objection(struct syntax *syntax, const yaml_event_t *event)
{
    syntax->depth += (unsigned)nesting_of(event);
    syntax->documents += event->type == YAML_DOCUMENT_START_EVENT;
    if (syntax->documents > 1)
        return "a second document; a file holds one matrix";
    if (syntax->depth > SPEC_DEPTH_MAX)
        return "lists and mappings are nested too deep; a matrix has lists of names in its entries of cells";
    if (tag_of(event))
        return "a tag, as in !!str; a matrix has none, and what a value is follows from its key";
    if (anchor_of(event))
        return "an anchor or an alias, as in &a and *a; a matrix has none: write the value again";
    if (event->type == YAML_SCALAR_EVENT && !is_plain(event->data.scalar.value, event->data.scalar.length))
        return "a text with a control character, or of several lines; a value of a matrix is one plain line";
    return NULL;
}

/* What the library found. Of bytes that are no characters it gives the offset alone. */
static int problem_refuse(const struct syntax *syntax, const yaml_parser_t *parser)
{
    char words[256];
    if (parser->error == YAML_MEMORY_ERROR)
        memory_exhausted();
    snprintf(words, sizeof words, "not YAML: %s", parser->problem ? parser->problem : "it ends too early");
    return parser->error == YAML_READER_ERROR ? refuse_at_byte(syntax, parser->problem_offset, words)
                                              : refuse_at(syntax, parser->problem_mark, words);
}

static int events_check(struct syntax *syntax, yaml_parser_t *parser)
{
    int status = 0;
    for (bool ended = false; !ended && status == 0;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event))
            return problem_refuse(syntax, parser);
        const char *objection = event_objection(syntax, &event);
        if (objection)
            status = refuse_at(syntax, event.start_mark, objection);
        ended = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    return status;
}

int spec_syntax_check(const char *path, const char *text, size_t size)
{
    struct syntax syntax = {.path = path, .text = text, .size = size};
    yaml_parser_t parser;
    int status = bytes_check(&syntax);
    if (status != 0)
        return status;
    if (!yaml_parser_initialize(&parser))
        memory_exhausted();
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
    status = events_check(&syntax, &parser);
    yaml_parser_delete(&parser);
    return status;
}
