/* SPDX-License-Identifier: MIT */
/* The model of memory told by the counts themselves, for every collector that keeps them. */
#include "harness/stress/model/units.h"
#include "tests/model.h"

static void births(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    struct gc_slot *x = &frame.slot[0];
    make(x, MODEL_NODE, 0);
    tap_equal(count_of(gc_local_get(x)), 1, "an object is born with one reference");
    make(&frame.slot[1], MODEL_ARRAY, 3);
    tap_equal(count_of(gc_local_get(&frame.slot[1])), 1, "an array is born with one reference");
    gc_frame_leave(m, frame);
}

static void binding(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    struct gc_slot *x = &frame.slot[0];
    struct gc_slot *y = &frame.slot[1];
    make(x, MODEL_NODE, 0);
    gc_local_set(m, y, gc_local_get(x));
    tap_equal(count_of(gc_local_get(x)), 2, "binding an object to another name adds one");
    gc_local_set(m, &frame.slot[2], gc_local_get(y));
    tap_equal(count_of(gc_local_get(x)), 3, "and to a third adds another");
    gc_local_set(m, y, gc_local_get(x));
    tap_equal(count_of(gc_local_get(x)), 3, "binding a name to what it has changes nothing");
    gc_frame_leave(m, frame);
}

static void global_names(void)
{
    struct gc_frame frame = gc_frame_enter(m, 1);
    make(&frame.slot[0], MODEL_NODE, 0);
    gc_local_set(m, gc_global(m, 1), gc_local_get(&frame.slot[0]));
    tap_equal(count_of(gc_local_get(&frame.slot[0])), 2, "a name of the module counts like a local one");
    gc_frame_leave(m, frame);
    tap_equal(count_of(gc_local_get(gc_global(m, 1))), 1, "and stays when the function ends");
    gc_local_del(m, gc_global(m, 1));
}

static int64_t count_inside_a_call(struct gc_ref argument)
{
    struct gc_frame frame = gc_frame_enter(m, 1);
    gc_local_set(m, &frame.slot[0], argument);
    int64_t count = count_of(gc_local_get(&frame.slot[0]));
    gc_frame_leave(m, frame);
    return count;
}

static int64_t count_inside_calls(struct gc_ref argument, int depth)
{
    struct gc_frame frame = gc_frame_enter(m, 1);
    gc_local_set(m, &frame.slot[0], argument);
    int64_t count = depth ? count_inside_calls(argument, depth - 1) : count_of(argument);
    gc_frame_leave(m, frame);
    return count;
}

static void passing(void)
{
    struct gc_frame frame = gc_frame_enter(m, 1);
    struct gc_slot *x = &frame.slot[0];
    make(x, MODEL_NODE, 0);
    tap_equal(count_inside_a_call(gc_local_get(x)), 2, "passing an object as an argument adds one");
    tap_equal(count_of(gc_local_get(x)), 1, "and the end of the call takes it away");
    tap_equal(count_inside_calls(gc_local_get(x), 99), 101, "a hundred calls deep it has a hundred more");
    tap_equal(count_of(gc_local_get(x)), 1, "and none of them when they have returned");
    gc_frame_leave(m, frame);
}

static void storing(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    struct gc_slot *x = &frame.slot[0];
    struct gc_slot *container = &frame.slot[1];
    make(x, MODEL_NODE, 0);
    make(container, MODEL_ARRAY, 8);
    for (uint64_t i = 0; i < 8; i++)
        link_to(container, i, x);
    tap_equal(count_of(gc_local_get(x)), 9, "storing an object in a container adds one for each place");
    gc_field_set(m, gc_local_get(container), 3, gc_local_get(container));
    tap_equal(count_of(gc_local_get(x)), 8, "putting something else there takes one away");
    tap_equal(count_of(gc_local_get(container)), 2, "a container stored in itself has one more");
    gc_field_del(m, gc_local_get(container), 3);
    gc_field_del(m, gc_local_get(container), 4);
    tap_equal(count_of(gc_local_get(x)), 7, "deleting the place takes one away");
    tap_ok(gc_is_null(field(container, 4)), "and the place is empty");
    gc_field_set(m, gc_local_get(container), 4, GC_NULL);
    tap_equal(count_of(gc_local_get(x)), 7, "storing nothing where nothing was changes nothing");
    gc_local_del(m, container);
    tap_equal(count_of(gc_local_get(x)), 1, "the container's end takes all that it held");
    gc_frame_leave(m, frame);
}

static void taking_away(void)
{
    struct gc_frame outer = gc_frame_enter(m, 1);
    struct gc_slot *x = &outer.slot[0];
    make(x, MODEL_NODE, 0);
    struct gc_frame inner = gc_frame_enter(m, 3);
    for (int i = 0; i < 3; i++)
        gc_local_set(m, &inner.slot[i], gc_local_get(x));
    gc_local_del(m, &inner.slot[0]);
    tap_equal(count_of(gc_local_get(x)), 3, "del of a name takes one");
    gc_local_del(m, &inner.slot[0]);
    tap_equal(count_of(gc_local_get(x)), 3, "del of a name that has nothing takes none");
    gc_local_set(m, &inner.slot[1], GC_NULL);
    tap_equal(count_of(gc_local_get(x)), 2, "binding a name to nothing takes one");
    gc_frame_leave(m, inner);
    tap_equal(count_of(gc_local_get(x)), 1, "the end of a function takes one for each local");
    gc_frame_leave(m, outer);
}

