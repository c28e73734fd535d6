/* SPDX-License-Identifier: MIT */
/*
 * One workload four times in a process, under every collector, at a small size. Each repetition must do the
 * same and find the same, and leave nothing behind. Counting alone must leak cycles: it leaves what the
 * census says, to the byte. A collector that never frees leaves everything.
 *
 * DIVISOR makes large numbers small. The numbers in OPTIONS stay as they are; SHORT_OPTIONS take the place of
 * OPTIONS, except with LONG_TESTS=1.
 *
 * usage: repetitions PAIRS_JSON WORKLOAD DIVISOR OPTIONS SHORT_OPTIONS
 */
#include <stdlib.h>

#include "tests/support/pairs.h"
#include "tests/support/variants.h"
#include "tests/tap.h"

#define REPETITIONS "4"

/* One process: what was asked for, and what it wrote. */
struct run {
    const struct pair *pair;
    const char *workload_options;
    json_t *record; /* NULL when there is none to be had */
    unsigned complaints;
};

__attribute__((format(printf, 2, 3))) static void complain(struct run *run, const char *format, ...)
{
    char text[256];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    if (run->complaints++ < 5)
        tap_note("%s", text);
}

static void run_pair(struct run *run)
{
    struct process process =
        pair_run(run->pair, (const char *const[]){"--repetitions", REPETITIONS, "--workload-options",
                                                  run->workload_options, "--check", NULL});
    if (process.status != 0)
        complain(run, "exit status %d: %s", process.status, process.err);
    else
        run->record = json_read(process.out);
    process_free(&process);
}

static json_t *repetitions_of(const struct run *run)
{
    return json_object_get(run->record, "repetitions");
}

static void same_number(struct run *run, const json_t *repetition, const char *key, json_int_t expected,
                        size_t number)
{
    json_int_t found = json_number(repetition, key);
    if (found != expected)
        complain(run, "repetition %zu: %s is %lld, not %lld", number + 1, key, (long long)found,
                 (long long)expected);
}

/* Every repetition is the first one again, and that the census's. */
static void does_the_same(struct run *run, const json_t *reference, size_t number)
{
    static const char *const numbers[] = {"allocated_objects", "allocated_bytes", "live_objects",
                                          "live_bytes"};
    static const char *const texts[] = {"checksum", "digest"};
    const json_t *repetition = json_array_get(repetitions_of(run), number);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        same_number(run, repetition, numbers[i], json_number(reference, numbers[i]), number);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!json_equal(json_object_get(repetition, texts[i]), json_object_get(reference, texts[i])))
            complain(run, "repetition %zu: %s differs", number + 1, texts[i]);
}

static void leaves(struct run *run, json_int_t objects, json_int_t bytes, size_t number)
{
    const json_t *repetition = json_array_get(repetitions_of(run), number);
    same_number(run, repetition, "held_objects", objects, number);
    same_number(run, repetition, "held_bytes", bytes, number);
}

/* A stray word retains something, but the same words each time: it does not add up. */
static void does_not_grow(struct run *run, const json_t *reference, size_t number)
{
    const json_t *repetition = json_array_get(repetitions_of(run), number);
    json_int_t held = json_number(repetition, "held_bytes");
    json_int_t most = json_number(reference, "allocated_bytes") / 2;
    if (number > 0 && held > most && held > json_number(json_array_get(repetitions_of(run), 0), "held_bytes"))
        complain(run, "repetition %zu: %lld bytes are held, and were not after the first", number + 1,
                 (long long)held);
}

/* What may stay after repetition `number`, counted from 0. */
static void leaves_what_it_may(struct run *run, const json_t *reference, size_t number)
{
    const json_t *truth = json_object_get(reference, "truth");
    json_int_t times = (json_int_t)number + 1;
    if (pair_is(run->pair, "reclaims_cycles"))
        leaves(run, 0, 0, number);
    else if (pair_is(run->pair, "conservative"))
        does_not_grow(run, reference, number);
    else if (pair_is(run->pair, "counts"))
        leaves(run, json_number(truth, "rc_held_objects"), json_number(truth, "rc_held_bytes"), number);
    else
        leaves(run, times * json_number(reference, "allocated_objects"),
               times * json_number(reference, "allocated_bytes"), number);
}

