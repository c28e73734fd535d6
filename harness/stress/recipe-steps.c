/* SPDX-License-Identifier: MIT */
#include "collectors/mutator.h"
#include "harness/stress/character.h"
#include "harness/stress/recipe-builder.h"

enum { TRIES = 4 }; /* what is tried for each operation that there may be */

/* ---- single operations ---- */

bool recipe_may_try(struct recipe_builder *builder)
{
    builder->character.cut += ++builder->tried > builder->most * TRIES;
    return !builder->character.cut;
}

static bool emit(struct recipe_builder *builder, enum program_code code, uint32_t a, uint32_t b, uint32_t c)
{
    struct program_op op = {code, a, b, c};
    struct model_places places;
    if (!recipe_may_try(builder) || builder->failed || model_objection(&builder->model, &op))
        return false;
    uint64_t size = character_op_size(builder->program->shapes, &op);
    if (builder->program->op_count >= builder->most ||
        builder->character.size + size > builder->most * RECIPE_WORDS) {
        builder->character.cut++;
        return false;
    }
    builder->failed =
        program_add(builder->program, op) < 0 || model_apply(&builder->model, &op, &places) != NULL;
    struct recipe_character *character = &builder->character;
    character->size += size;
    character->objects += code == PROGRAM_NEW;
    character->live = builder->model.live > character->live ? builder->model.live : character->live;
    return !builder->failed;
}

static uint32_t in(const struct recipe_builder *builder, uint32_t slot)
{
    return builder->model.slots[slot].object;
}

static void new (struct recipe_builder *builder, uint32_t slot, enum recipe_shape shape, uint64_t length)
{
    emit(builder, PROGRAM_NEW, slot, shape,
         (uint32_t)(length < PROGRAM_LENGTH_MAX ? length : PROGRAM_LENGTH_MAX));
}

static void set(struct recipe_builder *builder, uint32_t slot, uint32_t object)
{
    emit(builder, PROGRAM_SET, slot, object, 0);
}

static void move(struct recipe_builder *builder, uint32_t to, uint32_t from)
{
    emit(builder, PROGRAM_MOVE, to, from, 0);
}

static void del(struct recipe_builder *builder, uint32_t slot)
{
    emit(builder, PROGRAM_DEL, slot, 0, 0);
}

static void store(struct recipe_builder *builder, uint32_t object, uint32_t field, uint32_t value)
{
    if (object && value)
        emit(builder, PROGRAM_STORE, object, field, value);
}

/* Borrows what a field of an object refers to. Returns it, or 0. */
static uint32_t get(struct recipe_builder *builder, uint32_t object, uint32_t field)
{
    if (!object || field >= builder->model.objects[object - 1].field_count)
        return 0;
    return emit(builder, PROGRAM_GET, object, field, 0) ? model_field(&builder->model, object - 1, field) : 0;
}

/* The next cell of the table; 0 and no table if there is none. */
static uint32_t next_cell(struct recipe_builder *builder)
{
    uint32_t table = in(builder, TABLE);
    uint32_t cells = table ? builder->model.objects[table - 1].field_count : 0;
    return cells ? (uint32_t)(builder->cell++ % cells) : 0;
}

static void deepest(struct recipe_builder *builder, uint64_t depth)
{
    if (depth > builder->character.depth)
        builder->character.depth = depth;
}

static void most_referred(struct recipe_builder *builder, uint64_t references)
{
    if (references > builder->character.fan_in)
        builder->character.fan_in = references;
}

/* ---- the living list ---- */

static void list_add(struct recipe_builder *builder, bool back)
{
    uint32_t head = in(builder, LIST);
    new (builder, FRESH, NODE, 0);
    store(builder, in(builder, FRESH), 0, head);
    if (back)
        store(builder, head, 1, in(builder, FRESH));
    move(builder, LIST, FRESH);
    deepest(builder, ++builder->listed);
}

static void build_list(struct recipe_builder *builder, uint64_t amount)
{
    for (; amount > 0 && !builder->character.cut; amount--)
        list_add(builder, false);
}

static void build_twoway(struct recipe_builder *builder, uint64_t amount)
{
    builder->character.on_rings += amount;
    for (; amount > 0 && !builder->character.cut; amount--)
        list_add(builder, true);
}

static void build_unlist(struct recipe_builder *builder, uint64_t amount)
{
    for (; amount > 0 && in(builder, LIST) && !builder->character.cut; amount--) {
        uint32_t next = get(builder, in(builder, LIST), 0);
        if (!next)
            break;
        set(builder, LIST, next);
        emit(builder, PROGRAM_CLEAR, next, 1, 0);
        builder->listed -= builder->listed > 0;
    }
    if (amount > 0) {
        del(builder, LIST);
        builder->listed = 0;
    }
}

static void build_walk(struct recipe_builder *builder, uint64_t amount)
{
    for (; amount > 0 && in(builder, LIST) && !builder->character.cut; amount--) {
        uint32_t next = get(builder, in(builder, CURSOR), 0);
        set(builder, CURSOR, next ? next : in(builder, LIST));
    }
}

