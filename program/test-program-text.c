/* SPDX-License-Identifier: MIT */
/* Tests the text form: text that is read and written again is the same, and errors name their line and
 * column. */
#include "program/test-support.h"

static void test_round_trip(void)
{
    struct program program = test_program(test_every_operation);
    struct test_file text = test_file_write(&program, program_text_write);
    tap_same((char *)text.bytes, test_every_operation,
             "the text of a program with every operation is what was read");
    struct program again = test_program((char *)text.bytes);
    tap_ok(test_is_same_program(&program, &again), "and reads as the same program");
    free(text.bytes);
    program_free(&program);
    program_free(&again);
}

static void test_remarks(void)
{
    struct program program = test_program("# a remark before all\n\n"
                                          "gcp 1\r\n"
                                          "\tshape \t node\n"
                                          "globals 1 # one\n"
                                          "new g0 node\n"
                                          "set g0 #1 # 2 is not an object here\n"
                                          "del g0 #");
    tap_equal((int64_t)program.op_count, 3,
              "remarks, blank lines, tabs and carriage returns are passed over");
    tap_equal(program.shapes[0].refs, 0, "a shape has no references unless it says so");
    program_free(&program);
    program = test_program("gcp 1\nglobals 3\n");
    tap_ok(program.op_count == 0 && program.globals == 3, "a program without operations is one");
    program_free(&program);
}

#define BEGIN                                                                                                \
    "gcp 1\nglobals 1\nshape node refs=2\nshape arr refs=*\nshape leaf refs=1 acyclic\nenter 2\nnew 0 "      \
    "node\n"

static const struct {
    const char *text;
    const char *error;
    const char *sentence;
} refusals[] = {
    {"\n# nothing\n", "t:2:1: the file is empty; the first line is 'gcp 1' to 'gcp 7'", "a file of remarks"},
    {"gcp 8\n", "t:1:1: the first line is 'gcp 1' to 'gcp 7'", "another version"},
    {"enter 1\n", "t:1:1: the first line is 'gcp 1' to 'gcp 7'", "a file without its first line"},
    {"gcp 1\nglobals x\n", "t:2:1: globals takes a number up to 4194304", "globals that are not a number"},
    {"gcp 1\nglobals 4194305\n", "t:2:1: globals takes a number up to 4194304", "too many globals"},
    {"gcp 1\nglobals 4194304\ncollect full\n", "t:3:1: out of memory", "globals above the limit of memory"},
    {"gcp 1\nglobals 4194304\n", "t:2:1: out of memory", "the same without an operation"},
    {"gcp 1\nshape\n", "t:2:1: a shape needs a name", "a shape without a name"},
    {"gcp 1\nshape a\n  shape a\n", "t:3:9: a shape's name is given once", "a name given twice"},
    {"gcp 1\nshape a#b\n", "t:2:7: a shape's name has visible ASCII characters only, and no '#'",
     "a name that would not be read back"},
    {"gcp 1\nshape a refs=-1\n", "t:2:9: 'refs=-1' is not of a shape; refs=N|*, payload=N|* and acyclic are",
     "a negative size"},
    {"gcp 1\nshape a refs=16777217\n",
     "t:2:9: 'refs=16777217' is not of a shape; refs=N|*, payload=N|* and acyclic are",
     "too many references"},
    {"gcp 1\nshape a cyclic\n", "t:2:9: 'cyclic' is not of a shape; refs=N|*, payload=N|* and acyclic are",
     "a word that is not of a shape"},
    {"gcp 3\nshape a refs=1 payload=32 weak ephemeron\n",
     "t:2:32: 'ephemeron' is of programs whose first line is 'gcp 4'", "an ephemeron before its time"},
    {"gcp 4\nshape a payload=32 weak ephemeron\n",
     "t:2:7: an ephemeron is a weak reference, and its first reference is its value",
     "an ephemeron without room for a value"},
    {"gcp 5\nshape a external=5\n", "t:2:9: 'external=5' is of programs whose first line is 'gcp 6'",
     "external bytes before their time"},
    {"gcp 6\nshape a external=4294967297\n", "t:2:9: 'external=4294967297' takes a number up to 4294967296",
     "too many external bytes"},
    {"gcp 6\nshape a refs=* external=5\n",
     "t:2:7: a shape with a finaliser, a weak reference, what one refers to or external bytes is of one size",
     "external bytes of a shape that varies"},
    {"gcp 1\nshape a refs=* payload=*\n", "t:2:7: a shape varies in references or in bytes, not in both",
     "a shape that varies twice"},
    {BEGIN "shape b\n", "t:8:1: shapes and globals stand before the first operation", "a shape that is late"},
    {BEGIN "globals 2\n", "t:8:1: shapes and globals stand before the first operation",
     "globals that are late"},
    {BEGIN "jump 3\n", "t:8:1: there is no operation 'jump'", "an operation that there is not"},
    {BEGIN "end\n", "t:8:1: there is no operation 'end'", "an end, which text does not need"},
    {BEGIN "del\n", "t:8:1: 'del' takes 1 operands, not 0", "an operand too few"},
    {BEGIN " leave 1\n", "t:8:2: 'leave' takes 0 operands, not 1", "an operand too many"},
    {BEGIN "leave 1 2 3 4 5 6 7 8 9\n", "t:8:23: too many words", "a line of many words"},
    {BEGIN "free #1\n", "t:8:1: 'free' is of programs whose first line is 'gcp 2'",
     "a free in a program of the first version"},
    {BEGIN "del 2\n", "t:8:5: there is no slot '2' here; this frame has 2, globals are g0 to g0",
     "a slot past the frame's last"},
    {BEGIN "del g1\n", "t:8:5: there is no slot 'g1' here; this frame has 1, globals are g0 to g0",
     "a global past the last"},
    {BEGIN "del x\n", "t:8:5: there is no slot 'x' here; this frame has 2, globals are g0 to g0",
     "a slot that is not a number"},
    {BEGIN "del ^0\n", "t:8:5: there is no such frame", "a slot of a frame below the first"},
    {BEGIN "leave\ndel 0\n", "t:9:5: there is no such frame", "a local slot outside all frames"},
    {BEGIN "set 1 1\n", "t:8:7: '1' is not an object; #1 is, and null", "an object without its mark"},
    {BEGIN "get null 1\n", "t:8:5: 'null' is not an object; #1 is", "a field of null"},
    {BEGIN "get #0 1\n", "t:8:5: '#0' is not an object; #1 is", "object 0"},
    {BEGIN "get #1 -1\n", "t:8:8: '-1' is not a number below 4294967296", "a negative field"},
    {BEGIN "enter 4294967296\n", "t:8:7: '4294967296' is not a number below 4294967296",
     "a number above 32 bits"},
    {BEGIN "new 0 edge\n", "t:8:7: there is no shape 'edge'", "a shape that there is not"},
    {BEGIN "collect old\n", "t:8:9: 'old' is not a kind of collection; full and young are",
     "a collection of no kind"},
    {BEGIN "get #2 0\n", "t:8:1: there is no such object yet", "an object not yet made"},
    {BEGIN "get #1 2\n", "t:8:1: the object has no such field", "a field past the last"},
    {BEGIN "del 0\n\ncount #1 1\n", "t:10:1: no slot holds the object, nor has a GET just found it",
     "an object that is gone"},
    {BEGIN "leave\nleave\n", "t:9:1: there is no frame to leave", "leaving the globals"},
    {BEGIN "enter 4194304\n", "t:8:1: frames would pass 4194304 slots", "a frame that does not fit"},
    {BEGIN "enter 4194300\n", "t:8:1: the program needs more memory than the limit",
     "a frame above the limit of memory"},
    {BEGIN "new 1 node 1\n", "t:8:1: the shape's size does not vary: its length is 0", "a length too many"},
    {BEGIN "new 1 arr 16777217\n", "t:8:1: the length is above 16777216", "an array that is too long"},
    {BEGIN "move 1 1\n", "t:8:1: a slot cannot be moved to itself", "moving a slot to itself"},
    {BEGIN "new 1 leaf\nstore #2 0 #1\n", "t:9:1: an acyclic object holds acyclic objects only",
     "storing what may be cyclic in an acyclic object"},
};

