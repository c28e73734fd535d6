/* SPDX-License-Identifier: MIT */
/*
 * The allocation clock and its three alarms. The collector of this test frees what it is told to when it
 * collects, and writes down when it was asked.
 */
#include <setjmp.h>

#include "collectors/collector-api.h"
#include "collectors/support/heap/allocation.h"
#include "tests/tap.h"

static const struct gc_shape shapes[] = {
    {.name = "block", .id = 0, .payload = 92},
    {.name = "bytes", .id = 1, .flags = GC_SHAPE_BYTES_VARY},
    {.name = "array", .id = 2, .flags = GC_SHAPE_REFS_VARY | GC_SHAPE_ACYCLIC, .payload = 24},
    {.name = "owner", .id = 3, .flags = GC_SHAPE_EXTERNAL, .payload = 84, .external = 1000},
};
enum { OWNER = 3, OWNED = 1000 };
enum { BLOCK = 100 };

static struct gc_mutator mutator;
static uint64_t collections;
static enum gc_reason collected_because; /* the reason that a pause of the last collection would have */
static enum gc_reason polled_because;
static uint64_t frees_at_collection; /* bytes */
static uint64_t polls;
static uint64_t next_poll_after;
static uint64_t samples;
static uint64_t sampled_at[64];
static jmp_buf exhausted_jump;
static enum gc_exhaustion exhausted_why;

void gc_collect(struct gc_mutator *collected, enum gc_collect_kind kind)
{
    (void)kind;
    collections++;
    collected_because = collected->account.reason;
    collected->account.freed_bytes += frees_at_collection;
    frees_at_collection = 0;
}

uint64_t gc_collector_poll(struct gc_mutator *asked)
{
    polls++;
    polled_because = asked->account.reason;
    return asked->clock.allocated_bytes + next_poll_after;
}

static uint64_t on_sample(struct gc_listener *listener, const struct gc_mutator *seen)
{
    (void)listener;
    sampled_at[samples++ % 64] = seen->clock.allocated_bytes;
    return seen->clock.allocated_bytes + 1000;
}

static void on_pause(struct gc_listener *listener, const struct gc_pause *pause)
{
    (void)listener;
    (void)pause;
}

static struct gc_listener listener = {.pause = on_pause, .sample = on_sample};

__attribute__((noreturn)) static void on_exhausted(struct gc_mutator *ended, enum gc_exhaustion why)
{
    (void)ended;
    exhausted_why = why;
    longjmp(exhausted_jump, 1);
}

static void start_over(void)
{
    mutator = (struct gc_mutator){.shapes = shapes,
                                  .shape_count = sizeof shapes / sizeof *shapes,
                                  .clock.heap_limit = UINT64_MAX,
                                  .clock.sample_at = UINT64_MAX,
                                  .clock.poll_at = UINT64_MAX,
                                  .observer.listener = &listener,
                                  .exhausted = on_exhausted};
    collections = polls = samples = frees_at_collection = 0;
    gc_allocation_rearm(&mutator);
}

/* Allocates until `count` objects of 100 bytes are made or memory is out. Returns how many were made. */
static uint64_t allocate(uint64_t count)
{
    volatile uint64_t made = 0;
    if (setjmp(exhausted_jump) == 0) {
        for (; made < count; made++)
            free(gc_object_memory(gc_object_allocate(&mutator, &shapes[0], 0, 0), 0));
    }
    return made;
}

static void births(void)
{
    start_over();
    struct gc_object *object = gc_object_allocate(&mutator, &shapes[1], 13, 16);
    tap_equal((int64_t)*gc_object_length(object), 13, "an object of its own size knows its length");
    tap_equal(object->count, 1, "it is born with one reference");
    tap_equal((int64_t)mutator.clock.allocated_bytes, 8 + 8 + 13,
              "the clock is charged header, length and payload");
    tap_equal((int64_t)mutator.clock.allocated_objects, 1, "and one object");
    tap_ok((char *)object - (char *)gc_object_memory(object, 16) == 24, "prefix and length stand in front");
    free(gc_object_memory(object, 16));
    object = gc_object_allocate(&mutator, &shapes[2], 4, 0);
    tap_equal((int64_t)gc_object_refs(shapes, object), 4, "an array has the references it was made with");
    tap_ok(object->bits & GC_BIT_ACYCLIC && object->bits & GC_BIT_LENGTH, "and its shape's flags");
    tap_equal((int64_t)gc_object_bytes(shapes, object), 8 + 8 + 4 * 8 + 24,
              "and weighs references and payload");
    free(gc_object_memory(object, 0));
}

