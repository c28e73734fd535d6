/* SPDX-License-Identifier: MIT */
/* Checks how wide texts are on a screen, and what is known of the terminal behind a stream. */
#include <fcntl.h>
#include <pty.h>
#include <unistd.h>

#include "base/terminal.h"
#include "tests/tap.h"

static void test_widths(void)
{
    tap_equal((int64_t)terminal_width("µs–†"), 4, "an accented letter takes one column");
    tap_equal((int64_t)terminal_width("漢字"), 4, "a wide character takes two");
    tap_equal((int64_t)terminal_width("e\xcc\x81"), 1, "a combining mark takes none");
    tap_equal((int64_t)terminal_width("a\xff"
                                      "b"),
              3, "a byte that is no UTF-8 takes one");
}

static void clipped(const char *text, size_t columns, const char *expected, const char *sentence)
{
    char room[64];
    snprintf(room, sizeof(room), "%s", text);
    terminal_clip(room, columns);
    tap_same(room, expected, sentence);
}

static void test_clipping(void)
{
    clipped("mark-sweep", 10, "mark-sweep", "a text that fits stays");
    clipped("mark-sweep", 6, "mark-…", "one that does not ends in an ellipsis");
    clipped("漢字漢字", 6, "漢字…", "which stands where no half of a wide character fits");
    clipped("mark-sweep", 0, "", "in no column nothing stands");
    clipped("abc", 2, "a~", "where there are no bytes for an ellipsis a sign takes its place");
}

static bool utf8_in(const char *locale)
{
    setenv("LC_ALL", locale, 1);
    return terminal_has_utf8();
}

static void test_locale(void)
{
    tap_ok(utf8_in("C.UTF-8"), "a locale of UTF-8 has UTF-8");
    tap_ok(!utf8_in("C"), "the plain one has not");
    tap_ok(!utf8_in("xx_YY.UTF-8"), "nor has one that is not there");
}

static void test_streams(void)
{
    struct winsize given = {.ws_col = 132, .ws_row = 50};
    int master, slave;
    FILE *file = fopen("/dev/null", "w");
    struct terminal_size size = terminal_size(file);
    tap_ok(size.columns == 80 && size.rows == 24, "what is no terminal has the usual size");
    tap_ok(!terminal_has_colour(file) && !terminal_moves(file), "and neither colours nor a cursor");
    fclose(file);
    if (openpty(&master, &slave, NULL, NULL, &given) != 0) {
        tap_skip("a terminal says its size", "there is no pseudo terminal");
        return;
    }
    FILE *terminal = fdopen(slave, "w");
    size = terminal_size(terminal);
    tap_ok(size.columns == 132 && size.rows == 50, "a terminal says its size");
    given.ws_col = 0;
    ioctl(master, TIOCSWINSZ, &given);
    tap_equal((int64_t)terminal_size(terminal).columns, 80, "one that says none has the usual one");
    unsetenv("NO_COLOR");
    setenv("TERM", "xterm", 1);
    tap_ok(terminal_has_colour(terminal) && terminal_moves(terminal), "it has colours and a cursor");
    setenv("NO_COLOR", "1", 1);
    tap_ok(!terminal_has_colour(terminal), "no colours where NO_COLOR is set");
    setenv("TERM", "dumb", 1);
    unsetenv("NO_COLOR");
    tap_ok(!terminal_has_colour(terminal) && !terminal_moves(terminal), "neither where it is dumb");
    fclose(terminal);
    close(master);
}

int main(void)
{
    test_widths();
    test_clipping();
    test_locale();
    test_streams();
    return tap_done();
}
