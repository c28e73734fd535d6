/* SPDX-License-Identifier: MIT */
#include "base/tool.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

enum found { FOUND_NOTHING, FOUND_FOLDER, FOUND_FILE, FOUND_COMMAND };

/* The absolute path of `name` in a folder of PATH, which may be relative. */
static char *path_join(const char *folder, size_t length, const char *name)
{
    char here[PATH_MAX];
    if (*folder == '/' || !getcwd(here, sizeof(here)))
        return text_format("%.*s/%s", (int)length, folder, name);
    return text_format("%s/%.*s/%s", here, (int)length, folder, name);
}

static enum found look(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return FOUND_NOTHING;
    if (S_ISDIR(about.st_mode))
        return FOUND_FOLDER;
    return S_ISREG(about.st_mode) && access(path, X_OK) == 0 ? FOUND_COMMAND : FOUND_FILE;
}

/* The first path in PATH at which there is a command of this name (or, without `command`, anything else). */
static char *path_find(const char *name, bool command, enum found *ret_found)
{
    const char *path = getenv("PATH");
    while (path && *path) {
        size_t length = strcspn(path, ":");
        char *candidate = path_join(path, length, name);
        *ret_found = length ? look(candidate) : FOUND_NOTHING;
        if (*ret_found != FOUND_NOTHING && (*ret_found == FOUND_COMMAND) == command)
            return candidate;
        free(candidate);
        path += length + (path[length] == ':');
    }
    return NULL;
}

char *tool_find(const char *name)
{
    enum found found;
    return path_find(name, true, &found);
}

char *tool_missing_explain(const char *name)
{
    enum found found;
    char *other = path_find(name, false, &found);
    if (!other)
        return text_format("%s not found in PATH", name);
    char *words =
        text_format("%s in PATH is %s", other,
                    found == FOUND_FOLDER ? "a folder, and no command" : "no file that may be executed");
    free(other);
    return words;
}
