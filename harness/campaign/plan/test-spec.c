/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/plan/spec.h"
#include "harness/statistics/sequential.h"
#include "tests/tap.h"

static char *path;

static int load(const char *text, struct spec **ret_spec)
{
    FILE *file = fopen(path, "w");
    assert(file && fputs(text, file) >= 0);
    assert(fclose(file) == 0);
    return spec_load(path, ret_spec);
}

#define CELLS "cells:\n  - workloads: [rings]\n    collectors: [rc]\n"

static void check_good(void)
{
    struct spec *spec;
    tap_equal(load("name: x\nseed: 9223372036854775\nraw: none\n" CELLS
                   "  - workloads:\n    - rings\n    - \"rings:size=2,count=1e6\"\n    collectors: [rc]\n"
                   "    allocators: [glibc, /a/b.so]\n",
                   &spec),
              0, "a matrix file is read");
    tap_equal((int64_t)spec->blocks, 5, "five blocks unless it says otherwise");
    tap_equal((int64_t)spec->timeout_seconds, 300, "five minutes for a process");
    tap_equal((int64_t)spec->seed, 9223372036854775, "a seed is not a double");
    tap_equal(spec->raw, SPEC_RAW_NONE, "a word is read as what it stands for");
    tap_equal((int64_t)spec->cells[0].allocators_count, 0, "allocators may be left out");
    tap_same(spec->cells[1].workloads[1], "rings:size=2,count=1e6", "options stay with the name");
    char *place = spec_place(spec, 1, "workloads", 1), *expected = text_format("%s:9:7", path);
    tap_same(place, expected, "each entry knows its line and column");
    free(place);
    free(expected);
    json_t *description = spec_describe(spec);
    tap_same(json_string_value(json_array_get(
                 json_object_get(json_array_get(json_object_get(description, "cells"), 0), "allocators"), 0)),
             "glibc", "the description has the defaults filled in");
    json_decref(description);
    spec_free(spec);
}

static void check_designs(void)
{
    struct spec *spec;
    tap_equal(load("name: x\nprecision: 2.5%\nbudget: 1.5h\nbaseline: rc\n" CELLS
                   "    memory: [cold, warm]\n",
                   &spec),
              0, "a matrix with a precision is read");
    tap_ok(spec->sequential && spec->first == SEQUENTIAL_FIRST && spec->blocks == SEQUENTIAL_MOST,
           "it has no fixed number of blocks");
    tap_ok(spec->precision == 0.025 && spec->minimum == 0.01, "a share is a number, and the minimum 1%%");
    tap_equal((int64_t)spec->budget_seconds, 5400, "a time is so many seconds");
    tap_same(spec->baseline, "rc", "a baseline is named as the matrix names it");
    tap_same(spec->cells[0].memory[1], "warm", "memory is a list");
    struct spec_overrides overrides = {.precision = "0.5%", .budget = "90s"};
    tap_equal(spec_override(spec, &overrides), 0, "the command line has the last word");
    tap_ok(spec->precision == 0.005 && spec->minimum == 0.005 && spec->budget_seconds == 90,
           "and the minimum is no more than the precision");
    overrides = (struct spec_overrides){.blocks = 7};
    tap_equal(spec_override(spec, &overrides), 0, "it may fix the number of blocks");
    tap_ok(!spec->sequential && spec->blocks == 7 && spec->first == 7 && spec->budget_seconds == 0,
           "and then there is one look and no budget");
    spec_free(spec);
}

static void check_refused(const char *text, const char *words, const char *sentence)
{
    struct spec *spec = NULL;
    int status = load(text, &spec);
    bool placed =
        strncmp(message_last(), path, strlen(path)) == 0 && strstr(message_last() + strlen(path), words);
    if (!tap_ok(status == MESSAGE_BAD_INPUT && placed, "%s", sentence))
        tap_note("status %d, said \"%s\", should hold \"%s\"", status, message_last(), words);
    if (status == 0)
        spec_free(spec);
}

