/* SPDX-License-Identifier: MIT */
#include "harness/results/folder.h"

#include <dirent.h>
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
#include "harness/results/files.h"
#include "harness/results/manifest.h"

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

/* Removes a folder with its files and folders. */
static void folder_remove(const char *dir)
{
    DIR *listing = opendir(dir);
    const struct dirent *entry;
    while (listing && (entry = readdir(listing))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char *path = text_format("%s/%s", dir, entry->d_name);
        if (unlink(path) != 0 && (errno == EISDIR || errno == EPERM))
            folder_remove(path);
        free(path);
    }
    if (listing)
        closedir(listing);
    rmdir(dir);
}

/* Makes the folders above `path`, as mkdir -p does. */
static int parents_make(const char *path)
{
    char *copy = text_format("%s", path);
    int status = 0;
    for (char *slash = strchr(copy + 1, '/'); slash && status == 0; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            status = message_storage("%s: %s", copy, strerror(errno));
        *slash = '/';
    }
    free(copy);
    return status;
}

/* Whether a folder can be made at `dir`: nothing is there, or an empty folder, which is removed. */
static int place_free(const char *dir)
{
    struct stat about;
    bool there = lstat(dir, &about) == 0;
    if (!there && errno == ENOENT)
        return 0;
    if (!there)
        return message_bad_input("%s: %s", dir, strerror(errno));
    if (S_ISDIR(about.st_mode) && rmdir(dir) == 0)
        return 0;
    return message_bad_input("%s is there already; --resume goes on with it, -o names another folder", dir);
}

/* Makes the contents of a new run's folder, in the folder `part`. */
static int contents_make(const char *part, const json_t *manifest)
{
    struct journal journal;
    if (mkdir(part, 0777) != 0)
        return message_storage("%s: %s", part, strerror(errno));
    for (int kind = 0; kind < FILES_KINDS; kind++) {
        char *path = text_format("%s/%s", part, files_names[kind].folder);
        int failed = mkdir(path, 0777);
        free(path);
        if (failed)
            return message_storage("%s: %s", part, strerror(errno));
    }
    int status = manifest_save(part, manifest);
    if (status == 0)
        status = journal_create(part, &journal);
    if (status == 0)
        journal_close(&journal);
    return status;
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
    static const char *const statuses[] = {"ok",       "oom",        "timeout", "crash",
                                           "mismatch", "unmeasured", "error"};
    const char *status = "error";
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
        if (strcmp(row->status, statuses[i]) == 0)
            status = statuses[i];
    if (folder->row_count == folder->row_capacity) {
        folder->row_capacity = folder->row_capacity ? 2 * folder->row_capacity : 256;
        folder->rows = memory_grow(folder->rows, folder->row_capacity, sizeof(*folder->rows));
    }
    struct store_row *kept = &folder->rows[folder->row_count++];
    *kept = *row;
    store_row_forget_texts(kept);
    kept->status = status;
    folder->done[row->id] = attempts_disturbed(row) ? FOLDER_DISTURBED : FOLDER_DONE;
    folder->done_count += (size_t)row->id < folder->total;
    instructions_note(folder, row);
}

bool folder_repetition_due(const struct folder *folder, size_t id)
{
    return id >= folder->total && folder->done[id] == FOLDER_MISSING &&
           folder->done[id - folder->total] == FOLDER_DISTURBED;
}

bool folder_repetitions_due(const struct folder *folder)
{
    for (size_t id = folder->total; id < folder->total * STORE_ATTEMPTS; id++)
        if (folder_repetition_due(folder, id))
            return true;
    return false;
}

