/* SPDX-License-Identifier: MIT */
#include "base/message.h"

#include <stdarg.h>
#include <stdio.h>

static char last[2048];

static void print_line(const char *format, va_list arguments)
{
    vsnprintf(last, sizeof(last), format, arguments);
    for (char *c = last; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            *c = '?';
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

const char *message_last(void)
{
    return last;
}