static void rebinding_by_birth(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    make(&frame.slot[0], MODEL_NODE, 0);
    gc_local_set(m, &frame.slot[1], gc_local_get(&frame.slot[0]));
    make(&frame.slot[0], MODEL_NODE, 0);
    tap_equal(count_of(gc_local_get(&frame.slot[1])), 1,
              "making a new object in a name takes one from the old");
    tap_equal(count_of(gc_local_get(&frame.slot[0])), 1, "and gives the new one its one");
    gc_frame_leave(m, frame);
}

/* `return x` */
static void returns_its_local(struct gc_slot *result, int64_t *ret_before)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    make(&frame.slot[0], MODEL_NODE, 0);
    gc_local_set(m, &frame.slot[1], gc_local_get(&frame.slot[0]));
    *ret_before = count_of(gc_local_get(&frame.slot[0]));
    gc_local_del(m, &frame.slot[1]);
    gc_local_move(m, result, &frame.slot[0]);
    tap_equal(count_of(gc_local_get(result)), 1, "returning a local changes no count");
    tap_ok(gc_is_null(gc_local_get(&frame.slot[0])), "and leaves the local empty");
    gc_frame_leave(m, frame);
}

static void returning(void)
{
    int64_t before = 0;
    struct gc_frame frame = gc_frame_enter(m, 2);
    make(&frame.slot[0], MODEL_NODE, 0);
    gc_local_set(m, &frame.slot[1], gc_local_get(&frame.slot[0]));
    returns_its_local(&frame.slot[0], &before);
    tap_equal(before, 2, "(the local had two before)");
    tap_equal(count_of(gc_local_get(&frame.slot[0])), 1, "the caller's name is then the only reference");
    tap_equal(count_of(gc_local_get(&frame.slot[1])), 1, "and what that name had has one fewer");
    gc_local_move(m, &frame.slot[0], &frame.slot[1]);
    tap_ok(gc_is_null(gc_local_get(&frame.slot[1])), "moving hands over and leaves nothing");
    gc_local_move(m, &frame.slot[0], &frame.slot[1]);
    tap_ok(gc_is_null(gc_local_get(&frame.slot[0])), "moving from an empty name empties the other");
    gc_frame_leave(m, frame);
}

static void rebinding_to_itself(void)
{
    struct gc_frame frame = gc_frame_enter(m, 1);
    struct gc_slot *x = &frame.slot[0];
    struct model_mark start = mark();
    make(x, MODEL_NODE, 0);
    *(uint64_t *)gc_payload(gc_local_get(x), &model_shapes[MODEL_NODE]) = 12345;
    gc_local_set(m, x, gc_local_get(x));
    tap_equal(count_of(gc_local_get(x)), 1, "x = x changes no count");
    link_to(x, 0, x);
    gc_field_set(m, gc_local_get(x), 0, field(x, 0));
    tap_equal(count_of(gc_local_get(x)), 2, "x.f = x.f changes no count");
    gc_field_del(m, gc_local_get(x), 0);
    freed_exactly(start, 0, 0, "and nothing is freed");
    tap_equal(*(int64_t *)gc_payload(gc_local_get(x), &model_shapes[MODEL_NODE]), 12345,
              "the object's bytes are as they were");
    gc_frame_leave(m, frame);
}

/* A list of three in `x` and the number of each in its payload. */
static void make_three(struct gc_slot *x, struct gc_slot *spare)
{
    for (uint64_t i = 3; i > 0; i--) {
        make(spare, MODEL_NODE, 0);
        *(uint64_t *)gc_payload(gc_local_get(spare), &model_shapes[MODEL_NODE]) = i;
        link_to(spare, 0, x);
        gc_local_move(m, x, spare);
    }
}

static void walking(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    struct gc_slot *x = &frame.slot[0];
    make_three(x, &frame.slot[1]);
    struct model_mark start = mark();
    gc_local_set(m, x, field(x, 0));
    freed_exactly(start, 1, bytes_of(MODEL_NODE, 0), "x = x.next frees the head when x held the rest");
    tap_equal(*(int64_t *)gc_payload(gc_local_get(x), &model_shapes[MODEL_NODE]), 2, "and x is the next one");
    tap_equal(count_of(gc_local_get(x)), 1, "with one reference");
    gc_field_set(m, gc_local_get(x), 0, gc_field_get(m, field(x, 0), 0));
    freed_exactly(start, 2, 2 * bytes_of(MODEL_NODE, 0), "x.next = x.next.next frees the one between");
    gc_frame_leave(m, frame);
}