/* Locks the folder and opens runs.csv after its complete rows. */
static int folder_open(const char *dir, struct folder *ret_folder)
{
    struct store *store;
    *ret_folder = (struct folder){.lock = journal_lock(dir), .journal = {.file = -1}};
    if (ret_folder->lock < 0)
        return -ret_folder->lock;
    int status = store_open(dir, &store);
    if (status != 0) {
        close(ret_folder->lock);
        return status;
    }
    ret_folder->dir = text_format("%s", dir);
    ret_folder->scratch = text_format("%s/in-flight", dir);
    ret_folder->manifest = json_incref(store->manifest);
    ret_folder->agreed = json_object();
    ret_folder->counted = json_object();
    ret_folder->total = json_array_size(json_object_get(store->manifest, "cells")) *
                        (size_t)json_integer_value(json_object_get(store->manifest, "blocks"));
    ret_folder->done = memory_new(ret_folder->total * STORE_ATTEMPTS, 1);
    for (size_t i = 0; i < store->row_count; i++) {
        struct store_row *row = &store->rows[i];
        row_note(ret_folder, row);
        if (strcmp(row->status, "ok") == 0)
            free(folder_agreement_check(ret_folder, row));
    }
    status = journal_resume(dir, store->whole_bytes, &ret_folder->journal);
    store_close(store);
    folder_remove(ret_folder->scratch);
    if (status == 0 && mkdir(ret_folder->scratch, 0777) != 0)
        status = message_storage("%s: %s", ret_folder->scratch, strerror(errno));
    if (status != 0)
        folder_close(ret_folder);
    return status;
}

int folder_create(const char *dir, json_t *manifest, struct folder *ret_folder)
{
    int status = place_free(dir);
    if (status == 0)
        status = parents_make(dir);
    if (status != 0)
        return status;
    char *part = text_format("%s.part", dir);
    folder_remove(part); /* of a run that was killed while starting */
    status = contents_make(part, manifest);
    if (status == 0 && rename(part, dir) != 0)
        status = message_storage("%s: %s", dir, strerror(errno));
    if (status != 0)
        folder_remove(part);
    free(part);
    return status == 0 ? folder_open(dir, ret_folder) : status;
}

/* The first key of `ours` that has another value in `theirs`, or none; NULL when all agree. */
static const char *difference_find(json_t *ours, const json_t *theirs)
{
    const char *key;
    json_t *value;
    json_object_foreach(ours, key, value)
        if (!json_equal(value, json_object_get(theirs, key)))
            return key;
    return NULL;
}

static int manifests_compare(const char *dir, const json_t *now, const json_t *then)
{
    static const char *const whole[][2] = {{"spec_sha256", "the spec is another one"},
                                           {"blocks", "the number of blocks differs"},
                                           {"seed", "the seed differs"},
                                           {"cells", "the cells differ"},
                                           {"design", "its precision, its minimum or its looks differ"},
                                           {"layouts", "what its layouts vary differs"}};
    static const char *const inside[][2] = {{"binaries", "the executable"}, {"allocators", "the allocator"}};
    static const char *const machine[] = {"cpu", "cores", "memory_bytes", "kernel"};
    for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
        if (!json_equal(json_object_get(now, whole[i][0]), json_object_get(then, whole[i][0])))
            return message_bad_input("%s cannot be resumed: %s; start a new run", dir, whole[i][1]);
    for (size_t i = 0; i < 2; i++) {
        const char *key =
            difference_find(json_object_get(now, inside[i][0]), json_object_get(then, inside[i][0]));
        if (key)
            return message_bad_input("%s cannot be resumed: %s %s has changed since; start a new run", dir,
                                     inside[i][1], key);
    }
    for (size_t i = 0; i < 4; i++)
        if (!json_equal(json_object_get(json_object_get(now, "machine"), machine[i]),
                        json_object_get(json_object_get(then, "machine"), machine[i])))
            return message_bad_input("%s cannot be resumed: it was measured on another machine (%s differs)",
                                     dir, machine[i]);
    return 0;
}

/* Takes what may differ from what the run was begun with. It is saved as the session begins. */
static void wishes_take(const json_t *now, json_t *then)
{
    const json_t *budget = json_object_get(json_object_get(now, "design"), "budget_seconds");
    json_object_set(json_object_get(then, "design"), "budget_seconds", (json_t *)budget);
    json_object_set(then, "baseline", json_object_get(now, "baseline"));
}

