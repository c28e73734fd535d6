/* SPDX-License-Identifier: MIT */
#include "harness/results/damage.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/input.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/results/files.h"
#include "harness/results/journal.h"
#include "harness/results/manifest.h"

/* ---- rows ---- */

/* The text of runs.csv as it is on the disk; NULL after one line. */
static char *rows_load(const struct writing_folder *run, size_t *ret_size)
{
    int file = openat(run->at, "runs.csv", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    FILE *stream = file < 0 ? NULL : fdopen(file, "r");
    char *text = stream ? text_read(stream, ret_size) : NULL;
    if (!text)
        message_storage("%s/runs.csv: %s", run->path, strerror(errno));
    if (stream)
        fclose(stream);
    else if (file >= 0)
        close(file);
    return text;
}

static int lines_append(const struct writing_folder *run, const struct store *store, const char *text)
{
    struct journal journal;
    int status = journal_open(run, DAMAGE_FILE, O_CREAT, &journal);
    if (status != 0)
        return status;
    journal.bytes = lseek(journal.file, 0, SEEK_END);
    for (size_t i = 0; i < store->damaged_count && status == 0; i++)
        status = journal_text_append(&journal, text + store->damaged[i].offset, store->damaged[i].size);
    journal_close(&journal);
    return status;
}

/* Writes the header as it should be, or as it is. Returns its length. */
static int64_t header_write(const struct store *store, const char *text, FILE *stream)
{
    char *header = NULL;
    size_t size = (size_t)store->header_bytes;
    if (store->header_damaged) {
        FILE *memory = memory_stream(&header, &size);
        store_header_write(memory);
        memory_stream_close(memory);
    }
    fwrite(header ? header : text, 1, size, stream);
    free(header);
    return (int64_t)size;
}

/* Writes runs.csv with a header that is whole, without the damaged lines, and without a torn tail. */
static int rows_replace(const struct writing_folder *run, const struct store *store, const char *text,
                        int64_t *ret_whole_bytes)
{
    struct writing file;
    size_t from = (size_t)store->header_bytes;
    int status = writing_begin(run, "runs.csv", &file);
    if (status != 0)
        return status;
    FILE *stream = writing_stream(&file);
    *ret_whole_bytes = header_write(store, text, stream);
    for (size_t i = 0; i <= store->damaged_count; i++) {
        size_t to = i < store->damaged_count ? store->damaged[i].offset : (size_t)store->whole_bytes;
        *ret_whole_bytes += (int64_t)fwrite(text + from, 1, to - from, stream);
        from = i < store->damaged_count ? to + store->damaged[i].size : to;
    }
    return writing_keep(&file);
}

int damage_set_aside(const struct writing_folder *run, const struct store *store, int64_t *ret_whole_bytes)
{
    size_t size = 0;
    *ret_whole_bytes = store->whole_bytes;
    if (store->damaged_count == 0 && !store->header_damaged)
        return 0;
    char *text = rows_load(run, &size);
    if (!text)
        return MESSAGE_STORAGE;
    int status = 0;
    if (size < (size_t)store->whole_bytes)
        status = message_storage("%s/runs.csv: it became shorter while it was read", run->path);
    else if (store->damaged_count)
        status = lines_append(run, store, text);
    if (status == 0)
        status = rows_replace(run, store, text, ret_whole_bytes);
    free(text);
    return status;
}

/* ---- files ---- */

/* Files with the same fault. */
struct faults {
    size_t count;
    char first[PATH_MAX]; /* the first of them */
    const char *why;      /* where it cannot be read: the reason */
};

/* What is wrong with a run's files. */
struct looked {
    struct faults gone, unread, damaged;
};

static void fault_note(struct faults *faults, const char *path, const char *why)
{
    if (faults->count++ > 0)
        return;
    snprintf(faults->first, sizeof(faults->first), "%s", path);
    faults->why = why;
}

/* Looks at one file that was opened, or was not: `why`. Its check is `check`, or is not known (NULL). */
static void file_look(const char *why, FILE *file, const char *path, const char *check, struct looked *looked)
{
    char found[FILES_CHECK_DIGITS + 1];
    if (why) {
        fault_note(errno == ENOENT ? &looked->gone : &looked->unread, path, why);
        return;
    }
    if (check && (!files_check(fileno(file), found) || strncmp(found, check, FILES_CHECK_DIGITS) != 0))
        fault_note(&looked->damaged, path, NULL);
    fclose(file);
}

/*
 * Looks at the times of the reference program, of a run that ended. Whoever reads them says why they cannot
 * be.
 */
static void reference_look(const struct store *store, struct looked *looked)
{
    FILE *file = NULL;
    char path[PATH_MAX];
    struct faults unread = looked->unread;
    const json_t *reference = json_object_get(store->manifest, "reference");
    const char *check = json_string_value(json_object_get(reference, "check"));
    if (!check || !json_is_string(json_object_get(store->manifest, "finished")))
        return;
    snprintf(path, sizeof(path), "%s/reference.csv", store->dir);
    const char *why = input_open_own(path, 1, &file);
    file_look(why, file, path, check, looked);
    looked->unread = unread;
}

/* Whether a row has a file of this kind. `ret_check` is its check, or NULL where none is known. */
static bool is_due(const struct store_row *row, enum files_kind kind, bool names_files,
                   const char **ret_check)
{
    *ret_check = files_check_of(row->files, kind);
    return names_files ? *ret_check != NULL : kind == FILES_RECORD && row->wall_ns != STORE_MISSING;
}

/* Looks at the files of one kind. Their folder is opened once. */
static void rows_look(const struct store *store, enum files_kind kind, struct looked *looked)
{
    int folder;
    const char *check;
    bool names_files = manifest_version(store->manifest) >= 3;
    char *within = text_format("%s/%s", store->dir, files_names[kind].folder);
    const char *why = input_folder_open(within, FILES_OWN - 1, &folder);
    int reason = errno;
    for (size_t i = 0; i < store->row_count; i++) {
        FILE *file = NULL;
        char path[PATH_MAX];
        if (!is_due(&store->rows[i], kind, names_files, &check))
            continue;
        files_path(store->dir, kind, store->rows[i].id, path);
        errno = reason;
        const char *wrong = why ? why : input_open_within(folder, strrchr(path, '/') + 1, &file);
        file_look(wrong, file, path, check, looked);
    }
    if (folder >= 0)
        close(folder);
    free(within);
}

void damage_files_say(const struct store *store)
{
    struct looked looked = {0};
    const struct faults *gone = &looked.gone, *unread = &looked.unread, *damaged = &looked.damaged;
    for (int kind = 0; kind < FILES_KINDS; kind++)
        if (files_has_any(store->dir, (enum files_kind)kind))
            rows_look(store, (enum files_kind)kind, &looked);
    reference_look(store, &looked);
    if (gone->count)
        message_note("%s: of its files %zu %s gone (the first is %s); what is made of them lacks "
                     "them",
                     store->dir, gone->count, gone->count == 1 ? "is" : "are", gone->first);
    if (unread->count)
        message_note(
            "%s: of its files %zu cannot be read (the first is %s: %s); what is made of them lacks them",
            store->dir, unread->count, unread->first, unread->why);
    if (damaged->count)
        message_note("%s: of its files %zu %s damaged (the first is %s): their checks do not fit; "
                     "what is made of them may be wrong",
                     store->dir, damaged->count, damaged->count == 1 ? "is" : "are", damaged->first);
}
