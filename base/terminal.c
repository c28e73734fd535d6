/* SPDX-License-Identifier: MIT */
#include "base/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

/* Of "…", which takes one column. */
static const char ellipsis[] = "\xe2\x80\xa6";

/* The locale by which characters are read: widths are those of UTF-8 in any locale of the user. */
static locale_t utf8_locale(void)
{
    static locale_t utf8;
    if (!utf8)
        utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    return utf8;
}

/* Returns the bytes of the first character of a text that is not empty, and the columns that it takes. */
static size_t character_take(const char *text, size_t bytes, size_t *ret_columns)
{
    mbstate_t state = {0};
    wchar_t character;
    size_t length = mbrtowc(&character, text, bytes, &state);
    if (length == (size_t)-1 || length == (size_t)-2 || length == 0) {
        length = 1;
        character = L'?';
    }
    int columns = wcwidth(character);
    *ret_columns = columns < 0 ? 1 : (size_t)columns;
    return length;
}

/* Returns the bytes of as many characters as fit in `room` columns, and the columns that these take. */
static size_t text_fit(const char *text, size_t room, size_t *ret_columns)
{
    size_t bytes = strlen(text), at = 0;
    locale_t utf8 = utf8_locale(), before = uselocale(utf8 ? utf8 : (locale_t)0);
    *ret_columns = 0;
    while (at < bytes) {
        size_t columns, length = character_take(text + at, bytes - at, &columns);
        if (columns > room - *ret_columns)
            break;
        *ret_columns += columns;
        at += length;
    }
    uselocale(before);
    return at;
}

size_t terminal_width(const char *text)
{
    size_t columns;
    text_fit(text, (size_t)-1, &columns);
    return columns;
}

void terminal_clip(char *text, size_t columns)
{
    size_t taken, bytes = strlen(text);
    if (text_fit(text, columns, &taken) == bytes)
        return;
    size_t at = columns ? text_fit(text, columns - 1, &taken) : 0;
    text[at] = '\0';
    if (columns && at + sizeof(ellipsis) <= bytes + 1)
        memcpy(text + at, ellipsis, sizeof(ellipsis));
    else if (columns)
        memcpy(text + at, "~", 2); /* what was cut off is shorter than an ellipsis */
}

bool terminal_is(FILE *stream)
{
    return isatty(fileno(stream));
}

struct terminal_size terminal_size(FILE *stream)
{
    struct winsize found;
    struct terminal_size size = TERMINAL_SIZE_USUAL;
    if (!terminal_is(stream) || ioctl(fileno(stream), TIOCGWINSZ, &found) != 0)
        return size;
    if (found.ws_col)
        size.columns = found.ws_col;
    if (found.ws_row)
        size.rows = found.ws_row;
    return size;
}

static bool terminal_is_named(void)
{
    const char *name = getenv("TERM");
    return name && name[0] && strcmp(name, "dumb") != 0;
}

bool terminal_moves(FILE *stream)
{
    return terminal_is(stream) && terminal_is_named();
}

bool terminal_has_colour(FILE *stream)
{
    const char *no_colour = getenv("NO_COLOR"), *name = getenv("TERM");
    return !(no_colour && no_colour[0]) && terminal_is(stream) && !(name && strcmp(name, "dumb") == 0);
}

bool terminal_has_utf8(void)
{
    locale_t users = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    if (!users)
        return false;
    bool utf8 = strcmp(nl_langinfo_l(CODESET, users), "UTF-8") == 0;
    freelocale(users);
    return utf8;
}