static void check_bad(void)
{
    check_refused("name: x\nblcoks: 3\n" CELLS, ":2:1: unknown key 'blcoks'; did you mean 'blocks'?",
                  "a misspelt key has its place and a suggestion");
    check_refused("name: x\n" CELLS "    alocators: [a]\n",
                  ":5:5: unknown key 'alocators'; did you mean 'allocators'?", "so has one inside an entry");
    check_refused("name: x\nworkloads: [a]\n" CELLS, ":2:1: key 'workloads' does not belong here",
                  "a key out of place is said so");
    check_refused("name: x\nblocks: 0\n" CELLS, ":2:9: blocks is '0'; it takes an integer from 1 to 10000",
                  "a number has a range");
    check_refused("name: x\nblocks: lots\n" CELLS,
                  ":2:9: blocks is 'lots'; it takes an integer from 1 to 10000", "a word is no number");
    check_refused("name: x\nblocks: -1\n" CELLS, ":2:9: blocks is '-1'; it takes", "a count is not negative");
    check_refused("name: x\nblocks: 1.5\n" CELLS, ":2:9: blocks is '1.5'; it takes", "nor broken");
    check_refused("name: x\nblocks: 010\n" CELLS, ":2:9: blocks is '010'; it takes", "nor octal");
    check_refused("name: x\n" CELLS "---\nname: y\n" CELLS, ":5:1: a second document",
                  "a second matrix in a file is refused");
    check_refused("name: x\nraw: frist\n" CELLS,
                  ":2:6: raw: 'frist' does not fit; it takes first, all or none",
                  "a word outside the choice gets the choice");
    check_refused("name: x\nprecision: 3\n" CELLS,
                  ":2:12: precision is '3'; it takes a share from 0.1% to 100%", "a share has its sign");
    check_refused("name: x\nprecision: 0%\n" CELLS, ":2:12: precision is '0%'", "and a range");
    check_refused("name: x\nprecision: 3.%\n" CELLS, ":2:12: precision is '3.%'", "and whole digits");
    check_refused("name: x\nblocks: 3\nprecision: 3%\n" CELLS,
                  ":3:12: precision is '3%'; with precision blocks are added", "blocks are fixed or added");
    check_refused("name: x\nbudget: 30m\n" CELLS, ":2:9: budget is '30m'; it limits a run with 'precision'",
                  "a fixed number of blocks has no budget");
    check_refused("name: x\nprecision: 3%\nbudget: 30\n" CELLS,
                  ":3:9: budget is '30'; it takes a time from 1s to 720h, as in 90s, 30m or 2h",
                  "a time has its unit");
    check_refused("name: x\nprecision: 3%\nbudget: 0.1s\n" CELLS, ":3:9: budget is '0.1s'",
                  "a budget is a second at least");
    check_refused("name: x\nprecision: 3%\nminimum: 5%\n" CELLS,
                  ":3:10: minimum is '5%'; it is above the precision", "a minimum is below the precision");
    check_refused("name: x\nminimum: some\n" CELLS, ":2:10: minimum is 'some'; it takes a share",
                  "a minimum is a share too");
    check_refused("name: x\nbaseline: cr\n" CELLS,
                  ":2:11: baseline: no collector of the matrix is 'cr'; did you mean 'rc'?",
                  "a baseline is one of the collectors");
    check_refused(
        "name: x\nbaseline: \"rc-trial:roots=9\"\n" CELLS,
        ":2:11: baseline: no collector of the matrix is 'rc-trial:roots=9'; it takes one as the matrix "
        "has it",
        "with its options");
    check_refused("name: x\n" CELLS "    memory: [cold, hot]\n",
                  ":5:20: memory is 'hot'; it takes cold or warm", "memory is cold or warm");
    check_refused("name: x\n" CELLS "    memory: warm\n", ":5:13: memory: expecting SEQUENCE",
                  "and a list of these");
    check_refused("name: a/b\n" CELLS, ":1:7: name 'a/b' names a folder", "a name with a slash is refused");
    check_refused("name: x\n", "missing required mapping field: cells", "cells cannot be left out");
    check_refused("name: x\ncells: []\n", "cells: insufficient entries", "nor be none");
    check_refused("name: x\ncells:\n  - workloads: rings\n    collectors: [rc]\n",
                  ":3:16: workloads: expecting SEQUENCE", "a list is a list");
    check_refused("name: x\nname: y\n" CELLS, ":2:1: key 'name' is there already", "a key comes once");
    check_refused("name: x\n\tcells: 3\n", ":2:1: not YAML", "a syntax error has its place");
    check_refused("", "empty", "an empty file is refused");
    check_refused("# nothing\n", "empty", "so is one with a remark alone");
    check_refused("- a\n", "expecting MAPPING", "a list is no matrix");
    check_refused("name: x\ncells: [*a]\n", ":2:9: an anchor or an alias", "aliases are refused");
    check_refused("name: \"x\x01\"\n" CELLS, ":1:9: not YAML",
                  "control characters are refused with their place");
}

static void check_numbers(void)
{
    struct spec *spec;
    static const char *const wrong[] = {"+3", "\" 3\"", "0x3", "0o3", "3_0", "03", "", "~", "3.", "[3]"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char *text = text_format("name: x\ntimeout_seconds: %s\n" CELLS, wrong[i]);
        check_refused(text, ":2:1", "a number is digits, whatever YAML makes of it");
        free(text);
    }
    tap_equal(load("name: x\nseed: 1e3\n" CELLS, &spec), 0, "an exponent is read as in options");
    tap_equal((int64_t)spec->seed, 1000, "with its value");
    spec_free(spec);
    static const char *const words[] = {"flase", "maybe", "yes", "on", "1", "True", "\"\"", "~"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char *text = text_format("name: x\nvary_seed: %s\n" CELLS, words[i]);
        check_refused(text, ":2:12: vary_seed is '", "a switch is true or false, and no other word");
        free(text);
    }
    tap_equal(load("name: x\nvary_seed: true\n" CELLS, &spec), 0, "true is read");
    tap_ok(spec->vary_seed, "as true");
    spec_free(spec);
}

