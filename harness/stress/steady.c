/* SPDX-License-Identifier: MIT */
#include "harness/stress/steady.h"

enum {
    QUARTERS = 4,
    PHASES = 3, /* in each quarter */
    ORDERS = 3,
    HEAD = 0, /* the names of a structure that is being built */
    LAST,
    FRESH,
    NAMES,
};

/* The order in which structures are replaced. */
enum steady_order {
    STEADY_IN_TURN,   /* the oldest first: each grows old */
    STEADY_AT_RANDOM, /* some grow old, most do not */
    STEADY_OF_FEW,    /* most grow very old, and are then dropped together */
};

/* What a phase draws. */
struct steady_phase {
    double cyclic;   /* share of structures with a ring */
    double acyclic;  /* chance of a leaf at each object */
    double touched;  /* share of steps that write to an old structure */
    uint32_t size;   /* objects in a structure, at most */
    uint32_t filled; /* names that hold a structure */
    uint32_t order;  /* enum steady_order */
};

static void hold(struct generator *generator, slot_t object, uint32_t field, slot_t value)
{
    emit(generator, PROGRAM_STORE, object_in(generator, object), field, object_in(generator, value));
}

/* A leaf of fixed or of varying size: one that holds no reference. */
static void new_leaf(struct generator *generator, slot_t slot)
{
    if (chance(generator, 0.7))
        emit(generator, PROGRAM_NEW, slot, SHAPE_LEAF, 0);
    else
        emit(generator, PROGRAM_NEW, slot, SHAPE_TEXT, below(generator, generator->dials->bytes + 1));
}

/* Replaces the object in a name by a new one that refers to the old one. Returns how many objects that made.
 * */
static uint32_t put_in_front(struct generator *generator, slot_t first, const struct steady_phase *phase)
{
    emit(generator, PROGRAM_NEW, first + FRESH, SHAPE_NODE, 0);
    if (object_in(generator, first + LAST))
        hold(generator, first + FRESH, 0, first + LAST);
    emit(generator, PROGRAM_MOVE, first + LAST, first + FRESH, 0);
    if (!chance(generator, phase->acyclic))
        return 1;
    new_leaf(generator, first + FRESH);
    hold(generator, first + LAST, 1, first + FRESH);
    emit(generator, PROGRAM_DEL, first + FRESH, 0, 0);
    return 2;
}

/* Builds a chain of `size` objects at most. The first that was made stays in HEAD, the last in LAST. */
static void build_line(struct generator *generator, slot_t first, const struct steady_phase *phase,
                       uint32_t size)
{
    uint32_t made = put_in_front(generator, first, phase);
    emit(generator, PROGRAM_SET, first + HEAD, object_in(generator, first + LAST), 0);
    while (made + 2 <= size)
        made += put_in_front(generator, first, phase);
}

/* A ring: the first object of a chain refers to the last. */
static void build_circle(struct generator *generator, slot_t first, const struct steady_phase *phase,
                         uint32_t size)
{
    build_line(generator, first, phase, size);
    hold(generator, first + HEAD, 0, first + LAST);
}

/* A list linked both ways. It has no leaves. */
static void build_list(struct generator *generator, slot_t first, uint32_t size)
{
    emit(generator, PROGRAM_NEW, first + HEAD, SHAPE_BARE, 0);
    emit(generator, PROGRAM_SET, first + LAST, object_in(generator, first + HEAD), 0);
    for (uint32_t made = 1; made < size; made++) {
        emit(generator, PROGRAM_NEW, first + FRESH, SHAPE_NODE, 0);
        hold(generator, first + LAST, 0, first + FRESH);
        hold(generator, first + FRESH, 1, first + LAST);
        emit(generator, PROGRAM_MOVE, first + LAST, first + FRESH, 0);
    }
}

