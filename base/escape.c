/* SPDX-License-Identifier: MIT */
#include "base/escape.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* ---- characters ---- */

/* Reads the sequence of UTF-8 at `text`. Returns its bytes, or 0. A NUL is no continuation, so it ends one. */
static size_t sequence_read(const unsigned char *text, uint32_t *ret_point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000}; /* of a sequence of so many bytes */
    size_t length = *text < 0x80 ? 1 : *text < 0xc0 ? 0 : *text < 0xe0 ? 2 : *text < 0xf0 ? 3 : 4;
    if (length == 0 || *text > 0xf4)
        return 0;
    uint32_t point = length == 1 ? *text : *text & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (text[i] & 0x3f);
    }
    *ret_point = point;
    return point < least[length] ? 0 : length;
}

static bool point_is_plain(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } others[] = {{0, 0x1f},        {0x7f, 0x9f},          {0x61c, 0x61c},   {0x200e, 0x200f},
                  {0x2028, 0x202e}, {0x2066, 0x2069},      {0xd800, 0xdfff}, {0xfdd0, 0xfdef},
                  {0xfeff, 0xfeff}, {0x110000, UINT32_MAX}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (point >= others[i].first && point <= others[i].last)
            return false;
    return (point & 0xfffe) != 0xfffe;
}

size_t escape_character(const char *text)
{
    uint32_t point = 0;
    size_t length = sequence_read((const unsigned char *)text, &point);
    return length && point_is_plain(point) ? length : 0;
}

bool escape_is_plain(const char *text)
{
    while (*text) {
        size_t length = escape_character(text);
        if (length == 0)
            return false;
        text += length;
    }
    return true;
}

void escape_clean(char *text)
{
    while (*text) {
        size_t length = escape_character(text);
        if (length == 0)
            *text = '?';
        text += length ? length : 1;
    }
}

/* Returns the byte after `count` plain characters. */
static size_t characters_end(const char *text, size_t count)
{
    size_t end = 0;
    while (count-- > 0 && text[end])
        end += escape_character(text + end);
    return end;
}

static size_t characters_count(const char *text)
{
    size_t count = 0;
    for (; *text; text += escape_character(text))
        count++;
    return count;
}

void escape_shorten(char *text, size_t most)
{
    static const char ellipsis[] = "…";
    size_t count = characters_count(text), tail = (most - 1) / 2;
    if (count <= most)
        return;
    size_t head_end = characters_end(text, most - 1 - tail), tail_start = characters_end(text, count - tail);
    memmove(text + head_end + strlen(ellipsis), text + tail_start, strlen(text + tail_start) + 1);
    memcpy(text + head_end, ellipsis, strlen(ellipsis));
}

char *escape_plain(const char *text, size_t most)
{
    char *plain = memory_new(strlen(text) + ESCAPE_ROOM, 1);
    strcpy(plain, text);
    escape_clean(plain);
    escape_shorten(plain, most);
    return plain;
}

/* ---- places ---- */

/* Writes the character at `*text` and moves on; '?' for a byte of none. */
static void character_write(FILE *stream, const char **text)
{
    size_t length = escape_character(*text);
    if (length)
        fwrite(*text, 1, length, stream);
    else
        putc('?', stream);
    *text += length ? length : 1;
}