static void quiet(void)
{
    start_over();
    allocate(10000);
    tap_equal((int64_t)(collections + polls + samples), 0, "with no mark set nobody is asked");
    tap_equal((int64_t)mutator.clock.allocated_bytes, 10000 * BLOCK, "and the clock runs");
}

static void sampling(void)
{
    start_over();
    mutator.clock.sample_at = 1000;
    gc_allocation_rearm(&mutator);
    allocate(10);
    tap_equal((int64_t)samples, 0, "a mark that is reached, not passed, is not due");
    allocate(1);
    tap_equal((int64_t)samples, 1, "the object that passes it takes the sample");
    tap_equal((int64_t)sampled_at[0], 1000, "before it is charged itself");
    allocate(50);
    tap_equal((int64_t)samples, 6, "and then one each interval");
}

static void polling(void)
{
    start_over();
    mutator.clock.poll_at = 500;
    next_poll_after = 2000;
    gc_allocation_rearm(&mutator);
    allocate(5);
    tap_equal((int64_t)polls, 0, "the collector is not asked before its mark");
    allocate(1);
    tap_equal((int64_t)polls, 1, "it is when the mark is passed");
    allocate(19);
    tap_equal((int64_t)polls, 1, "and then not before the next mark it gave");
    allocate(1);
    tap_equal((int64_t)polls, 2, "but at that");
    mutator.clock.poll_at = 0;
    gc_allocation_rearm(&mutator);
    allocate(1);
    tap_equal((int64_t)polls, 3, "a collector that wants to be asked at once is asked at the next object");
    mutator.clock.sample_at = mutator.clock.allocated_bytes;
    gc_allocation_rearm(&mutator);
    allocate(1);
    tap_ok(samples == 1 && polls == 3, "each mark calls its own");
}

static void limits(void)
{
    start_over();
    mutator.clock.heap_limit = 10 * BLOCK;
    gc_allocation_rearm(&mutator);
    tap_equal((int64_t)allocate(100), 10, "exactly as many bytes fit as the limit says");
    tap_equal(exhausted_why, GC_EXHAUSTED_HEAP, "the next object finds the heap exhausted");
    tap_equal((int64_t)collections, 1, "after one full collection");
    tap_equal((int64_t)mutator.clock.allocated_objects, 10, "and is not charged");
    start_over();
    mutator.clock.heap_limit = 10 * BLOCK - 1;
    gc_allocation_rearm(&mutator);
    tap_equal((int64_t)allocate(100), 9, "one byte less and one object fewer fits");
    start_over();
    mutator.clock.heap_limit = 10 * BLOCK;
    gc_allocation_rearm(&mutator);
    frees_at_collection = 3 * BLOCK;
    tap_equal((int64_t)allocate(100), 13, "what a collection frees may be used again");
    tap_equal((int64_t)collections, 2, "until the next one frees nothing");
    start_over();
    mutator.clock.heap_limit = 10 * BLOCK;
    gc_allocation_rearm(&mutator);
    for (int i = 0; i < 1000; i++) {
        allocate(1);
        mutator.account.freed_bytes += BLOCK;
    }
    tap_equal((int64_t)collections, 0, "what is freed at once never meets the limit");
}

