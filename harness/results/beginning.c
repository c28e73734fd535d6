/* SPDX-License-Identifier: MIT */
#include "harness/results/beginning.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "harness/results/files.h"
#include "harness/results/listing.h"
#include "harness/results/store.h"

static bool is_kind(const char *name)
{
    for (int kind = 0; kind < FILES_KINDS; kind++)
        if (strcmp(name, files_names[kind].folder) == 0)
            return true;
    return false;
}

static bool folder_is_empty(int at, const char *name)
{
    int folder = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *listing = folder < 0 ? NULL : listing_open(folder);
    bool empty = listing && !listing_next(listing);
    if (listing)
        closedir(listing);
    if (folder >= 0)
        close(folder);
    return empty;
}

/* Whether the file holds the beginning of a header, or all of it, and nothing after. */
static bool file_is_header(int at, const char *name)
{
    char *header, text[8192];
    size_t size;
    FILE *memory = memory_stream(&header, &size);
    store_header_write(memory);
    memory_stream_close(memory);
    int file = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    ssize_t got = file < 0 ? -1 : read(file, text, sizeof(text));
    if (file >= 0)
        close(file);
    bool is = got >= 0 && (size_t)got <= size && memcmp(text, header, (size_t)got) == 0;
    free(header);
    return is;
}

static bool is_part(int at, const char *name)
{
    return writing_is_part(name) && listing_is_plain(at, name);
}

bool beginning_is(const struct writing_folder *run)
{
    bool is = true;
    DIR *listing = listing_open(run->at);
    for (const char *name; is && listing && (name = listing_next(listing));)
        is = is_part(run->at, name) || (is_kind(name) && folder_is_empty(run->at, name)) ||
             (strcmp(name, "runs.csv") == 0 && listing_is_plain(run->at, name) &&
              file_is_header(run->at, name));
    if (!listing)
        return false;
    closedir(listing);
    return is;
}

void beginning_clear(const struct writing_folder *run)
{
    DIR *listing = listing_open(run->at);
    for (const char *name; listing && (name = listing_next(listing));)
        if (is_part(run->at, name))
            unlinkat(run->at, name, 0);
    if (listing)
        closedir(listing);
    for (int kind = 0; kind < FILES_KINDS; kind++)
        unlinkat(run->at, files_names[kind].folder, AT_REMOVEDIR);
    unlinkat(run->at, "runs.csv", 0);
}
