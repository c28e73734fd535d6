/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a program, in both forms. What is taken is written in both, and read again it is the same. Its
 * deaths are found unless it has finalisers, and the program that says them is valid.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program/deaths.h"
#include "program/program-text.h"
#include "tests/measuring/fuzz/scratch.h"

enum { MEMORY_LIMIT = 1 << 24, OPERATIONS_MOST = 1 << 14 };

static bool is_same(const struct program *a, const struct program *b)
{
    return a->globals == b->globals && a->shape_count == b->shape_count && a->op_count == b->op_count &&
           (a->op_count == 0 || memcmp(a->ops, b->ops, a->op_count * sizeof(*a->ops)) == 0);
}

/* Writes the program by `write`; the caller frees what is returned. */
static char *written(const struct program *program, int (*write)(const struct program *, FILE *),
                     size_t *ret_size)
{
    char *text = NULL;
    FILE *stream = open_memstream(&text, ret_size);
    FUZZ_EXPECT(write(program, stream) == 0);
    FUZZ_EXPECT(fclose(stream) == 0);
    return text;
}

static void binary_again(const struct program *program)
{
    char error[PROGRAM_ERROR_BYTES];
    size_t size;
    struct program again;
    char *bytes = written(program, program_write, &size);
    FUZZ_EXPECT(program_read((const uint8_t *)bytes, size, MEMORY_LIMIT, &again, error) == 0);
    FUZZ_EXPECT(is_same(program, &again));
    program_free(&again);
    free(bytes);
}

static int text_read(const char *text, size_t size, struct program *ret_program)
{
    char error[PROGRAM_ERROR_BYTES] = "";
    FILE *stream = fmemopen((void *)text, size, "r");
    int status = program_text_read(stream, "fuzz", MEMORY_LIMIT, ret_program, error);
    fclose(stream);
    FUZZ_EXPECT(status == 0 || (error[0] && !strchr(error, '\n')));
    return status;
}

static void text_again(const struct program *program)
{
    size_t size;
    struct program again;
    char *text = written(program, program_text_write, &size);
    FUZZ_EXPECT(text_read(text, size, &again) == 0);
    FUZZ_EXPECT(is_same(program, &again));
    program_free(&again);
    free(text);
}

static void deaths_again(const struct program *program)
{
    struct program plain, told;
    struct deaths deaths;
    FUZZ_EXPECT(deaths_plain(program, &plain) == 0);
    int error = deaths_find(&plain, &deaths);
    FUZZ_EXPECT((error < 0) == program_is_finalising(program));
    if (!error) {
        FUZZ_EXPECT(deaths_insert(&plain, &deaths, &told) == 0);
        binary_again(&told);
        program_free(&told);
    }
    deaths_free(&deaths);
    program_free(&plain);
}

static void look(struct program *program)
{
    if (program->op_count <= OPERATIONS_MOST) {
        binary_again(program);
        text_again(program);
        deaths_again(program);
    }
    program_free(program);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    char error[PROGRAM_ERROR_BYTES] = "";
    struct program program;
    if (program_read(bytes, count, MEMORY_LIMIT, &program, error) == 0)
        look(&program);
    else
        FUZZ_EXPECT(error[0] && !strchr(error, '\n'));
    if (count && text_read((const char *)bytes, count, &program) == 0)
        look(&program);
    return 0;
}
