/* SPDX-License-Identifier: MIT */
#include "harness/campaign/machine/reference-run.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/process/command.h"
#include "harness/campaign/process/hash.h"
#include "harness/campaign/process/subprocess.h"
#include "harness/results/store.h"

char *reference_program_find(void)
{
    static const char *const places[] = {
        "harness/campaign/reference-program", "../harness/campaign/reference-program",
        "../../harness/campaign/reference-program", "../libexec/gcmatrix/reference-program"};
    char *self = realpath("/proc/self/exe", NULL), *found = NULL;
    if (self)
        *strrchr(self, '/') = '\0';
    for (size_t i = 0; self && !found && i < sizeof(places) / sizeof(places[0]); i++) {
        found = text_format("%s/%s", self, places[i]);
        if (access(found, X_OK) != 0) {
            free(found);
            found = NULL;
        }
    }
    free(self);
    if (!found)
        message_bad_input(
            "no harness/campaign/reference-program near this program; build it: ninja -C build gcmatrix");
    return found;
}

/* Reads what the program printed; false when any of it is missing. */
static bool row_read(const char *output, struct reference_row *ret_row)
{
    json_int_t wall, allocating, chasing, computing, touching, processor;
    json_t *said = json_loads(output, 0, NULL);
    bool whole = json_unpack(said, "{sI sI sI sI sI sI}", "wall_ns", &wall, "allocating_ns", &allocating,
                             "chasing_ns", &chasing, "computing_ns", &computing, "touching_ns", &touching,
                             "processor", &processor) == 0;
    json_decref(said);
    if (whole)
        *ret_row = (struct reference_row){.wall_ns = wall,
                                          .processor = processor < 0 ? 0 : processor,
                                          .allocating_ns = allocating,
                                          .chasing_ns = chasing,
                                          .computing_ns = computing,
                                          .touching_ns = touching};
    return whole;
}

/* The command of the program: alone in an environment of a fixed size. */
static struct command command_of(const char *path)
{
    struct command command = {0};
    text_list_take(&command.argv, text_format("%s", path));
    text_list_take(&command.envp, text_format("PATH=/usr/bin:/bin"));
    text_list_take(&command.envp, text_format("LC_ALL=C"));
    command_pad(&command, COMMAND_BYTES);
    return command;
}

/* Runs the program once. Returns as reference_program_run(); `*ret_lost` says that it was killed. */
static int run_once(const struct command *command, const cpu_set_t *processors, struct reference_row *ret_row,
                    bool *ret_lost, char **ret_reason)
{
    int code, output = memfd_create("output", MFD_CLOEXEC), error = memfd_create("error", MFD_CLOEXEC);
    struct subprocess_request request = {.argv = command->argv.items,
                                         .envp = command->envp.items,
                                         .output = output,
                                         .error = error,
                                         .timeout_ns = SUBPROCESS_QUICK,
                                         .fixed_addresses = true,
                                         .processors = processors};
    enum subprocess_end end = subprocess_run(&request, &code);
    char *said = subprocess_output(output), *complaint = subprocess_output(error);
    const char *last = subprocess_line_last(complaint, NULL);
    int status = end == SUBPROCESS_INTERRUPTED ? MESSAGE_INTERRUPTED : 0;
    *ret_lost = end == SUBPROCESS_LOST || (end == SUBPROCESS_SIGNALLED && code == SIGKILL);
    *ret_reason = NULL;
    if (status == 0 && (end != SUBPROCESS_EXITED || code != 0 || !row_read(said, ret_row))) {
        char *how = subprocess_explain(end, code, last, SUBPROCESS_QUICK);
        status = MESSAGE_FAILED_CELLS;
        *ret_reason = text_format("the reference program failed: %s", end != SUBPROCESS_EXITED ? how
                                                                      : last                   ? last
                                                                             : "it says nothing");
        free(how);
    }
    free(complaint);
    free(said);
    return status;
}

int reference_program_run(const char *path, const cpu_set_t *processors, struct reference_row *ret_row,
                          char **ret_reason)
{
    struct command command = command_of(path);
    bool lost;
    int status = run_once(&command, processors, ret_row, &lost, ret_reason);
    for (int again = 1; lost && again < STORE_ATTEMPTS; again++) {
        free(*ret_reason);
        status = run_once(&command, processors, ret_row, &lost, ret_reason);
    }
    command_free(&command);
    return status;
}

json_t *reference_program_describe(const char *path)
{
    char digits[65];
    if (hash_file(path, digits) != 0)
        return NULL;
    return json_pack("{ss ss sI sf}", "binary_sha256", digits, "source_sha256", GCMATRIX_REFERENCE_SHA256,
                     "interval_ns", (json_int_t)REFERENCE_INTERVAL_NS, "differs", REFERENCE_DIFFERS);
}
