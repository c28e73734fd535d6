/* SPDX-License-Identifier: MIT */
#include "harness/campaign/process/measure.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/message.h"
#include "base/tool.h"
#include "harness/results/records.h"

enum { SPACE_NEEDED = 1 << 20 }; /* bytes: with less than this free, a failed process is blamed on the disk */

void measure_tools_free(struct measure_tools *tools)
{
    free(tools->hyperfine);
    free(tools->env);
    free(tools->hyperfine_version);
    control_group_place_free(&tools->limits);
    *tools = (struct measure_tools){0};
}

/*
 * Takes hyperfine's figures of the process, and its exit status; false when hyperfine wrote nothing usable.
 */
static bool timing_take(json_t *export, struct store_row *row, int *ret_exit)
{
    const json_t *result = json_array_get(json_object_get(export, "results"), 0);
    const json_t *wall = json_array_get(json_object_get(result, "times"), 0);
    const json_t *code = json_array_get(json_object_get(result, "exit_codes"), 0);
    bool usable = json_is_number(wall);
    if (usable) {
        row->process_wall_ns = llround(json_number_value(wall) * 1e9);
        row->process_user_ns = llround(json_number_value(json_object_get(result, "user")) * 1e9);
        row->process_sys_ns = llround(json_number_value(json_object_get(result, "system")) * 1e9);
        *ret_exit = json_is_integer(code) ? (int)json_integer_value(code) : -1;
        row->exit_status = json_is_integer(code) ? *ret_exit : STORE_MISSING;
    }
    return usable;
}

/* The status of a process that ended by itself, and the reason in words or NULL. */
static const char *ending_classify(int code, const json_t *record, char *output, char **ret_reason)
{
    const char *said = subprocess_line_last(output, "Ignoring non-zero exit code");
    if (code == 0 && record) /* the reason, if any, is what was wrong with the record */
        return strcmp(json_string_value(json_object_get(record, "status")), "ok") == 0 ? "ok" : "error";
    if (code == 0)
        return "error";
    const char *reason = json_string_value(json_object_get(record, "reason"));
    if (code == RECORDS_EXIT_OOM && record) {
        *ret_reason = text_format("%s", reason ? reason : "the collector ran out of memory");
        return "oom";
    }
    free(*ret_reason);
    if (code > 128 || code < 0) {
        const char *name = code > 128 ? strsignal(code - 128) : NULL;
        *ret_reason =
            text_format("killed by signal %d (%s)", code > 128 ? code - 128 : 0, name ? name : "unknown");
        return "crash";
    }
    *ret_reason = said ? text_format("exit status %d: %s", code, said) : text_format("exit status %d", code);
    return "error";
}

/* The status of a process of which hyperfine has no figures, and the reason in words. */
static const char *untimed_classify(enum subprocess_end end, int code, char *output, int64_t timeout_ns,
                                    char **ret_reason)
{
    const char *said = subprocess_line_last(output, NULL);
    if (end == SUBPROCESS_EXITED) {
        *ret_reason = text_format("hyperfine failed: %s", said ? said : "it says nothing");
        return "unmeasured";
    }
    *ret_reason = subprocess_explain(end, code, said, timeout_ns);
    if (end == SUBPROCESS_TIMEOUT)
        return "timeout";
    char *how = *ret_reason;
    *ret_reason = text_format("hyperfine was %s", how);
    free(how);
    return "unmeasured";
}

const char *measure_space_lacking(const char *path)
{
    struct statvfs about;
    struct rlimit limit;
    if (statvfs(path, &about) == 0 && (uint64_t)about.f_bavail * about.f_frsize < SPACE_NEEDED)
        return "no space left on the disk";
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < SPACE_NEEDED)
        return "the limit on the size of a file is too small (ulimit -f)";
    return NULL;
}

/* Whether the row's failure is the disk's. The reason then says what is the matter with that. */
static bool space_blame(const struct store_row *row, const char *scratch, char **ret_reason)
{
    const char *lacking = measure_space_lacking(scratch);
    bool cannot_write = row->exit_status == RECORDS_EXIT_STORAGE;
    bool blank = strcmp(row->status, "error") == 0 || strcmp(row->status, "unmeasured") == 0;
    if (!blank || (!lacking && !cannot_write))
        return false;
    char *said = *ret_reason;
    *ret_reason = text_format("%s", lacking ? lacking : said);
    free(said);
    return true;
}

/*
 * Has hyperfine run a command, given as one string, once. hyperfine 1.15 passes the standard error of its
 * command on only with --output=inherit.
 */
