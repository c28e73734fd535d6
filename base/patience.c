/* SPDX-License-Identifier: MIT */
#include "base/patience.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/escape.h"

/* What the handler reads. It changes while the signal is blocked. */
static char line[256];
static size_t length;
static volatile sig_atomic_t seconds;
static const char *name; /* NULL: nothing goes on */

/* Writes the line, with functions that a handler may call. */
static void tell(int signal)
{
    static const char before[] = ", for ", after[] = " s\n";
    char whole[sizeof(line) + 32], digits[16];
    size_t size = length, count = 0;
    int error = errno;
    (void)signal;
    seconds += PATIENCE_SECONDS;
    memcpy(whole, line, size);
    memcpy(whole + size, before, sizeof(before) - 1);
    size += sizeof(before) - 1;
    for (int rest = seconds; rest > 0 && count < sizeof(digits); rest /= 10)
        digits[count++] = (char)('0' + rest % 10);
    while (count > 0)
        whole[size++] = digits[--count];
    memcpy(whole + size, after, sizeof(after) - 1);
    size += sizeof(after) - 1;
    ssize_t written = write(STDERR_FILENO, whole, size);
    (void)written; /* nobody reads: nothing is lost */
    errno = error;
}

static void timer_set(int interval)
{
    struct itimerval timer = {{interval, 0}, {interval, 0}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

void patience_begin(const char *command)
{
    struct sigaction action = {.sa_handler = tell, .sa_flags = SA_RESTART};
    name = command;
    sigaction(SIGALRM, &action, NULL);
}

void patience_now(const char *format, ...)
{
    va_list arguments;
    char words[201];
    if (!name)
        return;
    timer_set(0);
    va_start(arguments, format);
    vsnprintf(words, sizeof(words), format, arguments);
    va_end(arguments);
    escape_clean(words);
    int size = snprintf(line, sizeof(line), "gcmatrix: %s: %s", name, words);
    length = (size_t)size < sizeof(line) ? (size_t)size : sizeof(line) - 1;
    seconds = 0;
    timer_set(PATIENCE_SECONDS);
}

void patience_end(void)
{
    if (!name)
        return;
    timer_set(0);
    signal(SIGALRM, SIG_DFL);
    name = NULL;
}
