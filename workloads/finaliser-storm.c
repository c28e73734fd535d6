/* SPDX-License-Identifier: MIT */
/*
 * finaliser-storm: many objects with finalisers die together. Some lie on rings, and the others do not. Each is a file
 * with a handle, and its finaliser closes the handle.
 *
 * Reports: LiteDB removed its finalisers because 29,001 buffers waited for theirs, each held for a collection more
 * (litedb-org/LiteDB, pull request 1351). Objects of Realm came faster than their finalisers were called, and the heap
 * grew (realm/realm-java, issue 905). Where destructors make objects, PHP took 0.01 s and 4 collections at 3,300, and
 * 2 s and 398 collections at 3,400 (php/php-src, issue 13670).
 *
 * A round makes `count` files and drops them at once. `live` more files live all the time. `every` says how many
 * files are made between two calls of what is due: 1 is Python's way. A large number is a thread of finalisers that lags
 * behind.
 *
 * Stresses what finalisers cost: a word more in each object, a queue, one death that takes two collections. A collector
 * that traces looks for attended objects in all that it holds, so compare with `live` raised.
 * rc-gcrefs took 14 times as long as the best.
 *
 * A finaliser reads a handle and marks its file, and neither makes nor stores anything. No file holds another one,
 * but on a ring. Conclude nothing about finalisers that work, wait or bring objects back. Collectors that find no
 * rings, such as rc, call only the finalisers of the other files.
 */
#include <string.h>

#include "collectors/gc.h"
#include "workloads/workload.h"

struct storm_options {
    uint64_t rounds;
    uint64_t count;
    uint64_t live;
    uint64_t ring;
    uint64_t every;
    double cyclic;
    bool collect;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct storm_options, rounds, 20, 1, 1e9, "", "storms"),
    OPTION_INTEGER(struct storm_options, count, 1e5, 1, 1e9, "files", "files that die together"),
    OPTION_INTEGER(struct storm_options, live, 1e4, 0, 1e9, "files", "files that live all the time"),
    OPTION_INTEGER(struct storm_options, ring, 3, 1, 1e6, "files", "files of a ring"),
    OPTION_INTEGER(struct storm_options, every, 1, 1, 1e12, "files",
                   "files made between two calls of what is due"),
    OPTION_REAL(struct storm_options, cyclic, 0.5, 0, 1, "", "share of the files that lie on rings"),
    OPTION_SWITCH(struct storm_options, collect, true, "whether the program collects after each storm"),
};
static const struct option_table options = OPTION_TABLE(struct storm_options, option_specs);

enum { ARRAY, FILE_OF, HANDLE };
static const struct gc_shape shapes[] = {
    [ARRAY] = {.name = "array", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY},
    [FILE_OF] = {.name = "file",
                 .id = FILE_OF,
                 .flags = GC_SHAPE_FINALISED,
                 .refs = 2,
                 .payload = 2 * sizeof(uint64_t)},
    [HANDLE] = {.name = "handle", .id = HANDLE, .flags = GC_SHAPE_ACYCLIC, .payload = sizeof(uint64_t)},
};
enum { FILE_HANDLE, FILE_NEXT };

/* A file's payload. */
struct file {
    uint64_t number;
    uint32_t is_on_ring;
    uint32_t is_closed;
};

enum { LIVE, STORM, GLOBALS }; /* the names of the arrays */

/* What the finalisers have done. They have no argument for it. */
static struct {
    uint64_t numbers; /* sum over the files that lay on no ring */
    uint64_t closed;
    uint64_t closed_on_rings;
} done;

static struct file *file_of(struct gc_ref object)
{
    return gc_payload(object, &shapes[FILE_OF]);
}

static uint64_t *number_of(struct gc_ref handle)
{
    return gc_payload(handle, &shapes[HANDLE]);
}

/* Traps where a finaliser sees what it must not. */
static void finalise(struct gc_mutator *mutator, struct gc_slot *self, enum gc_due due)
{
    struct file *file = file_of(gc_local_get(self));
    struct gc_ref handle = gc_field_get(mutator, gc_local_get(self), FILE_HANDLE);
    (void)due;
    if (file->is_closed)
        workload_fail("file %llu is finalised twice", (unsigned long long)file->number);
    if (gc_is_null(handle) || *number_of(handle) != ~file->number)
        workload_fail("the finaliser of file %llu finds another handle", (unsigned long long)file->number);
    file->is_closed = 1;
    if (file->is_on_ring)
        done.closed_on_rings++;
    else
        done.numbers += checksum_add(file->number, ~*number_of(handle));
    done.closed++;
}

/* ---- files ---- */

static void file_make(struct gc_mutator *mutator, struct gc_slot *result, uint64_t number, bool is_on_ring)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    gc_local_new(mutator, &frame.slot[0], &shapes[HANDLE], 0);
    *number_of(gc_local_get(&frame.slot[0])) = ~number;
    gc_local_new(mutator, result, &shapes[FILE_OF], 0);
    *file_of(gc_local_get(result)) = (struct file){.number = number, .is_on_ring = is_on_ring};
    gc_field_set(mutator, gc_local_get(result), FILE_HANDLE, gc_local_get(&frame.slot[0]));
    gc_frame_leave(mutator, frame);
}

