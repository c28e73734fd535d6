/* SPDX-License-Identifier: MIT */
/*
 * The moment of death: Merlin against brute force, which follows every reference after every operation, on
 * programs of the stress generator; and programs worked out by hand.
 */
#include <stdlib.h>

#include "program/deaths.h"
#include "tests/tap.h"
#include "tests/truth/stress/programs.h"

enum { PROGRAMS = 400, LIMIT = 1 << 28 };

/* ---- brute force: an interpreter of its own, which shares nothing with the model ---- */

struct brute_object {
    uint32_t *fields; /* object + 1, or 0 */
    uint64_t field_count;
    int64_t count; /* of references, while counting alone has not freed it */
    bool gone;     /* counting alone has freed it */
    bool seen;
    uint32_t death;
};

static struct brute {
    struct brute_object *objects;
    uint32_t count;
    uint32_t *slots;
    uint32_t top;
    uint32_t *frames;
    uint32_t depth;
    uint32_t *stack;
} brute;

static void brute_drop(uint32_t operand)
{
    struct brute_object *object = &brute.objects[operand - 1];
    if (!operand || --object->count > 0)
        return;
    object->gone = true;
    for (uint64_t i = 0; i < object->field_count; i++)
        brute_drop(object->fields[i]);
}

static void brute_put(uint32_t *place, uint32_t operand)
{
    uint32_t old = *place;
    if (operand)
        brute.objects[operand - 1].count++;
    *place = operand;
    if (old)
        brute_drop(old);
}

static void brute_new(const struct program *program, const struct program_op *op)
{
    uint64_t refs = gc_shape_refs(&program->shapes[op->b], op->c);
    brute.objects[brute.count] =
        (struct brute_object){calloc(refs + 1, sizeof(uint32_t)), refs, 0, false, false, DEATHS_NEVER};
    brute_put(&brute.slots[op->a], ++brute.count);
}

static void brute_leave(void)
{
    uint32_t first = brute.frames[--brute.depth];
    for (uint32_t slot = first; slot < brute.top; slot++)
        brute_put(&brute.slots[slot], 0);
    brute.top = first;
}

/* What is copied is held meanwhile, because what is overwritten may hold it. */
static void brute_range(const struct program_op *range, const struct program_op *op)
{
    uint32_t *copied = calloc(range->c + 1u, sizeof *copied);
    for (uint32_t i = 0; i < range->c; i++) {
        uint32_t value = op->code == PROGRAM_FILL ? op->a : brute.objects[op->a - 1].fields[op->b + i];
        brute_put(&copied[i], value);
    }
    for (uint32_t i = 0; i < range->c; i++)
        brute_put(&brute.objects[range->a - 1].fields[range->b + i], copied[i]);
    for (uint32_t i = 0; i < range->c; i++)
        brute_put(&copied[i], 0);
    free(copied);
}

static void brute_step(const struct program *program, const struct program_op *op)
{
    uint32_t moved;
    switch (op->code) {
    case PROGRAM_ENTER:
        brute.frames[brute.depth++] = brute.top;
        memset(brute.slots + brute.top, 0, op->a * sizeof *brute.slots);
        brute.top += op->a;
        break;
    case PROGRAM_LEAVE:
        brute_leave();
        break;
    case PROGRAM_NEW:
        brute_new(program, op);
        break;
    case PROGRAM_SET:
        brute_put(&brute.slots[op->a], op->b);
        break;
    case PROGRAM_MOVE:
        moved = brute.slots[op->b];
        brute_put(&brute.slots[op->a], moved);
        brute_put(&brute.slots[op->b], 0);
        break;
    case PROGRAM_DEL:
        brute_put(&brute.slots[op->a], 0);
        break;
    case PROGRAM_STORE:
        brute_put(&brute.objects[op->a - 1].fields[op->b], op->c);
        break;
    case PROGRAM_CLEAR:
        brute_put(&brute.objects[op->a - 1].fields[op->b], 0);
        break;
    case PROGRAM_FILL:
    case PROGRAM_COPY:
        brute_range(op - 1, op);
        break;
    default:
        break;
    }
}

