/* SPDX-License-Identifier: MIT */
#include "base/message.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/escape.h"

/* In characters. A longer line loses its middle, so that its remedy stays. */
enum { ERROR_MOST = 1000, SAID_MOST = 4000 };

/* Nothing is allocated: one of the messages is that memory is out. */
static char last[16384];

static void format_line(size_t most, const char *format, va_list arguments)
{
    vsnprintf(last, sizeof(last) - ESCAPE_ROOM, format, arguments);
    escape_clean(last);
    escape_shorten(last, most);
}

static void print_line(const char *format, va_list arguments)
{
    format_line(ERROR_MOST, format, arguments);
    fflush(stdout);
    fprintf(stderr, "gcmatrix: %s\n", last);
}

int message_bad_input(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_line(format, arguments);
    va_end(arguments);
    return MESSAGE_BAD_INPUT;
}

int message_storage(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_line(format, arguments);
    va_end(arguments);
    return MESSAGE_STORAGE;
}

void message_note(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_line(format, arguments);
    va_end(arguments);
}

void message_say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    format_line(SAID_MOST, format, arguments);
    va_end(arguments);
    puts(last);
}

const char *message_last(void)
{
    return last;
}
