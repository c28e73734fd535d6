/* SPDX-License-Identifier: MIT */
#include "base/build.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/text.h"

/* The path without symbolic links, whether or not there is a file; NULL if there is no folder. */
static char *path_resolve(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? text_format("%.*s/", (int)(slash - path), path) : text_format(".");
    char *real = realpath(folder, NULL);
    char *resolved = real ? text_format("%s/%s", real, slash ? slash + 1 : path) : NULL;
    free(folder);
    free(real);
    return resolved;
}

char *build_folder(const char *path)
{
    char *folder = path_resolve(path), *slash;
    while (folder && (slash = strrchr(folder, '/')) && slash != folder) {
        *slash = '\0';
        char *file = text_format("%s/build.ninja", folder);
        bool found = access(file, R_OK) == 0;
        free(file);
        if (found)
            return folder;
    }
    free(folder);
    return NULL;
}

char *build_target(const char *path)
{
    char *folder = build_folder(path);
    if (!folder)
        return NULL;
    char *resolved = path_resolve(path);
    char *target = text_format("%s", resolved + strlen(folder) + 1);
    free(resolved);
    free(folder);
    return target;
}

static char *build_file_read(const char *folder)
{
    char *name = text_format("%s/build.ninja", folder), *text = NULL;
    FILE *file = fopen(name, "r");
    size_t size;
    if (file) {
        text = text_read(file, &size);
        fclose(file);
    }
    free(name);
    return text;
}

bool build_makes(const char *path)
{
    char *folder = build_folder(path);
    if (!folder)
        return false;
    char *target = build_target(path), *line = text_format("\nbuild %s: ", target);
    char *text = build_file_read(folder);
    bool makes = text && strstr(text, line);
    free(text);
    free(line);
    free(target);
    free(folder);
    return makes;
}

/* The folder as a person at the working directory would type it, quoted for a shell. */
static char *folder_shorten(const char *folder)
{
    char *here = getcwd(NULL, 0);
    size_t length = here ? strlen(here) : 0;
    bool inside = length > 1 && strncmp(folder, here, length) == 0;
    const char *shown = inside && folder[length] == '/'    ? folder + length + 1
                        : inside && folder[length] == '\0' ? "."
                                                           : folder;
    char *quoted = escape_shell(shown);
    free(here);
    return quoted;
}

char *build_folder_shown(const char *path)
{
    char *folder = build_folder(path), *shown = folder ? folder_shorten(folder) : NULL;
    free(folder);
    return shown;
}

/* Appends the file's target to the command, if the file is of this build. Returns the new command. */
static char *command_extend(char *command, const char *folder, const char *path)
{
    char *own = build_folder(path);
    if (own && strcmp(own, folder) == 0) {
        char *target = build_target(path), *quoted = escape_shell(target);
        char *longer = text_format("%s %s", command, quoted);
        free(quoted);
        free(target);
        free(command);
        command = longer;
    }
    free(own);
    return command;
}

char *build_command(char *const *paths, size_t count)
{
    char *folder = count ? build_folder(paths[0]) : NULL;
    if (!folder)
        return NULL;
    char *shown = folder_shorten(folder), *command = text_format("ninja -C %s", shown);
    for (size_t i = 0; i < count; i++)
        command = command_extend(command, folder, paths[i]);
    free(shown);
    free(folder);
    return command;
}
