/* SPDX-License-Identifier: MIT */
/* The works, configs and settings of a run, and their labels. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "harness/analysis/run-internal.h"

/* A label has at most so many characters: a longer one loses its middle. */
enum { RUN_LABEL_MOST = 120 };

/*
 * What tells one entry of a list from another: name and options, or allocator and tuning. A collector in a
 * heap of another size is another config, as is one of another build. An allocator with the process's pages
 * present before its clock starts is another setting.
 */
struct run_identity {
    const char *name, *detail, *heap, *build, *memory;
};

/* The keys of the manifest that hold an identity; NULL for one that the list does not have. */
struct run_keys {
    const char *name, *detail, *heap, *build, *memory;
    bool compared; /* charts compare the labels as texts of a table, where gnuplot takes no ',', '"', '\' */
};

/* A list while it is made. */
struct run_list_draft {
    struct run_list *list;
    struct run_identity *entries;
    const struct run_keys *keys;
    size_t offset; /* of the field of a cell that holds its place in the list */
};

/* Returns the text that the manifest gives for `key`, and "" for a key of NULL. */
static const char *run_key_text(const struct run *run, size_t cell, const char *key)
{
    return key ? run_cell_text(run, &run->cells[cell], key) : "";
}

static struct run_identity run_identify(const struct run *run, size_t cell, const struct run_keys *keys)
{
    const char *memory = run_key_text(run, cell, keys->memory);
    return (struct run_identity){
        .name = run_key_text(run, cell, keys->name),
        .detail = run_key_text(run, cell, keys->detail),
        .heap = run_key_text(run, cell, keys->heap),
        .build = run_key_text(run, cell, keys->build),
        .memory = strcmp(memory, "cold") == 0 ? "" : memory,
    };
}

static bool run_identities_equal(const struct run_identity *a, const struct run_identity *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->detail, b->detail) == 0 &&
           strcmp(a->heap, b->heap) == 0 && strcmp(a->build, b->build) == 0 &&
           strcmp(a->memory, b->memory) == 0;
}

/* Whether the `length` bytes at `item` are one of the comma-separated items of `detail`. */
static bool run_detail_has(const char *detail, const char *item, size_t length)
{
    while (*detail) {
        size_t item_length = strcspn(detail, ",");
        if (item_length == length && strncmp(detail, item, length) == 0)
            return true;
        detail += item_length + (detail[item_length] == ',');
    }
    return false;
}

/* Whether every entry called `name` has the item. */
static bool run_item_is_common(const struct run_identity *entries, size_t count, const char *name,
                               const char *item, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(entries[i].name, name) == 0 && !run_detail_has(entries[i].detail, item, length))
            return false;
    return true;
}

/*
 * Returns "name", or "name:detail" with the options in which entries of that name differ, and the heap if
 * it has one; then " (build)" and " warm". The tuning "default" and the memory "cold" are never written: a plain
 * name means the allocator as it comes. `whole` writes all options.
 */
static char *run_list_text(const struct run_identity *entries, size_t count, size_t which, bool whole)
{
    char *label = NULL;
    size_t size = 0, items = 0;
    FILE *stream = memory_stream(&label, &size);
    fputs(entries[which].name, stream);
    for (const char *item = entries[which].detail; *item;) {
        size_t length = strcspn(item, ",");
        bool is_default = length == strlen("default") && strncmp(item, "default", length) == 0;
        bool told = whole || !run_item_is_common(entries, count, entries[which].name, item, length);
        if (!is_default && told)
            fprintf(stream, "%c%.*s", items++ ? ',' : ':', (int)length, item);
        item += length + (item[length] == ',');
    }
    if (*entries[which].heap)
        fprintf(stream, "%cheap=%s", items ? ',' : ':', entries[which].heap);
    if (*entries[which].build)
        fprintf(stream, " (%s)", entries[which].build);
    if (*entries[which].memory)
        fprintf(stream, " %s", entries[which].memory);
    memory_stream_close(stream);
    return label;
}

/*
 * Returns such a label as all places show it: plain, without blanks at its ends, and of at most RUN_LABEL_MOST
 * characters.
 */
