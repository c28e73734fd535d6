/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "harness/stress/patterns.h"
#include "tests/tap.h"
#include "tests/truth/stress/programs.h"

enum { PROGRAMS = 300 };

/* Some of each kind, whatever collectors there are. */
static struct boundaries boundaries;
#define BOUNDARIES                                                                                           \
    "bytes=8,16,24,32,40,64,72,512,576,4096,16384,65535,2097152 refs=8,256,65535 fan-in=127,255,65535 "      \
    "objects=48,64,255,8192 fill=4096,32704,8388608 roots=48,255,8191 slots=255,65535 frames=255 "           \
    "globals=255 shapes=256,65535"

static bool makes_same(uint64_t seed, const struct dials *dials)
{
    struct program one, two;
    assert(generator_make(seed, dials, &boundaries, NULL, &one) == 0 &&
           generator_make(seed, dials, &boundaries, NULL, &two) == 0);
    struct test_file first = test_file_write(&one, program_write);
    struct test_file second = test_file_write(&two, program_write);
    bool same = first.count == second.count && memcmp(first.bytes, second.bytes, first.count) == 0;
    free(first.bytes);
    free(second.bytes);
    program_free(&one);
    program_free(&two);
    return same;
}

static bool reads_back(uint64_t seed, const struct dials *dials, uint64_t *codes)
{
    struct program made, read;
    char error[PROGRAM_ERROR_BYTES] = "";
    assert(generator_make(seed, dials, &boundaries, NULL, &made) == 0);
    struct test_file file = test_file_write(&made, program_write);
    bool valid = program_read(file.bytes, file.count, UINT64_MAX, &read, error) == 0;
    if (!valid)
        tap_note("seed %" PRIu64 ": %s", seed, error);
    valid = valid && read.op_count == made.op_count;
    for (uint64_t i = 0; valid && i < read.op_count; i++) {
        valid = memcmp(&read.ops[i], &made.ops[i], sizeof read.ops[i]) == 0;
        codes[read.ops[i].code]++;
    }
    program_free(&read);
    program_free(&made);
    free(file.bytes);
    return valid;
}

static struct dials dials_of(uint64_t seed)
{
    return programs_dials(seed, seed % 2);
}

static void test_programs(void)
{
    uint64_t codes[PROGRAM_CODES] = {0};
    bool same = true, valid = true;
    for (uint64_t seed = 0; seed < PROGRAMS; seed++) {
        struct dials dials = dials_of(seed);
        same &= makes_same(seed, &dials);
        valid &= reads_back(seed, &dials, codes);
    }
    tap_ok(same, "the same seed and dials make the same program");
    tap_ok(valid, "the reader accepts what the generator makes, and reads the same");
    for (uint32_t code = PROGRAM_ENTER; code <= PROGRAM_COUNT; code++)
        tap_ok(codes[code] > 100, "programs have the operation %s (%" PRIu64 ")", program_codes[code].word,
               codes[code]);
}

/*
 * The same on any machine and with any compiler; else a seed that somebody reports is worth nothing. Whoever
 * changes the generator changes the hash.
 */
static void test_portable(void)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (uint64_t seed = 0; seed < PROGRAMS; seed++) {
        struct dials dials = dials_of(seed);
        struct program program;
        assert(generator_make(seed, &dials, &boundaries, NULL, &program) == 0);
        struct test_file file = test_file_write(&program, program_write);
        for (size_t i = 0; i < file.count; i++)
            hash = (hash ^ file.bytes[i]) * 0x100000001b3u;
        free(file.bytes);
        program_free(&program);
    }
    if (!tap_ok(hash == 0xfcda46c8c8673995u, "a seed makes the program that it makes everywhere"))
        tap_note("the first %d make programs of hash %016" PRIx64, PROGRAMS, hash);
}

/* Programs of phases: what they are made for. Returns the most objects that lived in a quarter of the
 * program. */
