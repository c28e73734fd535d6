/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/writing.h"
#include "harness/campaign/slurm/scripts.h"

/* Copies an executable to a folder, under its own name. Returns 0 or a status after one line. */
static int program_copy(const char *path, const char *name, const struct writing_folder *to)
{
    char *dir = text_format("%.*s", (int)(name - path), path);
    int from = open(*dir ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int error = from < 0 ? errno : writing_copy(from, name, to);
    if (!error && fchmodat(to->at, name, 0755, 0) != 0)
        error = errno;
    if (from >= 0)
        close(from);
    free(dir);
    return error ? message_storage("%s/%s: %s", to->path, name, strerror(error)) : 0;
}

/* Takes each executable of the plan once: copies it, and lists it. */
static int programs_copy(const struct plan *plan, json_t *list, const struct writing_folder *to)
{
    json_t *seen = json_object();
    int status = 0;
    for (size_t i = 0; i < plan->cell_count && status == 0; i++) {
        const struct plan_cell *cell = &plan->cells[i];
        char *path = realpath(cell->pair, NULL);
        const char *slash = path ? strrchr(path, '/') : NULL;
        if (!slash)
            status = message_storage("%s: %s", cell->pair, strerror(errno));
        else if (!json_object_get(seen, slash + 1)) {
            json_object_set_new(seen, slash + 1, json_true());
            json_array_append_new(list,
                                  json_pack("{ss ss ss ss}", "name", slash + 1, "workload", cell->workload,
                                            "collector", cell->collector, "path", slash + 1));
            status = program_copy(path, slash + 1, to);
        }
        free(path);
    }
    json_decref(seen);
    return status;
}

static int programs_make(const struct plan *plan, const struct pairs *pairs, const struct writing_folder *run)
{
    struct writing_folder to;
    int status = writing_folder_make(run, "programs", &to);
    if (status != 0)
        return status;
    json_t *list = json_array();
    status = programs_copy(plan, list, &to);
    json_t *described = json_pack("{sO sO sO so}", "schema", json_object_get(pairs->list, "schema"),
                                  "workloads", json_object_get(pairs->list, "workloads"), "collectors",
                                  json_object_get(pairs->list, "collectors"), "pairs", list);
    char *text = memory_need(json_dumps(described, JSON_INDENT(2)));
    if (status == 0)
        status = writing_text(&to, "pairs.json", text, strlen(text));
    free(text);
    json_decref(described);
    writing_folder_close(&to);
    return status;
}

static int script_make(const struct writing_folder *run, const char *name, const struct slurm_job *job,
                       void (*write)(FILE *file, const struct slurm_job *job))
{
    char *text;
    size_t size;
    FILE *file = memory_stream(&text, &size);
    write(file, job);
    memory_stream_close(file);
    int status = writing_text(run, name, text, size);
    free(text);
    return status;
}

static int subfolder_make(const struct writing_folder *run, const char *name)
{
    struct writing_folder made;
    int status = writing_folder_make(run, name, &made);
    if (status == 0)
        writing_folder_close(&made);
    return status;
}

/* Removes what was made of a folder that is not kept. */
static void unfinished_remove(const struct writing_folder *run)
{
    static const char *const names[] = {"programs", "shards", "logs"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *path = text_format("%s/%s", run->path, names[i]);
        writing_folder_remove(path);
        free(path);
    }
    writing_folder_remove(run->path);
}

int scripts_folder_make(const struct slurm_job *job, const struct plan *plan, const struct pairs *pairs)
{
    struct writing_folder run;
    int status = writing_folder_begin(job->dir, &run);
    if (status != 0)
        return status;
    status = script_make(&run, "shard.sh", job, scripts_shard_write);
    if (status == 0)
        status = script_make(&run, "merge.sh", job, scripts_merge_write);
    if (status == 0)
        status = subfolder_make(&run, "shards");
    if (status == 0)
        status = subfolder_make(&run, "logs");
    if (status == 0 && job->copies)
        status = programs_make(plan, pairs, &run);
    if (status == 0)
        status = writing_folder_keep(&run, job->dir);
    if (status != 0)
        unfinished_remove(&run);
    writing_folder_close(&run);
    return status;
}
