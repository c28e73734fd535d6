/* SPDX-License-Identifier: MIT */
/* Tests the file: a program that is written and read again is the same, and no input crashes the reader. */
#include <sys/resource.h>
#include <unistd.h>

#include "base/text.h"
#include "program/model.h"
#include "program/test-support.h"

static int read_bytes(const uint8_t *bytes, size_t count, struct program *ret_program, char *ret_error)
{
    return program_read(bytes, count, TEST_LIMIT, ret_program, ret_error);
}

static void test_round_trip(void)
{
    struct program program = test_program(test_every_operation);
    struct test_file file = test_file_write(&program, program_write);
    struct program again;
    char error[PROGRAM_ERROR_BYTES] = "";
    tap_equal(read_bytes(file.bytes, file.count, &again, error), 0, "a file with every operation is read");
    tap_ok(test_is_same_program(&program, &again), "and is the program that was written");
    struct test_file twice = test_file_write(&again, program_write);
    tap_ok(twice.count == file.count && memcmp(twice.bytes, file.bytes, file.count) == 0,
           "writing it again gives the same bytes");
    bool seen[PROGRAM_CODES] = {[PROGRAM_END] = true};
    for (uint64_t i = 0; i < program.op_count; i++)
        seen[program.ops[i].code] = true;
    for (int code = 0; code < PROGRAM_CODES; code++)
        if (!seen[code])
            tap_ok(false, "'%s' is in the tested program", program_codes[code].word);
    free(file.bytes);
    free(twice.bytes);
    program_free(&program);
    program_free(&again);
}

static void test_whole_file(void)
{
    char *path = text_scratch("test-program");
    char error[PROGRAM_ERROR_BYTES] = "";
    struct program again = {.op_count = 1}; /* rubbish that the reader overwrites */
    struct program program = test_program(test_every_operation);
    int descriptor = mkstemp(path);
    FILE *stream = descriptor < 0 ? NULL : fdopen(descriptor, "wb");
    assert(stream);
    tap_ok(program_write(&program, stream) == 0 && fclose(stream) == 0 &&
               program_read_file(path, TEST_LIMIT, &again, error) == 0 &&
               test_is_same_program(&program, &again),
           "a file on disk is the program that was written");
    program_free(&again);
    unlink(path);
    tap_equal(program_read_file(path, TEST_LIMIT, &again, error), -1, "a file that is not there is refused");
    tap_ok(strstr(error, path) && strstr(error, "No such file"), "by its name and the system's reason");
    free(path);
    program_free(&again);
    tap_ok(program_read_file("/", TEST_LIMIT, &again, error) < 0 && strstr(error, "it is a folder"),
           "a directory is refused");
    tap_ok(program_read_file("/dev/zero", TEST_LIMIT, &again, error) < 0 && strstr(error, "it is a device"),
           "a file without end is refused");
    tap_note("%s", error);
    program_free(&program);
}

/* A file whose header, shapes and operations are spelled out. The item at the offset is wrong. */
#define HEADER                                                                                               \
    "gcp\n\x01\x01\x02\x04node\x00\x02\x00\x03"                                                              \
    "arr\x02\x00\x00"
enum { HEADER_BYTES = sizeof HEADER - 1 };
#define ROW(bytes, at, what, sentence)                                                                       \
    {                                                                                                        \
        (const uint8_t *)(bytes), sizeof(bytes) - 1, at, what, sentence                                      \
    }
#define OP_ROW(ops, at, what, sentence) ROW(HEADER ops "\0", HEADER_BYTES + at, what, sentence)

