/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
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
    check_refused("name: x\nblocks: lots\n" CELLS, ":2:9: blocks: 'lots' does not fit",
                  "a word is no number");
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
    check_refused("name: &a x\ncells: [*a]\n", "alias", "aliases are refused");
    check_refused("name: \"x\x01\"\n" CELLS, "not YAML", "control characters are refused");
}

int main(void)
{
    path = text_scratch("gcmatrix-spec");
    close(mkstemp(path));
    check_good();
    check_designs();
    check_bad();
    struct spec *spec;
    unlink(path);
    tap_equal(spec_load(path, &spec), MESSAGE_BAD_INPUT, "a file that is not there is refused");
    tap_equal(spec_load("/dev/zero", &spec), MESSAGE_BAD_INPUT, "an endless one too");
    free(path);
    return tap_done();
}