static uint64_t most_live(const struct program *program, uint64_t quarter)
{
    struct model model;
    struct model_places places;
    uint64_t most = 0;
    assert(model_open(&model, program->shapes, program->shape_count, program->globals, UINT64_MAX) == 0);
    for (uint64_t i = 0; i < program->op_count; i++) {
        assert(!model_apply(&model, &program->ops[i], &places));
        if (i * 4 / program->op_count == quarter && model.live > most)
            most = model.live;
    }
    model_close(&model);
    return most;
}

static void test_phases(void)
{
    struct dials dials;
    struct program program;
    bool same = true, valid = true, large = true, level = true, asks = false;
    option_table_defaults(&dials_table, &dials);
    dials.operations = 60000;
    dials.steady = 100;
    dials.ring = 10;
    dials.cyclic = 0; /* so that the model's counts say what lives */
    dials.collects = dials.checkpoints = dials.counts = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        uint64_t codes[PROGRAM_CODES] = {0};
        same &= makes_same(seed, &dials);
        valid &= reads_back(seed, &dials, codes);
        asks |= codes[PROGRAM_COLLECT] > 0;
        assert(generator_make(seed, &dials, &boundaries, NULL, &program) == 0);
        uint64_t first = most_live(&program, 0), last = most_live(&program, 3);
        large &= first >= dials.steady;
        level &= last < first * 3 / 2 && first < last * 3 / 2;
        program_free(&program);
    }
    tap_ok(same && valid, "programs of phases are valid, and the same each time");
    tap_ok(large, "each of their names holds a structure at the peak");
    tap_ok(level, "the last quarter holds about as much as the first");
    tap_ok(!asks, "and nobody asks for a collection");
}

/* Programs of phases without rings and leaves: nothing refers to anything. */
static void test_refless(void)
{
    struct dials dials;
    bool valid = true, stores = false;
    option_table_defaults(&dials_table, &dials);
    dials.operations = 5000;
    dials.steady = 50;
    dials.ring = 1;
    dials.cyclic = dials.acyclic = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        uint64_t codes[PROGRAM_CODES] = {0};
        valid &= reads_back(seed, &dials, codes) && codes[PROGRAM_NEW] > 500;
        stores |= codes[PROGRAM_STORE] > 0;
    }
    tap_ok(valid && !stores, "with structures of one object and no leaves, no object ever holds a reference");
}

/* The bytes of the largest object of a program. */
static uint64_t largest(const struct program *program)
{
    uint64_t most = 0;
    for (uint64_t i = 0; i < program->op_count; i++) {
        const struct program_op *op = &program->ops[i];
        uint64_t bytes = op->code == PROGRAM_NEW ? gc_shape_bytes(&program->shapes[op->b], op->c) : 0;
        most = bytes > most ? bytes : most;
    }
    return most;
}

static void test_waves(void)
{
    struct dials dials;
    struct program program;
    bool same = true, valid = true, large = true;
    option_table_defaults(&dials_table, &dials);
    dials.operations = 4000;
    dials.waves = 200;
    dials.bytes = 4000;
    for (uint64_t seed = 0; seed < 20; seed++) {
        uint64_t codes[PROGRAM_CODES] = {0};
        same &= makes_same(seed, &dials);
        valid &= reads_back(seed, &dials, codes) && codes[PROGRAM_LEAVE] >= 5;
        assert(generator_make(seed, &dials, &boundaries, NULL, &program) == 0);
        large &= largest(&program) > 10 * dials.bytes;
        program_free(&program);
    }
    tap_ok(same && valid, "programs of waves are valid, and the same each time");
    tap_ok(large, "an object takes the room of many");
}

