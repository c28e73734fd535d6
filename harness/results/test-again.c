/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "harness/results/again.h"
#include "tests/tap.h"

static void check(const char *manifest, const char *dir, const char *expected, const char *sentence)
{
    json_t *read = json_loads(manifest, 0, NULL);
    assert(read);
    char *command = again_command(read, dir);
    tap_same(command, expected, sentence);
    free(command);
    json_decref(read);
}

int main(void)
{
    check("{\"blocks\": 3}", "old", "gcmatrix matrix SPECIFICATION -o old --blocks 3 --resume",
          "a run without a design has its blocks");
    check("{\"blocks\": 3, \"design\": {\"kind\": \"blocks\", \"blocks\": 3}, \"baseline\": null}", "a b",
          "gcmatrix matrix SPECIFICATION -o 'a b' --blocks 3 --resume", "so has one of a fixed number");
    check("{\"blocks\": 40, \"design\": {\"kind\": \"precision\", \"precision\": 0.025, \"budget_seconds\": "
          "90}, "
          "\"baseline\": {\"collector\": \"rc-trial\", \"options\": \"roots=9\"}}",
          "-x",
          "gcmatrix matrix SPECIFICATION -o ./-x --precision 2.5% --budget 90s --baseline rc-trial:roots=9 "
          "--resume",
          "one with a precision has that, its budget and its baseline");
    check("{\"blocks\": 40, \"design\": {\"kind\": \"precision\", \"precision\": 0.003, \"budget_seconds\": "
          "null}, "
          "\"baseline\": {\"collector\": \"rc\", \"options\": \"\"}, \"cells\": [{\"build\": \"\"}, "
          "{\"build\": \"b\"}]}",
          "x",
          "gcmatrix matrix SPECIFICATION -o x --precision 0.3% --baseline rc --against BUILD_DIR --resume",
          "and one of two builds says that there is another");
    return tap_done();
}
