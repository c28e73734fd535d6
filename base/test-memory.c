/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "tests/tap.h"

/* How a child ends that asks for more than there is: its exit status. */
static int status_of(void (*ask)(void))
{
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        ask();
        _exit(0);
    }
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static volatile size_t huge = SIZE_MAX;

static void ask_new(void)
{
    free(memory_new(huge / 2, 4));
}

static void ask_grow(void)
{
    free(memory_grow(NULL, huge / 2, 4));
}

static void ask_nothing(void)
{
    free(memory_need(NULL));
}

int main(void)
{
    unsigned char *bytes = memory_new(100, 3);
    bool zero = true;
    for (size_t i = 0; i < 300; i++)
        zero &= bytes[i] == 0;
    tap_ok(zero, "new memory is zero");
    bytes[299] = 7;
    bytes = memory_grow(bytes, 1000, 3);
    tap_ok(bytes[299] == 7, "memory that grows keeps what it holds");
    free(bytes);
    bytes = memory_new(0, 8);
    tap_ok(bytes != NULL, "nothing is a place too");
    free(bytes);
    char *text;
    size_t size;
    FILE *stream = memory_stream(&text, &size);
    fputs("words", stream);
    memory_stream_close(stream);
    tap_same(text, "words", "a stream's text is whole once it is closed");
    free(text);
    tap_equal(status_of(ask_new), MESSAGE_STORAGE, "a process that gets no memory ends with status 3");
    tap_equal(status_of(ask_grow), MESSAGE_STORAGE, "also when it grows");
    tap_equal(status_of(ask_nothing), MESSAGE_STORAGE, "and when another function had none");
    return tap_done();
}
