/* SPDX-License-Identifier: MIT */
/*
 * hidden-bytes: tiny objects own bytes outside of the heap, from a few to megabytes. Each is an image of a few words
 * whose pixels lie elsewhere. A view refers to it, and it refers back.
 *
 * Reports: a trigger that counts objects let a PyTorch program hold gigabytes in a few rings (python/cpython, issue 98801;
 * pytorch/pytorch, issues 20199 and 95462). Each picture of Flutter told its collector of 16 bytes, whatever its pixels took
 * (flutter/flutter, issue 11007). 1,500 lines with 0.46 MB of native memory each took 638 MB, and 133 MB once V8 was
 * told of that memory (radarlabs/s2, pull request 86).
 *
 * Each step makes an image and its view. The size of the pixels is a power of two, each from `least` to `most` as likely
 * as the others. So the largest tenth of the images has most of the bytes. A share `kept` of the images replaces a
 * random one of the `live` ones. The others are dropped at once. `external` says whether triggers weigh the pixels.
 *
 * Stresses triggers that see no bytes. Compare the external bytes held at most, and each collector with itself under
 * external=noted. Under external=charged a heap limit counts the pixels, too. In README.md's program the worst collector
 * held 306 times as many as its best peer: semispace, whose trigger is a full space. rc-trial counts possible roots, and
 * held 22 times as many.
 *
 * The pixels are a number in a shape: nobody allocates, writes or frees them. Conclude nothing about resident memory, nor
 * about what freeing a buffer costs. All rings are of two objects. Under pure counting they leak, and their pixels with
 * them.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

struct hidden_options {
    uint64_t count;
    uint64_t live;
    uint64_t least;
    uint64_t most;
    double cyclic;
    double kept;
    uint64_t external;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct hidden_options, count, 4e6, 0, 1e12, "images", "images made in all"),
    OPTION_INTEGER(struct hidden_options, live, 100, 1, 1e9, "images", "images that live at any time"),
    OPTION_INTEGER(struct hidden_options, least, 16, 16, 1 << 26, "bytes",
                   "pixels of the smallest image, rounded down to a power of two"),
    OPTION_INTEGER(struct hidden_options, most, 1 << 20, 16, 1 << 26, "bytes",
                   "pixels of the largest, likewise; below least it counts as least"),
    OPTION_REAL(struct hidden_options, cyclic, 1, 0, 1, "",
                "share of images that refer back to their view; counting frees the rest"),
    OPTION_REAL(struct hidden_options, kept, 0.1, 0, 1, "", "share of images that replace one that lives"),
    WORKLOAD_EXTERNAL_OPTION(struct hidden_options),
};
static const struct option_table options = OPTION_TABLE(struct hidden_options, option_specs);

/* An image with pixels of 2^`power` bytes. */
enum { TABLE, VIEW, IMAGE_FIRST };
enum { POWER_LEAST = 4, POWER_MOST = 26, IMAGE_LAST = IMAGE_FIRST + POWER_MOST - POWER_LEAST };
#define IMAGE(power)                                                                                         \
    [IMAGE_FIRST + (power)-POWER_LEAST] = {.name = "image-" #power,                                          \
                                           .id = IMAGE_FIRST + (power)-POWER_LEAST,                          \
                                           .flags = GC_SHAPE_EXTERNAL,                                       \
                                           .refs = 1,                                                        \
                                           .payload = sizeof(uint64_t),                                      \
                                           .external = (uint64_t)1 << (power)}
static const struct gc_shape shapes[] = {
    [TABLE] = {.name = "table", .id = TABLE, .flags = GC_SHAPE_REFS_VARY},
    [VIEW] = {.name = "view", .id = VIEW, .refs = 1, .payload = sizeof(uint64_t)},
    IMAGE(4),
    IMAGE(5),
    IMAGE(6),
    IMAGE(7),
    IMAGE(8),
    IMAGE(9),
    IMAGE(10),
    IMAGE(11),
    IMAGE(12),
    IMAGE(13),
    IMAGE(14),
    IMAGE(15),
    IMAGE(16),
    IMAGE(17),
    IMAGE(18),
    IMAGE(19),
    IMAGE(20),
    IMAGE(21),
    IMAGE(22),
    IMAGE(23),
    IMAGE(24),
    IMAGE(25),
    IMAGE(26),
};
static_assert(sizeof shapes / sizeof *shapes == IMAGE_LAST + 1, "an image for each power");

enum { VIEW_IMAGE };
enum { IMAGE_VIEW };
enum { TABLE_GLOBAL, GLOBALS };

