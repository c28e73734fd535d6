/* SPDX-License-Identifier: MIT */
/* Checks that foreign text keeps its meaning in every place where it goes, and gains none. */
#include <stdlib.h>

#include "base/escape.h"
#include "base/message.h"
#include "tests/tap.h"

static void same(char *found, const char *expected, const char *sentence)
{
    tap_same(found, expected, sentence);
    free(found);
}

static char *written(void (*write)(FILE *, const char *), const char *text)
{
    char *found = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&found, &size);
    write(stream, text);
    fclose(stream);
    return found;
}

static void test_characters(void)
{
    static const struct {
        const char *text, *sentence;
    } bad[] = {
        {"\x1b[2J", "an escape sequence"},
        {"\x7f", "DEL"},
        {"\xc2\x9b", "a control sequence in one character of Latin-1"},
        {"\xc3", "a sequence that is cut"},
        {"\xe2\x82", "one that is cut later"},
        {"\xc3(", "one that another character cuts"},
        {"\x80", "a stray continuation"},
        {"\xc0\xaf", "an overlong slash of two bytes"},
        {"\xe0\x80\xaf", "one of three"},
        {"\xf0\x80\x80\xaf", "one of four"},
        {"\xed\xa0\x80", "a surrogate"},
        {"\xf4\x90\x80\x80", "what lies beyond Unicode"},
        {"\xff", "a byte that UTF-8 never has"},
        {"\xef\xbf\xbf", "U+FFFF, which XML refuses"},
        {"\xe2\x80\xae", "a change of direction"},
        {"\xe2\x80\xa8", "a line separator"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        tap_ok(escape_character(bad[i].text) == 0 && !escape_is_plain(bad[i].text), "%s is not plain",
               bad[i].sentence);
    tap_ok(escape_is_plain("a ~<$(b)>\\ µ–† 漢字 \xf0\x9f\x98\x80"),
           "letters of any script, and signs, are plain");
    char text[] = "a\n\xc3(\xe2\x80\xaeµ\xff";
    escape_clean(text);
    tap_same(text,
             "a?"
             "?(???µ?",
             "a byte of no plain character is a question mark");
}

static void test_plain(void)
{
    same(escape_plain("abcdefghij", 10), "abcdefghij", "a text that fits stays");
    same(escape_plain("abcdefghijk", 10), "abcde…hijk", "a longer one loses its middle");
    same(escape_plain("µµµµµµ", 5), "µµ…µµ", "characters are counted, and none is cut");
    same(escape_plain("a\tb\xff", 10), "a?b?", "what is not plain is a question mark");
}

static void test_places(void)
{
    same(written(escape_html, "<script>\"a\" & 'b'\xff\x01</script>"),
         "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;?"
         "?&lt;/script&gt;",
         "HTML shows what it reserves");
    same(written(escape_html, NULL), "", "no text is no HTML");
    same(written(escape_markdown, "a|b*c_d`e\\<script>&[f](g)\n"),
         "a\\|b\\*c\\_d\\`e\\\\&lt;script&gt;&amp;\\[f\\](g)?", "Markdown shows what it reserves");
    same(written(escape_gnuplot, "it's `ls` $(ls) \"\\n\n"),
         "\"it\\047s \\140ls\\140 \\044(ls) \\042\\134n?\"", "a string of gnuplot is one string");
    same(written(escape_dot, "<b>\"\\N\" &lt;\n"), "<b>\\\"\\\\N\\\" &amp;lt;?",
         "a label of DOT shows quotes, backslashes and entities");
    same(written(escape_dot, NULL), "", "no text is no label");
}

static void test_latex(void)
{
    same(written(escape_latex, "50% of a_b & {c} #1 $x$ ~ ^ \\input"),
         "50\\% of a\\_b \\& \\{c\\} \\#1 \\$x\\$ \\textasciitilde{} \\textasciicircum{} "
         "\\textbackslash{}input",
         "LaTeX sets the characters that it reserves");
    same(written(escape_latex, "[x] * a--b ''c'' d,,e <f>"),
         "{[}x] {*} a-{}-b '{}'c'{}' d,{},e \\textless{}f\\textgreater{}",
         "no cell is an argument of the row before it, and no two characters become one");
    same(written(escape_latex, "5 µs × é – ‡ 漢\n\xff"), "5 µs × é \\textendash{} \\textdaggerdbl{} ???",
         "Latin-1 stays, and what pdfLaTeX has no sign for is a question mark");
    same(written(escape_latex, NULL), "", "no text is no LaTeX");
}

static void test_link(void)
{
    same(written(escape_link, "a b(1)<2>[%?#/é"), "a%20b%281%29%3C2%3E%5B%25%3F%23%2F%C3%A9",
         "a name in an address is one word that ends nothing");
    same(written(escape_link, "a-b._~9"), "a-b._~9", "a plain one stays");
}

static void test_shell(void)
{
    same(escape_shell("results/a"), "results/a", "a plain word stays");
    same(escape_shell("$(touch a) `b` ~ it's"), "'$(touch a) `b` ~ it'\\''s'",
         "a shell runs nothing in a word");
    same(escape_shell("~"), "'~'", "a tilde is a name");
    same(escape_shell("-rf"), "./-rf", "a dash begins no option");
    same(escape_shell(""), "''", "an empty word is a word");
    same(escape_shell("a\nb\t'\\\xff"), "$'a\\012b\\011\\'\\\\\\377'", "what is not plain stands in octal");
}

static void test_message(void)
{
    char far[6000];
    memset(far, 'x', sizeof far);
    far[sizeof far - 1] = '\0';
    message_note("name '%s': remove it", "a\n\x1b[2J\xc2\x9b\xff");
    tap_same(message_last(),
             "name 'a?"
             "?[2J?"
             "?"
             "?': remove it",
             "a message drives no terminal, and is one line");
    message_note("name '%s': remove it", far);
    const char *last = message_last();
    size_t length = strlen(last);
    tap_ok(length < 2048 && strncmp(last, "name 'xx", 8) == 0 &&
               strcmp(last + length - 12, "': remove it") == 0,
           "a message with a long name keeps its remedy");
}

int main(void)
{
    test_characters();
    test_plain();
    test_places();
    test_latex();
    test_link();
    test_shell();
    test_message();
    return tap_done();
}
