/* SPDX-License-Identifier: MIT */
#include "harness/stress/fingerprint.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/stress/generator.h"
#include "harness/stress/line.h"
#include "harness/stress/recipe.h"
#include "harness/stress/work-line.h"

enum {
    SEEDS = 8,          /* programs whose dials the seed draws */
    RECIPE_SIZE = 5,    /* n of the program of a recipe */
    OPERATIONS = 2000,  /* of a program of phases, of waves or of a recipe, at most */
    STRUCTURES = 20,    /* that a program of phases holds */
    WAVE_OBJECTS = 100, /* of a wave */
};

/* At which sizes these programs look for mistakes by one. */
static const char some_boundaries[] =
    "bytes=24,512,4096 refs=3,8,256 fan-in=7,255 objects=9,64 fill=512,4096 "
    "roots=5 slots=4,9 frames=6 globals=3 shapes=12";

/* ---- folding ---- */

static uint64_t fold(uint64_t digest, uint64_t number)
{
    uint64_t z = (digest ^ number) * 0x9e3779b97f4a7c15u;
    return z ^ z >> 29;
}

static uint64_t fold_text(uint64_t digest, const char *text)
{
    for (; *text; text++)
        digest = fold(digest, (uint64_t)(unsigned char)*text);
    return fold(digest, 0);
}

static uint64_t fold_real(uint64_t digest, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return fold(digest, bits);
}

static uint64_t fold_table(uint64_t digest, const struct option_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct option_spec *option = &table->options[i];
        digest = fold(fold_text(digest, option->name), (uint64_t)option->type);
        digest = fold_real(fold_real(fold_real(digest, option->standard), option->min), option->max);
        for (const char *const *word = option->choices; word && *word; word++)
            digest = fold_text(digest, *word);
    }
    return digest;
}

static uint64_t fold_program(uint64_t digest, const struct program *program)
{
    digest = fold(digest, program->globals);
    for (uint32_t i = 0; i < program->shape_count; i++) {
        const struct gc_shape *shape = &program->shapes[i];
        digest = fold(fold(fold(digest, shape->flags), shape->refs), shape->payload);
        digest = fold(digest, shape->external);
    }
    for (uint64_t i = 0; i < program->op_count; i++) {
        const struct program_op *op = &program->ops[i];
        digest = fold(fold(fold(fold(digest, op->code), op->a), op->b), op->c);
    }
    return digest;
}

/* ---- what the two must agree on ---- */

/* Options and columns. */
static uint64_t fold_interface(uint64_t digest)
{
#define FOLD_NAME(name) digest = fold_text(digest, #name);
    LINE_COLUMNS(FOLD_NAME)
    WORK_COLUMNS(FOLD_NAME)
#undef FOLD_NAME
    return fold_table(fold_table(digest, &dials_table), &conditions_table);
}

/* Folds the program of a seed. Returns 0, or -1 without memory. */
static int fold_seed(uint64_t seed, const struct dials *dials, const struct boundaries *boundaries,
                     uint64_t *digest)
{
    struct program program;
    if (generator_make(seed, dials, boundaries, NULL, &program) < 0)
        return -1;
    *digest = fold_program(*digest, &program);
    program_free(&program);
    return 0;
}

/* Programs of patterns, of phases and of waves. */
static int fold_generator(const struct boundaries *boundaries, uint64_t *digest)
{
    struct dials standard;
    struct conditions conditions;
    int status = 0;
    option_table_defaults(&dials_table, &standard);
    option_table_defaults(&conditions_table, &conditions);
    conditions.swarm = true;
    for (uint64_t seed = 0; seed < SEEDS && status == 0; seed++) {
        struct dials drawn = generator_dials(seed, &standard, &conditions);
        status = fold_seed(seed, &drawn, boundaries, digest);
    }
    struct dials dials = standard;
    dials.operations = OPERATIONS;
    dials.steady = STRUCTURES;
    if (status == 0)
        status = fold_seed(SEEDS, &dials, boundaries, digest);
    dials.steady = 0;
    dials.waves = WAVE_OBJECTS;
    return status == 0 ? fold_seed(SEEDS + 1, &dials, boundaries, digest) : status;
}

/* The program of each step of a recipe, behind what some steps need. */
static int fold_recipes(uint64_t *digest)
{
    for (uint32_t verb = 0; verb < recipe_verb_count; verb++) {
        char text[RECIPE_TEXT_BYTES], error[PROGRAM_ERROR_BYTES];
        struct recipe recipe;
        struct program program;
        snprintf(text, sizeof text, "list:n; table:n; fill:n; hub:3; 2*%s:n", recipe_verbs[verb].name);
        if (recipe_parse(text, &recipe, error) < 0 ||
            recipe_build(&recipe, RECIPE_SIZE, OPERATIONS, &program, NULL) < 0)
            return -1;
        *digest = fold_program(fold_text(*digest, recipe_verbs[verb].name), &program);
        program_free(&program);
    }
    return 0;
}

int fingerprint_make(char ret_line[static FINGERPRINT_BYTES])
{
    struct boundaries boundaries;
    uint64_t digest = fold_interface(1);
    int status = boundaries_read(some_boundaries, &boundaries);
    if (status == 0)
        status = fold_generator(&boundaries, &digest);
    boundaries_free(&boundaries);
    if (status == 0)
        status = fold_recipes(&digest);
    if (status == 0)
        snprintf(ret_line, FINGERPRINT_BYTES, "%016" PRIx64 "\n", digest);
    return status;
}

bool fingerprint_answer(int argc, char *const *argv)
{
    char line[FINGERPRINT_BYTES] = "";
    if (argc != 2 || strcmp(argv[1], FINGERPRINT_QUESTION) != 0)
        return false;
    if (fingerprint_make(line) == 0)
        fputs(line, stdout);
    return true;
}