/* ---- the table ---- */

static void build_table(struct recipe_builder *builder, uint64_t amount)
{
    new (builder, TABLE, ARRAY, amount);
    builder->cell = 0;
}

static void build_fill(struct recipe_builder *builder, uint64_t amount)
{
    for (; amount > 0 && in(builder, TABLE) && !builder->character.cut; amount--) {
        new (builder, FRESH, NODE, 0);
        store(builder, in(builder, TABLE), next_cell(builder), in(builder, FRESH));
    }
    del(builder, FRESH);
}

static void build_clear(struct recipe_builder *builder, uint64_t amount)
{
    for (; amount > 0 && in(builder, TABLE) && !builder->character.cut; amount--)
        emit(builder, PROGRAM_CLEAR, in(builder, TABLE), next_cell(builder), 0);
}

/* Puts an object of so many bytes into the next cell. */
static void build_stock(struct recipe_builder *builder, uint64_t amount)
{
    if (!in(builder, TABLE))
        return;
    new (builder, FRESH, TEXT, amount);
    store(builder, in(builder, TABLE), next_cell(builder), in(builder, FRESH));
    del(builder, FRESH);
}

static void build_skip(struct recipe_builder *builder, uint64_t amount)
{
    builder->cell += amount;
}

/* Each time an object that lives already gets a new one in the place of its last. */
static void build_age(struct recipe_builder *builder, uint64_t amount)
{
    for (; amount > 0 && in(builder, TABLE) && !builder->character.cut; amount--) {
        new (builder, FRESH, LINK, 0);
        uint32_t old = get(builder, in(builder, TABLE), next_cell(builder));
        store(builder, old, 1, in(builder, FRESH));
        del(builder, FRESH);
    }
}

static void build_touch(struct recipe_builder *builder, uint64_t amount)
{
    for (; amount > 0 && in(builder, TABLE) && !builder->character.cut; amount--) {
        set(builder, CURSOR, get(builder, in(builder, TABLE), next_cell(builder)));
        del(builder, CURSOR);
    }
}

/* ---- rings and chains ---- */

/* Makes a ring of `members` in `place`, in which nothing else was. */
static void ring_make(struct recipe_builder *builder, uint32_t place, uint64_t members)
{
    builder->character.on_rings += members;
    new (builder, place, NODE, 0);
    set(builder, LAST, in(builder, place));
    for (; members > 1 && !builder->character.cut; members--) {
        new (builder, FRESH, NODE, 0);
        store(builder, in(builder, FRESH), 0, in(builder, LAST));
        move(builder, LAST, FRESH);
    }
    store(builder, in(builder, place), 0, in(builder, LAST));
    del(builder, LAST);
}

static void build_ring(struct recipe_builder *builder, uint64_t amount)
{
    del(builder, RING);
    ring_make(builder, RING, amount);
}

/* The ring that the cell referred to before loses its last reference. */
static void build_rings(struct recipe_builder *builder, uint64_t amount)
{
    if (!in(builder, TABLE))
        return;
    del(builder, RING);
    ring_make(builder, RING, amount);
    store(builder, in(builder, TABLE), next_cell(builder), in(builder, RING));
    del(builder, RING);
}

/* Rings that hold each other, the youngest in a name (Lins 1992). */
static void build_chained(struct recipe_builder *builder, uint64_t amount)
{
    for (; amount > 0 && !builder->character.cut; amount--) {
        del(builder, RING);
        ring_make(builder, RING, 2);
        store(builder, in(builder, RING), 1, in(builder, CHAINED));
        move(builder, CHAINED, RING);
    }
}

static void build_unchain(struct recipe_builder *builder, uint64_t amount)
{
    (void)amount;
    del(builder, CHAINED);
}

static void build_chain(struct recipe_builder *builder, uint64_t amount)
{
    deepest(builder, amount);
    del(builder, CHAIN);
    for (; amount > 0 && !builder->character.cut; amount--) {
        new (builder, FRESH, LINK, 0);
        store(builder, in(builder, FRESH), 0, in(builder, CHAIN));
        move(builder, CHAIN, FRESH);
    }
}

/* ---- wide objects, and many references to one ---- */

static void build_hub(struct recipe_builder *builder, uint64_t amount)
{
    most_referred(builder, amount);
    new (builder, HUB, NODE, 0);
    new (builder, SPOKES, ARRAY, amount);
    for (uint64_t i = 0; i < amount && !builder->character.cut; i++)
        store(builder, in(builder, SPOKES), (uint32_t)i, in(builder, HUB));
}

static void build_spoke(struct recipe_builder *builder, uint64_t amount)
{
    for (; amount > 0 && in(builder, HUB) && !builder->character.cut; amount--) {
        new (builder, FRESH, LINK, 0);
        store(builder, in(builder, FRESH), 0, in(builder, HUB));
    }
    del(builder, FRESH);
}

