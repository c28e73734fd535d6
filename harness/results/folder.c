/* SPDX-License-Identifier: MIT */
#include "harness/results/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/results/attempts.h"
#include "harness/results/beginning.h"
#include "harness/results/checksums.h"
#include "harness/results/damage.h"
#include "harness/results/files.h"
#include "harness/results/in-flight.h"
#include "harness/results/manifest.h"
#include "harness/results/same-plan.h"

void folder_time_now(char ret_text[static 32])
{
    struct tm utc;
    time_t now = time(NULL);
    strftime(ret_text, 32, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
}

char *folder_in_flight(const struct folder *folder, enum files_kind kind)
{
    return text_format("%s/%s-%s", folder->scratch, folder->flight, files_names[kind].in_flight);
}

void folder_flight_begin(struct folder *folder, int64_t id)
{
    uint32_t nonce = 0;
    if (getrandom(&nonce, sizeof(nonce), GRND_NONBLOCK) != sizeof(nonce))
        nonce = (uint32_t)time(NULL) ^ (uint32_t)getpid() << 16;
    snprintf(folder->flight, sizeof(folder->flight), "%06" PRId64 "-%08" PRIx32, id % 10000000, nonce);
}

/* Makes what a run begins with. The manifest comes last: from then on it is a run's folder. */
static int contents_make(const struct writing_folder *run, const json_t *manifest)
{
    struct journal journal;
    int status = 0;
    for (int kind = 0; kind < FILES_KINDS && status == 0; kind++) {
        struct writing_folder made;
        status = writing_folder_make(run, files_names[kind].folder, &made);
        writing_folder_close(&made);
    }
    if (status == 0)
        status = journal_create(run, &journal);
    if (status != 0)
        return status;
    journal_close(&journal);
    return manifest_save(run, run, manifest);
}

static char *instructions_key(const struct store_row *row)
{
    return text_format("%" PRId64 "#%" PRId64, row->cell, row->seed);
}

static void instructions_note(struct folder *folder, const struct store_row *row)
{
    char *key = instructions_key(row);
    if (row->instructions != STORE_MISSING)
        json_object_set_new(folder->counted, key, json_integer(row->instructions));
    free(key);
}

int64_t folder_instructions(const struct folder *folder, const struct store_row *row)
{
    char *key = instructions_key(row);
    const json_t *known = json_object_get(folder->counted, key);
    free(key);
    return known ? json_integer_value(known) : STORE_MISSING;
}

/* Keeps what later decisions need of a row that is on the disk. */
static void row_note(struct folder *folder, const struct store_row *row)
{
    const char *status = store_status_of(row->status);
    if (folder->row_count == folder->row_capacity) {
        folder->row_capacity = folder->row_capacity ? 2 * folder->row_capacity : 256;
        folder->rows = memory_grow(folder->rows, folder->row_capacity, sizeof(*folder->rows));
    }
    struct store_row *kept = &folder->rows[folder->row_count++];
    *kept = *row;
    store_row_forget_texts(kept);
    kept->status = status ? status : "error";
    folder->done[row->id] = attempts_disturbed(row) ? FOLDER_DISTURBED : FOLDER_DONE;
    folder->done_count += (size_t)row->id < folder->total;
    instructions_note(folder, row);
}

bool folder_repetition_due(const struct folder *folder, size_t id)
{
    return id >= folder->total && folder->done[id] == FOLDER_MISSING &&
           folder->done[id - folder->total] == FOLDER_DISTURBED;
}

size_t folder_repetitions_due(const struct folder *folder)
{
    size_t count = 0;
    for (size_t id = folder->total; id < folder->total * STORE_ATTEMPTS; id++)
        count += folder_repetition_due(folder, id);
    return count;
}

/* Takes what the rows and the manifest say. Touches nothing. */
static int folder_load(struct folder *folder, struct store **ret_store)
{
    int status = store_open(folder->dir, ret_store);
    if (status != 0)
        return status;
    const struct store *store = *ret_store;
    folder->manifest = json_incref(store->manifest);
    folder->agreed = json_object();
    folder->counted = json_object();
    size_t cells = json_array_size(json_object_get(store->manifest, "cells"));
    size_t blocks = (size_t)json_integer_value(json_object_get(store->manifest, "blocks"));
    folder->shard = shard_of_manifest(store->manifest);
    folder->total = cells * blocks;
    folder->due = cells * shard_blocks(folder->shard, blocks);
    folder->done = memory_new(folder->total * STORE_ATTEMPTS, 1);
    for (size_t i = 0; i < store->row_count; i++) {
        struct store_row *row = &store->rows[i];
        row_note(folder, row);
        if (strcmp(row->status, "ok") == 0)
            free(folder_agreement_check(folder, row));
    }
    return 0;
}

/*
 * Sets damaged rows aside, opens runs.csv after its complete rows, and what the processes write to: the first
 * that touches the folder.
 */
static int folder_begin(struct folder *folder, const struct store *store)
{
    int64_t whole_bytes = 0;
    int status = in_flight_check(&folder->run);
    if (status == 0)
        writing_folder_sweep(&folder->run);
    for (int kind = 0; kind < FILES_KINDS && status == 0; kind++)
        status = writing_folder_make(&folder->run, files_names[kind].folder, &folder->kept[kind]);
    if (status == 0)
        status = damage_set_aside(&folder->run, store, &whole_bytes);
    if (status == 0)
        status = journal_resume(&folder->run, whole_bytes, &folder->journal);
    if (status == 0)
        status = in_flight_make(&folder->run, &folder->in_flight);
    return status;
}

/* Opens and locks the folder; `flags` are those of in_flight_lock(). */
static int folder_open(const char *dir, int flags, struct folder *ret_folder)
{
    *ret_folder = (struct folder){.journal = {.file = -1}};
    int status = in_flight_lock(dir, flags, &ret_folder->run);
    if (status != 0)
        return status;
    ret_folder->dir = text_format("%s", dir);
    ret_folder->scratch = text_format("%s/" IN_FLIGHT, dir);
    return 0;
}

/* Makes the folder's contents, or leaves nothing of them. */
static int folder_fill(struct folder *folder, const json_t *manifest)
{
    beginning_clear(&folder->run);
    int status = contents_make(&folder->run, manifest);
    if (status != 0) {
        unlinkat(folder->run.at, "manifest.json", 0); /* it has its name when the folder cannot be synced */
        beginning_clear(&folder->run);
    }
    return status;
}

static int there_refuse(const char *dir)
{
    return message_bad_input("%s is there already; --resume goes on with it, -o names another folder", dir);
}

/* Makes the folder itself, if it is not there. Returns 0, or a status after one line. */
static int dir_make(const char *dir, bool *ret_made)
{
    struct stat about;
    int status = writing_parents_make(dir);
    if (status != 0)
        return status;
    *ret_made = mkdir(dir, 0777) == 0;
    if (*ret_made)
        return 0;
    if (errno != EEXIST)
        return writing_refuse(dir, errno);
    return lstat(dir, &about) == 0 && S_ISDIR(about.st_mode) ? 0 : there_refuse(dir);
}

int folder_check(const char *dir)
{
    struct stat about;
    struct folder folder;
    if (lstat(dir, &about) != 0)
        return errno == ENOENT ? 0 : writing_refuse(dir, errno);
    if (!S_ISDIR(about.st_mode))
        return there_refuse(dir);
    int status = folder_open(dir, O_NOFOLLOW, &folder);
    if (status == 0 && !beginning_is(&folder.run))
        status = there_refuse(dir);
    folder_close(&folder);
    return status;
}

int folder_create(const char *dir, json_t *manifest, struct folder *ret_folder)
{
    struct store *store = NULL;
    bool made = false;
    *ret_folder = (struct folder){.journal = {.file = -1}};
    int status = dir_make(dir, &made);
    if (status == 0)
        status = folder_open(dir, O_NOFOLLOW, ret_folder);
    if (status == 0 && !beginning_is(&ret_folder->run))
        status = there_refuse(dir);
    else if (status == 0 && (status = folder_fill(ret_folder, manifest)) != 0 && made)
        rmdir(dir);
    if (status == 0)
        status = folder_load(ret_folder, &store);
    if (status == 0)
        status = folder_begin(ret_folder, store);
    store_close(store);
    if (status != 0)
        folder_close(ret_folder);
    return status;
}

/* Whether the folder's run is that which would be run now, on this machine. */
static int manifests_compare(const char *dir, const json_t *now, const json_t *then)
{
    char *difference = same_plan_difference(now, then);
    int status = 0;
    if (difference)
        status = message_bad_input("%s cannot be resumed: %s; start a new run", dir, difference);
    free(difference);
    const char *machine = same_plan_machine_difference(now, then);
    if (status == 0 && machine)
        status = message_bad_input("%s cannot be resumed: it was measured on another machine (%s differs)",
                                   dir, machine);
    struct shard ours = shard_of_manifest(now), its = shard_of_manifest(then);
    if (status == 0 && (ours.index != its.index || ours.count != its.count))
        status = message_bad_input("%s cannot be resumed: it is shard %" PRIu64 "/%" PRIu64
                                   " of its run, and not %" PRIu64 "/%" PRIu64 "; name another folder",
                                   dir, its.index, its.count, ours.index, ours.count);
    return status;
}

/* Takes what may differ from what the run was begun with. It is saved as the session begins. */
static void wishes_take(const json_t *now, json_t *then)
{
    const json_t *budget = json_object_get(json_object_get(now, "design"), "budget_seconds");
    json_object_set(json_object_get(then, "design"), "budget_seconds", (json_t *)budget);
    json_object_set(then, "baseline", json_object_get(now, "baseline"));
}

/* Whether the run that is there is the one that would be run now. */
static int resume_check(const char *dir, const json_t *now, const json_t *then)
{
    if (manifest_version(then) < manifest_version(now))
        return message_bad_input(
            "%s cannot be resumed: an earlier version of gcmatrix made it; start a new run", dir);
    if (json_object_get(then, "machines"))
        return message_bad_input(
            "%s cannot be resumed: it was merged; go on with its shards, and merge them anew", dir);
    return manifests_compare(dir, now, then);
}

int folder_resume(const char *dir, const json_t *manifest, struct folder *ret_folder)
{
    struct store *store = NULL;
    int status = folder_open(dir, 0, ret_folder);
    if (status == 0 && beginning_is(&ret_folder->run))
        status = folder_fill(ret_folder, manifest);
    if (status == 0)
        status = folder_load(ret_folder, &store);
    if (status == 0) {
        wishes_take(manifest, ret_folder->manifest);
        status = resume_check(dir, manifest, ret_folder->manifest);
    }
    if (status == 0)
        status = folder_begin(ret_folder, store);
    if (status == 0)
        damage_files_say(store);
    store_close(store);
    if (status != 0)
        folder_close(ret_folder);
    return status;
}

char *folder_agreement_check(struct folder *folder, struct store_row *row)
{
    return checksums_compare(folder->agreed, row);
}

/* Moves a file, once it is on the disk, and writes its check. Returns 0 or an error number. */
static int file_move(const struct writing_folder *from, const char *name, int file,
                     const struct writing_folder *to, const char *kept_name,
                     char ret_check[static FILES_CHECK_DIGITS + 1])
{
    struct stat about;
    if (fstat(file, &about) != 0)
        return errno;
    if (!S_ISREG(about.st_mode))
        return EINVAL;
    if (!files_check(file, ret_check))
        return errno;
    return fdatasync(file) != 0 || renameat(from->at, name, to->at, kept_name) != 0 ? errno : 0;
}

/* Keeps a file, if the process wrote it, and adds its check to the row's `files`. */
static int file_keep(struct folder *folder, enum files_kind kind, int64_t id, char files[static FILES_TEXT])
{
    char check[FILES_CHECK_DIGITS + 1];
    size_t length = strlen(files);
    char *path = folder_in_flight(folder, kind), *name = strrchr(path, '/') + 1;
    char *to = text_format("%06" PRId64 ".%s", id, files_names[kind].extension);
    int file = openat(folder->in_flight.at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), status = 0;
    int error = file >= 0         ? file_move(&folder->in_flight, name, file, &folder->kept[kind], to, check)
                : errno == ENOENT ? 0
                                  : errno;
    if (error)
        status = message_storage("%s/%s: %s", folder->kept[kind].path, to, strerror(error));
    else if (file >= 0)
        snprintf(files + length, FILES_TEXT - length, "%s%s:%s", length ? " " : "", files_names[kind].kind,
                 check);
    if (file >= 0)
        close(file);
    free(path);
    free(to);
    return status;
}

int folder_row_keep(struct folder *folder, const struct store_row *row)
{
    char files[FILES_TEXT] = "";
    struct store_row whole = *row;
    int status = 0;
    for (int kind = 0; kind < FILES_KINDS && status == 0; kind++)
        status = file_keep(folder, (enum files_kind)kind, row->id, files);
    whole.files = files;
    if (status == 0)
        status = journal_append(&folder->journal, &whole);
    if (status == 0)
        row_note(folder, row);
    return status;
}

int folder_session_begin(struct folder *folder, json_t *session)
{
    json_array_append_new(json_object_get(folder->manifest, "sessions"), session);
    json_object_set_new(folder->manifest, "finished", json_null());
    json_object_set_new(folder->manifest, "ended", json_null());
    return manifest_save(&folder->in_flight, &folder->run, folder->manifest);
}

/* Notes the check of what the reference program's file holds as a session ends. */
static void reference_note(struct folder *folder)
{
    char check[FILES_CHECK_DIGITS + 1];
    int file = openat(folder->run.at, "reference.csv", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return;
    if (files_check(file, check))
        json_object_set_new(json_object_get(folder->manifest, "reference"), "check", json_string(check));
    close(file);
}

int folder_session_end(struct folder *folder, double seconds, const char *ended)
{
    char now[32];
    const json_t *sessions = json_object_get(folder->manifest, "sessions");
    json_t *session = json_array_get(sessions, json_array_size(sessions) - 1);
    json_object_set_new(session, "seconds", json_real(seconds));
    json_object_set_new(folder->manifest, "rows", json_integer((json_int_t)folder->row_count));
    reference_note(folder);
    folder_time_now(now);
    if (ended) {
        json_object_set_new(folder->manifest, "finished", json_string(now));
        json_object_set_new(folder->manifest, "ended", json_string(ended));
    }
    return manifest_save(&folder->in_flight, &folder->run, folder->manifest);
}

void folder_close(struct folder *folder)
{
    journal_close(&folder->journal);
    in_flight_remove(&folder->run, &folder->in_flight);
    for (int kind = 0; kind < FILES_KINDS; kind++)
        writing_folder_close(&folder->kept[kind]);
    writing_folder_close(&folder->run);
    json_decref(folder->manifest);
    json_decref(folder->agreed);
    json_decref(folder->counted);
    free(folder->done);
    free(folder->rows);
    free(folder->dir);
    free(folder->scratch);
    *folder = (struct folder){.journal = {.file = -1}};
}
