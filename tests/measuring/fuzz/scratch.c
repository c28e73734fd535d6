/* SPDX-License-Identifier: MIT */
#include "tests/measuring/fuzz/scratch.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];
static const char *const *written; /* the names of the last input */

static void folder_remove(void)
{
    for (size_t i = 0; written && written[i]; i++)
        unlink(scratch_file(written[i], (const uint8_t *)"", 0));
    unlink(scratch_file("first", (const uint8_t *)"", 0));
    rmdir(folder);
}

const char *scratch_folder(void)
{
    if (folder[0])
        return folder;
    snprintf(folder, sizeof(folder), "%s/fuzz-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    FUZZ_EXPECT(mkdtemp(folder));
    atexit(folder_remove);
    return folder;
}

const char *scratch_file(const char *name, const uint8_t *bytes, size_t count)
{
    static char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s", scratch_folder(), name);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FUZZ_EXPECT(file >= 0 && write(file, bytes, count) == (ssize_t)count);
    close(file);
    return path;
}

/* The begin of the next line `%% name`, for one of the names; the end of the input where there is none. */
static const uint8_t *mark_find(const uint8_t *from, const uint8_t *end, const char *const *names,
                                const char **ret_name, const uint8_t **ret_content)
{
    for (const uint8_t *at = from; (at = memmem(at, (size_t)(end - at), "%% ", 3)); at++)
        for (size_t i = 0; names[i]; i++) {
            size_t length = strlen(names[i]);
            if ((size_t)(end - at) > length + 3 && memcmp(at + 3, names[i], length) == 0 &&
                at[3 + length] == '\n') {
                *ret_name = names[i];
                *ret_content = at + 3 + length + 1;
                return at;
            }
        }
    return end;
}

void scratch_files(const uint8_t *bytes, size_t count, const char *const *names)
{
    const uint8_t *end = bytes + count, *content = bytes, *next;
    const char *name = "first", *next_name = NULL;
    char path[PATH_MAX];
    written = names;
    for (size_t i = 0; names[i]; i++) {
        snprintf(path, sizeof(path), "%s/%s", scratch_folder(), names[i]);
        unlink(path);
    }
    for (;;) {
        const uint8_t *next_content = end;
        next = mark_find(content, end, names, &next_name, &next_content);
        scratch_file(name, content, (size_t)(next - content));
        if (next == end)
            return;
        name = next_name;
        content = next_content;
    }
}
