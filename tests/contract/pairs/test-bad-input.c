/* SPDX-License-Identifier: MIT */
/*
 * What every pair does with bad input: one line on standard error that names it, exit status 2, nothing on
 * standard output. And out of memory is a result, with its record.
 *
 * usage: test-bad-input PAIRS_JSON
 */
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/pairs.h"
#include "tests/tap.h"

static bool is_one_line(const char *text)
{
    const char *end = strchr(text, '\n');
    return end && end != text && end[1] == '\0';
}

/* Two arguments at most, and the words that the message must have. */
static void refuses(const struct pair *pair, const char *option, const char *value, const char *first,
                    const char *second)
{
    struct process process = pair_run(pair, (const char *const[]){option, value, NULL});
    bool right = process.status == 2 && is_one_line(process.err) && strstr(process.err, first) &&
                 strstr(process.err, second) && strstr(process.err, pair->name) && !*process.out;
    if (!tap_ok(right, "%s refuses %s %s and says why", pair->name, option, value ? value : "alone"))
        tap_note("exit status %d, %zu bytes written, message: %s", process.status, strlen(process.out),
                 process.err);
    process_free(&process);
}

/* The first integer option of one half of the pair, one past its largest. */
static void refuses_out_of_range(const struct pair *pair, const char *half, const char *argument)
{
    size_t i;
    json_t *option;
    json_array_foreach(json_object_get(json_object_get(pair->description, half), "options"), i, option) {
        char value[96];
        const char *name = json_string_value(json_object_get(option, "name"));
        if (strcmp(json_string_value(json_object_get(option, "type")), "integer") != 0)
            continue;
        snprintf(value, sizeof value, "%s=%lld", name, (long long)json_number(option, "max") + 1);
        refuses(pair, argument, value, name, "to");
        snprintf(value, sizeof value, "%s=many", name);
        refuses(pair, argument, value, name, "many");
        return;
    }
}

static void command_line(const struct pair *pair)
{
    refuses(pair, "--no-such-option", NULL, "--no-such-option", "--help");
    refuses(pair, "surplus", NULL, "'surplus'", "--help");
    refuses(pair, "--seed", NULL, "--seed", "needs a value");
    refuses(pair, "--seed", "twelve", "--seed", "'twelve'");
    refuses(pair, "--seed", "-1", "--seed", "'-1'");
    refuses(pair, "--seed", "+1", "--seed", "'+1'");
    refuses(pair, "--seed", " 1", "--seed", "' 1'");
    refuses(pair, "--seed", "0x1", "--seed", "'0x1'");
    refuses(pair, "--seed", "01", "--seed", "'01'");
    refuses(pair, "--seed", "1\n2", "--seed", "'1?2'");
    refuses(pair, "--seed", "", "--seed", "empty");
    refuses(pair, "--events", "", "--events", "empty");
    refuses(pair, "--seed=1", "--seed=2", "--seed", "given twice");
    refuses(pair, "--check", "--check", "--check", "given twice");
    refuses(pair, "--heap-limit", "1e30", "--heap-limit", "'1e30'");
    refuses(pair, "--recording", "maybe", "--recording", "on or off");
    refuses(pair, "--workload-options", "no-such=1", pair->workload, "no-such");
    refuses(pair, "--collector-options", "no-such=1", pair->collector, "no-such");
    refuses(pair, "--collector-options", "=", pair->collector, "''");
    refuses_out_of_range(pair, "workload", "--workload-options");
    refuses_out_of_range(pair, "collector", "--collector-options");
}

static void surroundings(const struct pair *pair)
{
    refuses(pair, "--allocator", "jemalloc", "malloc belongs to", "not to jemalloc");
    refuses(pair, "--allocator-object", "/no/such/allocator.so", "/no/such/allocator.so", "preload");
}

static void files(const struct pair *pair)
{
    refuses(pair, "--record", "/no/such/folder/record.json", "/no/such/folder/record.json", "No such file");
    refuses(pair, "--events", "/no/such/folder/events.csv", "/no/such/folder/events.csv", "No such file");
    refuses(pair, "--timeline", "/no/such/folder/timeline.csv", "/no/such/folder/timeline.csv",
            "No such file");
}

/* A heap in which nothing fits: the process ends as it should, and its record says so. */
static void out_of_memory(const struct pair *pair)
{
    struct process process = pair_run(pair, (const char *const[]){"--heap-limit", "64", NULL});
    json_t *record = json_read(process.out);
    const char *status = json_string_value(json_object_get(record, "status"));
    const char *reason = json_string_value(json_object_get(record, "reason"));
    bool right = process.status == 3 && is_one_line(process.err) && status && strcmp(status, "oom") == 0 &&
                 reason && strstr(reason, "OOM at") && json_number(record, "allocated_bytes") <= 64;
    if (!tap_ok(right, "%s out of memory is a result: exit status 3, and a record that says oom", pair->name))
        tap_note("exit status %d, message: %s", process.status, process.err);
    json_decref(record);
    process_free(&process);
}

static void asks_for_help(const struct pair *pair)
{
    struct process process = pair_run(pair, (const char *const[]){"--help", NULL});
    tap_ok(process.status == 0 && strstr(process.out, "--heap-limit BYTES") && !*process.err,
           "%s --help is help, on standard output", pair->name);
    process_free(&process);
}

/* Where there is no room for the raw events that were asked for, it says so before the run. */
static void too_many_events(const struct pair *pair)
{
    struct process process = pair_run(pair, (const char *const[]){"--event-capacity", "9e15", NULL});
    tap_ok(process.status == 3 && is_one_line(process.err) && strstr(process.err, "raw events"),
           "%s has no room for 9e15 raw events, and says so", pair->name);
    process_free(&process);
}

/* The workload that allocates, and the one that does nothing; one stands for the others, as their main() is
 * the same. */
static bool stands_for_all(const struct pair *pair)
{
    return strcmp(pair->workload, "rings") == 0;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s PAIRS_JSON\n", argv[0]);
        return 2;
    }
    struct pairs pairs = pairs_load(argv[1], NULL);
    for (size_t i = 0; i < pairs.count; i++) {
        const struct pair *pair = &pairs.pairs[i];
        refuses_out_of_range(pair, "workload", "--workload-options");
        if (strcmp(pair->workload, "null") == 0)
            files(pair);
        if (!stands_for_all(pair))
            continue;
        command_line(pair);
        surroundings(pair);
        out_of_memory(pair);
        asks_for_help(pair);
        too_many_events(pair);
    }
    return tap_done();
}