static const struct {
    const uint8_t *bytes;
    size_t count;
    unsigned offset;
    const char *what;
    const char *sentence;
} refusals[] = {
    ROW("", 0, "this is not a program: it does not begin with \"gcp\" and a line end", "an empty file"),
    ROW("gcq\n\x01", 0, "this is not a program: it does not begin with \"gcp\" and a line end",
        "another file"),
    ROW("gcp\n\x08", 4, "the program is of another version than 1 to 7", "another version"),
    ROW("gcp\n\x01", 5, "the file ends inside a number", "a file that ends in its header"),
    ROW("gcp\n\x01\x81\x80\x80\x02\x00\x00", 5, "a number is above what its place allows",
        "too many globals"),
    ROW("gcp\n\x01\x80\x80\x80\x02\x00\x00", 10, "out of memory", "globals above the limit of memory"),
    ROW("gcp\n\x01\x00\x81\x80\x04", 6, "a number is above what its place allows", "too many shapes"),
    ROW("gcp\n\x01\x00\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 7, "a number has more than nine bytes",
        "an integer without end"),
    ROW("gcp\n\x01\x00\x01\x00\x00\x00\x00\x00", 7, "a shape's name is empty or cut off",
        "a shape without a name"),
    ROW("gcp\n\x01\x00\x01\x09node", 7, "a shape's name is empty or cut off", "a name that is cut off"),
    ROW("gcp\n\x01\x00\x01\x40", 7, "a number is above what its place allows", "a name that is too long"),
    ROW("gcp\n\x01\x00\x01\x03\x61\x00\x61\x00\x00\x00\x00", 7, "a shape's name has a zero byte in it",
        "a name with a zero byte"),
    ROW("gcp\n\x01\x00\x01\x02\x61 \x00\x00\x00\x00", 7,
        "a shape's name has visible ASCII characters only, and no '#'", "a name with a blank"),
    ROW("gcp\n\x01\x00\x02\x01\x61\x00\x00\x00\x01\x61\x00\x00\x00\x00", 12, "a shape's name is given once",
        "a name given twice"),
    ROW("gcp\n\x01\x00\x01\x01\x61\x08\x00\x00\x00", 9, "a number is above what its place allows",
        "a flag that is not known"),
    ROW("gcp\n\x01\x00\x01\x01\x61\x06\x00\x00\x00", 7,
        "a shape varies in references or in bytes, not in both", "a shape that varies twice"),
    ROW("gcp\n\x05\x00\x01\x01\x61\x80\x80\x01\x00\x00\x07\x00", 9, "a number is above what its place allows",
        "external bytes before their time"),
    ROW("gcp\n\x06\x00\x01\x01\x61\x80\x80\x01\x00\x00\x00\x00", 7,
        "a shape of objects with external bytes says how many, and no other does",
        "external bytes that are none"),
    ROW("gcp\n\x01\x00\x01\x01\x61\x00\x81\x80\x80\x08\x00\x00", 10,
        "a number is above what its place allows", "a shape with too many references"),
    ROW(HEADER, HEADER_BYTES, "the file ends without END", "a file without an end"),
    ROW(HEADER "\0\0", HEADER_BYTES + 1, "there is something after END", "a file that goes on after its end"),
    OP_ROW("\x7f", 0, "there is no such operation", "a code past the last"),
    OP_ROW("\x12\x01\x01\x01", 0, "the program is of a version before 4, which has no ephemerons",
           "an ephemeron before its time"),
    OP_ROW("\x0e", 0, "the program is of a version before 3, which has no finalisers",
           "a finaliser before its time"),
    OP_ROW("\x0d\x01", 0, "the program is of version 1, which has no FREE", "a FREE before its time"),
    OP_ROW("\x13\x01\x01\x01", 0, "the program is of a version before 5, which has no ranges",
           "a RANGE before its time"),
    OP_ROW("\x02", 0, "there is no frame to leave", "leaving the globals"),
    OP_ROW("\x06\x01", 1, "there is no such slot", "a slot above the top"),
    OP_ROW("\x03\x00\x02\x00", 0, "there is no such shape", "an object of no shape"),
    OP_ROW("\x03\x00\x00\x01", 0, "the shape's size does not vary: its length is 0", "a length too many"),
    OP_ROW("\x03\x00\x01\x81\x80\x80\x08", 0, "the length is above 16777216", "an array that is too long"),
    OP_ROW("\x03\x00\x01\x80\x80\x80\x08", 0, "the program needs more memory than the limit",
           "an array above the limit of memory"),
    OP_ROW("\x01\xff\xff\xff\xff\x0f", 0, "frames would pass 4194304 slots", "a frame that does not fit"),
    OP_ROW("\x01\x80\x80\x80\x80\x10", 1, "a number is above what its place allows",
           "a number above 32 bits"),
    OP_ROW("\x03\x00\x00\x00\x04\x00\x02", 6, "there is no such object yet", "an object before the first"),
    OP_ROW("\x03\x00\x00\x00\x07\x00\x00", 4, "an object is needed, not null", "a field of null"),
    OP_ROW("\x03\x00\x00\x00\x07\x01\x02", 4, "the object has no such field", "a field past the last"),
    OP_ROW("\x03\x00\x00\x00\x06\x00\x0c\x01\x01", 6, "no slot holds the object, nor has a GET just found it",
           "an object that is gone"),
    OP_ROW("\x05\x00\x00", 0, "a slot cannot be moved to itself", "moving a slot to itself"),
    OP_ROW("\x0a\x02", 0, "there is no such kind of collection", "a collection of no kind"),
};

static void test_refusals(void)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct program program;
        char sentence[128];
        char expected[PROGRAM_ERROR_BYTES];
        char error[PROGRAM_ERROR_BYTES] = "nothing";
        snprintf(sentence, sizeof sentence, "%s is refused at its offset", refusals[i].sentence);
        snprintf(expected, sizeof expected, "offset %u: %s", refusals[i].offset, refusals[i].what);
        int result = read_bytes(refusals[i].bytes, refusals[i].count, &program, error);
        tap_same(error, expected, sentence);
        if (result == 0)
            program_free(&program);
    }
}

