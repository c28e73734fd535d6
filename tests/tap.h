/* SPDX-License-Identifier: MIT */
/*
 * TAP for unit tests: one `ok` or `not ok` line per sentence, and the plan at the end.
 *
 * A test is a program: it includes this header, calls tap_ok() and its relatives with a sentence each, and
 * returns tap_done(). Meson runs it with `protocol: 'tap'`. A failed check says what was expected and what
 * was found; the program goes on, so that one run shows every failure.
 */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#undef NDEBUG
#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_count;
static int tap_failures;

/*
 * Prints a text with `line_break` in place of each line break in it. A sentence may hold what a test tries, and a
 * second line of it would be none of the protocol. It allocates nothing: a test may have used up all memory.
 */
__attribute__((format(printf, 2, 0), unused)) static void tap_print(const char *line_break,
                                                                    const char *format, va_list arguments)
{
    static char text[1 << 16]; /* a longer one is cut off */
    vsnprintf(text, sizeof(text), format, arguments);
    for (const char *line = text, *end; *line; line = end + (*end != '\0')) {
        end = line + strcspn(line, "\n");
        printf("%.*s%s", (int)(end - line), line, *end ? line_break : "");
    }
}

/* One line of the protocol. Returns `passed`, so that a test can stop where going on makes no sense. */
__attribute__((format(printf, 2, 3), unused)) static bool tap_ok(bool passed, const char *sentence, ...)
{
    va_list arguments;
    printf("%sok %d - ", passed ? "" : "not ", ++tap_count);
    va_start(arguments, sentence);
    tap_print("\\n", sentence, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
    tap_failures += !passed;
    return passed;
}

/* A remark that harnesses ignore and people read. */
__attribute__((format(printf, 1, 2), unused)) static void tap_note(const char *format, ...)
{
    va_list arguments;
    fputs("# ", stdout);
    va_start(arguments, format);
    tap_print("\n# ", format, arguments);
    va_end(arguments);
    putchar('\n');
}

__attribute__((unused)) static bool tap_equal(int64_t found, int64_t expected, const char *sentence)
{
    bool passed = tap_ok(found == expected, "%s", sentence);
    if (!passed)
        tap_note("found %" PRId64 ", expected %" PRId64, found, expected);
    return passed;
}

__attribute__((unused)) static bool tap_same(const char *found, const char *expected, const char *sentence)
{
    bool passed = tap_ok(found && expected && strcmp(found, expected) == 0, "%s", sentence);
    if (!passed)
        tap_note("found \"%s\", expected \"%s\"", found ? found : "(null)", expected ? expected : "(null)");
    return passed;
}

/* Skips `sentence` for the stated reason; a skip is neither a pass nor a failure. */
__attribute__((unused)) static void tap_skip(const char *sentence, const char *reason)
{
    printf("ok %d - %s # SKIP %s\n", ++tap_count, sentence, reason);
}

/* Whether the long form of a test is asked for: by LONG_TESTS=1 in the environment, which `./check --long`
 * sets. */
__attribute__((unused)) static bool tap_long(void)
{
    const char *asked = getenv("LONG_TESTS");
    return asked && *asked;
}

/* Whether this build tries combination `number`, where each of three builds tries a third: TURN says which
 * one it is. */
__attribute__((unused)) static bool tap_turn(size_t number)
{
    const char *turn = getenv("TURN");
    return tap_long() || number % 3 == (size_t)(turn ? atoi(turn) : 0);
}

/* Prints the plan; the value to return from main. */
__attribute__((unused)) static int tap_done(void)
{
    printf("1..%d\n", tap_count);
    return tap_failures != 0;
}

#endif
