/* SPDX-License-Identifier: MIT */
/* Tests what filling and copying ranges means, and when it is valid. */
#include "program/test-operations.h"

enum { NODE, LEAF, ARRAY, TUPLE, ENTRY };
static const struct gc_shape shapes[] = {
    [NODE] = {.name = "node", .id = NODE, .refs = 2},
    [LEAF] = {.name = "leaf", .id = LEAF, .flags = GC_SHAPE_ACYCLIC, .refs = 1, .payload = 8},
    [ARRAY] = {.name = "array", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY},
    [TUPLE] = {.name = "tuple", .id = TUPLE, .flags = GC_SHAPE_ACYCLIC | GC_SHAPE_REFS_VARY},
    [ENTRY] = {.name = "entry",
               .id = ENTRY,
               .flags = GC_SHAPE_WEAK | GC_SHAPE_EPHEMERON,
               .refs = 2,
               .payload = GC_WEAK_BYTES},
};

/* The global names hold #1 and #2, arrays of `length` references; #1 has leaves #3 and so on, and #2 nothing. */
static void begin(uint32_t length)
{
    assert(model_open(&model, shapes, 4, 4, TEST_LIMIT) == 0);
    must(PROGRAM_NEW, 0, ARRAY, length);
    must(PROGRAM_NEW, 1, ARRAY, length);
    for (uint32_t i = 0; i < length; i++) {
        must(PROGRAM_NEW, 2, LEAF, 0);
        must(PROGRAM_STORE, 1, i, 3 + i);
    }
    must(PROGRAM_DEL, 2, 0, 0);
}

static bool holds(uint32_t object, const uint32_t *operands, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (model_field(&model, object - 1, i) != operands[i])
            return false;
    }
    return true;
}

static void test_fill(void)
{
    begin(5);
    must(PROGRAM_GET, 1, 2, 0);
    must(PROGRAM_RANGE, 1, 1, 3);
    must(PROGRAM_FILL, 5, 0, 0);
    tap_ok(holds(1, (uint32_t[]){3, 5, 5, 5, 7}, 5),
           "a range is filled with an object that a GET has found in it");
    tap_equal(model.objects[5 - 1].count, 3, "which has so many references then");
    tap_equal(model.live, 2 + 3, "what stood there is gone");
    must(PROGRAM_RANGE, 1, 0, 5);
    must(PROGRAM_FILL, PROGRAM_NULL, 0, 0);
    tap_equal(model.live, 2, "filling with null clears the range");
    model_close(&model);
}

static void test_copy(void)
{
    begin(5);
    must(PROGRAM_RANGE, 2, 0, 3);
    must(PROGRAM_COPY, 1, 2, 0);
    tap_ok(holds(2, (uint32_t[]){5, 6, 7, 0, 0}, 5), "a range of another object is copied");
    tap_equal(model.objects[5 - 1].count, 2, "what is copied has one reference more");
    must(PROGRAM_RANGE, 1, 1, 4);
    must(PROGRAM_COPY, 1, 0, 0);
    tap_ok(holds(1, (uint32_t[]){3, 3, 4, 5, 6}, 5), "a range is copied up over itself");
    must(PROGRAM_RANGE, 1, 0, 3);
    must(PROGRAM_COPY, 1, 2, 0);
    tap_ok(holds(1, (uint32_t[]){4, 5, 6, 5, 6}, 5), "and down");
    tap_equal(model.live, 2 + 4, "and only what is overwritten everywhere is gone");
    model_close(&model);
}

/* Only what the copy overwrites first holds the object that is copied. */
static void test_copy_from_the_dying(void)
{
    begin(3);
    must(PROGRAM_STORE, 2, 0, 1);
    must(PROGRAM_DEL, 0, 0, 0);
    must(PROGRAM_GET, 2, 0, 0);
    must(PROGRAM_RANGE, 2, 0, 3);
    must(PROGRAM_COPY, 1, 0, 0);
    tap_ok(holds(2, (uint32_t[]){3, 4, 5}, 3), "what is copied from may be overwritten");
    tap_equal(model.live, 1 + 3, "and is gone then, and what was copied lives");
    tap_equal(model.objects[3 - 1].count, 1, "by the copy alone");
    model_close(&model);
}