/* Returns whether the model takes every operation. */
static bool is_valid(const struct program *program)
{
    struct model model;
    struct model_places places;
    bool valid = model_open(&model, program->shapes, program->shape_count, program->globals, TEST_LIMIT) == 0;
    if (!valid)
        return false;
    for (uint64_t i = 0; i < program->op_count && valid; i++)
        valid = !model_apply(&model, &program->ops[i], &places);
    model_close(&model);
    return valid;
}

/* Returns whether the bytes are refused in one line, or give a valid program that can be written and read
 * again. */
static bool is_sound(const uint8_t *bytes, size_t count, uint64_t *valid)
{
    struct program program;
    struct program again;
    unsigned long long offset;
    char error[PROGRAM_ERROR_BYTES] = "";
    if (read_bytes(bytes, count, &program, error) < 0)
        return sscanf(error, "offset %llu: ", &offset) == 1 && offset <= count && !strchr(error, '\n');
    ++*valid;
    struct test_file file = test_file_write(&program, program_write);
    bool sound = is_valid(&program);
    sound &= read_bytes(file.bytes, file.count, &again, error) == 0 && test_is_same_program(&program, &again);
    if (sound)
        program_free(&again);
    program_free(&program);
    free(file.bytes);
    return sound;
}

static void test_damage(void)
{
    struct program program = test_program(test_every_operation);
    struct test_file file = test_file_write(&program, program_write);
    uint64_t valid = 0;
    bool sound = true;
    for (size_t count = 0; count < file.count; count++)
        sound &= is_sound(file.bytes, count, &valid);
    tap_ok(sound && valid == 0, "a file of %zu bytes cut off anywhere is refused in one line", file.count);
    for (size_t i = 0; i < file.count; i++) {
        uint8_t right = file.bytes[i];
        for (unsigned wrong = 0; wrong < 256; wrong++) {
            file.bytes[i] = (uint8_t)wrong;
            if (!is_sound(file.bytes, file.count, &valid)) {
                tap_note("byte %zu as %u", i, wrong);
                sound = false;
            }
        }
        file.bytes[i] = right;
    }
    tap_ok(sound, "any one byte changed to any other gives a valid program or one line");
    tap_ok(valid > file.count, "some of these were valid: %llu", (unsigned long long)valid);
    program_free(&program);
    free(file.bytes);
}

/* Reads 15 arrays of 2^24 references, all alive: 1 GiB of fields in a file of some 80 bytes. */
static void test_memory(void)
{
    static const char header[] = "gcp\n\x01\x0f\x01\x03"
                                 "arr\x02\x00\x00";
    uint8_t bytes[128];
    size_t count = sizeof header - 1;
    struct rusage before;
    struct rusage after;
    struct program program;
    char error[PROGRAM_ERROR_BYTES];
    memcpy(bytes, header, count);
    for (uint8_t slot = 0; slot < 15; slot++) {
        const uint8_t op[] = {PROGRAM_NEW, slot, 0, 0x80, 0x80, 0x80, 0x08};
        memcpy(bytes + count, op, sizeof op);
        count += sizeof op;
    }
    bytes[count++] = PROGRAM_END;
    getrusage(RUSAGE_SELF, &before);
    int refused = program_read(bytes, count, 100 << 20, &program, error);
    tap_ok(refused < 0 && strstr(error, "needs more memory than the limit"),
           "arrays that are together above the limit are refused");
    assert(program_read(bytes, count, (uint64_t)8 << 30, &program, error) == 0);
    program_free(&program);
    getrusage(RUSAGE_SELF, &after);
    tap_ok(after.ru_maxrss - before.ru_maxrss < 512 * 1024,
           "a file of %zu bytes with a gigabyte of empty arrays takes little memory", count);
    tap_note("grew by %ld KiB", after.ru_maxrss - before.ru_maxrss);
}

static void test_shapes(void)
{
    struct program program;
    char name[16];
    struct gc_shape shape = {.name = name};
    bool added = true;
    program_init(&program);
    for (int i = 0; i < PROGRAM_SHAPES_MAX; i++) {
        snprintf(name, sizeof name, "s%d", i);
        added &= program_add_shape(&program, &shape) == i;
    }
    tap_ok(added, "65536 shapes have room");
    tap_ok(program.shapes[65535].id == 65535 && program_find_shape(&program, "s40000") == 40000,
           "and are found by their names");
    strcpy(name, "more");
    tap_ok(program_add_shape(&program, &shape) < 0 && program_shape_objection(&program, &shape),
           "one more has not");
    tap_equal(program_find_shape(&program, "more"), -1, "and is not found");
    program_free(&program);
    shape.refs = PROGRAM_LENGTH_MAX + 1;
    tap_same(program_shape_objection(&program, &shape),
             "a shape has at most 16777216 references and 16777216 bytes of payload",
             "nor has one that is too large");
}

int main(void)
{
    test_round_trip();
    test_whole_file();
    test_refusals();
    test_damage();
    test_memory();
    test_shapes();
    return tap_done();
}