static const char *entity_of(char character)
{
    switch (character) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void escape_html(FILE *stream, const char *text)
{
    while (text && *text) {
        const char *entity = entity_of(*text);
        if (entity) {
            fputs(entity, stream);
            text++;
        } else
            character_write(stream, &text);
    }
}

/*
 * A backslash makes each of these an ordinary character, in a table too. '&' and '<' are entities instead: some
 * readers of Markdown leave a backslash before them to HTML.
 */
void escape_markdown(FILE *stream, const char *text)
{
    while (text && *text) {
        const char *entity = strchr("&<>", *text) ? entity_of(*text) : NULL;
        if (entity) {
            fputs(entity, stream);
            text++;
            continue;
        }
        if (strchr("\\`*_[]|~$", *text))
            putc('\\', stream);
        character_write(stream, &text);
    }
}

void escape_link(FILE *stream, const char *name)
{
    for (; *name; name++) {
        bool letter = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z');
        bool digit = *name >= '0' && *name <= '9';
        if (letter || digit || strchr("-._~", *name))
            putc(*name, stream);
        else
            fprintf(stream, "%%%02X", (unsigned char)*name);
    }
}

/* What stands for a character in LaTeX; NULL where it stands for itself. */
struct latex_sign {
    const char *character, *sign;
};

/*
 * The first ten are LaTeX's own. '<', '>', '|' and '"' are other signs in some encodings. A '[' or '*' after
 * the end of a row is an argument of that end.
 */
static const struct latex_sign latex_signs[] = {
    {"\\", "\\textbackslash{}"},
    {"{", "\\{"},
    {"}", "\\}"},
    {"$", "\\$"},
    {"&", "\\&"},
    {"#", "\\#"},
    {"%", "\\%"},
    {"_", "\\_"},
    {"~", "\\textasciitilde{}"},
    {"^", "\\textasciicircum{}"},
    {"<", "\\textless{}"},
    {">", "\\textgreater{}"},
    {"|", "\\textbar{}"},
    {"\"", "\\textquotedbl{}"},
    {"`", "\\textasciigrave{}"},
    {"[", "{[}"},
    {"*", "{*}"},
    {"\u00a0", "~"},
    {"\u00ad", "\\-"},
    {"–", "\\textendash{}"},
    {"—", "\\textemdash{}"},
    {"‘", "\\textquoteleft{}"},
    {"’", "\\textquoteright{}"},
    {"“", "\\textquotedblleft{}"},
    {"”", "\\textquotedblright{}"},
    {"†", "\\textdagger{}"},
    {"‡", "\\textdaggerdbl{}"},
    {"…", "\\textellipsis{}"},
    {"∞", "$\\infty$"},
};

static const char *latex_sign_of(const char *character, size_t length)
{
    for (size_t i = 0; i < sizeof latex_signs / sizeof *latex_signs; i++)
        if (strlen(latex_signs[i].character) == length &&
            strncmp(latex_signs[i].character, character, length) == 0)
            return latex_signs[i].sign;
    return NULL;
}

/* Two of these in a row are one other sign, as "--" is a dash. */
static bool latex_joins(const char *text)
{
    return text[0] == text[1] && strchr("-',", text[0]);
}

void escape_latex(FILE *stream, const char *text)
{
    while (text && *text) {
        size_t length = escape_character(text);
        const char *sign = length ? latex_sign_of(text, length) : "?";
        bool latin = length == 1 || (length == 2 && (unsigned char)text[0] <= 0xc3);
        if (sign)
            fputs(sign, stream);
        else if (latin)
            fwrite(text, 1, length, stream);
        else
            putc('?', stream);
        if (latex_joins(text))
            fputs("{}", stream);
        text += length ? length : 1;
    }
}

/* In single quotes gnuplot 5.4 loses its way at four of them in a row; in double quotes a backquote runs a shell. */
void escape_gnuplot(FILE *stream, const char *text)
{
    putc('"', stream);
    while (*text) {
        if (strchr("\"\\`'@$", *text))
            fprintf(stream, "\\%03o", (unsigned char)*text++);
        else
            character_write(stream, &text);
    }
    putc('"', stream);
}

/* A backslash begins a word of graphviz's own, such as \N for the node. It reads entities of HTML in labels. */
void escape_dot(FILE *stream, const char *text)
{
    while (text && *text) {
        if (*text == '&') {
            fputs(entity_of(*text++), stream);
            continue;
        }
        if (*text == '"' || *text == '\\')
            putc('\\', stream);
        character_write(stream, &text);
    }
}

/* Writes the bytes in $'...', those that are not plain in octal. */
static char *shell_quote_bytes(const char *text)
{
    char *quoted = NULL;
    size_t size;
    FILE *stream = memory_stream(&quoted, &size);
    fputs("$'", stream);
    while (*text) {
        if (escape_character(text) == 0) {
            fprintf(stream, "\\%03o", (unsigned char)*text++);
            continue;
        }
        if (*text == '\'' || *text == '\\')
            putc('\\', stream);
        character_write(stream, &text);
    }
    putc('\'', stream);
    memory_stream_close(stream);
    return quoted;
}

char *escape_path(const char *path)
{
    return text_format("%s%s", *path == '-' ? "./" : "", path);
}

char *escape_shell(const char *text)
{
    char *named = escape_path(text);
    char *word = escape_is_plain(named) ? text_shell_quote(named) : shell_quote_bytes(named);
    free(named);
    return word;
}
