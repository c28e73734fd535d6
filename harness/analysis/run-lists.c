/* SPDX-License-Identifier: MIT */
/* The works, configs and settings of a run, and their labels. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "harness/analysis/run-internal.h"

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
 * it has one; then " (build)" and " warm". A setting has no comma in its label, for gnuplot ends a text there.
 * The tuning "default" and the memory "cold" are never written: a plain name means the allocator as it comes.
 * `whole` writes all options.
 */
static char *run_list_label(const struct run_identity *entries, size_t count, size_t which, bool whole)
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

/* Finds the identity of a cell in the list or appends it. Sets the cell's place, the field at `offset`. */
static void run_list_place(struct run *run, struct run_list *list, struct run_identity *found, size_t cell,
                           const struct run_keys *keys, size_t offset)
{
    struct run_identity identity = run_identify(run, cell, keys);
    size_t place = 0;
    while (place < list->count && !run_identities_equal(&found[place], &identity))
        place++;
    if (place == list->count) {
        list->groups[place] = text_format("%s", run_cell_text(run, &run->cells[cell], "group"));
        found[list->count++] = identity;
    }
    *(size_t *)((char *)&run->cells[cell] + offset) = place;
}

/* Options in another order give the same label. The later of two such entries shows its whole detail. */
static void run_list_tell_apart(struct run_list *list, const struct run_identity *found)
{
    for (size_t i = 0; i < list->count; i++)
        for (size_t j = i + 1; j < list->count; j++) {
            if (strcmp(list->names[i], list->names[j]) != 0)
                continue;
            free(list->names[j]);
            list->names[j] = run_list_label(found, list->count, j, true);
        }
}

/* Lists the distinct identities of all cells in the order of the plan; those of cells put aside come last. */
static void run_list_build(struct run *run, struct run_list *list, const struct run_keys *keys, size_t offset)
{
    struct run_identity *found = memory_new(run->cell_count, sizeof(*found));
    list->names = memory_new(run->cell_count, sizeof(*list->names));
    list->groups = memory_new(run->cell_count, sizeof(*list->groups));
    for (size_t cell = 0; cell < run->cell_count; cell++)
        if (!run_cell_is_aside(&run->cells[cell]))
            run_list_place(run, list, found, cell, keys, offset);
    list->measured = list->count;
    for (size_t cell = 0; cell < run->cell_count; cell++)
        if (run_cell_is_aside(&run->cells[cell]))
            run_list_place(run, list, found, cell, keys, offset);
    for (size_t i = 0; i < list->count; i++)
        list->names[i] = run_list_label(found, list->count, i, false);
    run_list_tell_apart(list, found);
    free(found);
}

void run_lists_build(struct run *run)
{
    static const struct run_keys work = {.name = "workload", .detail = "workload_options"};
    static const struct run_keys config = {
        .name = "collector", .detail = "collector_options", .heap = "heap", .build = "build"};
    static const struct run_keys setting = {.name = "allocator", .detail = "tuning", .memory = "memory"};
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
