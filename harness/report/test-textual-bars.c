/* SPDX-License-Identifier: MIT */
/* Checks bars in tables: that they fill a line of any terminal, and that each follows its axis. */
#include <pty.h>
#include <unistd.h>

#include "base/terminal.h"
#include "harness/report/textual-bars.h"
#include "tests/tap.h"

/* A table of two collectors under two axes, whose bars are drawn for the stream. */
static struct textual drawn(FILE *stream, const char *name)
{
    struct textual table;
    textual_init(&table, 3, 1);
    for (int axis = 0; axis < 2; axis++) {
        textual_add(&table, TEXTUAL_BOLD, "%s", name);
        textual_add(&table, TEXTUAL_BOLD, "x rc");
        textual_add_axis(&table, axis ? 0 : 1, axis == 0);
        textual_add(&table, TEXTUAL_PLAIN, "rc");
        textual_add(&table, TEXTUAL_PLAIN, "1.00");
        textual_add_bar(&table, (struct bar){1, 1, 1});
        textual_add(&table, TEXTUAL_PLAIN, "semispace");
        textual_add(&table, TEXTUAL_BAD, "oom");
        textual_add_bar(&table, axis ? BAR_OF(NAN) : (struct bar){1.5, 2, 2.5});
    }
    textual_draw_bars(&table, stream);
    return table;
}

static char *printed(const struct textual *table)
{
    char *text;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    textual_print_whole(table, stream, false);
    fclose(stream);
    return text;
}

static void test_table(void)
{
    setenv("LC_ALL", "C", 1);
    FILE *file = fopen("/dev/null", "w");
    struct textual table = drawn(file, "workload");
    char *text = printed(&table);
    tap_equal((int64_t)textual_total(&table), 9 + 2 + 4 + 2 + 60,
              "where there is no terminal a table fills 80 columns, or has the longest bars");
    tap_ok(strncmp(text, "workload   x rc  1  ", 20) == 0, "the first line has the axis");
    tap_ok(strstr(text, "\nrc         1.00  |\n") != NULL,
           "a bar of nothing is its origin, and no blanks end a line");
    tap_ok(strstr(text, "semispace   oom  |####") != NULL, "a ratio has its bar");
    tap_ok(strstr(text, "workload   x rc  0  ") != NULL, "a second axis begins a scale of its own");
    tap_ok(strstr(text, "\nrc         1.00  |#####") != NULL, "on which the bars below it are drawn");
    tap_ok(strstr(text, "\nsemispace   oom  |\n") != NULL, "and what is missing has none");
    free(text);
    textual_fini(&table);
    fclose(file);
}

static void test_terminals(void)
{
    static const unsigned short widths[] = {40, 80, 200};
    static const char *const names[] = {"workload", "漢字漢字漢字", ""};
    int master, slave;
    if (openpty(&master, &slave, NULL, NULL, NULL) != 0) {
        tap_skip("tables fit a terminal", "there is no pseudo terminal");
        return;
    }
    FILE *terminal = fdopen(slave, "w");
    for (size_t i = 0; i < 3; i++)
        for (size_t name = 0; name < 3; name++) {
            ioctl(master, TIOCSWINSZ, &(struct winsize){.ws_col = widths[i], .ws_row = 24});
            struct textual table = drawn(terminal, names[name]);
            size_t total = textual_total(&table), most = terminal_width(names[name]);
            most = (most < 9 ? 9 : most) + 2 + 4 + 2 + 60;
            tap_equal((int64_t)total, (int64_t)(most < widths[i] ? most : widths[i]),
                      "a table with bars fills a terminal of any width, and no more");
            textual_fini(&table);
        }
    fclose(terminal);
    close(master);
}

/* A table of three columns beside their names, on a terminal of so many columns, which writes "\r\n" at a line's end. */
static void printed_on(unsigned short columns, const char *expected, const char *sentence)
{
    struct textual table;
    char found[1024] = "";
    int master, slave;
    if (openpty(&master, &slave, NULL, NULL, &(struct winsize){.ws_col = columns, .ws_row = 24}) != 0) {
        tap_skip(sentence, "there is no pseudo terminal");
        return;
    }
    FILE *terminal = fdopen(slave, "w");
    textual_init(&table, 4, 1);
    for (int row = 0; row < 2; row++) {
        textual_add(&table, TEXTUAL_PLAIN, row ? "rc" : "name");
        for (int column = 0; column < 3; column++)
            textual_add(&table, TEXTUAL_PLAIN, row ? "%d" : "a column of it %d", column);
    }
    textual_print(&table, terminal);
    fclose(terminal); /* what it was told is read still, and then nothing */
    size_t length = 0, whole = strlen(expected);
    for (ssize_t got; length < whole && (got = read(master, found + length, sizeof(found) - 1 - length)) > 0;)
        length += (size_t)got;
    tap_same(found, expected, sentence);
    textual_fini(&table);
    close(master);
}

static void test_parts(void)
{
    setenv("NO_COLOR", "1", 1);
    printed_on(60,
               "name  a column of it 0  a column of it 1  a column of it 2\r\nrc                   0         "
               "        1                 2\r\n",
               "a table that fits is shown as it is");
    printed_on(50,
               "name  a column of it 0  a column of it 1\r\nrc                   0                 "
               "1\r\n\r\nname  a column of it 2\r\nrc                   2\r\n",
               "on a narrower terminal the other columns follow below, with their names");
    printed_on(40,
               "name  a column of it 0  a column of it 1\r\nrc                   0                 "
               "1\r\n\r\nname  a column of it 2\r\nrc                   2\r\n",
               "up to its last column");
}

int main(void)
{
    test_table();
    test_parts();
    test_terminals();
    return tap_done();
}