static void test_refusals(void)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct program program;
        char sentence[128];
        char error[PROGRAM_ERROR_BYTES] = "nothing";
        snprintf(sentence, sizeof sentence, "%s is refused at its line and column", refusals[i].sentence);
        int result = test_text_read(refusals[i].text, &program, error);
        tap_same(error, refusals[i].error, sentence);
        if (result == 0)
            program_free(&program);
    }
}

static void test_not_text(void)
{
    struct program program;
    char error[PROGRAM_ERROR_BYTES] = "nothing";
    static const char zero[] = "gcp 1\nglobals\0 1\n";
    FILE *stream = fmemopen((void *)zero, sizeof zero - 1, "r");
    program_text_read(stream, "t", TEST_LIMIT, &program, error);
    fclose(stream);
    tap_same(error, "t:2:1: byte 8 of the line is zero: this is not text", "a zero byte is refused");
    char line[8192] = "gcp 1\n";
    memset(line + 6, ' ', sizeof line - 7);
    test_text_read(line, &program, error);
    tap_same(error, "t:2:1: the line has more than 4095 bytes", "a line without end is refused");
}

static void test_damage(void)
{
    char text[sizeof test_every_operation];
    bool sound = true;
    uint64_t valid = 0;
    strcpy(text, test_every_operation);
    for (size_t i = 0; i < sizeof text - 1; i++) {
        for (int wrong = 1; wrong < 256; wrong++) {
            struct program program;
            char error[PROGRAM_ERROR_BYTES] = "";
            text[i] = (char)wrong;
            int result = test_text_read(text, &program, error);
            if (result == 0)
                program_free(&program);
            valid += result == 0;
            sound &= result == 0 || (strncmp(error, "t:", 2) == 0 && !strchr(error, '\n'));
        }
        text[i] = test_every_operation[i];
    }
    tap_ok(sound, "any one character changed to any other gives a valid program or one line");
    tap_ok(valid > sizeof text, "some of these were valid: %llu", (unsigned long long)valid);
}

int main(void)
{
    test_round_trip();
    test_remarks();
    test_refusals();
    test_not_text();
    test_damage();
    return tap_done();
}
