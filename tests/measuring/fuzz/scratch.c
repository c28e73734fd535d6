/* SPDX-License-Identifier: MIT */
#include "tests/measuring/fuzz/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static int entry_remove(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about, (void)kind, (void)place;
    return remove(path);
}

static void folder_remove(void)
{
    nftw(folder, entry_remove, 8, FTW_DEPTH | FTW_PHYS);
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

/* Opens a file to be written, and makes its folder where it is missing. */
static int file_open(char *path)
{
    enum { WRITING = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC };
    int file = open(path, WRITING, 0600);
    if (file >= 0 || errno != ENOENT)
        return file;
    char *slash = strrchr(path, '/');
    *slash = '\0';
    mkdir(path, 0700);
    *slash = '/';
    return open(path, WRITING, 0600);
}

const char *scratch_file(const char *name, const uint8_t *bytes, size_t count)
{
    static char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s", scratch_folder(), name);
    int file = file_open(path);
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