struct hidden {
    const struct hidden_options *chosen;
    struct random_state *random;
    unsigned power_least;
    unsigned powers; /* sizes from it on */
    uint64_t serial; /* the next image's number */
    uint64_t checksum;
};

static uint64_t *number_of(struct gc_ref object, unsigned id)
{
    return gc_payload(object, &shapes[id]);
}

/* The largest power of two that is at most `bytes`. */
static unsigned power_of(uint64_t bytes)
{
    return 63 - (unsigned)__builtin_clzll(bytes);
}

/* Makes an image and its view. `result` refers to the view. */
static void view_make(struct gc_mutator *mutator, struct hidden *hidden, struct gc_slot *result)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *image = &frame.slot[0];
    unsigned power = hidden->power_least + (unsigned)random_below(hidden->random, hidden->powers);
    unsigned shape = IMAGE_FIRST + power - POWER_LEAST;
    gc_local_new_external(mutator, image, &shapes[shape]);
    *number_of(gc_local_get(image), shape) = hidden->serial;
    gc_local_new(mutator, result, &shapes[VIEW], 0);
    *number_of(gc_local_get(result), VIEW) = hidden->serial++;
    gc_field_set(mutator, gc_local_get(result), VIEW_IMAGE, gc_local_get(image));
    if (random_real(hidden->random) < hidden->chosen->cyclic)
        gc_field_set(mutator, gc_local_get(image), IMAGE_VIEW, gc_local_get(result));
    gc_frame_leave(mutator, frame);
}

/* Reads a view and its image. Nothing here collects or drops. */
static uint64_t view_read(struct gc_mutator *mutator, struct gc_ref view)
{
    struct gc_ref image = gc_field_get(mutator, view, VIEW_IMAGE);
    const struct gc_shape *shape = gc_shape_of(mutator, image);
    uint64_t sum = *number_of(view, VIEW) + 31 * *number_of(image, shape->id);
    bool refers_back = gc_is_same(gc_field_get(mutator, image, IMAGE_VIEW), view);
    return 2 * (sum + shape->external) + refers_back;
}

static void step(struct gc_mutator *mutator, struct hidden *hidden)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *view = &frame.slot[0];
    view_make(mutator, hidden, view);
    hidden->checksum = checksum_add(hidden->checksum, view_read(mutator, gc_local_get(view)));
    if (random_real(hidden->random) < hidden->chosen->kept)
        gc_field_set(mutator, gc_local_get(gc_global(mutator, TABLE_GLOBAL)),
                     random_below(hidden->random, hidden->chosen->live), gc_local_get(view));
    gc_frame_leave(mutator, frame);
}

/* Makes the images that live first. */
static void table_make(struct gc_mutator *mutator, struct hidden *hidden)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    gc_local_new(mutator, gc_global(mutator, TABLE_GLOBAL), &shapes[TABLE], hidden->chosen->live);
    for (uint64_t i = 0; i < hidden->chosen->live; i++) {
        view_make(mutator, hidden, &frame.slot[0]);
        gc_field_set(mutator, gc_local_get(gc_global(mutator, TABLE_GLOBAL)), i,
                     gc_local_get(&frame.slot[0]));
    }
    gc_frame_leave(mutator, frame);
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct hidden_options *chosen = values;
    unsigned least = power_of(chosen->least);
    unsigned most = power_of(chosen->most < chosen->least ? chosen->least : chosen->most);
    struct hidden hidden = {
        .chosen = chosen, .random = random, .power_least = least, .powers = most - least + 1};
    gc_external_use(mutator, (enum gc_external_use)chosen->external);
    table_make(mutator, &hidden);
    gc_checkpoint(mutator, "live images made");
    for (uint64_t i = 0; i < chosen->count; i++) {
        step(mutator, &hidden);
        if (i == chosen->count / 2)
            gc_checkpoint(mutator, "half done");
    }
    gc_checkpoint(mutator, "all images made");
    struct gc_ref table = gc_local_get(gc_global(mutator, TABLE_GLOBAL));
    for (uint64_t i = 0; i < chosen->live; i++)
        hidden.checksum = checksum_add(hidden.checksum, view_read(mutator, gc_field_get(mutator, table, i)));
    return hidden.checksum;
}

const struct workload workload = {
    .name = "hidden-bytes",
    .group = "pathology",
    .summary = "tiny objects own bytes outside of the heap: triggers that count objects alone",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = GLOBALS,
    .run = run,
};
