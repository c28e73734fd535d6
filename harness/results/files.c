/* SPDX-License-Identifier: MIT */
#include "harness/results/files.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/crc32.h"

const struct files_name files_names[FILES_KINDS] = {
    [FILES_RECORD] = {.kind = "record", .folder = "records", .extension = "json", .in_flight = "record.json"},
    [FILES_EVENTS] = {.kind = "events", .folder = "events", .extension = "csv", .in_flight = "events.csv"},
    [FILES_TIMELINE] = {.kind = "timeline",
                        .folder = "timelines",
                        .extension = "csv",
                        .in_flight = "timeline.csv"},
    [FILES_LATENCIES] = {.kind = "latencies",
                         .folder = "latencies",
                         .extension = "csv",
                         .in_flight = "latencies.csv"},
    [FILES_PHASES] = {.kind = "phases", .folder = "phases", .extension = "csv", .in_flight = "phases.csv"},
};

void files_path(const char *dir, enum files_kind kind, int64_t id, char ret_path[static PATH_MAX])
{
    const struct files_name *name = &files_names[kind];
    snprintf(ret_path, PATH_MAX, "%s/%s/%06" PRId64 ".%s", dir, name->folder, id, name->extension);
}

bool files_check(int file, char ret_check[static FILES_CHECK_DIGITS + 1])
{
    char bytes[1 << 16];
    uint32_t crc = 0;
    ssize_t size;
    off_t at = 0;
    for (; (size = pread(file, bytes, sizeof(bytes), at)) > 0; at += size)
        crc = crc32_add(crc, bytes, (size_t)size);
    snprintf(ret_check, FILES_CHECK_DIGITS + 1, "%08" PRIx32, crc);
    return size == 0;
}

const char *files_check_of(const char *files, enum files_kind kind)
{
    size_t length = strlen(files_names[kind].kind);
    while (*files && !(strncmp(files, files_names[kind].kind, length) == 0 && files[length] == ':'))
        files += strcspn(files, " ") + (files[strcspn(files, " ")] == ' ');
    return *files ? files + length + 1 : NULL;
}

bool files_has(const char *dir, enum files_kind kind, int64_t id)
{
    char path[PATH_MAX];
    files_path(dir, kind, id, path);
    return access(path, F_OK) == 0;
}

bool files_has_any(const char *dir, enum files_kind kind)
{
    char path[PATH_MAX];
    bool found = false;
    snprintf(path, sizeof(path), "%s/%s", dir, files_names[kind].folder);
    DIR *listing = opendir(path);
    if (!listing)
        return false;
    for (const struct dirent *entry; !found && (entry = readdir(listing));)
        found = entry->d_name[0] != '.';
    closedir(listing);
    return found;
}