static enum subprocess_end hyperfine_run(const struct measure_tools *tools, char *words,
                                         const char *export_path, struct subprocess_request *process,
                                         int *ret_code)
{
    char *argv[] = {tools->hyperfine,
                    (char *)"-N",
                    (char *)"-i",
                    (char *)"--style",
                    (char *)"none",
                    (char *)"-r",
                    (char *)"1",
                    (char *)"--output",
                    (char *)"inherit",
                    (char *)"--export-json",
                    (char *)export_path,
                    (char *)"--",
                    words,
                    NULL};
    process->argv = argv;
    enum subprocess_end end = subprocess_run(process, ret_code);
    process->argv = NULL;
    return end;
}

/* Has hyperfine time the process of a request. Takes what both of them say. */
static enum subprocess_end request_time(const struct measure_tools *tools,
                                        const struct command_request *request, const char *members,
                                        const char *export_path, int64_t timeout_ns, int *ret_code,
                                        char **ret_output)
{
    struct command command;
    command_make(request, &command);
    char *words = command_words(&command, tools->env);
    int output = memfd_create("output", MFD_CLOEXEC);
    struct subprocess_request process = {.output = output,
                                         .error = output,
                                         .timeout_ns = timeout_ns,
                                         .fixed_addresses = request->fixed_addresses,
                                         .members = members,
                                         .processors = tools->processors};
    enum subprocess_end end = hyperfine_run(tools, words, export_path, &process, ret_code);
    *ret_output = subprocess_output(output);
    free(words);
    command_free(&command);
    return end;
}

/* ---- the tools ---- */

/* Finds a command, or says which package has it. NULL after one line. */
static char *tool_need(const char *name, const char *package)
{
    char *path = tool_find(name), *missing = path ? NULL : tool_missing_explain(name);
    if (missing)
        message_bad_input("%s; the package is %s", missing, package);
    free(missing);
    return path;
}

/* Asks hyperfine for its version. */
static int version_find(struct measure_tools *tools)
{
    char *argv[] = {tools->hyperfine, (char *)"--version", NULL};
    char *output, *error, version[32] = "";
    int code, status = 0;
    enum subprocess_end end = subprocess_capture(argv, NULL, SUBPROCESS_ANSWER, &code, &output, &error);
    bool named = sscanf(output, "hyperfine %31s", version) == 1;
    if (end == SUBPROCESS_INTERRUPTED) {
        status = MESSAGE_INTERRUPTED;
    } else if (end != SUBPROCESS_EXITED || code != 0) {
        char *how = subprocess_explain(end, code, subprocess_line_last(error, NULL), SUBPROCESS_ANSWER);
        status = message_bad_input("%s --version: %s; the package is hyperfine", tools->hyperfine, how);
        free(how);
    } else if (!named) {
        status = message_bad_input("%s --version does not say that it is hyperfine; the package is hyperfine",
                                   tools->hyperfine);
    }
    tools->hyperfine_version = text_format("%s", version);
    free(output);
    free(error);
    return status;
}

int measure_tools_try(const struct measure_tools *tools)
{
    struct store_row row = store_row_empty();
    struct subprocess_request process = {.output = memfd_create("export", MFD_CLOEXEC),
                                         .error = memfd_create("error", MFD_CLOEXEC),
                                         .timeout_ns = SUBPROCESS_ANSWER};
    char *env = text_shell_quote(tools->env), *words = text_format("%s -i", env);
    int code, exit_status = -1, status = 0;
    enum subprocess_end end = hyperfine_run(tools, words, "/proc/self/fd/1", &process, &code);
    char *figures = subprocess_output(process.output), *error = subprocess_output(process.error);
    json_t *export = json_loads(figures, 0, NULL);
    bool timed = timing_take(export, &row, &exit_status);
    if (end == SUBPROCESS_INTERRUPTED) {
        status = MESSAGE_INTERRUPTED;
    } else if (end != SUBPROCESS_EXITED || code != 0 || !timed || exit_status != 0) {
        char *how = subprocess_explain(end, code, subprocess_line_last(error, NULL), SUBPROCESS_ANSWER);
        const char *wrong = end != SUBPROCESS_EXITED || code != 0 ? how
                            : timed                               ? "it says that this failed"
                                                                  : "it writes no figures";
        status = message_bad_input("%s %s cannot time '%s': %s; install hyperfine 1.15 or later",
                                   tools->hyperfine, tools->hyperfine_version, words, wrong);
        free(how);
    }
    json_decref(export);
    char *texts[] = {figures, error, env, words};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        free(texts[i]);
    return status;
}