static void test_options(void)
{
    bool same = true;
    for (uint64_t seed = 0; seed < PROGRAMS; seed++) {
        char text[OPTIONS_TEXT_BYTES], error[OPTION_ERROR_BYTES];
        struct dials drawn = dials_of(seed), read;
        options_print(&dials_table, &drawn, text);
        option_table_defaults(&dials_table, &read);
        same &= option_table_parse(&dials_table, text, &read, error) == 0 &&
                memcmp(&drawn, &read, sizeof read) == 0;
    }
    tap_ok(same, "drawn dials print as text that reads back as the same dials");
}

static void test_boundaries(void)
{
    struct boundaries read;
    struct coverage coverage;
    char *text = boundaries_text(&boundaries);
    tap_ok(strcmp(text, BOUNDARIES) == 0, "a list of boundaries prints as it was read");
    free(text);
    static const char *const wrong[] = {"bytes",  "bytes=",     "bytes=x", "bytes=1;",
                                        "byte=1", "bytes=1 =2", "bytes=1,"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        tap_ok(boundaries_read(wrong[i], &read) < 0, "'%s' is no such list", wrong[i]);
        boundaries_free(&read);
    }
    coverage_open(&coverage, &boundaries);
    for (uint64_t seed = 0; seed < 2 * PROGRAMS; seed++) {
        struct dials dials = dials_of(seed);
        struct program program;
        assert(generator_make(seed, &dials, &boundaries, &coverage, &program) == 0);
        program_free(&program);
    }
    for (size_t i = 0; i < boundaries.count; i++) {
        const struct boundary *boundary = &boundaries.items[i];
        for (int place = COVERAGE_BELOW; place <= COVERAGE_ABOVE; place++)
            if (coverage_is_small(boundary) && coverage_is_possible(boundary, (enum coverage_place)place))
                tap_ok(coverage.hits[i] >> place & 1, "programs come %s %s %" PRIu64,
                       place == COVERAGE_AT ? "to" : coverage_words[place], boundary_words[boundary->kind],
                       boundary->value);
    }
    coverage_close(&coverage);
}

/* Nothing that is drawn from boundaries is left where there are none. */
static void test_without(void)
{
    struct dials dials;
    bool made = true;
    option_table_defaults(&dials_table, &dials);
    for (uint64_t seed = 0; seed < PROGRAMS / 10; seed++) {
        struct program program;
        made &=
            generator_make(seed, &dials, NULL, NULL, &program) == 0 && program.op_count >= dials.operations;
        program_free(&program);
    }
    tap_ok(made, "programs need no boundaries");
}

/* Programs of few and of many shapes. */
static void test_shapes(void)
{
    static const uint64_t counts[] = {1, 2, 3, 9, 10, 11, 300, 65534};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct dials dials;
        struct program program;
        uint64_t codes[PROGRAM_CODES] = {0};
        option_table_defaults(&dials_table, &dials);
        dials.shapes = counts[i];
        assert(generator_make(3, &dials, NULL, NULL, &program) == 0);
        tap_ok(program.shape_count == counts[i] && reads_back(3, &dials, codes) && codes[PROGRAM_NEW] > 10,
               "a program may have %" PRIu64 " shapes", counts[i]);
        program_free(&program);
    }
}

/* Programs with finalisers and weak references; they have answers to everything that they ask. */
static void test_attended(void)
{
    uint64_t codes[PROGRAM_CODES] = {0};
    bool valid = true;
    for (uint64_t seed = 0; seed < PROGRAMS / 4; seed++) {
        struct dials dials = dials_of(seed);
        dials.attended = 0.3;
        valid &= reads_back(seed, &dials, codes);
    }
    tap_ok(valid, "the reader accepts programs with finalisers and weak references");
    for (uint32_t code = PROGRAM_FINALISE; code <= PROGRAM_CALLED; code++)
        tap_ok(codes[code] > 100, "and they have the operation %s (%" PRIu64 ")", program_codes[code].word,
               codes[code]);
    tap_ok(codes[PROGRAM_CHECKPOINT] > PROGRAMS / 4, "and checkpoints");
}

