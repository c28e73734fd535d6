/* SPDX-License-Identifier: MIT */
#include "harness/report/picture.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/escape.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/report/plot.h"

/* Returns the figure that is shown. */
static const struct plot_figure *picture_figure(void)
{
    size_t place = 0;
    while (!plot_figures[place].shown)
        place++;
    return &plot_figures[place];
}

int picture_address_check(const char *option, const char *address)
{
    static const char kept[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#@!$+,=%";
    if (address[strspn(address, kept)] == '\0')
        return 0;
    return message_bad_input("%s takes an address, as in https://example.org/results, and no '%s'", option,
                             address);
}

/* Whether the run has the chart, as a file and no link. */
static bool picture_is_drawn(const char *folder)
{
    char *path = text_format("%s/charts/%s.png", folder, picture_figure()->name);
    struct stat about;
    bool drawn = lstat(path, &about) == 0 && S_ISREG(about.st_mode);
    free(path);
    return drawn;
}

/* Returns the folder's own name: the last of its path, without slashes behind it. The caller frees it. */
static char *picture_folder_name(const char *folder)
{
    char whole[PATH_MAX];
    size_t end = strlen(folder);
    while (end > 0 && folder[end - 1] == '/')
        end--;
    size_t start = end;
    while (start > 0 && folder[start - 1] != '/')
        start--;
    char *name = text_format("%.*s", (int)(end - start), folder + start);
    bool is_name = *name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
    if (is_name || !realpath(folder, whole))
        return name;
    free(name);
    return text_format("%s", strrchr(whole, '/') + 1);
}

void picture_print(const char *folder, const char *address, const char *caption, FILE *stream)
{
    size_t length = strlen(address);
    if (!picture_is_drawn(folder)) {
        char *word = escape_shell(folder);
        message_note("%s has no charts/%s.png; draw it with: gcmatrix plot %s", folder,
                     picture_figure()->name, word);
        free(word);
        return;
    }
    while (length > 1 && address[length - 1] == '/')
        length--;
    char *name = picture_folder_name(folder);
    if (caption)
        fprintf(stream, "%s\n\n", caption);
    fputs("![", stream);
    escape_markdown(stream, picture_figure()->label);
    fprintf(stream, "](%.*s/", (int)length, address);
    escape_link(stream, name);
    fprintf(stream, "/charts/%s.png)\n\n", picture_figure()->name);
    free(name);
}