static void counts_survive_collections(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    make(&frame.slot[0], MODEL_NODE, 0);
    make(&frame.slot[1], MODEL_NODE, 0);
    make(&frame.slot[2], MODEL_LEAF, 0);
    link_to(&frame.slot[0], 0, &frame.slot[1]);
    link_to(&frame.slot[1], 0, &frame.slot[0]);
    link_to(&frame.slot[0], 1, &frame.slot[2]);
    link_to(&frame.slot[1], 1, &frame.slot[2]);
    for (int i = 0; i < 5; i++)
        gc_collect(m, i % 2 ? GC_COLLECT_YOUNG : GC_COLLECT_FULL);
    tap_equal(count_of(gc_local_get(&frame.slot[0])), 2, "collections change no count of a live ring");
    tap_equal(count_of(gc_local_get(&frame.slot[1])), 2, "nor of its other half");
    tap_equal(count_of(gc_local_get(&frame.slot[2])), 3, "nor of an acyclic object that it holds");
    gc_frame_leave(m, frame);
}

/* Counts by hand: two billion bindings take too long. */
static void set_count(struct gc_ref object, uint32_t count)
{
    object.object->count = count;
}

static void saturation(void)
{
    struct gc_frame frame = gc_frame_enter(m, 4);
    struct gc_slot *x = &frame.slot[0];
    struct model_mark start = mark();
    make(x, MODEL_LEAF, 0);
    set_count(gc_local_get(x), INT32_MAX - 1);
    gc_local_set(m, &frame.slot[1], gc_local_get(x));
    tap_equal(count_of(gc_local_get(x)), INT32_MAX, "a count reaches the limit");
    gc_local_set(m, &frame.slot[2], gc_local_get(x));
    tap_equal(count_of(gc_local_get(x)), INT64_MAX, "one more saturates it");
    gc_local_set(m, &frame.slot[3], gc_local_get(x));
    tap_equal(count_of(gc_local_get(x)), INT64_MAX, "and one more leaves it so");
    for (int i = 0; i < 1000; i++) {
        gc_local_set(m, &frame.slot[1], gc_local_get(x));
        gc_local_del(m, &frame.slot[1]);
        gc_local_del(m, &frame.slot[2]);
    }
    gc_local_del(m, &frame.slot[3]);
    tap_equal(count_of(gc_local_get(x)), INT64_MAX, "taking references away leaves a saturated count stuck");
    gc_collect(m, GC_COLLECT_FULL);
    tap_equal(count_of(gc_local_get(x)), INT64_MAX, "so does a collection");
    struct gc_ref object = gc_local_get(x);
    gc_local_del(m, x);
    tap_equal((int64_t)(m->account.freed_objects - start.freed_objects), 0, "counting never frees it");
    gc_local_set(m, x, object);
    gc_frame_leave(m, frame);
}

static void saturation_in_a_cascade(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    make(&frame.slot[0], MODEL_PLAIN, 0);
    make(&frame.slot[1], MODEL_LEAF, 0);
    link_to(&frame.slot[0], 0, &frame.slot[1]);
    link_to(&frame.slot[0], 1, &frame.slot[1]);
    set_count(gc_local_get(&frame.slot[1]), UINT32_C(0xc0000000));
    struct model_mark start = mark();
    gc_local_del(m, &frame.slot[0]);
    tap_equal((int64_t)(m->account.freed_objects - start.freed_objects), 1,
              "a cascade frees all but the stuck object");
    tap_equal(count_of(gc_local_get(&frame.slot[1])), INT64_MAX, "which stays stuck");
    gc_frame_leave(m, frame);
}

static void saturation_on_a_ring(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    make(&frame.slot[0], MODEL_NODE, 0);
    make(&frame.slot[1], MODEL_NODE, 0);
    link_to(&frame.slot[0], 0, &frame.slot[1]);
    link_to(&frame.slot[1], 0, &frame.slot[0]);
    set_count(gc_local_get(&frame.slot[0]), UINT32_C(0xc0000000));
    gc_local_del(m, &frame.slot[1]);
    gc_collect(m, GC_COLLECT_FULL);
    tap_equal(count_of(gc_local_get(&frame.slot[0])), INT64_MAX, "a stuck object on a live ring stays stuck");
    tap_equal(count_of(field(&frame.slot[0], 0)), 1, "and the count of its neighbour is exact");
    gc_frame_leave(m, frame);
}

static void (*const tests[])(void) = {
    births,
    binding,
    global_names,
    passing,
    storing,
    taking_away,
    rebinding_by_birth,
    returning,
    rebinding_to_itself,
    walking,
    counts_survive_collections,
    saturation,
    saturation_in_a_cascade,
    saturation_on_a_ring,
};

int model_counts(void)
{
    if (gc_traits.defers)
        return model_skip("counts the references of fields only, and those up to its last collection");
    return gc_traits.counts ? MODEL_RUN(tests) : model_skip("keeps no counts");
}
