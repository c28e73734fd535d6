/* SPDX-License-Identifier: MIT */
/*
 * The record of every pair against the schema as results/README.md has it, and against itself. What was
 * allocated must be freed, live or leaked. The pauses must add up. The raw files must say the same as the
 * record.
 *
 * SHORT_OPTIONS of the workload take the place of OPTIONS, except with LONG_TESTS=1.
 *
 * usage: test-record PAIRS_JSON RESULTS_README WORKLOAD OPTIONS SHORT_OPTIONS
 */
#include <ctype.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "tests/support/pairs.h"
#include "tests/support/variants.h"
#include "tests/tap.h"

static char *events_path;
static char *timeline_path;
static const struct pair *pair;
static json_t *record;

static void holds(bool condition, const char *sentence)
{
    tap_ok(condition, "%s: %s", pair->name, sentence);
}

static json_int_t number(const char *key)
{
    return json_number(record, key);
}

static json_int_t number_in(const char *object, const char *key)
{
    return json_number(json_object_get(record, object), key);
}

/* ---- the schema ---- */

/* Adds each `word` of a table row's first column to the set. */
static void row_keys(char *row, json_t *keys)
{
    char *end = strstr(row + 2, " | ");
    if (end)
        *end = '\0';
    for (char *at = strchr(row, '`'); at; at = strchr(at, '`')) {
        char *close = strchr(at + 1, '`');
        if (!close)
            return;
        *close = '\0';
        json_object_set_new(keys, at + 1, json_true());
        at = close + 1;
    }
}

/* The keys in the table under the heading that begins with `heading`. */
static json_t *documented_keys(const char *path, const char *heading)
{
    static char line[8192];
    bool inside = false;
    json_t *keys = json_object();
    FILE *stream = fopen(path, "r");
    while (stream && fgets(line, sizeof line, stream)) {
        if (strncmp(line, "## ", 3) == 0)
            inside = strncmp(line + 3, heading, strlen(heading)) == 0;
        if (inside && strncmp(line, "| `", 3) == 0)
            row_keys(line, keys);
    }
    if (stream)
        fclose(stream);
    return keys;
}

static bool is_optional(const char *key)
{
    static const char *const optional[] = {"checkpoints", "counters", "repetitions", "latency",
                                           "child",       "truth",    "addresses",   "warming"};
    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++)
        if (strcmp(key, optional[i]) == 0)
            return true;
    return false;
}

static void follows_the_schema(const char *readme)
{
    json_t *keys = documented_keys(readme, "records/");
    const char *key;
    json_t *value;
    bool complete = json_object_size(keys) > 30;
    bool known = true;
    json_object_foreach(keys, key, value) {
        if (!json_object_get(record, key) && !is_optional(key)) {
            complete = false;
            tap_note("missing: %s", key);
        }
    }
    json_object_foreach(record, key, value) {
        if (!json_object_get(keys, key)) {
            known = false;
            tap_note("not documented: %s", key);
        }
    }
    holds(complete, "the record has every key of the schema");
    holds(known, "and none that the schema does not have");
    json_decref(keys);
}

static bool is_hexadecimal(const char *text)
{
    for (size_t i = 0; i < 16; i++)
        if (!text || !isxdigit((unsigned char)text[i]) || isupper((unsigned char)text[i]))
            return false;
    return text[16] == '\0';
}

static void says_who_it_is(void)
{
    const char *schema = json_string_value(json_object_get(record, "schema"));
    const char *workload = json_string_value(json_object_get(record, "workload"));
    const char *collector = json_string_value(json_object_get(record, "collector"));
    holds(schema && strcmp(schema, "gcmatrix.record.1") == 0 && workload &&
              strcmp(workload, pair->workload) == 0 && collector && strcmp(collector, pair->collector) == 0 &&
              number("seed") == 7,
          "the record says what ran");
    holds(is_hexadecimal(json_string_value(json_object_get(record, "checksum"))),
          "a checksum is 16 hexadecimal digits");
    json_t *description = json_object_get(json_object_get(pair->description, "workload"), "options");
    json_t *options = json_object_get(json_object_get(record, "options"), "workload");
    holds(json_array_size(description) == json_object_size(options), "every option is in the record");
    holds(number_in("collector_bytes", "header") ==
              json_number(json_object_get(json_object_get(pair->description, "collector"), "traits"),
                          "header_bytes"),
          "the header is as large as the collector says");
}

