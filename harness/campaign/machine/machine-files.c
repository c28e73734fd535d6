/* SPDX-License-Identifier: MIT */
#include "harness/campaign/machine/machine-files.h"

#include <glob.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static FILE *file_open(const char *root, const char *path)
{
    char *whole = text_format("%s%s", root, path);
    FILE *file = fopen(whole, "re");
    free(whole);
    return file;
}

char *machine_line(const char *root, const char *path)
{
    char line[512];
    FILE *file = file_open(root, path);
    char *got = file ? fgets(line, sizeof(line), file) : NULL;
    if (file)
        fclose(file);
    if (!got)
        return NULL;
    line[strcspn(line, "\n")] = '\0';
    return text_format("%s", line);
}

char *machine_word(const char *root, const char *path)
{
    char *line = machine_line(root, path);
    return line ? line : text_format("n/a");
}

char *machine_choice(const char *root, const char *path)
{
    char *line = machine_line(root, path), *open = line ? strchr(line, '[') : NULL;
    char *choice = open ? text_format("%.*s", (int)strcspn(open + 1, "]"), open + 1) : text_format("n/a");
    free(line);
    return choice;
}

char *machine_value(const char *root, const char *path, const char *key)
{
    char line[4096], *value = NULL; /* the flags of a processor fill a long line */
    FILE *file = file_open(root, path);
    while (file && !value && fgets(line, sizeof(line), file)) {
        char *colon = strchr(line, ':');
        if (strncmp(line, key, strlen(key)) != 0 || !colon)
            continue;
        colon += 1 + strspn(colon + 1, " \t");
        colon[strcspn(colon, "\n")] = '\0';
        value = text_format("%s", colon);
    }
    if (file)
        fclose(file);
    return value ? value : text_format("n/a");
}

double machine_number(const char *root, const char *path)
{
    char *line = machine_line(root, path), *end = line;
    double number = line ? strtod(line, &end) : NAN;
    number = end == line ? NAN : number;
    free(line);
    return number;
}

char *machine_match(const char *root, const char *pattern, const char *line)
{
    glob_t found;
    char *whole = text_format("%s%s", root, pattern), *match = NULL;
    if (glob(whole, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc && !match; i++) {
            const char *path = found.gl_pathv[i] + strlen(root);
            char *first = machine_line(root, path);
            if (first && (!line || strcmp(first, line) == 0))
                match = text_format("%s", path);
            free(first);
        }
        globfree(&found);
    }
    free(whole);
    return match;
}