int measure_tools_find(struct measure_tools *ret_tools)
{
    *ret_tools = (struct measure_tools){.hyperfine = tool_need("hyperfine", "hyperfine")};
    if (!ret_tools->hyperfine)
        return MESSAGE_BAD_INPUT;
    ret_tools->env = tool_find("env");
    if (!ret_tools->env && access("/usr/bin/env", X_OK) == 0)
        ret_tools->env = text_format("/usr/bin/env");
    int status = ret_tools->env || (ret_tools->env = tool_need("env", "coreutils")) ? 0 : MESSAGE_BAD_INPUT;
    if (status == 0)
        status = version_find(ret_tools);
    if (status == 0)
        status = measure_tools_try(ret_tools);
    if (status != 0)
        measure_tools_free(ret_tools);
    return status;
}

/* ---- a process ---- */

/* The same as measure_process(), in the control group of which `members` are; NULL: in that of this process. */
static enum measure_outcome group_measure(const struct measure_tools *tools,
                                          const struct command_request *request, const char *members,
                                          const char *scratch, int64_t timeout_ns, struct store_row *row,
                                          char **ret_reason, json_t **ret_record)
{
    int code = 0, exit_status = 0;
    char *output, *folder = escape_path(scratch), *export_path = text_format("%s/hyperfine.json", folder);
    *ret_reason = NULL;
    *ret_record = NULL;
    unlink(request->record);
    unlink(export_path);
    enum subprocess_end end = request_time(tools, request, members, export_path, timeout_ns, &code, &output);
    json_t *export = json_load_file(export_path, 0, NULL);
    if (end == SUBPROCESS_EXITED && timing_take(export, row, &exit_status)) {
        *ret_record = records_read_checked(request->record, request->seed, ret_reason);
        row->status = ending_classify(exit_status, *ret_record, output, ret_reason);
    } else {
        row->status = untimed_classify(end, code, output, timeout_ns, ret_reason);
    }
    if (*ret_record)
        store_row_fill(row, *ret_record);
    else
        unlink(request->record); /* half a record would only mislead */
    enum measure_outcome outcome = MEASURE_COMPLETE;
    /* Whoever stops a job signals all of its processes: what has just failed may have had the same signal. */
    bool stopped = strcmp(row->status, "ok") != 0 && subprocess_interrupted();
    if (end == SUBPROCESS_INTERRUPTED || stopped)
        outcome = MEASURE_INTERRUPTED;
    else if (space_blame(row, scratch, ret_reason))
        outcome = MEASURE_NO_SPACE;
    row->reason = *ret_reason ? *ret_reason : "";
    free(output);
    free(folder);
    free(export_path);
    json_decref(export);
    return outcome;
}

/* Puts another ending in the place of that of a row. */
static void ending_replace(struct store_row *row, const char *status, char *reason, char **ret_reason)
{
    free(*ret_reason);
    *ret_reason = reason;
    row->status = status;
    row->reason = reason;
}

/*
 * Says what a process limit has to do with an ending that is not "ok". At its limit a process can be so slow that
 * its time runs out: the kernel takes the pages of its code from it, over and over, and kills nobody.
 */
static void limit_blame(struct store_row *row, uint64_t limit, const struct control_group_ending *ending,
                        char **ret_reason)
{
    if (ending->killed)
        ending_replace(row, "oom",
                       text_format("the kernel killed it at its process_limit of %" PRIu64 " bytes", limit),
                       ret_reason);
    else if (ending->met > 0 && strcmp(row->status, "timeout") == 0)
        ending_replace(row, "timeout",
                       text_format("%s; it wanted more than its process_limit of %" PRIu64 " bytes %" PRIu64
                                   " times",
                                   row->reason, limit, ending->met),
                       ret_reason);
}

enum measure_outcome measure_process(const struct measure_tools *tools, const struct command_request *request,
                                     const char *scratch, int64_t timeout_ns, struct store_row *row,
                                     char **ret_reason, json_t **ret_record)
{
    struct control_group group = {0};
    *ret_reason = NULL;
    *ret_record = NULL;
    int error =
        request->process_limit ? control_group_begin(&tools->limits, request->process_limit, &group) : 0;
    if (error) {
        ending_replace(row, "error", text_format("no control group for its limit: %s", strerror(error)),
                       ret_reason);
        return MEASURE_COMPLETE;
    }
    enum measure_outcome outcome =
        group_measure(tools, request, group.members, scratch, timeout_ns, row, ret_reason, ret_record);
    struct control_group_ending ending = control_group_end(&group);
    if (outcome == MEASURE_COMPLETE && strcmp(row->status, "ok") != 0)
        limit_blame(row, request->process_limit, &ending, ret_reason);
    return outcome;
}