/* ---- figures that must agree ---- */

static void heap_adds_up(void)
{
    holds(number("allocated_objects") ==
              number("freed_objects") + number("live_objects") + number("leaked_objects"),
          "objects allocated are freed, live or leaked");
    holds(number("allocated_bytes") == number("freed_bytes") + number("live_bytes") + number("leaked_bytes"),
          "and so are bytes");
    holds(number("leaked_objects") >= 0 && number("leaked_bytes") >= 0, "nothing that lives was freed");
    holds(!pair_is(pair, "reclaims_cycles") || number("leaked_objects") == 0,
          "a collector that reclaims cycles leaks nothing");
    holds(pair_is(pair, "reclaims") || number("freed_objects") == 0,
          "one that does not reclaim frees nothing");
    holds(pair_is(pair, "conservative") || number("collected_objects") <= number("freed_objects"),
          "collections free part of what is freed");
    holds(number("heap_peak_objects") >= number("live_objects") &&
              number("heap_peak_objects") <= number("allocated_objects"),
          "most objects held are as many as live, and no more than were made");
    holds(pair_is(pair, "reclaims") || number("heap_peak_objects") == number("allocated_objects"),
          "and all of them where nothing is freed");
    holds(number("external_leaked_bytes") >= 0 &&
              number("external_peak_bytes") >= number("external_live_bytes") &&
              number("external_peak_bytes") <= number("external_allocated_bytes"),
          "most external bytes held are as many as live, and no more than were made");
    holds(!pair_is(pair, "reclaims_cycles") || number("external_leaked_bytes") == 0,
          "a collector that reclaims cycles leaks none of them");
    holds(pair_is(pair, "reclaims") || number("external_peak_bytes") == number("external_allocated_bytes"),
          "and one that does not reclaim holds all");
}

static void roots_agree(void)
{
    json_t *roots = json_object_get(record, "possible_roots");
    holds(json_is_null(roots) != pair_is(pair, "buffers_roots"),
          "possible roots are counted where they are buffered");
    holds(json_number(roots, "dead") <= json_number(roots, "examined") &&
              json_number(roots, "examined") <= number("visited_objects") &&
              json_number(roots, "dead") <= number("collected_objects"),
          "those that are dead were examined and freed");
}

static void stack_is_read(void)
{
    json_t *stack = json_object_get(record, "stack_peak_bytes");
    if (access("/proc/self/smaps", R_OK) != 0)
        holds(json_is_null(stack), "the stack is null where it cannot be read");
    else
        holds(json_integer_value(stack) > 0 && json_integer_value(stack) <= number("max_rss_bytes"),
              "the stack is part of what was resident");
}

static void times_agree(void)
{
    json_int_t count = number_in("pauses", "count");
    json_int_t p50 = number_in("pauses", "p50_ns");
    json_int_t p90 = number_in("pauses", "p90_ns");
    json_int_t p99 = number_in("pauses", "p99_ns");
    json_int_t p999 = number_in("pauses", "p999_ns");
    json_int_t max = number_in("pauses", "max_ns");
    int64_t collector_pauses = number("collections") + number("slices");
    holds(count == collector_pauses + number("cascades"), "pauses are collections, slices and cascades");
    holds(number_in("pauses_without_cascades", "count") == collector_pauses,
          "and without cascades the first two alone");
    holds(number_in("events", "kept") + number_in("events", "dropped") == count, "each is kept or dropped");
    holds(number_in("pauses", "total_ns") <= number("wall_ns"), "pauses take no longer than the run");
    holds(count == 0 || (0 <= p50 && p50 <= p90 && p90 <= p99 && p99 <= p999 && p999 <= max &&
                         max <= number_in("pauses", "total_ns")),
          "quantiles rise to the longest pause");
    holds(count > 0 || json_is_null(json_object_get(json_object_get(record, "pauses"), "p50_ns")),
          "and are null where there is no pause");
    holds(number_in("measuring", "closing_ns") >= number_in("measuring", "final_collect_ns"),
          "the last collection is part of the closing");
    holds(number("baseline_rss_bytes") > 0 && number("max_rss_bytes") >= number("baseline_rss_bytes"),
          "the resident size is at least what it was before the run");
    holds(number("user_ns") >= 0 && number("sys_ns") >= 0 && number("wall_ns") > 0, "times run forwards");
}