static void charges(void)
{
    start_over();
    mutator.clock.heap_limit = 10 * (BLOCK + 16);
    mutator.account.prefix_bytes = 16;
    gc_allocation_rearm(&mutator);
    tap_equal((int64_t)allocate(100), 10, "a collector's prefix is charged with each object");
    tap_equal((int64_t)collections, 1, "and what is left of the limit is looked at without collecting");
    start_over();
    mutator.clock.heap_limit = 10 * BLOCK;
    gc_allocation_rearm(&mutator);
    allocate(5);
    gc_metadata_grow(&mutator, 3 * BLOCK);
    tap_equal((int64_t)allocate(100), 2, "tables that grow take their part of the limit at once");
    gc_metadata_grow(&mutator, -2 * BLOCK);
    tap_equal((int64_t)allocate(100), 2, "and give it back");
    gc_metadata_grow(&mutator, 20 * BLOCK);
    tap_equal((int64_t)allocate(1), 0, "beyond the limit nothing fits");
    tap_equal((int64_t)mutator.account.metadata_peak, 21 * BLOCK, "the most they ever took is kept");
}

static void peak(void)
{
    start_over();
    mutator.account.prefix_bytes = 16;
    allocate(3);
    struct gc_pause pause = gc_pause_begin(&mutator, GC_PAUSE_FULL);
    mutator.account.freed_objects += 2;
    mutator.account.freed_bytes += 2 * BLOCK;
    gc_pause_end(&mutator, &pause, 0);
    tap_equal((int64_t)mutator.account.charged_peak, 3 * (BLOCK + 16),
              "the most that was charged is kept when a pause begins, prefixes with it");
    gc_metadata_grow(&mutator, 5 * BLOCK);
    gc_metadata_grow(&mutator, -5 * BLOCK);
    tap_equal((int64_t)mutator.account.charged_peak, BLOCK + 16 + 5 * BLOCK, "and when tables grow");
    allocate(6);
    gc_charged_note(&mutator, 0);
    tap_equal((int64_t)mutator.account.charged_peak, 7 * (BLOCK + 16), "and when it is asked for");
    gc_charged_note(&mutator, BLOCK);
    tap_equal((int64_t)mutator.account.charged_peak, 7 * (BLOCK + 16) + BLOCK, "with what is held beside");
}

/* Makes `count` owners as gc_local_new_external() does, or as many as fit. Returns how many were made. */
static uint64_t own(uint64_t count)
{
    volatile uint64_t made = 0;
    if (setjmp(exhausted_jump) == 0) {
        for (; made < count; made++) {
            gc_external_room(&mutator, &shapes[OWNER]);
            free(gc_object_memory(gc_object_allocate(&mutator, &shapes[OWNER], 0, 0), 0));
            gc_external_take(&mutator, OWNED);
        }
    }
    return made;
}

static void external_weighs(void)
{
    start_over();
    mutator.clock.poll_at = 5 * (BLOCK + OWNED);
    gc_allocation_rearm(&mutator);
    own(5);
    tap_equal((int64_t)polls, 0, "external bytes bring the poll nearer");
    own(1);
    tap_equal((int64_t)polls, 1, "by as many as they are");
    tap_equal((int64_t)gc_weighed_bytes(&mutator), 6 * (BLOCK + OWNED), "they weigh as bytes of the heap");
    tap_equal((int64_t)gc_charged_bytes(&mutator), 6 * BLOCK, "and are not charged");
    mutator.clock.poll_at = UINT64_MAX;
    own(1);
    tap_ok(mutator.clock.poll_at == UINT64_MAX, "who is never asked is not asked for them");
    gc_external_give(&mutator, 3 * OWNED);
    tap_equal((int64_t)gc_external_held(&mutator), 4 * OWNED, "what is given back is held no more");
    tap_equal((int64_t)gc_weighed_bytes(&mutator), 7 * BLOCK + 4 * OWNED, "and weighs no more");
    tap_equal((int64_t)mutator.external.peak_bytes, 7 * OWNED, "the most that was held is kept");
    gc_external_keep(&mutator, OWNED);
    tap_equal((int64_t)gc_external_held(&mutator), OWNED, "a collector may say what is left of them");
}

