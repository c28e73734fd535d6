/* SPDX-License-Identifier: MIT */
#include "harness/results/files.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

const struct files_name files_names[FILES_KINDS] = {
    [FILES_RECORD] = {.folder = "records", .extension = "json", .in_flight = "record.json"},
    [FILES_EVENTS] = {.folder = "events", .extension = "csv", .in_flight = "events.csv"},
    [FILES_TIMELINE] = {.folder = "timelines", .extension = "csv", .in_flight = "timeline.csv"},
    [FILES_LATENCIES] = {.folder = "latencies", .extension = "csv", .in_flight = "latencies.csv"},
};

void files_path(const char *dir, enum files_kind kind, int64_t id, char ret_path[static PATH_MAX])
{
    const struct files_name *name = &files_names[kind];
    snprintf(ret_path, PATH_MAX, "%s/%s/%06" PRId64 ".%s", dir, name->folder, id, name->extension);
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