/* ---- the raw files ---- */

/* Sums over a file of events; -1 as `lines` when a line cannot be read or is out of order. */
struct event_sums {
    json_int_t lines;
    json_int_t total_ns;
    json_int_t collections;
    json_int_t collected;
};

static struct event_sums events_read(void)
{
    struct event_sums sums = {0};
    char line[256];
    json_int_t last_end = 0;
    FILE *stream = fopen(events_path, "r");
    if (!stream || !fgets(line, sizeof line, stream))
        return (struct event_sums){.lines = -1};
    while (fgets(line, sizeof line, stream) && sums.lines >= 0) {
        char kind[16];
        long long begin, end, visited, freed, bytes;
        if (sscanf(line, "%15[a-z],%lld,%lld,%lld,%lld,%lld", kind, &begin, &end, &visited, &freed, &bytes) !=
                6 ||
            begin < last_end || end < begin)
            sums.lines = -2;
        last_end = end;
        sums.lines++;
        sums.total_ns += end - begin;
        sums.collections += strcmp(kind, "full") == 0 || strcmp(kind, "young") == 0;
        sums.collected += strcmp(kind, "cascade") != 0 ? freed : 0;
    }
    fclose(stream);
    return sums;
}

static void events_agree(void)
{
    struct event_sums sums = events_read();
    holds(sums.lines == number_in("events", "kept"), "the events are in order, and as many as were kept");
    if (number_in("events", "dropped") > 0)
        return;
    holds(sums.total_ns == number_in("pauses", "total_ns"), "their lengths add up to the pauses' total");
    holds(sums.collections == number("collections"), "as many are collections as the record says");
    holds(sums.collected == number("collected_objects"), "and freed as many objects");
}

static void timeline_agrees(void)
{
    char line[256];
    long long time, allocated = 0, heap = 0, rss, last_time = 0, last_allocated = 0;
    json_int_t lines = 0;
    bool rising = true;
    FILE *stream = fopen(timeline_path, "r");
    rising &= stream && fgets(line, sizeof line, stream);
    while (stream && fgets(line, sizeof line, stream)) {
        rising &= sscanf(line, "%lld,%lld,%lld,%lld", &time, &allocated, &heap, &rss) == 4 &&
                  time >= last_time && allocated >= last_allocated && heap <= allocated && heap >= 0;
        last_time = time;
        last_allocated = allocated;
        lines++;
    }
    if (stream)
        fclose(stream);
    holds(rising && lines >= 2, "the timeline rises from the start to the end of the run");
    holds(allocated == number("allocated_bytes"), "and its last sample has the whole allocation");
    holds(heap >= number("live_bytes"), "and holds at least what lives");
}

static void run_pair(const char *readme, const char *options)
{
    struct process process =
        pair_run(pair, (const char *const[]){"--workload-options", options, "--seed", "7", "--possible-roots",
                                             "--events", events_path, "--timeline", timeline_path, NULL});
    record = json_read(process.out);
    holds(process.status == 0 && !*process.err && record, "runs, and writes one record and nothing else");
    process_free(&process);
    if (!record)
        return;
    follows_the_schema(readme);
    says_who_it_is();
    heap_adds_up();
    roots_agree();
    stack_is_read();
    times_agree();
    events_agree();
    timeline_agrees();
    json_decref(record);
}

