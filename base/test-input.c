/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/input.h"
#include "base/text.h"
#include "tests/tap.h"

static void check_refused(const char *path, const char *words, const char *sentence)
{
    FILE *file = NULL;
    const char *wrong = input_open(path, &file);
    if (!tap_ok(!file && wrong && strstr(wrong, words), "%s", sentence))
        tap_note("said: %s", wrong ? wrong : "nothing");
}

int main(void)
{
    char *folder = text_scratch("gcmatrix-input"), *pipe, *name;
    FILE *file = NULL;
    assert(mkdtemp(folder));
    pipe = text_format("%s/pipe", folder);
    name = text_format("%s/file", folder);
    assert(mkfifo(pipe, 0600) == 0);
    check_refused(pipe, "it is a pipe", "a pipe is refused, and not waited for");
    check_refused(folder, "it is a folder", "a folder is no file");
    check_refused("/dev/zero", "it is a device", "a device is refused");
    check_refused(name, "No such file", "a file that is not there is said so");
    tap_equal(errno, ENOENT, "and can be told apart");
    check_refused("/proc/self/mem/x", "Not a directory", "as is what lies in no folder");
    file = fopen(name, "w");
    assert(file && fputs("abc", file) >= 0 && fclose(file) == 0);
    tap_ok(!input_open(name, &file), "a file is opened");
    size_t size;
    char *text = text_read(file, &size);
    tap_same(text, "abc", "and read");
    fclose(file);
    free(text);
    unlink(name);
    unlink(pipe);
    rmdir(folder);
    free(name);
    free(pipe);
    free(folder);
    return tap_done();
}
