/* SPDX-License-Identifier: MIT */
#include "harness/history/history.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/writing.h"
#include "harness/results/again.h"
#include "harness/results/listing.h"
#include "harness/results/run-machines.h"

static const char HISTORY_ENDING[] = ".jsonl";

/* Digits of a commit in a file's name, and the most bytes of an entry: a thousand times those of a usual one. */
enum { COMMIT_DIGITS = 12, ENTRY_MOST = 1 << 26 };

/* ---- reading ---- */

static bool is_entry_name(const char *name)
{
    size_t length = strlen(name), ending = sizeof(HISTORY_ENDING) - 1;
    return *name != '.' && length > ending && strcmp(name + length - ending, HISTORY_ENDING) == 0;
}

static int names_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Lists the names of entries in their order. Returns 0 or a status after one line. */
static int files_list(const char *dir, struct text_list *ret_files)
{
    int at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = at < 0 ? NULL : listing_open(at);
    int error = errno;
    const char *name;
    *ret_files = (struct text_list){0};
    while (listing && (name = listing_next(listing)))
        if (is_entry_name(name))
            text_list_take(ret_files, text_format("%s", name));
    if (at >= 0)
        close(at);
    if (!listing)
        return message_bad_input("%s: %s; a history is a folder that 'gcmatrix history add' made", dir,
                                 strerror(error));
    closedir(listing);
    if (ret_files->count)
        qsort(ret_files->items, ret_files->count, sizeof(char *), names_compare);
    return 0;
}

/* Reads a file of the history, whose path is `path`. Its text is for free(). Returns 0 or a status after one line. */
static int file_read(const char *path, char **ret_text)
{
    FILE *file;
    struct stat about;
    size_t size = 0;
    const char *why = input_open_own(path, 1, &file);
    *ret_text = NULL;
    if (why)
        return message_bad_input("%s: %s", path, why);
    if (fstat(fileno(file), &about) != 0 || about.st_size > ENTRY_MOST)
        why = "it is too large for an entry of a history";
    else if (!(*ret_text = text_read(file, &size)))
        why = strerror(errno);
    fclose(file);
    if (!why && strlen(*ret_text) != size)
        why = "it holds a byte that is 0; it is no entry of a history, or is damaged";
    if (!why)
        return 0;
    free(*ret_text);
    *ret_text = NULL;
    return message_bad_input("%s: %s", path, why);
}

static int entry_open(const char *dir, const char *name, struct history_entry *ret_entry)
{
    char *path = text_format("%s/%s", dir, name), *text;
    int status = file_read(path, &text);
    if (status == 0)
        status = history_entry_read(path, text, ret_entry);
    free(text);
    free(path);
    return status;
}

static bool entries_are_of_one_machine(const struct history_entry *a, const struct history_entry *b)
{
    return run_machines_are_same(a->machine, b->machine) &&
           strcmp(a->reference_program, b->reference_program) == 0;
}

/* Numbers the machines. */
static void machines_find(struct history *history)
{
    for (size_t i = 0; i < history->count; i++) {
        size_t same = 0;
        while (same < i && !entries_are_of_one_machine(&history->entries[same], &history->entries[i]))
            same++;
        history->machines[i] = same < i ? history->machines[same] : history->machine_count++;
    }
}

int history_open(const char *dir, struct history *ret_history)
{
    *ret_history = (struct history){.dir = text_format("%s", dir)};
    int status = files_list(dir, &ret_history->files);
    size_t count = ret_history->files.count;
    if (status == 0 && count == 0)
        status = message_bad_input("%s holds no entry of a run; 'gcmatrix history add RUN' adds one", dir);
    ret_history->entries = memory_new(count, sizeof(*ret_history->entries));
    ret_history->machines = memory_new(count, sizeof(*ret_history->machines));
    for (size_t i = 0; i < count && status == 0; i++) {
        status = entry_open(dir, ret_history->files.items[i], &ret_history->entries[i]);
        ret_history->count += status == 0;
    }
    if (status == 0)
        machines_find(ret_history);
    else
        history_close(ret_history);
    return status;
}