/* A child of the workload `grow` reads a heap of more than a megabyte, and binds names to all of it. */
static void child_is_measured(void)
{
    struct process process =
        pair_run(pair, (const char *const[]){"--workload-options", "nodes=30000,fork=on", NULL});
    record = json_read(process.out);
    int64_t heap = number_in("child", "heap_bytes");
    int64_t read = number_in("child", "read_bytes") - number_in("child", "begun_bytes");
    holds(process.status == 0 && heap > 1000000, "a child process reads the heap");
    if (access("/proc/self/smaps_rollup", R_OK) != 0)
        holds(json_is_null(json_object_get(json_object_get(record, "child"), "read_bytes")),
              "what it unshared is null where it cannot be read");
    else if (pair_is(pair, "counts"))
        holds(read > heap / 2, "it unshares what it counts");
    else if (!pair_is(pair, "defers") && !pair_is(pair, "observes"))
        holds(read >= 0 && read < heap / 4, "it shares what it only reads");
    json_decref(record);
    process_free(&process);
}

/* What a child of `grow` unshares by its collection alone; -1 where the system does not say it. */
static int64_t unshared_by_collecting(const char *options)
{
    struct process process = pair_run(pair, (const char *const[]){"--workload-options", options, NULL});
    record = json_read(process.out);
    int64_t read = number_in("child", "read_bytes");
    int64_t collected = number_in("child", "collected_bytes");
    bool known = json_is_integer(json_object_get(json_object_get(record, "child"), "read_bytes"));
    holds(process.status == 0 && number_in("child", "heap_bytes") > 1000000, "a child process collects");
    json_decref(record);
    process_free(&process);
    return known ? collected - read : -1;
}

enum { FEW_PAGES = 1 << 16 }; /* bytes that a child may unshare or not, whatever its heap */

/* The collection of a child unshares of what is frozen next to nothing. Frozen by a collector that cannot, it is as any
 * other. */
static void frozen_stays_shared(void)
{
    int64_t plain = unshared_by_collecting("nodes=30000,fork=on,reads=off");
    int64_t frozen = unshared_by_collecting("nodes=30000,fork=on,reads=off,freeze=on");
    if (plain < 0 || frozen < 0)
        return;
    if (pair_is(pair, "freezes"))
        holds(plain > 1000000 && frozen < plain / 20, "what is frozen stays shared");
    else
        holds(frozen >= plain - plain / 8 - FEW_PAGES,
              "where nothing can be frozen, a child unshares as much as else");
}

int main(int argc, char **argv)
{
    static struct variants variants;
    if (argc != 6) {
        fprintf(stderr, "usage: %s PAIRS_JSON RESULTS_README WORKLOAD OPTIONS SHORT_OPTIONS\n", argv[0]);
        return 2;
    }
    const char *fixed = tap_long() ? argv[4] : argv[5];
    struct pairs pairs = pairs_load(argv[1], argv[3]);
    json_t *options = json_object_get(json_object_get(pairs.pairs[0].description, "workload"), "options");
    if (variants_need_text(options, fixed)) {
        printf("1..0 # SKIP %s needs a file\n", argv[3]);
        return 0;
    }
    events_path = text_scratch("test-record-events");
    timeline_path = text_scratch("test-record-timeline");
    close(mkstemp(events_path));
    close(mkstemp(timeline_path));
    variants_make(options, 20, fixed, &variants);
    for (size_t i = 0; i < pairs.count; i++) {
        pair = &pairs.pairs[i];
        run_pair(argv[2], variants.texts[0]);
        if (strcmp(argv[3], "grow") == 0) {
            child_is_measured();
            frozen_stays_shared();
        }
    }
    unlink(events_path);
    unlink(timeline_path);
    free(events_path);
    free(timeline_path);
    return tap_done();
}
