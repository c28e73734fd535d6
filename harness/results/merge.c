/* SPDX-License-Identifier: MIT */
#include "harness/results/merge.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/results/checksums.h"
#include "harness/results/damage.h"
#include "harness/results/in-flight.h"
#include "harness/results/manifest.h"
#include "harness/results/merging.h"
#include "harness/results/same-plan.h"
#include "harness/results/shard.h"

/* ---- the folders ---- */

/* Whether a folder of this device and number is among the sources. */
static bool is_known(const struct merging *merging, const struct stat *about)
{
    struct stat known;
    for (size_t i = 0; i < merging->count; i++)
        if (fstat(merging->sources[i].run.at, &known) == 0 && known.st_dev == about->st_dev &&
            known.st_ino == about->st_ino)
            return true;
    return false;
}

/* Counts the processes that a source has of each block. */
static size_t *counts_make(const struct store *store, size_t cells, size_t blocks)
{
    size_t *counts = memory_new(blocks, sizeof(*counts));
    for (size_t i = 0; i < store->row_count; i++)
        if ((size_t)store->rows[i].id < cells * blocks)
            counts[store->rows[i].block]++;
    return counts;
}

static int source_open(struct merging *merging, const char *dir)
{
    struct stat about;
    struct merge_source *source = &merging->sources[merging->count];
    if (stat(dir, &about) == 0 && is_known(merging, &about))
        return 0;
    *source = (struct merge_source){.run = {.at = -1}};
    int status = in_flight_lock(dir, 0, &source->run);
    if (status != 0)
        return status;
    merging->count++;
    status = store_open(dir, &source->store);
    if (status == 0)
        damage_files_say(source->store); /* the merged run has checks of its own */
    return status;
}

static int sources_open(char *const *dirs, size_t count, struct merging *merging)
{
    int status = 0;
    merging->sources = memory_new(count, sizeof(*merging->sources));
    for (size_t i = 0; i < count && status == 0; i++)
        status = source_open(merging, dirs[i]);
    return status;
}

static void merging_fini(struct merging *merging)
{
    for (size_t i = 0; i < merging->count; i++) {
        writing_folder_close(&merging->sources[i].run);
        store_close(merging->sources[i].store);
        free(merging->sources[i].counts);
    }
    free(merging->sources);
    free(merging->from);
}

/* Refuses a folder that is not of the first's plan, or of none that blocks alone make. */
static int source_check(const struct store *store, const struct store *first)
{
    const char *kind = json_string_value(json_object_get(json_object_get(store->manifest, "design"), "kind"));
    if (manifest_version(store->manifest) < manifest_version(first->manifest) || !kind)
        return message_bad_input("%s cannot be merged: an earlier version of gcmatrix made it", store->dir);
    if (strcmp(kind, "blocks") != 0)
        return message_bad_input(
            "%s cannot be merged: it adds blocks until all is decided; runs with `blocks` or "
            "--blocks can be",
            store->dir);
    char *difference = same_plan_difference(store->manifest, first->manifest);
    int status = 0;
    if (difference)
        status = message_bad_input("%s cannot be merged with %s: %s", store->dir, first->dir, difference);
    free(difference);
    const json_t *program = json_object_get(json_object_get(store->manifest, "reference"), "binary_sha256");
    const json_t *firsts = json_object_get(json_object_get(first->manifest, "reference"), "binary_sha256");
    if (status == 0 && program && firsts && !json_equal(program, firsts))
        status = message_bad_input("%s cannot be merged with %s: its reference program is another one",
                                   store->dir, first->dir);
    return status;
}

static int sources_check(struct merging *merging)
{
    const struct store *first = merging->sources[0].store;
    int status = 0;
    for (size_t i = 0; i < merging->count && status == 0; i++)
        status = source_check(merging->sources[i].store, first);
    merging->cells = json_array_size(json_object_get(first->manifest, "cells"));
    merging->blocks = (size_t)json_integer_value(json_object_get(first->manifest, "blocks"));
    return status;
}

/* ---- which block comes from where ---- */

static size_t source_choose(const struct merging *merging, size_t block)
{
    size_t chosen = merging->count, most = 0;
    for (size_t i = 0; i < merging->count; i++)
        if (merging->sources[i].counts[block] > most) {
            most = merging->sources[i].counts[block];
            chosen = i;
        }
    return chosen;
}

