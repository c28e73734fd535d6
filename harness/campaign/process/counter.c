/* SPDX-License-Identifier: MIT */
#include "harness/campaign/process/counter.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "base/tool.h"
#include "harness/campaign/process/measure.h"
#include "harness/campaign/process/subprocess.h"
#include "harness/results/records.h"

char *counter_find(const char *place)
{
    char *valgrind = tool_find("valgrind"), *missing = valgrind ? NULL : tool_missing_explain("valgrind");
    if (missing)
        message_bad_input("%s: instructions are counted by valgrind: %s; the package is valgrind", place,
                          missing);
    free(missing);
    return valgrind;
}

/* The line "totals: N" of callgrind's file; -1 when it has none. */
static int64_t totals_read(const char *path)
{
    char line[4096];
    int64_t totals = -1;
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof(line), file))
        if (sscanf(line, "totals: %" SCNd64, &totals) == 1)
            break;
    if (file)
        fclose(file);
    return totals;
}

/* Why the process cannot be counted, the caller's to free; NULL when it did its work. */
static char *ending_explain(enum subprocess_end end, int code, char *error, const char *record_path,
                            const struct command_request *request, const char *checksum)
{
    char *reason = NULL;
    const char *said = subprocess_line_last(error, NULL);
    if (end == SUBPROCESS_TIMEOUT)
        return text_format("not done in %d times its limit", COUNTER_SLOWDOWN);
    if (end != SUBPROCESS_EXITED)
        return subprocess_explain(end, code, said, 0);
    if (code != 0)
        return text_format("%s", said ? said : "valgrind failed and says nothing");
    json_t *record = records_read_checked(record_path, request->seed, &reason);
    const char *found = json_string_value(json_object_get(record, "checksum"));
    if (record && checksum && (!found || strcmp(found, checksum) != 0))
        reason = text_format("checksum %s, not %s, from the same work", found ? found : "(none)", checksum);
    json_decref(record);
    return reason;
}

enum counter_end counter_count(const char *valgrind, const struct command_request *request,
                               const char *scratch, const char *checksum, int64_t timeout_ns,
                               int64_t *ret_instructions, char **ret_reason)
{
    char *counts = text_format("%s/callgrind.out", scratch),
         *record = text_format("%s/counted.json", scratch);
    struct command_request counted = *request;
    struct command command;
    char *output, *error;
    int code;
    counted.valgrind = valgrind;
    counted.counts = counts;
    counted.record = record;
    counted.counters = false;
    counted.memory = counted.warm = NULL; /* instructions are the same, and valgrind runs no warm process */
    counted.events = counted.phases = counted.timeline = counted.latencies = NULL;
    command_make(&counted, &command);
    enum subprocess_end end = subprocess_capture(command.argv.items, command.envp.items,
                                                 timeout_ns * COUNTER_SLOWDOWN, &code, &output, &error);
    *ret_reason =
        end == SUBPROCESS_INTERRUPTED ? NULL : ending_explain(end, code, error, record, request, checksum);
    *ret_instructions = totals_read(counts);
    if (end != SUBPROCESS_INTERRUPTED && !*ret_reason && *ret_instructions <= 0)
        *ret_reason = text_format("callgrind counted nothing: the executable has no function run_measured");
    unlink(counts);
    unlink(record);
    command_free(&command);
    char *texts[] = {output, error, counts, record};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        free(texts[i]);
    return end == SUBPROCESS_INTERRUPTED ? COUNTER_INTERRUPTED
           : *ret_reason                 ? COUNTER_FAILED
                                         : COUNTER_COUNTED;
}