static char *run_list_label(const struct run_list_draft *draft, size_t which, bool whole)
{
    char *text = run_list_text(draft->entries, draft->list->count, which, whole);
    size_t length = strlen(text);
    while (length && text[length - 1] == ' ')
        text[--length] = '\0';
    char *label = escape_plain(text + strspn(text, " "), RUN_LABEL_MOST);
    for (char *sign = label; draft->keys->compared && (sign = strpbrk(sign, ",\"\\"));)
        *sign = *sign == ',' ? ';' : *sign == '"' ? '\'' : '/';
    free(text);
    return label;
}

/* Finds the identity of a cell in the list or appends it. Sets the cell's place. */
static void run_list_place(struct run *run, const struct run_list_draft *draft, size_t cell)
{
    struct run_list *list = draft->list;
    struct run_identity identity = run_identify(run, cell, draft->keys);
    size_t place = 0;
    while (place < list->count && !run_identities_equal(&draft->entries[place], &identity))
        place++;
    if (place == list->count) {
        list->groups[place] = escape_plain(run_cell_text(run, &run->cells[cell], "group"), RUN_LABEL_MOST);
        draft->entries[list->count++] = identity;
    }
    *(size_t *)((char *)&run->cells[cell] + draft->offset) = place;
}

/* Returns whether an entry before `place` has its label. */
static bool run_list_is_taken(const struct run_list *list, size_t place)
{
    for (size_t i = 0; i < place; i++)
        if (strcmp(list->names[i], list->names[place]) == 0)
            return true;
    return false;
}

/*
 * Options in another order give the same label: the later of two such entries shows its whole detail. What still
 * differs only in what labels do not show is numbered by its place.
 */
static void run_list_tell_apart(const struct run_list_draft *draft)
{
    struct run_list *list = draft->list;
    for (size_t i = 0; i < list->count; i++) {
        if (!run_list_is_taken(list, i))
            continue;
        free(list->names[i]);
        list->names[i] = run_list_label(draft, i, true);
        if (!run_list_is_taken(list, i))
            continue;
        char *label = list->names[i];
        list->names[i] = text_format("%s #%zu", label, i + 1);
        free(label);
    }
}

/* Lists the distinct identities of all cells in the order of the plan; those of cells put aside come last. */
static void run_list_build(struct run *run, struct run_list *list, const struct run_keys *keys, size_t offset)
{
    struct run_identity *entries = memory_new(run->cell_count, sizeof(*entries));
    struct run_list_draft draft = {.list = list, .entries = entries, .keys = keys, .offset = offset};
    list->names = memory_new(run->cell_count, sizeof(*list->names));
    list->groups = memory_new(run->cell_count, sizeof(*list->groups));
    for (size_t cell = 0; cell < run->cell_count; cell++)
        if (!run_cell_is_aside(&run->cells[cell]))
            run_list_place(run, &draft, cell);
    list->measured = list->count;
    for (size_t cell = 0; cell < run->cell_count; cell++)
        if (run_cell_is_aside(&run->cells[cell]))
            run_list_place(run, &draft, cell);
    for (size_t i = 0; i < list->count; i++)
        list->names[i] = run_list_label(&draft, i, false);
    run_list_tell_apart(&draft);
    free(entries);
}

void run_lists_build(struct run *run)
{
    static const struct run_keys work = {.name = "workload", .detail = "workload_options"};
    static const struct run_keys config = {
        .name = "collector", .detail = "collector_options", .heap = "heap", .build = "build"};
    static const struct run_keys setting = {
        .name = "allocator", .detail = "tuning", .memory = "memory", .compared = true};
    run_list_build(run, &run->works, &work, offsetof(struct run_cell, work));
    run_list_build(run, &run->configs, &config, offsetof(struct run_cell, config));
    run_list_build(run, &run->settings, &setting, offsetof(struct run_cell, setting));
}

static void run_list_free(struct run_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->names[i]);
        free(list->groups[i]);
    }
    free(list->names);
    free(list->groups);
}

void run_lists_free(struct run *run)
{
    run_list_free(&run->works);
    run_list_free(&run->configs);
    run_list_free(&run->settings);
}