/* Programs that write ranges: some of nothing, some of an object over itself. */
static void test_ranges(void)
{
    uint64_t codes[PROGRAM_CODES] = {0};
    bool valid = true;
    for (uint64_t seed = 0; seed < PROGRAMS / 4; seed++) {
        struct dials dials = dials_of(seed);
        dials.ranges = 0.3;
        valid &= reads_back(seed, &dials, codes);
    }
    tap_ok(valid, "the reader accepts programs that write ranges");
    for (uint32_t code = PROGRAM_RANGE; code <= PROGRAM_COPY; code++)
        tap_ok(codes[code] > 100, "and they have the operation %s (%" PRIu64 ")", program_codes[code].word,
               codes[code]);
    tap_ok(codes[PROGRAM_FILL] + codes[PROGRAM_COPY] > codes[PROGRAM_RANGE] * 9 / 10,
           "most ranges are written: some objects may not hold what was drawn");
}

/* What the checkpoints of programs see while something is frozen. */
struct frozen_sight {
    uint64_t checkpoints;
    uint64_t known;     /* it is known to the object what a collector holds that freezes */
    uint64_t dead;      /* of them: it holds what does not live */
    uint64_t finalised; /* FINALISEs */
};

static void look_frozen(const struct program *program, struct frozen_sight *sight)
{
    struct model model;
    struct model_places places;
    struct model_held least, most;
    assert(model_open(&model, program->shapes, program->shape_count, program->globals, UINT64_MAX) == 0);
    for (uint64_t i = 0; i < program->op_count; i++) {
        uint32_t code = program->ops[i].code;
        assert(model_apply(&model, &program->ops[i], &places) == NULL);
        sight->finalised += model.frozen && code == PROGRAM_FINALISE;
        if (!model.frozen || code != PROGRAM_CHECKPOINT)
            continue;
        assert(model_hold(&model, MODEL_FROZEN_SURELY, &least) == 0 &&
               model_hold(&model, MODEL_FROZEN_MAYBE, &most) == 0);
        sight->checkpoints++;
        sight->known += least.objects == most.objects;
        sight->dead += least.objects > model_reachable(&model);
    }
    model_close(&model);
}

static void test_frozen(void)
{
    uint64_t codes[PROGRAM_CODES] = {0};
    struct frozen_sight sight = {0};
    bool valid = true;
    for (uint64_t seed = 0; seed < PROGRAMS / 4; seed++) {
        struct dials dials = dials_of(seed);
        struct program program;
        dials.freezes = 0.5;
        dials.attended = seed % 3 == 0 ? 0.2 : 0;
        valid &= reads_back(seed, &dials, codes);
        assert(generator_make(seed, &dials, &boundaries, NULL, &program) == 0);
        look_frozen(&program, &sight);
        program_free(&program);
    }
    tap_ok(valid, "the reader accepts programs that freeze");
    tap_ok(codes[PROGRAM_FREEZE] > 100 && codes[PROGRAM_UNFREEZE] > 100, "they freeze and unfreeze");
    tap_ok(sight.checkpoints > 100 && sight.finalised > 10,
           "while something is frozen they look and finalise (%" PRIu64 ", %" PRIu64 ")", sight.checkpoints,
           sight.finalised);
    tap_ok(sight.known > sight.checkpoints / 2, "mostly it is known to the object what is held (%" PRIu64 ")",
           sight.known);
    tap_ok(sight.dead > sight.checkpoints / 4, "often more than what lives (%" PRIu64 ")", sight.dead);
}

int main(void)
{
    assert(boundaries_read(BOUNDARIES, &boundaries) == 0);
    test_programs();
    test_boundaries();
    test_without();
    test_shapes();
    test_attended();
    test_ranges();
    test_frozen();
    test_portable();
    test_phases();
    test_refless();
    test_waves();
    test_options();
    boundaries_free(&boundaries);
    return tap_done();
}