static void external_is_noted(void)
{
    start_over();
    gc_external_use(&mutator, GC_EXTERNAL_NOTED);
    mutator.clock.poll_at = 5 * BLOCK;
    gc_allocation_rearm(&mutator);
    own(5);
    tap_ok(polls == 0 && gc_weighed_bytes(&mutator) == 5 * BLOCK,
           "external bytes that are only noted weigh nothing");
    tap_equal((int64_t)mutator.external.peak_bytes, 5 * OWNED, "and have their figure");
}

static void external_is_charged(void)
{
    start_over();
    gc_external_use(&mutator, GC_EXTERNAL_CHARGED);
    mutator.clock.heap_limit = 4 * (BLOCK + OWNED);
    gc_allocation_rearm(&mutator);
    tap_equal((int64_t)own(100), 4, "external bytes that are charged take their part of the limit");
    tap_ok(collections == 1 && exhausted_why == GC_EXHAUSTED_HEAP, "which is held to after a collection");
    tap_equal((int64_t)mutator.account.charged_peak, 4 * (BLOCK + OWNED), "and are in the peak");
    gc_external_give(&mutator, 2 * OWNED);
    tap_equal((int64_t)own(100), 1, "what is given back makes room");
}

static void too_long(void)
{
    start_over();
    bool ended = true;
    if (setjmp(exhausted_jump) == 0) {
        gc_object_allocate(&mutator, &shapes[1], GC_LENGTH_MAX + 1, 0);
        ended = false;
    }
    tap_ok(ended && exhausted_why == GC_EXHAUSTED_HEAP, "a length over the largest ends the run");
    if (setjmp(exhausted_jump) == 0) {
        gc_object_allocate(&mutator, &shapes[1], UINT64_MAX - 8, 0);
        ended = false;
    }
    tap_ok(ended, "also one whose size would wrap");
    tap_equal((int64_t)mutator.clock.allocated_objects, 0, "and nothing is charged");
}

static void pauses(void)
{
    start_over();
    struct gc_pause pause = gc_pause_begin(&mutator, GC_PAUSE_FULL);
    tap_ok(mutator.account.collecting, "a pause says that the collector has the mutator's time");
    mutator.account.freed_objects += 7;
    mutator.account.freed_bytes += 700;
    gc_pause_end(&mutator, &pause, 55);
    tap_ok(!mutator.account.collecting, "and its end that it has not");
    tap_ok(pause.freed_objects == 7 && pause.freed_bytes == 700 && pause.visited_objects == 55,
           "what was freed in between is the pause's");
    tap_ok(pause.begin_ns > 0 && pause.end_ns >= pause.begin_ns, "with its times");
    mutator.observer.listener = NULL;
    pause = gc_pause_begin(&mutator, GC_PAUSE_FULL);
    gc_pause_end(&mutator, &pause, 0);
    tap_ok(pause.begin_ns == 0 && pause.end_ns == 0, "unless nobody listens: then no clock is read");
}

/* What mutator.c begins has its reason. Afterwards a collection is one that the program asks for. */
static void reasons(void)
{
    start_over();
    mutator.clock.heap_limit = 10 * BLOCK;
    gc_allocation_rearm(&mutator);
    frees_at_collection = 5 * BLOCK;
    allocate(12);
    tap_equal(collected_because, GC_REASON_LIMIT, "a collection that the heap limit calls for says so");
    gc_collect(&mutator, GC_COLLECT_FULL);
    tap_equal(collected_because, GC_REASON_ASKED, "one that is asked for is asked for");
    start_over();
    mutator.clock.poll_at = 0;
    next_poll_after = UINT32_MAX;
    gc_allocation_rearm(&mutator);
    allocate(1);
    tap_equal(polled_because, GC_REASON_THRESHOLD,
              "a poll is for a threshold, unless the collector says else");
    free(gc_allocation_retry(&mutator, 64));
    tap_equal(collected_because, GC_REASON_MEMORY, "one for which malloc had no memory says so");
    tap_equal(mutator.account.reason, GC_REASON_ASKED, "and then the next is asked for again");
}

int main(void)
{
    births();
    quiet();
    sampling();
    polling();
    limits();
    reasons();
    charges();
    peak();
    external_weighs();
    external_is_noted();
    external_is_charged();
    too_long();
    pauses();
    return tap_done();
}
