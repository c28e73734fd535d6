/* SPDX-License-Identifier: MIT */
/*
 * What a screen shows: the columns that a text takes on it, and what the terminal behind a stream can do.
 * Nothing here changes a terminal, so nothing has to be put back.
 */
#ifndef BASE_TERMINAL_H
#define BASE_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Returns the columns that a text takes on a screen. A combining mark takes none, a wide character two, and
 * a byte that is not UTF-8 one. O(length).
 */
size_t terminal_width(const char *text);

/* Cuts a text so that it takes `columns` at most. Its last character is an ellipsis then. O(length). */
void terminal_clip(char *text, size_t columns);

struct terminal_size {
    size_t columns, rows;
};

/* That of a stream that is no terminal, or of a terminal that does not say. */
#define TERMINAL_SIZE_USUAL ((struct terminal_size){80, 24})

/* Returns the size of the terminal behind the stream, as it is now. Asks the system each time. */
struct terminal_size terminal_size(FILE *stream);

bool terminal_is(FILE *stream);

/* Whether it is a terminal that can move its cursor: one that TERM names, and not as "dumb". */
bool terminal_moves(FILE *stream);

/* Whether `stream` takes colours: it is a terminal, and NO_COLOR is unset or empty (no-color.org). */
bool terminal_has_colour(FILE *stream);

/* Whether the locale of the environment has UTF-8. This process need not have set a locale. */
bool terminal_has_utf8(void);

#endif
