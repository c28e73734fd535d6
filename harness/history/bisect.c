/* SPDX-License-Identifier: MIT */
#include "harness/history/bisect.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/writing.h"
#include "harness/results/json-text.h"

/* pairs.json is there once the build is configured. The targets are those of the matrix. */
const char BISECT_BUILD[] = "{ [ -e build/build.ninja ] || meson setup build; } && "
                            "ninja -C build $(\"$gcmatrix\" matrix \"$dir/cell.yaml\" --targets)";

/* ---- texts ---- */

static char *settings_make(const struct bisect *bisect)
{
    const char *const variables[][2] = {{"dir", bisect->dir},
                                        {"repository", bisect->repository},
                                        {"good", bisect->good},
                                        {"bad", bisect->bad},
                                        {"gcmatrix", bisect->gcmatrix},
                                        {"limit", bisect->limit},
                                        {"budget", bisect->budget},
                                        {"metric", bisect->metric},
                                        {"build", bisect->build ? bisect->build : BISECT_BUILD}};
    char *text;
    size_t size;
    FILE *file = memory_stream(&text, &size);
    fputs("# What bisect.sh and step.sh know; made by gcmatrix bisect.\n", file);
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        char *quoted = text_shell_quote(variables[i][1]);
        fprintf(file, "%s=%s\n", variables[i][0], quoted);
        free(quoted);
    }
    memory_stream_close(file);
    return text;
}

/* Writes a key with one value, quoted as in JSON, which YAML reads. */
static void yaml_write(FILE *file, const char *key, const char *value, const char *before, const char *after)
{
    json_t *text = json_text(value);
    char *quoted = memory_need(json_dumps(text, JSON_ENCODE_ANY));
    fprintf(file, "%s%s: %s%s%s\n", before, key, *after ? "[" : "", quoted, after);
    free(quoted);
    json_decref(text);
}

static char *matrix_make(const struct bisect *bisect)
{
    char *text;
    size_t size;
    FILE *file = memory_stream(&text, &size);
    fputs("name: bisect\n", file);
    yaml_write(file, "precision", bisect->limit, "", "");
    yaml_write(file, "budget", bisect->budget, "", "");
    fputs("cells:\n", file);
    yaml_write(file, "workloads", bisect->workload, "  - ", "]");
    yaml_write(file, "collectors", bisect->collector, "    ", "]");
    yaml_write(file, "allocators", bisect->allocator, "    ", "]");
    yaml_write(file, "memory", bisect->memory, "    ", "]");
    memory_stream_close(file);
    return text;
}

/* ---- the folder ---- */

static int subfolder_make(const struct writing_folder *folder, const char *name)
{
    struct writing_folder made;
    int status = writing_folder_make(folder, name, &made);
    if (status == 0)
        writing_folder_close(&made);
    return status;
}

static int files_make(const struct writing_folder *folder, const struct bisect *bisect)
{
    char *settings = settings_make(bisect), *matrix = matrix_make(bisect);
    const char *const files[][2] = {{"bisect.sh", bisect_driver_text},
                                    {"step.sh", bisect_step_text},
                                    {"settings.sh", settings},
                                    {"cell.yaml", matrix}};
    int status = 0;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]) && status == 0; i++)
        status = writing_text(folder, files[i][0], files[i][1], strlen(files[i][1]));
    if (status == 0)
        status = subfolder_make(folder, "runs");
    if (status == 0)
        status = subfolder_make(folder, "logs");
    free(settings);
    free(matrix);
    return status;
}

/* Removes what was made of a folder that is not kept. */
static void unfinished_remove(const struct writing_folder *folder)
{
    static const char *const names[] = {"runs", "logs"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *path = text_format("%s/%s", folder->path, names[i]);
        writing_folder_remove(path);
        free(path);
    }
    writing_folder_remove(folder->path);
}

int bisect_make(const struct bisect *bisect)
{
    struct writing_folder folder;
    int status = writing_folder_begin(bisect->dir, &folder);
    if (status != 0)
        return status;
    status = files_make(&folder, bisect);
    if (status == 0)
        status = writing_folder_keep(&folder, bisect->dir);
    if (status != 0)
        unfinished_remove(&folder);
    writing_folder_close(&folder);
    return status;
}
