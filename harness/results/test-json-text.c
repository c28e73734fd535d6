/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "harness/results/json-text.h"
#include "tests/tap.h"

static void same(const char *text, const char *expected, const char *sentence)
{
    json_t *string = json_text(text);
    tap_same(json_string_value(string), expected, sentence);
    json_decref(string);
}

int main(void)
{
    static char long_text[9000];
    same("\"a\" \\ µ", "\"a\" \\ µ", "a plain text stays");
    same("cut\xc3", "cut?", "a character that is cut loses nothing else");
    same("a\x1b[2J\n\xff", "a?[2J??", "nor does one that acts, or none at all");
    memset(long_text, 'x', sizeof long_text - 1);
    json_t *string = json_text(long_text), *null = json_text(NULL);
    tap_ok(json_string_length(string) < 4100, "a long text loses its middle");
    tap_ok(json_is_null(null), "no text is null");
    json_decref(string);
    json_decref(null);
    return tap_done();
}