void history_close(struct history *history)
{
    for (size_t i = 0; i < history->count; i++)
        history_entry_free(&history->entries[i]);
    text_list_free(&history->files);
    free(history->entries);
    free(history->machines);
    free(history->dir);
    *history = (struct history){0};
}

/* ---- adding ---- */

/* The name of the run's file, for free(). */
static char *file_name(const struct run *run, const struct history_commit *commit)
{
    char stamp[32] = "", *id = history_run_identify(run);
    time_t time = (time_t)commit->time;
    struct tm parts;
    if (gmtime_r(&time, &parts))
        strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &parts);
    char *name = text_format("%s-%.*s-%s%s", stamp, COMMIT_DIGITS, commit->id, id, HISTORY_ENDING);
    free(id);
    return name;
}

/* The part of a file's name that is the run's: what follows the last dash. */
static const char *run_part(const char *name)
{
    const char *dash = strrchr(name, '-');
    return dash ? dash : name;
}

/*
 * Looks for the run among the files. Returns 0; sets `ret_there` where it has this very name. Returns MESSAGE_BAD_INPUT
 * after one line where it is there as a run of another commit.
 */
static int run_find(const struct text_list *files, const char *dir, const char *name, bool *ret_there)
{
    *ret_there = false;
    for (size_t i = 0; i < files->count; i++) {
        const char *file = files->items[i];
        if (strcmp(file, name) == 0)
            *ret_there = true;
        else if (strcmp(run_part(file), run_part(name)) == 0)
            return message_bad_input(
                "history: the run is there already as one of another commit: %s/%s; remove that file, if "
                "it is wrong",
                dir, file);
    }
    return 0;
}

static int entry_write(const char *dir, const char *name, const struct run *run,
                       const struct history_commit *commit)
{
    struct writing_folder folder;
    json_t *lines = history_lines_make(run, commit);
    char *text = history_lines_write(lines), *path = text_format("%s/%s", dir, name);
    int status = writing_parents_make(path);
    if (status == 0)
        status = writing_folder_open(dir, &folder);
    if (status == 0) {
        status = writing_text(&folder, name, text, strlen(text));
        writing_folder_close(&folder);
    }
    if (status == 0)
        message_say("%s: %.*s, %zu bytes", path, COMMIT_DIGITS, commit->id, strlen(text));
    free(path);
    free(text);
    json_decref(lines);
    return status;
}

/* Refuses a run to which processes are to come. */
static int run_check(const struct run *run)
{
    if (run->ended)
        return 0;
    char *again = again_command(run->store->manifest, run->store->dir);
    int status = message_bad_input("history: %s has not ended; go on with: %s", run->store->dir, again);
    free(again);
    return status;
}

/* Adds a run of one machine to the folder, which has these files. */
static int run_add(const char *dir, const struct text_list *files, const struct run *run,
                   const struct history_commit *commit)
{
    bool there = false;
    char *name = file_name(run, commit);
    int status = run_find(files, dir, name, &there);
    if (status == 0 && there)
        message_say("%s/%s is there already", dir, name);
    else if (status == 0)
        status = entry_write(dir, name, run, commit);
    free(name);
    return status;
}

/* Adds what each machine of a merged run measured. */
static int machines_add(const char *dir, const struct text_list *files, const struct run *run,
                        const struct history_commit *commit)
{
    int status = 0;
    for (size_t machine = 0; machine < run->machines.count && status == 0; machine++) {
        struct run part;
        status = run_open_on(&part, run->store->dir, machine);
        if (status != 0)
            break;
        status = run_add(dir, files, &part, commit);
        run_close(&part);
    }
    return status;
}

int history_add(const char *dir, const struct run *run, const struct history_commit *commit)
{
    struct text_list files = {0};
    int status = run_check(run);
    if (status == 0 && access(dir, F_OK) == 0)
        status = files_list(dir, &files);
    if (status == 0)
        status = machines_are_several(&run->machines) ? machines_add(dir, &files, run, commit)
                                                      : run_add(dir, &files, run, commit);
    text_list_free(&files);
    return status;
}