static void build_wide(struct recipe_builder *builder, uint64_t amount)
{
    new (builder, WIDE, ARRAY, amount);
    for (uint64_t i = 0; i < amount && !builder->character.cut; i++) {
        new (builder, FRESH, LINK, 0);
        store(builder, in(builder, WIDE), (uint32_t)i, in(builder, FRESH));
    }
    del(builder, FRESH);
}

static void build_array(struct recipe_builder *builder, uint64_t amount)
{
    new (builder, WIDE, ARRAY, amount);
}

static void build_bytes(struct recipe_builder *builder, uint64_t amount)
{
    new (builder, FRESH, TEXT, amount);
}

static void build_leaf(struct recipe_builder *builder, uint64_t amount)
{
    for (; amount > 0 && !builder->character.cut; amount--)
        new (builder, FRESH, LEAF, 0);
}

static void build_shape(struct recipe_builder *builder, uint64_t amount)
{
    for (; amount > 0 && builder->variety && !builder->character.cut; amount--)
        emit(builder, PROGRAM_NEW, FRESH, RECIPE_SHAPES + builder->next_odd++ % builder->variety, 0);
}

/* ---- frames ---- */

/* A call has three names: what it was passed, what it made, and one that is null. */
static void build_call(struct recipe_builder *builder, uint64_t amount)
{
    for (; amount > 0 && !builder->character.cut; amount--) {
        uint32_t first = builder->model.top;
        if (!emit(builder, PROGRAM_ENTER, 3, 0, 0))
            return;
        set(builder, first, in(builder, LIST));
        new (builder, first + 1, LINK, 0);
    }
}

static void build_names(struct recipe_builder *builder, uint64_t amount)
{
    uint32_t first = builder->model.top;
    if (!in(builder, LIST))
        list_add(builder, false);
    if (!emit(builder, PROGRAM_ENTER, (uint32_t)amount, 0, 0))
        return;
    most_referred(builder, amount);
    for (uint64_t i = 0; i < amount && !builder->character.cut; i++)
        set(builder, first + (uint32_t)i, in(builder, LIST));
}

static void build_slots(struct recipe_builder *builder, uint64_t amount)
{
    emit(builder, PROGRAM_ENTER, (uint32_t)amount, 0, 0);
}

static void build_leave(struct recipe_builder *builder, uint64_t amount)
{
    while (amount-- > 0 && emit(builder, PROGRAM_LEAVE, 0, 0, 0))
        ;
}

/* ---- collections ---- */

static void build_collect(struct recipe_builder *builder, uint64_t amount)
{
    while (amount-- > 0 && !builder->character.cut)
        emit(builder, PROGRAM_COLLECT, GC_COLLECT_FULL, 0, 0);
}

static void build_young(struct recipe_builder *builder, uint64_t amount)
{
    while (amount-- > 0 && !builder->character.cut)
        emit(builder, PROGRAM_COLLECT, GC_COLLECT_YOUNG, 0, 0);
}

/* THE list of steps. */
const struct recipe_verb recipe_verbs[] = {
    {"list", "puts k new objects in front of the living list", build_list},
    {"twoway", "the same, and each refers to the next one and is referred to by it", build_twoway},
    {"unlist", "drops the first k objects of the living list, one by one", build_unlist},
    {"walk", "moves a name k objects along the living list", build_walk},
    {"table", "makes a table of k cells", build_table},
    {"fill", "puts k new objects into the next cells of the table", build_fill},
    {"rings", "puts a ring of k objects into the next cell of the table", build_rings},
    {"clear", "clears the next k cells of the table", build_clear},
    {"age", "stores k new objects into those of the next cells", build_age},
    {"touch", "takes and drops a name for the objects of the next k cells", build_touch},
    {"stock", "puts an object of k bytes into the next cell of the table", build_stock},
    {"skip", "passes over the next k cells of the table", build_skip},
    {"ring", "makes a ring of k objects", build_ring},
    {"chained", "makes k rings of two, each of which holds the one before", build_chained},
    {"unchain", "drops those rings", build_unchain},
    {"chain", "makes a chain of k objects", build_chain},
    {"hub", "makes an object, and an array that refers to it k times", build_hub},
    {"spoke", "makes k objects that refer to the hub and are dropped", build_spoke},
    {"wide", "makes an array of k objects", build_wide},
    {"array", "makes an array of k references that are null", build_array},
    {"bytes", "makes an object of k bytes", build_bytes},
    {"leaf", "makes k objects without references", build_leaf},
    {"shape", "makes k objects, each of a shape of its own", build_shape},
    {"call", "enters k calls, each with an object", build_call},
    {"names", "enters a call with k names for one object", build_names},
    {"slots", "enters a call with k names that are null", build_slots},
    {"leave", "leaves k calls", build_leave},
    {"collect", "collects fully k times", build_collect},
    {"young", "collects the young k times", build_young},
};
const uint32_t recipe_verb_count = sizeof recipe_verbs / sizeof *recipe_verbs;

bool recipe_step_is_varied(const struct recipe_step *step)
{
    return recipe_verbs[step->verb].build == build_shape;
}