static void brute_look(uint32_t now)
{
    uint32_t pending = 0;
    for (uint32_t i = 0; i < brute.count; i++)
        brute.objects[i].seen = false;
    for (uint32_t slot = 0; slot < brute.top; slot++)
        brute.stack[pending++] = brute.slots[slot];
    while (pending > 0) {
        uint32_t operand = brute.stack[--pending];
        if (!operand || brute.objects[operand - 1].seen)
            continue;
        struct brute_object *object = &brute.objects[operand - 1];
        object->seen = true;
        for (uint64_t i = 0; i < object->field_count; i++)
            if (object->fields[i] && !brute.objects[object->fields[i] - 1].seen)
                brute.stack[pending++] = object->fields[i];
    }
    for (uint32_t i = 0; i < brute.count; i++)
        if (!brute.objects[i].seen && brute.objects[i].death == DEATHS_NEVER)
            brute.objects[i].death = now;
}

static void brute_run(const struct program *plain)
{
    uint64_t slots = plain->globals + 1;
    uint64_t edges = 0;
    for (uint64_t i = 0; i < plain->op_count; i++)
        slots += plain->ops[i].code == PROGRAM_ENTER ? plain->ops[i].a : 0;
    for (uint64_t i = 0; i < plain->op_count; i++)
        edges += plain->ops[i].code == PROGRAM_NEW
                     ? gc_shape_refs(&plain->shapes[plain->ops[i].b], plain->ops[i].c)
                     : 0;
    brute = (struct brute){.objects = calloc(plain->op_count + 1, sizeof *brute.objects),
                           .slots = calloc(slots, sizeof *brute.slots),
                           .top = plain->globals,
                           .frames = calloc(plain->op_count + 1, sizeof *brute.frames),
                           .stack = calloc(slots + edges, sizeof *brute.stack)};
    for (uint64_t i = 0; i < plain->op_count; i++) {
        brute_step(plain, &plain->ops[i]);
        brute_look((uint32_t)i);
    }
}

static void brute_free(void)
{
    for (uint32_t i = 0; i < brute.count; i++)
        free(brute.objects[i].fields);
    free(brute.objects);
    free(brute.slots);
    free(brute.frames);
    free(brute.stack);
}

/* ---- the two compared ---- */

struct tally {
    uint64_t acyclic, cyclic, survivors, wrong, refused, different;
};

static void compare_object(uint32_t i, const struct deaths_object *found, struct tally *tally)
{
    const struct brute_object *truth = &brute.objects[i];
    bool cyclic = truth->death != DEATHS_NEVER && !truth->gone;
    tally->cyclic += cyclic;
    tally->acyclic += truth->gone;
    tally->survivors += truth->death == DEATHS_NEVER;
    if (found->death == truth->death && found->cyclic == cyclic)
        return;
    if (tally->wrong++ == 0)
        tap_note("object #%u dies at %d, not %d; cyclic: %d, not %d", i + 1, (int)truth->death,
                 (int)found->death, cyclic, found->cyclic);
}

/* The program with its FREEs is one that the reader takes, and without them is what it was. */
static void compare_written(const struct program *plain, const struct deaths *deaths, struct tally *tally)
{
    struct program marked, read, again;
    char error[PROGRAM_ERROR_BYTES] = "";
    assert(deaths_insert(plain, deaths, &marked) == 0);
    struct test_file file = test_file_write(&marked, program_write);
    if (program_read(file.bytes, file.count, LIMIT, &read, error) < 0) {
        tap_note("%s", error);
        tally->refused++;
    } else {
        assert(deaths_plain(&read, &again) == 0);
        tally->different += again.op_count != plain->op_count ||
                            memcmp(again.ops, plain->ops, plain->op_count * sizeof *plain->ops) != 0;
        program_free(&again);
        program_free(&read);
    }
    free(file.bytes);
    program_free(&marked);
}

static void compare_seed(uint64_t seed, double ranges, struct tally *tally)
{
    struct dials dials = programs_dials(seed, seed % 2);
    struct program program, plain;
    struct deaths deaths;
    dials.ranges = ranges;
    assert(generator_make(seed, &dials, NULL, NULL, &program) == 0);
    assert(deaths_plain(&program, &plain) == 0 && deaths_find(&plain, &deaths) == 0);
    brute_run(&plain);
    tally->wrong += deaths.count != brute.count;
    for (uint32_t i = 0; i < brute.count; i++)
        compare_object(i, &deaths.objects[i], tally);
    compare_written(&plain, &deaths, tally);
    brute_free();
    deaths_free(&deaths);
    program_free(&plain);
    program_free(&program);
}