int folder_resume(const char *dir, const json_t *manifest, struct folder *ret_folder)
{
    int status = folder_open(dir, ret_folder);
    if (status != 0)
        return status;
    if (manifest_version(ret_folder->manifest) < manifest_version(manifest))
        status =
            message_bad_input("%s cannot be resumed: an earlier version of gcmatrix made it; start a new "
                              "run",
                              dir);
    if (status == 0) {
        wishes_take(manifest, ret_folder->manifest);
        status = manifests_compare(dir, manifest, ret_folder->manifest);
    }
    if (status != 0)
        folder_close(ret_folder);
    return status;
}

char *folder_agreement_check(struct folder *folder, struct store_row *row)
{
    char *key = text_format("%s:%s#%" PRId64, row->workload, row->workload_options, row->seed);
    const json_t *first = json_object_get(folder->agreed, key);
    char *reason = NULL;
    if (!first) {
        json_object_set_new(folder->agreed, key,
                            json_pack("{ss sI}", "checksum", row->checksum, "id", (json_int_t)row->id));
    } else if (strcmp(json_string_value(json_object_get(first, "checksum")), row->checksum) != 0) {
        row->status = "mismatch";
        row->reason = reason =
            text_format("checksum %s, but process %06" JSON_INTEGER_FORMAT " got %s from the same work",
                        row->checksum, json_integer_value(json_object_get(first, "id")),
                        json_string_value(json_object_get(first, "checksum")));
    }
    free(key);
    return reason;
}

/* Moves a file, if the process wrote it, once it is on disk. */
static int file_keep(struct folder *folder, enum files_kind kind, int64_t id)
{
    char *from = folder_in_flight(folder, kind), to[PATH_MAX];
    files_path(folder->dir, kind, id, to);
    int status = 0, file = open(from, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        if (fdatasync(file) != 0 || rename(from, to) != 0)
            status = message_storage("%s: %s", to, strerror(errno));
        close(file);
    } else if (errno != ENOENT) {
        status = message_storage("%s: %s", from, strerror(errno));
    }
    free(from);
    return status;
}

int folder_row_keep(struct folder *folder, const struct store_row *row)
{
    int status = 0;
    for (int kind = 0; kind < FILES_KINDS && status == 0; kind++)
        status = file_keep(folder, (enum files_kind)kind, row->id);
    if (status == 0)
        status = journal_append(&folder->journal, row);
    if (status == 0)
        row_note(folder, row);
    return status;
}

int folder_session_begin(struct folder *folder, json_t *session)
{
    json_array_append_new(json_object_get(folder->manifest, "sessions"), session);
    json_object_set_new(folder->manifest, "finished", json_null());
    json_object_set_new(folder->manifest, "ended", json_null());
    return manifest_save(folder->dir, folder->manifest);
}

int folder_session_end(struct folder *folder, double seconds, const char *ended)
{
    char now[32];
    const json_t *sessions = json_object_get(folder->manifest, "sessions");
    json_t *session = json_array_get(sessions, json_array_size(sessions) - 1);
    json_object_set_new(session, "seconds", json_real(seconds));
    folder_time_now(now);
    if (ended) {
        json_object_set_new(folder->manifest, "finished", json_string(now));
        json_object_set_new(folder->manifest, "ended", json_string(ended));
    }
    return manifest_save(folder->dir, folder->manifest);
}

void folder_close(struct folder *folder)
{
    journal_close(&folder->journal);
    if (folder->scratch)
        folder_remove(folder->scratch);
    if (folder->lock >= 0)
        close(folder->lock);
    json_decref(folder->manifest);
    json_decref(folder->agreed);
    json_decref(folder->counted);
    free(folder->done);
    free(folder->rows);
    free(folder->dir);
    free(folder->scratch);
    *folder = (struct folder){.lock = -1, .journal = {.file = -1}};
}