/* Work lists and tables keep the size that the work once needed; by the second time they have it. */
static void tables_stay(struct run *run)
{
    const json_t *repetitions = repetitions_of(run);
    json_int_t second = json_number(json_array_get(repetitions, 1), "metadata_bytes");
    if (!pair_is(run->pair, "reclaims_cycles"))
        return;
    for (size_t i = 2; i < json_array_size(repetitions); i++)
        same_number(run, json_array_get(repetitions, i), "metadata_bytes", second, i);
}

static void compare(struct run *run, const struct run *reference)
{
    json_t *repetitions = repetitions_of(run);
    if (json_array_size(repetitions) != (size_t)atoi(REPETITIONS))
        complain(run, "%zu repetitions", json_array_size(repetitions));
    for (size_t i = 0; i < json_array_size(repetitions); i++) {
        does_the_same(run, json_array_get(repetitions_of(reference), 0), i);
        leaves_what_it_may(run, json_array_get(repetitions_of(reference), i), i);
    }
    tables_stay(run);
}

static void say(const struct run *run)
{
    tap_ok(run->complaints == 0, "%s leaves nothing behind that it may not, with %s", run->pair->name,
           *run->workload_options ? run->workload_options : "its defaults");
}

/* The pair whose collector observes, or the first. */
static const struct pair *reference_of(const struct pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (pair_is(&pairs->pairs[i], "observes"))
            return &pairs->pairs[i];
    return &pairs->pairs[0];
}

static void compare_all(const struct pairs *pairs, const char *options)
{
    struct run reference = {.pair = reference_of(pairs), .workload_options = options};
    run_pair(&reference);
    if (reference.record)
        compare(&reference, &reference);
    say(&reference);
    for (size_t i = 0; i < pairs->count && reference.record; i++) {
        struct run run = {.pair = &pairs->pairs[i], .workload_options = options};
        /* The other one that observes writes every operation down: it is no heap, and slow. */
        if (pair_is(run.pair, "observes"))
            continue;
        run_pair(&run);
        if (run.record)
            compare(&run, &reference);
        say(&run);
        json_decref(run.record);
    }
    json_decref(reference.record);
}

/* Whatever measures is refused by its name, and so is a number of repetitions that is none. */
static void refuses_to_measure(const struct pair *pair)
{
    static const struct {
        const char *option, *value, *named;
    } cases[] = {
        {"--events", "events.csv", "no --events"},   {"--timeline", "times.csv", "no --timeline"},
        {"--recording", "on", "no --recording"},     {"--event-capacity", "9", "no --event-capacity"},
        {"--checkpoints", NULL, "no --checkpoints"}, {"--repetitions", "0", "'0'"},
        {"--repetitions", "many", "'many'"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        /* An option that comes twice is refused for that. */
        bool twice = strcmp(cases[i].option, "--repetitions") == 0;
        const char *arguments[] = {cases[i].option, cases[i].value, NULL, NULL, NULL};
        size_t next = cases[i].value ? 2 : 1;
        arguments[next] = twice ? NULL : "--repetitions";
        arguments[next + 1] = twice ? NULL : "2";
        struct process process = pair_run(pair, arguments);
        tap_ok(process.status == 2 && strstr(process.err, cases[i].named) && !*process.out,
               "repetitions with %s %s are refused", cases[i].option, cases[i].value ? cases[i].value : "");
        process_free(&process);
    }
}

int main(int argc, char **argv)
{
    static struct variants variants;
    if (argc != 6) {
        fprintf(stderr, "usage: %s PAIRS_JSON WORKLOAD DIVISOR OPTIONS SHORT_OPTIONS\n", argv[0]);
        return 2;
    }
    const char *fixed = tap_long() ? argv[4] : argv[5];
    struct pairs pairs = pairs_load(argv[1], argv[2]);
    json_t *options = json_object_get(json_object_get(pairs.pairs[0].description, "workload"), "options");
    if (variants_need_text(options, fixed)) {
        printf("1..0 # SKIP %s needs a file\n", argv[2]);
        return 0;
    }
    variants_make(options, strtoll(argv[3], NULL, 10), fixed, &variants);
    compare_all(&pairs, variants.texts[0]);
    refuses_to_measure(reference_of(&pairs));
    return tap_done();
}