static void build(struct generator *generator, slot_t first, const struct steady_phase *phase)
{
    uint32_t size = 1 + below(generator, phase->size);
    bool cyclic = chance(generator, phase->cyclic);
    if (cyclic && chance(generator, 0.3))
        build_list(generator, first, size);
    else if (cyclic)
        build_circle(generator, first, phase, size);
    else
        build_line(generator, first, phase, size);
}

/* Builds a structure in a call, and gives it to the name `slot`, which drops the one that it held. */
static void replace(struct generator *generator, slot_t slot, const struct steady_phase *phase)
{
    slot_t first = generator->model.top;
    if (!emit(generator, PROGRAM_ENTER, NAMES, 0, 0))
        return;
    build(generator, first, phase);
    emit(generator, PROGRAM_MOVE, slot, first + LAST, 0);
    emit(generator, PROGRAM_LEAVE, 0, 0, 0);
}

/* Gives an old structure a new leaf in the place of the one that it had. */
static void touch(struct generator *generator, slot_t slot)
{
    slot_t first = generator->model.top;
    operand_t object = object_in(generator, slot);
    if (!object || generator->model.objects[object - 1].shape != SHAPE_NODE ||
        !emit(generator, PROGRAM_ENTER, 1, 0, 0))
        return;
    operand_t held = model_field(&generator->model, object - 1, 1);
    if (!held || generator->model.objects[held - 1].field_count == 0) {
        new_leaf(generator, first);
        hold(generator, slot, 1, first);
    }
    emit(generator, PROGRAM_LEAVE, 0, 0, 0);
}

static struct steady_phase draw_phase(struct generator *generator, uint32_t place)
{
    const struct dials *dials = generator->dials;
    uint32_t names = (uint32_t)dials->steady;
    struct steady_phase phase = {.order = below(generator, ORDERS)};
    phase.size = 1 + below(generator, dials->ring);
    phase.cyclic = dials->cyclic;
    if (dials->cyclic < 1 && !chance(generator, 0.5))
        phase.cyclic *= random_real(&generator->random);
    phase.acyclic = dials->acyclic * random_real(&generator->random);
    phase.touched =
        0.5 * random_real(&generator->random) * (dials->acyclic > 0); /* a touched one gets a leaf */
    /* A quarter begins with a peak. What comes after it is a fall, or as large. */
    phase.filled = place == 0 || chance(generator, 0.3) ? names : 1 + below(generator, names);
    return phase;
}

static slot_t draw_name(struct generator *generator, const struct steady_phase *phase, uint64_t step)
{
    if (phase->order == STEADY_IN_TURN)
        return (slot_t)(step % phase->filled);
    if (phase->order == STEADY_AT_RANDOM)
        return below(generator, phase->filled);
    return below(generator, phase->filled / 16 + 1);
}

/* Fills the names of a phase, drops what the others hold, and replaces until the program has `end`
 * operations. */
static void run_phase(struct generator *generator, const struct steady_phase *phase, uint64_t end)
{
    uint64_t *count = &generator->program->op_count;
    for (slot_t slot = phase->filled; slot < generator->dials->steady; slot++)
        if (object_in(generator, slot))
            emit(generator, PROGRAM_DEL, slot, 0, 0);
    for (slot_t slot = 0; slot < phase->filled && *count < end; slot++)
        if (!object_in(generator, slot))
            replace(generator, slot, phase);
    for (uint64_t step = 0; *count < end && !generator->failed; step++) {
        slot_t name = draw_name(generator, phase, step);
        if (chance(generator, phase->touched))
            touch(generator, below(generator, phase->filled));
        else
            replace(generator, name, phase);
    }
}

void steady_make(struct generator *generator)
{
    struct steady_phase phases[PHASES];
    uint64_t operations = generator->dials->operations;
    for (uint32_t i = 0; i < PHASES; i++)
        phases[i] = draw_phase(generator, i);
    for (uint32_t i = 0; i < QUARTERS * PHASES; i++)
        run_phase(generator, &phases[i % PHASES], operations * (i + 1) / (QUARTERS * PHASES));
}