static void blocks_choose(struct merging *merging)
{
    for (size_t i = 0; i < merging->count; i++)
        merging->sources[i].counts = counts_make(merging->sources[i].store, merging->cells, merging->blocks);
    merging->from = memory_new(merging->blocks, sizeof(*merging->from));
    for (size_t block = 0; block < merging->blocks; block++) {
        size_t from = merging->from[block] = source_choose(merging, block);
        merging->processes += from < merging->count ? merging->sources[from].counts[block] : 0;
    }
}

static int rows_compare(const void *a, const void *b)
{
    const struct store_row *const *x = a, *const *y = b;
    if ((*x)->block != (*y)->block)
        return (*x)->block < (*y)->block ? -1 : 1;
    return ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id); /* whatever the order of the source's lines is */
}

/* Lists the rows that are taken, by block and id; the caller frees the list. */
static struct store_row **rows_list(struct merging *merging)
{
    size_t room = 0;
    for (size_t i = 0; i < merging->count; i++)
        room += merging->sources[i].store->row_count;
    struct store_row **rows = memory_new(room, sizeof(*rows));
    for (size_t i = 0; i < merging->count; i++)
        for (size_t j = 0; j < merging->sources[i].store->row_count; j++)
            if (merging_takes(merging, i, &merging->sources[i].store->rows[j]))
                rows[merging->rows++] = &merging->sources[i].store->rows[j];
    qsort(rows, merging->rows, sizeof(*rows), rows_compare);
    return rows;
}

/* Compares the checksums of all rows. Those that disagree say so, in `reasons`. Returns how many do. */
static size_t checksums_check(struct store_row *const *rows, size_t count, struct text_list *reasons)
{
    json_t *known = json_object();
    size_t before = reasons->count;
    for (size_t i = 0; i < count; i++) {
        char *reason = strcmp(rows[i]->status, "ok") == 0 ? checksums_compare(known, rows[i]) : NULL;
        if (reason)
            text_list_take(reasons, reason);
    }
    json_decref(known);
    return reasons->count - before;
}

/* ---- all of it ---- */

/* The number of shards that all sources name; 0 where they name different ones, or none. */
static size_t shards_of(const struct merging *merging)
{
    size_t shards = shard_of_manifest(merging->sources[0].store->manifest).count;
    for (size_t i = 1; i < merging->count; i++)
        if (shard_of_manifest(merging->sources[i].store->manifest).count != shards)
            return 0;
    return shards > 1 ? shards : 0;
}

static void sum_up(const struct merging *merging, struct merge_sum *sum)
{
    sum->folders = merging->count;
    sum->processes = merging->processes;
    sum->due = merging->cells * merging->blocks;
    sum->blocks = merging->blocks;
    sum->shards = shards_of(merging);
    sum->lacking = memory_new(merging->blocks, sizeof(*sum->lacking));
    for (size_t block = 0; block < merging->blocks; block++) {
        size_t from = merging->from[block], holders = 0;
        for (size_t i = 0; i < merging->count; i++)
            holders += merging->sources[i].counts[block] > 0;
        sum->twice += holders > 1;
        sum->lacking[block] =
            merging->cells - (from < merging->count ? merging->sources[from].counts[block] : 0);
    }
}

/* Merges, while an interrupt waits. */
static int merge_all(char *const *dirs, size_t count, const char *to, struct merge_sum *sum)
{
    struct merging merging = {0};
    struct text_list reasons = {0};
    int status = sources_open(dirs, count, &merging);
    if (status == 0)
        status = sources_check(&merging);
    if (status == 0) {
        blocks_choose(&merging);
        struct store_row **rows = rows_list(&merging);
        sum->disagree = checksums_check(rows, merging.rows, &reasons);
        status = merge_write(&merging, rows, to, &sum->machines);
        free(rows);
    }
    if (status == 0)
        sum_up(&merging, sum);
    text_list_free(&reasons);
    merging_fini(&merging);
    return status;
}

int merge_runs(char *const *dirs, size_t count, const char *to, struct merge_sum *ret_sum)
{
    sigset_t held, before;
    *ret_sum = (struct merge_sum){0};
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    sigprocmask(SIG_BLOCK, &held, &before);
    int status = merge_all(dirs, count, to, ret_sum);
    if (status == MESSAGE_INTERRUPTED) /* which is what the signal asked for */
        signal(SIGINT, SIG_IGN), signal(SIGTERM, SIG_IGN);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return status;
}

void merge_sum_free(struct merge_sum *sum)
{
    free(sum->lacking);
    *sum = (struct merge_sum){0};
}