static void test_against_brute_force(void)
{
    struct tally tally = {0};
    for (uint64_t seed = 0; seed < PROGRAMS; seed++)
        compare_seed(seed, 0, &tally);
    tap_equal((int64_t)tally.wrong, 0,
              "every object of 400 programs dies when brute force says, and as it says");
    tap_ok(tally.acyclic > 1000 && tally.cyclic > 1000 && tally.survivors > 1000,
           "some by counting (%" PRIu64 "), some on cycles (%" PRIu64 "), some never (%" PRIu64 ")",
           tally.acyclic, tally.cyclic, tally.survivors);
    tap_equal((int64_t)tally.refused, 0, "the reader takes every program with its deaths written in");
    tap_equal((int64_t)tally.different, 0, "which without them is the program it was");
}

/* What a range that is written held dies with the operation, and what a copy took from the dead lives. */
static void test_ranges_against_brute_force(void)
{
    struct tally tally = {0};
    for (uint64_t seed = 0; seed < PROGRAMS / 4; seed++)
        compare_seed(seed, 0.4, &tally);
    tap_equal((int64_t)tally.wrong, 0, "so does every object of 100 programs that write ranges");
    tap_ok(tally.acyclic > 1000 && tally.cyclic > 1000,
           "by counting (%" PRIu64 ") and on cycles (%" PRIu64 ")", tally.acyclic, tally.cyclic);
    tap_equal((int64_t)(tally.refused + tally.different), 0, "and those read back with their deaths");
}

/* ---- by hand ---- */

/* The program with its deaths, as text, to be freed; what stands before the first operation left out. */
static char *marked_text(const char *text)
{
    struct program program = test_program(text), plain, marked;
    struct deaths deaths;
    assert(deaths_plain(&program, &plain) == 0 && deaths_find(&plain, &deaths) == 0);
    assert(deaths_insert(&plain, &deaths, &marked) == 0);
    char *written = (char *)test_file_write(&marked, program_text_write).bytes;
    memmove(written, strstr(written, "\nenter") + 1, strlen(strstr(written, "\nenter") + 1) + 1);
    program_free(&marked);
    program_free(&plain);
    program_free(&program);
    deaths_free(&deaths);
    return written;
}

#define BEGIN "gcp 1\nglobals 1\nshape node refs=2 payload=0\n"