static int load_bytes(const char *bytes, size_t size)
{
    struct spec *spec;
    FILE *file = fopen(path, "w");
    assert(file && fwrite(bytes, 1, size, file) == size);
    assert(fclose(file) == 0);
    int status = spec_load(path, &spec);
    if (status == 0)
        spec_free(spec);
    return status;
}

#define NUL_INSIDE "name: x\nbaseline: rc\0c\n" CELLS

/* `text` as UTF-16, with or without its mark. */
static void check_utf16(const char *text, bool little, bool marked, const char *words)
{
    char bytes[512];
    size_t size = 0;
    if (marked)
        size = (size_t)(stpcpy(bytes, little ? "\xff\xfe" : "\xfe\xff") - bytes);
    for (; *text; text++) {
        bytes[size + little] = 0;
        bytes[size + !little] = *text;
        size += 2;
    }
    tap_equal(load_bytes(bytes, size), MESSAGE_BAD_INPUT, "UTF-16 is refused");
    tap_ok(strstr(message_last(), words), "and named: %s", message_last());
}

static void check_syntax(void)
{
    tap_equal(load_bytes(NUL_INSIDE, sizeof(NUL_INSIDE) - 1), MESSAGE_BAD_INPUT, "a NUL byte cuts no text");
    tap_ok(strstr(message_last(), ":2:13: a NUL byte"), "and has its place");
    check_utf16("name: x\n" CELLS, true, true, ":1:1: the file is in UTF-16");
    check_utf16("name: x\n" CELLS, false, true, ":1:1: the file is in UTF-16");
    check_utf16("name: x\n" CELLS, true, false, ":1:2: a NUL byte");
    struct spec *spec;
    tap_equal(load("\xef\xbb\xbfname: x\n" CELLS, &spec), 0, "a mark of UTF-8 is no matter");
    spec_free(spec);
    check_refused("name: x\n# \xff\n" CELLS, ":2:3: not YAML", "what is no UTF-8 has its place");
    check_refused("name: !!str x\n" CELLS, ":1:7: a tag", "a tag is refused");
    check_refused("--- !matrix\nname: x\n" CELLS, "a tag", "on the whole, too");
    check_refused("name: x\nseed: !!int \"7\"\n" CELLS, ":2:7: a tag", "and on a number");
    check_refused("name: &a x\n" CELLS, ":1:7: an anchor", "an anchor is refused");
    check_refused("name: \"x\\0y\"\n" CELLS, ":1:7: a text with a control character",
                  "a NUL by its number, too");
    check_refused("name: \"\\e[2J\"\n" CELLS, ":1:7: a text with a control character",
                  "and what a terminal obeys");
    check_refused("name: |\n  x\n  y\n" CELLS, ":1:7: a text with a control character", "and lines");
    check_refused("name: x\n" CELLS "...\n---\n", ":6:1: a second document",
                  "an empty second document is one");
    check_refused("name: x\n" CELLS "---\n[", ":5:1: a second document", "so is one that is no YAML");
}

/* 300 workloads and 300 collectors are 90,000 cells, and each text is short. */
static void check_size(void)
{
    char text[8192], *at = stpcpy(text, "name: x\ncells:\n  - workloads: [a");
    for (int i = 0; i < 299; i++)
        at = stpcpy(at, ", a");
    at = stpcpy(at, "]\n    collectors: [a");
    for (int i = 0; i < 299; i++)
        at = stpcpy(at, ", a");
    strcpy(at, "]\n");
    check_refused(text, ":3:17: more than 20000 cells", "a matrix of very many cells is refused at once");
}

/* 200,000 brackets took three minutes; now they are read up to the ninth. */
static void check_depth(void)
{
    static char deep[1 << 18];
    static const char *const parts[] = {"[", "{", "[\n", "- ", "? ", "{a: ", "a: [", "!!a ["};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t length = strlen(parts[i]);
        for (size_t at = 0; at + length < sizeof deep; at += length)
            strcpy(deep + at, parts[i]);
        struct timespec begin, end;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
        tap_equal(load_bytes(deep, strlen(deep)), MESSAGE_BAD_INPUT, "what is nested deep is refused");
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
        double seconds = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
        if (!tap_ok(seconds < 2, "and soon"))
            tap_note("%.1f s", seconds);
        tap_note("%s", message_last());
    }
}

int main(void)
{
    path = text_scratch("gcmatrix-spec");
    close(mkstemp(path));
    check_good();
    check_designs();
    check_bad();
    check_numbers();
    check_syntax();
    check_depth();
    check_size();
    struct spec *spec;
    unlink(path);
    tap_equal(spec_load(path, &spec), MESSAGE_BAD_INPUT, "a file that is not there is refused");
    tap_equal(spec_load("/dev/zero", &spec), MESSAGE_BAD_INPUT, "an endless one too");
    free(path);
    return tap_done();
}