static void test_objections(void)
{
    static const char none[] = "a 'range' stands in front of it, which says what it writes";
    static const char outside[] = "the object has no such range";
    static const char not_held[] = "no slot holds the object, nor has a GET just found it";
    begin(3);
    tap_same(apply(PROGRAM_FILL, 1, 0, 0), none, "a fill needs a range");
    tap_same(apply(PROGRAM_COPY, 1, 0, 0), none, "and so does a copy");
    tap_same(apply(PROGRAM_RANGE, 1, 2, 2), outside, "a range lies in its object");
    tap_same(apply(PROGRAM_RANGE, 1, 4, 0), outside, "an empty one, too");
    tap_same(apply(PROGRAM_RANGE, 1, 2, UINT32_MAX), outside, "and one whose end would overflow");
    tap_same(apply(PROGRAM_RANGE, 3, 0, 0), not_held, "a range is of an object that may be used");
    must(PROGRAM_RANGE, 1, 3, 0);
    must(PROGRAM_FILL, 1, 0, 0);
    must(PROGRAM_RANGE, 1, 0, 2);
    tap_same(apply(PROGRAM_FILL, 4, 0, 0), not_held, "filling with what only a field holds");
    tap_same(apply(PROGRAM_COPY, 2, 2, 0), "the object has no such range to copy", "copying past the end");
    must(PROGRAM_COLLECT, 0, 0, 0);
    tap_same(apply(PROGRAM_FILL, 1, 0, 0), none, "another operation ends a range");
    must(PROGRAM_GET, 1, 0, 0);
    must(PROGRAM_RANGE, 1, 0, 1);
    must(PROGRAM_FILL, 3, 0, 0);
    tap_same(apply(PROGRAM_SET, 2, 3, 0), not_held, "a fill ends what a GET has found");
    must(PROGRAM_NEW, 2, TUPLE, 2);
    must(PROGRAM_RANGE, model.object_count, 0, 2);
    tap_same(apply(PROGRAM_FILL, 1, 0, 0), "an acyclic object holds acyclic objects only",
             "filling an acyclic object with what may be cyclic");
    tap_same(apply(PROGRAM_FILL, model.object_count, 0, 0), "an acyclic object would lie on a cycle",
             "or with itself");
    must(PROGRAM_COPY, 1, 0, 0);
    must(PROGRAM_STORE, 1, 0, 2);
    must(PROGRAM_RANGE, model.object_count, 0, 2);
    tap_same(apply(PROGRAM_COPY, 1, 0, 0), "an acyclic object holds acyclic objects only",
             "copying what may be cyclic into it");
    model_close(&model);
}

/* The value of an ephemeron is set and read with its key. */
static void test_ephemeron(void)
{
    static const char in_none[] = "the value of an ephemeron is set with its key, and is in no range";
    assert(model_open(&model, shapes, 5, 4, TEST_LIMIT) == 0);
    must(PROGRAM_NEW, 0, ENTRY, 0);
    must(PROGRAM_NEW, 1, ARRAY, 2);
    tap_same(apply(PROGRAM_RANGE, 1, 0, 1), in_none, "no range has the value of an ephemeron");
    must(PROGRAM_RANGE, 1, 0, 0);
    must(PROGRAM_RANGE, 1, 1, 1);
    must(PROGRAM_FILL, 2, 0, 0);
    must(PROGRAM_RANGE, 2, 0, 2);
    tap_same(apply(PROGRAM_COPY, 1, 0, 0), in_none, "and none is copied");
    must(PROGRAM_RANGE, 2, 0, 1);
    must(PROGRAM_COPY, 1, 1, 0);
    model_close(&model);
}

/* A program with ranges is of version 5, in both forms. */
static void test_version(void)
{
    char error[PROGRAM_ERROR_BYTES];
    struct program program =
        test_program("gcp 5\nglobals 1\nshape a refs=*\nnew g0 a 3\nrange #1 0 3\nfill #1\n");
    tap_equal(program_version(&program), PROGRAM_VERSION_RANGES, "a range makes a program one of version 5");
    struct test_file file = test_file_write(&program, program_write);
    struct program read;
    file.bytes[PROGRAM_MAGIC_BYTES] = PROGRAM_VERSION_ATTENDED;
    bool refused = program_read(file.bytes, file.count, TEST_LIMIT, &read, error) < 0;
    tap_same(strchr(error, ':') + 2, "the program is of a version before 5, which has no ranges",
             "earlier ones have none");
    assert(refused);
    free(file.bytes);
    program_free(&program);
}

/* A writer that begins with version 1 raises it, as the recorder does. */
static void test_writer(void)
{
    uint8_t bytes[256];
    struct program_writer writer;
    FILE *stream = tmpfile(); /* which can seek, as a stream in memory cannot */
    assert(stream);
    program_writer_begin(&writer, stream, PROGRAM_VERSION, shapes, 4, 1);
    assert(program_writer_add(&writer, (struct program_op){PROGRAM_NEW, 0, ARRAY, 3}) == 0);
    assert(program_writer_add(&writer, (struct program_op){PROGRAM_RANGE, 1, 0, 3}) == 0);
    assert(program_writer_add(&writer, (struct program_op){PROGRAM_FILL, 1, 0, 0}) == 0);
    int error = program_writer_end(&writer);
    rewind(stream);
    size_t count = fread(bytes, 1, sizeof bytes, stream);
    assert(fclose(stream) == 0 && !error);
    struct program read;
    char text[PROGRAM_ERROR_BYTES] = "";
    tap_ok(program_read(bytes, count, TEST_LIMIT, &read, text) == 0 && read.op_count == 3,
           "a recording that comes to a range is of the version that has them: %s", text);
    program_free(&read);
}

int main(void)
{
    test_fill();
    test_copy();
    test_copy_from_the_dying();
    test_objections();
    test_ephemeron();
    test_version();
    test_writer();
    return tap_done();
}