static void test_by_hand(void)
{
    static const struct {
        const char *text;
        const char *marked;
        const char *sentence;
    } rows[] = {
        {BEGIN "enter 1\nnew 0 node\nnew 0 node\ndel 0\nleave\n",
         "enter 1\nnew 0 node # #1\nnew 0 node # #2\nfree #1\ndel 0\nfree #2\nleave\n",
         "a name rebound and a name deleted"},
        {BEGIN "enter 1\nnew 0 node\nstore #1 0 #1\ndel 0\nleave\n",
         "enter 1\nnew 0 node # #1\nstore #1 0 #1\ndel 0\nfree #1\nleave\n",
         "an object that refers to itself dies with its last name"},
        {BEGIN "enter 2\nnew 0 node\nnew 1 node\nstore #1 0 #2\nstore #2 0 #1\ndel 0\ndel 1\nleave\n",
         "enter 2\nnew 0 node # #1\nnew 1 node # #2\nstore #1 0 #2\nstore #2 0 #1\ndel 0\ndel 1\nfree #1\n"
         "free #2\nleave\n",
         "a ring dies whole, with the last of its names"},
        {BEGIN "enter 2\nnew 0 node\nstore #1 0 #1\nnew 1 node\nstore #1 1 #2\ndel 1\ndel 0\nleave\n",
         "enter 2\nnew 0 node # #1\nstore #1 0 #1\nnew 1 node # #2\nstore #1 1 #2\ndel 1\ndel 0\nfree #1\n"
         "free #2\nleave\n",
         "what hangs off a ring dies with it, though it lost its name before"},
        {BEGIN "enter 2\nnew 0 node\nnew 1 node\nstore #1 0 #2\nstore #2 0 #1\nset g0 #2\nleave\ndel g0\n",
         "enter 2\nnew 0 node # #1\nnew 1 node # #2\nstore #1 0 #2\nstore #2 0 #1\nset g0 #2\nleave\ndel g0\n"
         "free #1\nfree #2\n",
         "one name keeps a ring past the end of its function"},
        {BEGIN "enter 2\nnew 0 node\nnew g0 node\nstore #2 0 #1\n",
         "enter 2\nnew 0 node # #1\nnew g0 node # #2\nstore #2 0 #1\nleave\n",
         "what a global reaches is never freed, and a frame left open is left"},
        {BEGIN
         "enter 2\nnew 0 node\nstore #1 0 #1\nnew 1 node\nstore #2 0 #2\nstore #1 1 #2\ndel 1\nclear #1 1\n"
         "leave\n",
         "enter 2\nnew 0 node # #1\nstore #1 0 #1\nnew 1 node # #2\nstore #2 0 #2\nstore #1 1 #2\ndel 1\n"
         "clear #1 1\nfree #2\nleave\nfree #1\n",
         "a ring cut off another dies at the cut"},
        {BEGIN "enter 2\nnew 0 node\nstore #1 0 #1\nmove 1 0\nnew 0 node\nleave\n",
         "enter 2\nnew 0 node # #1\nstore #1 0 #1\nmove 1 0\nnew 0 node # #2\nleave\nfree #1\nfree #2\n",
         "moving a name kills nothing, and one operation may kill by counting and on a cycle"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *marked = marked_text(rows[i].text);
        tap_same(marked, rows[i].marked, rows[i].sentence);
        free(marked);
    }
}

static void test_uses(void)
{
    struct program program = test_program(BEGIN "enter 2\n"       /* 0 */
                                                "new 0 node\n"    /* 1 */
                                                "new 1 node\n"    /* 2 */
                                                "store #1 0 #2\n" /* 3 */
                                                "del 1\n"         /* 4 */
                                                "get #1 0\n"      /* 5 */
                                                "collect full\n"  /* 6 */
                                                "move 1 0\n"      /* 7 */
                                                "checkpoint\n"    /* 8 */
                                                "leave\n");       /* 9 */
    struct deaths deaths;
    assert(deaths_find(&program, &deaths) == 0);
    tap_equal(deaths.objects[0].last_use, 7, "handing an object over is a use of it");
    tap_equal(deaths.objects[1].last_use, 5, "finding one in a field is, losing a name is not");
    tap_ok(deaths.objects[0].death == 9 && deaths.objects[1].death == 9, "both die with the frame");
    uint64_t *clock = deaths_clock(&program);
    tap_ok(clock[0] == 0 && clock[1] == 24 && clock[2] == 48 && clock[9] == 48,
           "the clock counts bytes of objects");
    free(clock);
    deaths_free(&deaths);
    program_free(&program);
}

/* A list of rings, each made and dropped: time has to grow with the program, not with its square. */
static void test_linear(void)
{
    enum { RINGS = 300000 };
    struct program program = test_program(BEGIN "enter 2\n");
    struct program plain;
    struct deaths deaths;
    uint64_t at_once = 0;
    for (uint32_t i = 1; i <= RINGS; i++) {
        assert(program_add(&program, (struct program_op){PROGRAM_NEW, 1, 0, 0}) == 0);
        assert(program_add(&program, (struct program_op){PROGRAM_STORE, i, 0, i}) == 0);
        if (i > 1)
            assert(program_add(&program, (struct program_op){PROGRAM_STORE, i, 1, i - 1}) == 0);
        assert(program_add(&program, (struct program_op){PROGRAM_MOVE, 2, 1, 0}) == 0);
    }
    assert(deaths_plain(&program, &plain) == 0 && deaths_find(&plain, &deaths) == 0);
    for (uint32_t i = 0; i < deaths.count; i++)
        at_once += deaths.objects[i].death == plain.op_count - 1 && deaths.objects[i].cyclic;
    tap_equal((int64_t)at_once, RINGS, "300000 rings in a chain die at once, with the end of their frame");
    deaths_free(&deaths);
    program_free(&plain);
    program_free(&program);
}

int main(void)
{
    test_by_hand();
    test_uses();
    test_against_brute_force();
    test_ranges_against_brute_force();
    test_linear();
    return tap_done();
}
