/* SPDX-License-Identifier: MIT */
/*
 * The zero list, and the loop that drains it. The dispose function of this test writes down what it is
 * given.
 */
#include <stdlib.h>
#include <sys/mman.h>

#include "collectors/mutator.h"
#include "tests/pauses.h"
#include "tests/tap.h"

/* The collector of this test counts, and gives no memory back. So the order of deaths can be read. */
enum { MOST = 1 << 20 };
static struct gc_object *disposed[MOST];
static uint64_t disposed_count;
static struct gc_object *keep;

static inline bool cascade_drop(struct gc_mutator *mutator, struct gc_object *child)
{
    (void)mutator;
    return --child->count == 0;
}

static inline bool cascade_dispose(struct gc_mutator *mutator, struct gc_object *object, uint64_t bytes)
{
    (void)mutator;
    (void)bytes;
    disposed[disposed_count++] = object;
    return object != keep;
}

#include "collectors/support/count/cascade-template.h"

static const struct gc_shape shapes[] = {
    {.name = "node", .id = 0, .refs = 2},
    {.name = "array", .id = 1, .flags = GC_SHAPE_REFS_VARY},
    {.name = "file", .id = 2, .flags = GC_SHAPE_FINALISED, .refs = 2},
};

/* In place of the one in support: the first death of an attended object is its finaliser's, and the next one its
 * own. */
static uint64_t attended_deaths;

bool finalise_death(struct gc_mutator *owner, struct gc_object *object, finalise_drop *drop,
                    struct gc_object **list)
{
    (void)owner;
    (void)drop;
    (void)list;
    object->count = 1;
    return ++attended_deaths == 1;
}

static struct gc_mutator mutator = {.shapes = shapes, .shape_count = 2};
static struct test_pauses heard;

static struct gc_object *object_at(char *memory, const struct gc_shape *shape, uint64_t length)
{
    struct gc_object *object = (struct gc_object *)(memory + (gc_shape_has_front(shape) ? 8 : 0));
    if (gc_shape_has_front(shape))
        *gc_object_length(object) = length;
    *object = (struct gc_object){.bits = gc_shape_bits(shape), .count = 1};
    return object;
}

static struct gc_object *object_new(uint64_t shape, uint64_t length)
{
    return object_at(calloc(1, gc_shape_bytes(&shapes[shape], length)), &shapes[shape], length);
}

static void list_of_the_dead(void)
{
    struct gc_object *a = object_new(0, 0);
    struct gc_object *b = object_new(1, 3);
    a->bits |= GC_BIT_KEPT_A | 0xfff00000u;
    b->bits |= GC_BIT_KEPT_B | GC_BIT_ACYCLIC;
    uint32_t kept_a = a->bits & 0xfffff;
    uint32_t kept_b = b->bits;
    struct gc_object *list = zero_list_push(a, NULL);
    list = zero_list_push(b, list);
    tap_ok(list == b, "the zero list begins with the object pushed last");
    list = zero_list_pop(b);
    tap_ok(list == a, "taking it gives the one pushed before");
    tap_equal(b->bits, kept_b, "shape, length, acyclic and the collector's two bits are back in place");
    tap_equal(b->count, 0, "with a count of zero");
    tap_ok(zero_list_pop(a) == NULL, "the first pushed is the last");
    tap_equal(a->bits, kept_a, "the bits that are not kept are gone");
}

/* A link has 44 bits. Tries addresses at both ends of the address space that a process gets. */
static void high_addresses(void)
{
    static const uintptr_t hints[] = {0x7ffff0000000u, 0x7fff00000000u, 0x400000000000u, 0x3ffffffff000u,
                                      0x10000u};
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        void *memory = mmap((void *)hints[i], 4096, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
        if (memory == MAP_FAILED) {
            tap_skip("a link survives at this address", "the address is taken");
            continue;
        }
        struct gc_object *high = object_at((char *)memory + 4096 - 24, &shapes[0], 0);
        struct gc_object *other = object_new(0, 0);
        zero_list_push(other, high);
        tap_ok(zero_list_pop(other) == high, "a link to %p survives the packing", (void *)high);
        munmap(memory, 4096);
    }
    struct gc_object stack = {.count = 1};
    struct gc_object *other = object_new(0, 0);
    zero_list_push(other, &stack);
    tap_ok(zero_list_pop(other) == &stack, "and so does one to the stack");
}

static void start_over(bool listening)
{
    disposed_count = 0;
    mutator.account.freed_objects = 0;
    mutator.account.freed_bytes = 0;
    mutator.account.freed_in_cascades = 0;
    test_pauses_begin(&mutator, &heard);
    if (!listening)
        test_pauses_end(&mutator);
}

static void drop(struct gc_object *object)
{
    if (--object->count == 0)
        cascade_release(&mutator, object);
}

