/* SPDX-License-Identifier: MIT */
/* Checks what readers see: figures in words, and tables of text. */
#include <math.h>
#include <stdlib.h>

#include "harness/report/figure.h"
#include "harness/report/table.h"
#include "harness/report/textual.h"
#include "tests/tap.h"

static void test_figures(void)
{
    char text[FIGURE_TEXT];
    figure_ratio(1.005, text);
    tap_same(text, "1.00", "a ratio below ten has two decimals");
    figure_ratio(9.996, text);
    tap_same(text, "10.0", "one that rounds to ten has one");
    figure_ratio(353.7, text);
    tap_same(text, "354", "one above a hundred has none");
    figure_ratio(NAN, text);
    tap_same(text, "n/a", "one that is missing is n/a");
    figure_ratio(INFINITY, text);
    tap_same(text, "n/a (over 0)", "one over 0 is n/a, and says so");
    figure_fine_ratio(INFINITY, text);
    tap_same(text, "n/a (over 0)", "with three decimals too");
    figure_fine_interval((struct bootstrap_interval){INFINITY, INFINITY}, text);
    tap_same(text, "", "its interval is none");
    figure_fine_interval((struct bootstrap_interval){1.25, INFINITY}, text);
    tap_same(text, "1.250–no end", "one end may lie anywhere");
    figure_bytes(0, text);
    tap_same(text, "0", "no bytes are 0, without a unit");
    figure_bytes(999, text);
    tap_same(text, "999 B", "999 bytes are bytes");
    figure_bytes(1234567, text);
    tap_same(text, "1.23 MB", "sizes go by powers of ten");
    figure_time(52300, text);
    tap_same(text, "52.3 µs", "times take the unit that leaves three digits");
    figure_interval((struct bootstrap_interval){1, 1}, text);
    tap_same(text, "", "a best that is never in doubt has no interval to show");
}

enum how { TERMINAL, COLOURS, MARKDOWN, LATEX };

static char *printed(const struct textual *table, enum how how)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (how == MARKDOWN)
        textual_print_markdown(table, stream);
    else if (how == LATEX)
        textual_print_latex(table, stream);
    else
        textual_print_whole(table, stream, how == COLOURS);
    fclose(stream);
    return text;
}

static void expect(char *found, const char *expected, const char *sentence)
{
    tap_same(found, expected, sentence);
    free(found);
}

static void test_textual(void)
{
    struct textual table;
    textual_init(&table, 2, 1);
    textual_add(&table, TEXTUAL_BOLD, "name");
    textual_add(&table, TEXTUAL_BOLD, "n");
    textual_add(&table, TEXTUAL_PLAIN, "µ|");
    textual_add(&table, TEXTUAL_BAD, "1\n2");
    expect(printed(&table, TERMINAL), "name    n\nµ|    1?2\n",
           "columns line up, and a line break stays in its cell");
    expect(printed(&table, MARKDOWN), "| name | n |\n|---|---:|\n| µ\\| | 1?2 |\n",
           "a bar is escaped in Markdown");
    expect(printed(&table, COLOURS), "\033[1mname\033[0m    \033[1mn\033[0m\nµ|    \033[31m1?2\033[0m\n",
           "colours take no width");
    expect(printed(&table, LATEX),
           "\\begin{tabular}{lr}\n\\toprule\nname & n \\\\\n\\midrule\nµ\\textbar{} & 1?2 \\\\\n"
           "\\bottomrule\n\\end{tabular}\n",
           "in LaTeX a table has its three rules, and a bar is set");
    tap_equal((int64_t)textual_total(&table), 9, "the width of a table is that of its lines");
    textual_fini(&table);
}

static char *shown(void (*print)(const char *, enum report_form, FILE *), const char *words,
                   enum report_form form)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    print(words, form, stream);
    fclose(stream);
    return text;
}

static void test_sentences(void)
{
    static const char foreign[] = "a <b> *c* \033[1m\n";
    expect(shown(textual_print_sentence, foreign, REPORT_TEXT), "a <b> *c* ?[1m?\n",
           "a sentence drives no terminal");
    expect(shown(textual_print_sentence, foreign, REPORT_MARKDOWN), "a &lt;b&gt; \\*c\\* ?\\[1m?\n",
           "and is no HTML in Markdown");
    expect(shown(textual_print_title, "a*", REPORT_MARKDOWN), "**a\\***\n", "where a title is bold");
    char *line = shown(textual_print_line,
                       "a command that a person copies is never broken, however narrow the terminal is, and "
                       "however long it is",
                       REPORT_TEXT);
    tap_ok(strchr(line, '\n') == line + strlen(line) - 1, "a line is not broken");
    free(line);
}

static void test_table(void)
{
    struct table_set set = {0};
    struct table *table = table_add(&set, "t", "a,b,c,d,e");
    table_text(table, "x,\"y\"");
    table_number(table, 1234567890123.5);
    table_number(table, NAN);
    table_number(table, 1.0 / 3);
    table_count(table, -4);
    table_end(table);
    fflush(table->stream);
    tap_same(
        table->text, "a,b,c,d,e\n\"x,'y'\",1234567890123.5,,0.333333333,-4\n",
        "a table quotes what it must, has no quote within a text, keeps halves of large numbers, and leaves "
        "the missing empty");
    tap_equal((int64_t)table_rows(&set, "t"), 1, "a table knows its rows");
    table_set_free(&set);
}

int main(void)
{
    test_figures();
    test_textual();
    test_sentences();
    test_table();
    return tap_done();
}
