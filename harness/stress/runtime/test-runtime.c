/* SPDX-License-Identifier: MIT */
/* Tests what a runtime is told and asked, what it may answer, and what it may promise. */
#include "harness/stress/runtime/answers.h"
#include "program/program-text.h"
#include "tests/tap.h"

static const char text[] = "gcp 1\n"
                           "globals 1\n"
                           "shape node refs=2 payload=8\n"
                           "shape text payload=* acyclic\n"
                           "new g0 node\n"  /* #1 */
                           "enter 2\n"      /* slots 1 and 2 */
                           "new 0 node\n"   /* #2 */
                           "new 1 text 5\n" /* #3 */
                           "store #1 0 #2\n"
                           "store #2 1 #1\n"
                           "store #1 1 #3\n"
                           "move g0 0\n" /* #2 in the global */
                           "del 1\n"
                           "get #2 1\n"   /* #1 */
                           "get #1 1\n"   /* #3, by a path of two fields */
                           "count #3 1\n" /* as #1 has it */
                           "set 1 #3\n"
                           "clear #2 1\n" /* #1 keeps #2, and nothing keeps #1 */
                           "collect young\n"
                           "leave\n"
                           "checkpoint\n";

static void program_read_text(struct program *program)
{
    char error[PROGRAM_ERROR_BYTES];
    FILE *stream = fmemopen((char *)text, sizeof text - 1, "r");
    assert(stream);
    int status = program_text_read(stream, "text", 1 << 20, program, error);
    if (status < 0)
        tap_note("%s", error);
    assert(status == 0);
    fclose(stream);
}

static void script_of(const char *conditions_text, const struct promises *promises, struct script *script)
{
    struct program program;
    struct conditions conditions;
    char error[OPTION_ERROR_BYTES];
    program_read_text(&program);
    option_table_defaults(&conditions_table, &conditions);
    assert(option_table_parse(&conditions_table, conditions_text, &conditions, error) == 0);
    assert(script_make(&program, &conditions, 1, promises, script) == 0);
    program_free(&program);
}

static void test_script(void)
{
    struct script script;
    script_of("", &(struct promises){.counts = true}, &script);
    tap_same(script.text,
             "begin 1\n"
             "new 0 1 2 8 0\n"
             "enter 2\n"
             "new 1 2 2 8 0\n"
             "new 2 3 0 5 1\n"
             "store 0.0 1\n"
             "store 1.1 0\n"
             "store 0.1 2\n"
             "move 0 1\n"
             "set 2 null\n"
             "read 0.1\n"
             "read 0.1.1\n"
             "count 0.1.1\n"
             "set 2 0.1.1\n"
             "store 0.1 null\n"
             "collect young\n"
             "leave\n"
             "collect full\n"
             "alive\n"
             "set 0 null\n"
             "collect full\n"
             "alive\n",
             "a program is told by slots and paths, and ends with nothing alive");
    tap_equal((int64_t)script.count, 5, "and asks five questions");
    tap_equal((int64_t)script.collections, 2, "behind two full collections");
    script_free(&script);

    script_of("zeal=every", &(struct promises){0}, &script);
    tap_ok(strstr(script.text, "collect full\nnew 1 2") && !strstr(script.text, "count"),
           "zeal collects in front of each allocation, and no count is asked where none is promised");
    script_free(&script);
    script_of("", &(struct promises){.frees_at_once = true}, &script);
    tap_ok(strstr(script.text, "store 0.1 null\nalive\n"),
           "who frees at once is asked after each operation of a small program");
    script_free(&script);
}

static const char *kind_of(const struct script *script, size_t question, const struct promises *promises,
                           const char *answer)
{
    struct wrong wrong = answer_check(script, &script->questions[question], promises, answer);
    if (wrong.kind)
        tap_note("%s", wrong.text);
    free(wrong.text);
    return wrong.kind ? wrong.kind : "right";
}

static void test_answers(void)
{
    static const struct {
        size_t question;
        const char *answer, *kind, *sentence;
    } rows[] = {
        {0, "object 1", "right", "a field has the object that is there"},
        {0, "object 3", "read", "another object is wrong"},
        {0, "object null", "read", "and so is none"},
        {0, "object", "protocol", "an answer without its number is none"},
        {0, "object 1 2", "protocol", "nor is one with two"},
        {0, "error no slot", "refused", "a runtime may complain"},
        {2, "count 1", "right", "a count is exact"},
        {2, "count 2", "count", "and no other is right"},
        {2, "count 99999999999", "protocol", "a number has 32 bits"},
        {3, "alive 2", "right", "what names reach is alive"},
        {3, "alive 2 1 3", "kept", "what only a dead object refers to is not"},
        {3, "alive", "freed", "what names reach may not be gone"},
        {3, "alive 2 2", "protocol", "each object is named once"},
        {3, "alive 4", "protocol", "only objects that were made have a number"},
        {3, "alive 0", "protocol", "and numbers begin at 1"},
        {3, "alive2", "protocol", "a blank stands behind the word"},
        {4, "alive", "right", "in the end nothing is alive"},
    };
    const struct promises promises = {.counts = true, .reclaims_cycles = true};
    const struct promises none = {.counts = true};
    struct script script;
    script_of("", &promises, &script);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        tap_same(kind_of(&script, rows[i].question, &promises, rows[i].answer), rows[i].kind,
                 rows[i].sentence);
    struct freed freed = answer_freed(&script.questions[4], "alive");
    tap_ok(freed.on_cycles == 0 && freed.others == 3, "where no cycle is left, counting has freed all");
    tap_same(kind_of(&script, 3, &none, "alive 1 2 3"), "right", "who promises nothing may keep everything");
    tap_same(kind_of(&script, 3, &none, "alive 1 3"), "freed", "and yet not free what names reach");
    script_free(&script);
}

static void test_promises(void)
{
    static const struct {
        const char *answer, *objection, *sentence;
    } rows[] = {
        {"runtime 1 mine", NULL, "a runtime may promise nothing"},
        {"runtime 1 mine counts  frees_late ", NULL, "or several things"},
        {"runtime 1", "with 'runtime 1', not with", "it has a name"},
        {"runtime +1 mine", "with 'runtime +1 mine', not with", "a version is a number"},
        {"runtime 1x mine", "with 'runtime 1x mine', not with", "and nothing else"},
        {"runtime 1 a/b", "(a name has letters", "which may stand in the name of a file"},
        {"runtime 2 mine", "version 2 of the protocol, and this gcmatrix speaks version 1",
         "another version is told"},
        {"", "with '', not with", "an empty answer is none"},
        {"runtime 1 mine frees_ate", "did you mean 'frees_late'?", "a misspelt promise is told"},
    };
    struct hello hello;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *objection = promises_read(rows[i].answer, &hello);
        bool right = rows[i].objection ? objection && strstr(objection, rows[i].objection) : !objection;
        if (!tap_ok(right, "%s", rows[i].sentence))
            tap_note("%s", objection ? objection : "no objection");
        free(objection);
    }
    free(promises_read("runtime 1 mine counts reclaims_cycles", &hello));
    tap_ok(strcmp(hello.name, "mine") == 0 && hello.promises.counts && hello.promises.reclaims_cycles &&
               !hello.promises.frees_at_once && !hello.promises.frees_late,
           "name and promises are those of the answer");
}

int main(void)
{
    test_script();
    test_answers();
    test_promises();
    return tap_done();
}