static void array_make(struct gc_mutator *mutator, uint64_t name, uint64_t count)
{
    gc_local_new(mutator, gc_global(mutator, name), &shapes[ARRAY], count);
}

struct storm {
    const struct storm_options *chosen;
    struct random_state *random;
    uint64_t made; /* files so far */
    uint64_t made_on_rings;
};

static void file_add(struct gc_mutator *mutator, struct storm *storm, struct gc_slot *result, uint64_t name,
                     uint64_t place, bool is_on_ring)
{
    file_make(mutator, result, storm->made++, is_on_ring);
    storm->made_on_rings += is_on_ring;
    gc_field_set(mutator, gc_local_get(gc_global(mutator, name)), place, gc_local_get(result));
    if (storm->made % storm->chosen->every == 0)
        gc_finalise(mutator);
}

/* Puts `count` files into the array from `place` on: on one ring, or on none. */
static void files_add(struct gc_mutator *mutator, struct storm *storm, uint64_t name, uint64_t place,
                      uint64_t count, bool is_ring)
{
    enum { FIRST, LAST, FRESH, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *first = &frame.slot[FIRST], *last = &frame.slot[LAST], *fresh = &frame.slot[FRESH];
    file_add(mutator, storm, first, name, place, is_ring);
    gc_local_set(mutator, last, gc_local_get(first));
    for (uint64_t i = 1; i < count; i++) {
        file_add(mutator, storm, fresh, name, place + i, is_ring);
        if (is_ring)
            gc_field_set(mutator, gc_local_get(last), FILE_NEXT, gc_local_get(fresh));
        gc_local_move(mutator, last, fresh);
    }
    if (is_ring)
        gc_field_set(mutator, gc_local_get(last), FILE_NEXT, gc_local_get(first));
    gc_frame_leave(mutator, frame);
}

static void array_fill(struct gc_mutator *mutator, struct storm *storm, uint64_t name, uint64_t count)
{
    array_make(mutator, name, count);
    for (uint64_t place = 0; place < count;) {
        uint64_t left = count - place;
        uint64_t ring = storm->chosen->ring < left ? storm->chosen->ring : left;
        files_add(mutator, storm, name, place, ring, random_real(storm->random) < storm->chosen->cyclic);
        place += ring;
    }
}

/* Finds all that is dead, and calls its finalisers. */
static void settle(struct gc_mutator *mutator)
{
    gc_finalise(mutator);
    gc_collect(mutator, GC_COLLECT_FULL);
    gc_finalise(mutator);
}

/* Reads all files of an array. Nothing here collects or drops. */
static uint64_t array_read(struct gc_mutator *mutator, uint64_t name, uint64_t checksum)
{
    struct gc_ref array = gc_local_get(gc_global(mutator, name));
    for (uint64_t i = 0; i < gc_length(array); i++) {
        struct gc_ref file = gc_field_get(mutator, array, i);
        checksum = checksum_add(checksum, file_of(file)->number + file_of(file)->is_closed);
        checksum = checksum_add(checksum, *number_of(gc_field_get(mutator, file, FILE_HANDLE)));
    }
    return checksum;
}

/* All files have died. Those off rings are closed; of those on rings all are, or none where rings are not found. */
static void closed_check(const struct storm *storm)
{
    uint64_t off_rings = storm->made - storm->made_on_rings;
    if (done.closed - done.closed_on_rings != off_rings)
        workload_fail("%llu files off rings are closed, and %llu died",
                      (unsigned long long)(done.closed - done.closed_on_rings),
                      (unsigned long long)off_rings);
    if (done.closed_on_rings && done.closed_on_rings != storm->made_on_rings)
        workload_fail("%llu files on rings are closed, and %llu died",
                      (unsigned long long)done.closed_on_rings, (unsigned long long)storm->made_on_rings);
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct storm_options *chosen = values;
    struct storm storm = {.chosen = chosen, .random = random};
    uint64_t checksum = 0;
    memset(&done, 0, sizeof done);
    array_fill(mutator, &storm, LIVE, chosen->live);
    for (uint64_t round = 0; round < chosen->rounds; round++) {
        array_fill(mutator, &storm, STORM, chosen->count);
        checksum = array_read(mutator, STORM, checksum);
        gc_local_del(mutator, gc_global(mutator, STORM));
        if (chosen->collect)
            settle(mutator);
        if (round == chosen->rounds / 2) {
            settle(mutator);
            gc_checkpoint(mutator, "after a storm");
        }
    }
    settle(mutator);
    gc_checkpoint(mutator, "after the storms");
    checksum = array_read(mutator, LIVE, checksum);
    gc_local_del(mutator, gc_global(mutator, LIVE));
    settle(mutator);
    closed_check(&storm);
    return checksum_add(checksum, done.numbers);
}

const struct workload workload = {
    .name = "finaliser-storm",
    .group = "pathology",
    .summary = "many objects with finalisers die together, on rings and off them",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = GLOBALS,
    .run = run,
    .finalise = finalise,
};
