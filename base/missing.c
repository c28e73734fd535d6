/* SPDX-License-Identifier: MIT */
#include "base/missing.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "base/text.h"

enum { NAMED = 8 };

const struct missing_kind missing_programs = {
    .nouns = "programs",
    .middle = ".gcp",
    .home = "program/examples",
    .remedy = "a program is a file that `gcmatrix program assemble` or a recording makes",
};

/* The names of a kind that were found: whole paths, and what a misspelt name is compared with. */
struct found {
    struct text_list paths, words;
};

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* The last name of a path, up to the middle that its kind has; the caller frees it. */
static char *word_of(const char *path, const char *middle)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    size_t begin = length;
    while (begin > 0 && path[begin - 1] != '/')
        begin--;
    const char *stop = *middle ? strstr(path + begin, middle) : NULL;
    if (stop && stop > path + begin)
        length = (size_t)(stop - path);
    return text_format("%.*s", (int)(length - begin), path + begin);
}

/* The folder in which a path's last name stands; the caller frees it. */
static char *folder_of(const char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    while (length > 0 && path[length - 1] != '/')
        length--;
    while (length > 1 && path[length - 1] == '/')
        length--;
    return length ? text_format("%.*s", (int)length, path) : text_format(".");
}

static bool is_of_kind(const char *path, const char *name, const struct missing_kind *kind)
{
    struct stat about;
    if (!strstr(name, kind->middle))
        return false;
    char *proof = kind->holds ? text_format("%s/%s", path, kind->holds) : text_format("%s", path);
    bool is = stat(proof, &about) == 0 && S_ISREG(about.st_mode);
    free(proof);
    return is;
}

static int names_compare(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Adds what a folder has of the kind, in the order of names. */
static void folder_look(const char *folder, const struct missing_kind *kind, struct found *found)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_shown, names_compare);
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        char *path = strcmp(folder, ".") == 0 ? text_format("%s", name) : text_format("%s/%s", folder, name);
        if (is_of_kind(path, name, kind)) {
            text_list_take(&found->words, word_of(path, kind->middle));
            text_list_take(&found->paths, path);
        } else {
            free(path);
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

/* Looks where the name belongs, and where such usually are. */
static void all_look(const char *path, const struct missing_kind *kind, struct found *found)
{
    char *folder = folder_of(path);
    if (kind->holds && is_folder(path))
        folder_look(path, kind, found);
    folder_look(folder, kind, found);
    if (strcmp(folder, kind->home) != 0 && !(kind->holds && strcmp(path, kind->home) == 0))
        folder_look(kind->home, kind, found);
    free(folder);
}

/* The found path whose name is nearest to the path's; NULL where none is near. */
static const char *nearest_find(const char *path, const struct missing_kind *kind, const struct found *found)
{
    char *word = word_of(path, kind->middle);
    const char *near = nearest_name(word, (const char *const *)found->words.items, found->words.count);
    size_t at = 0;
    while (near && found->words.items[at] != near)
        at++;
    free(word);
    return near ? found->paths.items[at] : NULL;
}

static char *list_make(const struct text_list *paths)
{
    char *text;
    size_t size;
    FILE *file = memory_stream(&text, &size);
    for (size_t i = 0; i < paths->count && i < NAMED; i++)
        fprintf(file, "%s%s", i ? ", " : "", paths->items[i]);
    if (paths->count > NAMED)
        fprintf(file, ", and %zu more", paths->count - NAMED);
    memory_stream_close(file);
    return text;
}

char *missing_remedy(const char *path, const struct missing_kind *kind)
{
    struct found found = {0};
    all_look(path, kind, &found);
    const char *near = nearest_find(path, kind, &found);
    char *list = list_make(&found.paths), *remedy;
    if (near)
        remedy = text_format("did you mean '%s'?", near);
    else if (found.paths.count)
        remedy = text_format("of %s there are: %s", kind->nouns, list);
    else
        remedy = text_format("%s", kind->remedy);
    text_list_free(&found.paths);
    text_list_free(&found.words);
    free(list);
    return remedy;
}
