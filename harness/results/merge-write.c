/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/results/files.h"
#include "harness/results/manifest.h"
#include "harness/results/merging.h"
#include "harness/results/reference.h"

/* ---- raw files ---- */

static bool is_interrupted(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

/* Copies the files of one kind that a source's rows name. */
static int kind_copy(const struct merging *merging, size_t source, enum files_kind kind,
                     const struct writing_folder *to)
{
    const struct merge_source *its = &merging->sources[source];
    int from = openat(its->run.at, files_names[kind].folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int error = from >= 0 || errno == ENOENT ? 0 : errno;
    char name[64] = "";
    for (size_t i = 0; from >= 0 && i < its->store->row_count && !error; i++) {
        const struct store_row *row = &its->store->rows[i];
        if (!merging_takes(merging, source, row) || !files_check_of(row->files, kind))
            continue;
        snprintf(name, sizeof(name), "%06" PRId64 ".%s", row->id, files_names[kind].extension);
        error = is_interrupted() ? EINTR : writing_copy(from, name, to);
    }
    if (from >= 0)
        close(from);
    if (error == EINTR)
        return MESSAGE_INTERRUPTED;
    return error ? message_storage("%s/%s: %s", to->path, name, strerror(error)) : 0;
}

static int files_write(const struct merging *merging, const struct writing_folder *run)
{
    int status = 0;
    for (int kind = 0; kind < FILES_KINDS && status == 0; kind++) {
        struct writing_folder to;
        status = writing_folder_make(run, files_names[kind].folder, &to);
        for (size_t i = 0; i < merging->count && status == 0; i++)
            status = kind_copy(merging, i, (enum files_kind)kind, &to);
        writing_folder_close(&to);
    }
    return status;
}

/* ---- the other files ---- */

static int rows_write(struct store_row *const *rows, size_t count, const struct writing_folder *run)
{
    struct writing file;
    int status = writing_begin(run, "runs.csv", &file);
    if (status != 0)
        return status;
    store_header_write(writing_stream(&file));
    for (size_t i = 0; i < count; i++)
        store_row_write(writing_stream(&file), rows[i]);
    return writing_keep(&file);
}

/* Writes the times of the reference program, block by block. Returns 0, or a status after one line. */
static int reference_write(const struct merging *merging, const struct writing_folder *run)
{
    struct reference *all = memory_new(merging->count, sizeof(*all));
    struct writing file = {0};
    int status = 0, found = 0;
    for (size_t i = 0; i < merging->count && status == 0; i++) {
        int read = reference_read(merging->sources[i].store->dir, &all[i]);
        status = read == 1 ? 0 : read;
        found += read == 1;
    }
    if (status == 0 && found)
        status = writing_begin(run, "reference.csv", &file);
    if (status == 0 && found)
        reference_header_write(writing_stream(&file));
    for (size_t block = 0; block < merging->blocks && status == 0 && found; block++) {
        size_t from = merging->from[block];
        for (size_t i = 0; from < merging->count && i < all[from].count; i++)
            if ((size_t)all[from].rows[i].block == block)
                reference_row_write(writing_stream(&file), &all[from].rows[i]);
    }
    if (status == 0)
        status = writing_keep(&file);
    for (size_t i = 0; i < merging->count; i++)
        reference_free(&all[i]);
    free(all);
    return status;
}

static int manifest_write(const struct merging *merging, const struct writing_folder *run,
                          size_t *ret_machines)
{
    char check[FILES_CHECK_DIGITS + 1];
    json_t *manifest = merge_manifest(merging, ret_machines);
    int file = openat(run->at, "reference.csv", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file >= 0 && files_check(file, check))
        json_object_set_new(json_object_get(manifest, "reference"), "check", json_string(check));
    if (file >= 0)
        close(file);
    int status = manifest_save(run, run, manifest);
    json_decref(manifest);
    return status;
}

/* ---- the folder of the result ---- */

/* Removes a folder that this process has made, with what a run holds. */
static void folder_remove(const char *path)
{
    for (int kind = 0; kind < FILES_KINDS; kind++) {
        char *within = text_format("%s/%s", path, files_names[kind].folder);
        writing_folder_remove(within);
        free(within);
    }
    writing_folder_remove(path);
}

int merge_write(const struct merging *merging, struct store_row *const *rows, const char *to,
                size_t *ret_machines)
{
    struct writing_folder run;
    int status = writing_folder_begin(to, &run);
    if (status != 0)
        return status;
    char *path = text_format("%s", run.path);
    status = files_write(merging, &run);
    if (status == 0)
        status = rows_write(rows, merging->rows, &run);
    if (status == 0)
        status = reference_write(merging, &run);
    if (status == 0)
        status = manifest_write(merging, &run, ret_machines);
    if (status == 0)
        status = is_interrupted() ? MESSAGE_INTERRUPTED : writing_folder_keep(&run, to);
    writing_folder_close(&run);
    if (status != 0)
        folder_remove(path);
    free(path);
    return status;
}