static void order_of_death(void)
{
    struct gc_object *root = object_new(1, 3);
    struct gc_object *child[3];
    for (int i = 0; i < 3; i++)
        gc_object_fields(root)[i].object = child[i] = object_new(0, 0);
    struct gc_object *grandchild = object_new(0, 0);
    gc_object_fields(child[1])[1].object = grandchild;
    struct gc_object *shared = object_new(0, 0);
    shared->count = 2;
    gc_object_fields(child[0])[0].object = shared;
    start_over(true);
    drop(root);
    tap_equal((int64_t)disposed_count, 5, "a cascade disposes of everything that only the root kept alive");
    tap_ok(disposed[0] == root && disposed[1] == child[0] && disposed[2] == child[1] &&
               disposed[3] == grandchild && disposed[4] == child[2],
           "depth first, and in the order of the references");
    tap_equal(shared->count, 1, "what something else holds only loses a reference");
    tap_equal((int64_t)mutator.account.freed_objects, 5, "the dead are counted");
    tap_equal((int64_t)mutator.account.freed_bytes, 8 + 8 + 24 + 4 * 24,
              "and weighed, length words included");
    tap_equal((int64_t)heard.all.count, 0, "and a small cascade is not a pause");
}

/* Makes a chain of `count` nodes. */
static struct gc_object *chain(uint64_t count)
{
    struct gc_object *head = NULL;
    for (uint64_t i = 0; i < count; i++) {
        struct gc_object *node = object_new(0, 0);
        gc_object_fields(node)[0].object = head;
        head = node;
    }
    return head;
}

static void pauses(void)
{
    start_over(true);
    drop(chain(CASCADE_CLOCK_AFTER - 1));
    tap_equal((int64_t)heard.all.count, 0, "a cascade one short of the cutoff is not recorded");
    tap_equal((int64_t)mutator.account.freed_in_cascades, 0, "nor counted among the recorded");
    start_over(true);
    drop(chain(CASCADE_CLOCK_AFTER));
    tap_equal((int64_t)heard.all.count, 1, "one that reaches it is");
    tap_equal((int64_t)heard.all.last.freed_objects, CASCADE_CLOCK_AFTER, "with all that it freed");
    tap_equal((int64_t)heard.all.last.freed_bytes, CASCADE_CLOCK_AFTER * 24, "to the byte");
    tap_ok(heard.all.last.kind == GC_PAUSE_CASCADE && heard.all.last.begin_ns <= heard.all.last.end_ns &&
               heard.all.last.begin_ns > 0,
           "as a cascade with a beginning and an end");
    tap_equal((int64_t)mutator.account.freed_in_cascades, CASCADE_CLOCK_AFTER, "and counted");
    start_over(true);
    mutator.account.collecting = true;
    drop(chain(1000));
    mutator.account.collecting = false;
    tap_equal((int64_t)heard.all.count, 0, "inside a collection it belongs to the collection");
    tap_equal((int64_t)mutator.account.freed_objects, 1000, "though what it frees is counted");
    start_over(false);
    drop(chain(1000));
    tap_equal((int64_t)mutator.account.freed_objects, 1000, "without a listener it frees the same");
}

static void waiting(void)
{
    start_over(true);
    struct gc_object *head = chain(200);
    keep = gc_object_fields(head)[0].object;
    drop(head);
    tap_equal((int64_t)disposed_count, 200, "an object that has to wait does not stop the cascade");
    tap_equal((int64_t)mutator.account.freed_objects, 199, "and is not charged as freed");
    tap_equal((int64_t)heard.all.last.visited_objects, 200, "but was visited");
    tap_equal(keep->count, 0, "it waits with a count of zero");
    tap_equal(keep->bits & GC_BITS_SHAPE, 0, "and knows its shape");
    keep = NULL;
}

static void finaliser_due(void)
{
    struct gc_object *root = object_new(0, 0);
    struct gc_object *file = object_new(2, 0);
    struct gc_object *last = object_new(0, 0);
    gc_object_fields(root)[0].object = file;
    gc_object_fields(root)[1].object = last;
    gc_object_fields(file)[1].object = object_new(0, 0);
    start_over(false);
    drop(root);
    tap_equal((int64_t)disposed_count, 2,
              "an object whose finaliser is due is not freed, nor is what it keeps");
    tap_ok(disposed[0] == root && disposed[1] == last, "and the cascade goes on behind it");
    tap_equal(file->count, 1, "one reference holds it");
    drop(file);
    tap_equal((int64_t)disposed_count, 4, "without it the object is freed, and what it kept");
    tap_equal((int64_t)mutator.account.freed_bytes, 3 * 24 + 32,
              "the word in front of its header is weighed");
}

static void deep(void)
{
    start_over(false);
    drop(chain(MOST));
    tap_equal((int64_t)mutator.account.freed_objects, MOST, "a chain of a million needs no stack");
}

int main(void)
{
    list_of_the_dead();
    high_addresses();
    order_of_death();
    pauses();
    waiting();
    finaliser_due();
    deep();
    return tap_done();
}
