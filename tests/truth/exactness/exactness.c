/* SPDX-License-Identifier: MIT */
/*
 * One workload under every collector, at a small size, stopped at each checkpoint. Every collector must
 * compute the same checksum and reach the same graph. A collector that reclaims cycles must hold the live
 * objects and not a byte more. Counting alone must hold what the census says, to the byte.
 *
 * The workload runs with its plain options, and with each option changed once. The plain options run under
 * two seeds, and once more with eager collectors, which put nothing off. A second seed that changes nothing
 * is skipped: the processes would repeat the first ones. A second seed runs every third collector, and so
 * does a changed option, eagerly where it can: gcc's build, clang's and the sanitizers' have a third each.
 * With LONG_TESTS=1 in the environment, all collectors run with all of them.
 *
 * DIVISOR makes large numbers small. The numbers in OPTIONS stay as they are; SHORT_OPTIONS take the place of
 * OPTIONS, except with LONG_TESTS=1.
 *
 * usage: exactness PAIRS_JSON WORKLOAD DIVISOR OPTIONS SHORT_OPTIONS [SEED...]
 */
#include <stdlib.h>

#include "tests/support/pairs.h"
#include "tests/support/variants.h"
#include "tests/tap.h"

/* One run: what was asked for, and what the process wrote. */
struct run {
    const struct pair *pair;
    const char *workload_options;
    const char *collector_options;
    const char *seed;
    json_t *record; /* NULL when there is none to be had */
    unsigned complaints;
    json_int_t falsely_held; /* by a conservative collector, which may: over all places looked at */
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
        pair_run(run->pair, (const char *const[]){"--checkpoints", "--check", "--workload-options",
                                                  run->workload_options, "--collector-options",
                                                  run->collector_options, "--seed", run->seed, NULL});
    if (process.status != 0)
        complain(run, "exit status %d: %s", process.status, process.err);
    else
        run->record = json_read(process.out);
    process_free(&process);
}

/* ---- what is compared ---- */

static void same_value(struct run *run, const json_t *truth, const json_t *found, const char *key,
                       const char *where)
{
    json_t *expected = json_object_get(truth, key);
    json_t *value = json_object_get(found, key);
    if (!expected || !value || !json_equal(expected, value)) {
        char *a = expected ? json_dumps(expected, JSON_ENCODE_ANY) : NULL;
        char *b = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
        complain(run, "%s at %s is %s, not %s", key, where, b ? b : "missing", a ? a : "missing");
        free(a);
        free(b);
    }
}

static void same_number(struct run *run, json_int_t found, json_int_t expected, const char *what,
                        const char *where)
{
    if (found != expected)
        complain(run, "%s at %s: %lld, not %lld", what, where, (long long)found, (long long)expected);
}

/* Checks that the collector holds no more than it may. `truth` is the census's record, `at` the run's. */
static void holds_what_it_may(struct run *run, const json_t *at, const json_t *truth, json_int_t held_objects,
                              json_int_t held_bytes, const char *where)
{
    json_int_t live_objects = json_number(at, "live_objects");
    json_int_t live_bytes = json_number(at, "live_bytes");
    if (held_objects < live_objects || held_bytes < live_bytes)
        complain(run, "%s: holds less than lives", where);
    if (pair_is(run->pair, "reclaims_cycles")) {
        same_number(run, held_objects, live_objects, "held objects", where);
        same_number(run, held_bytes, live_bytes, "held bytes", where);
    } else if (pair_is(run->pair, "conservative")) {
        run->falsely_held += held_objects - live_objects;
    } else if (truth && json_is_true(json_object_get(truth, "rc_exact")) && pair_is(run->pair, "counts") &&
               pair_is(run->pair, "frees_at_once")) {
        same_number(run, held_objects, json_number(truth, "rc_held_objects"), "objects held by counting",
                    where);
        same_number(run, held_bytes, json_number(truth, "rc_held_bytes"), "bytes held by counting", where);
    }
}

static void same_checkpoint(struct run *run, const json_t *reference, const json_t *checkpoint, size_t number)
{
    static const char *const keys[] = {"label", "allocated_objects", "live_objects", "live_bytes", "digest"};
    char where[32];
    snprintf(where, sizeof where, "checkpoint %zu", number + 1);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        same_value(run, reference, checkpoint, keys[i], where);
    holds_what_it_may(run, checkpoint, json_object_get(reference, "truth"),
                      json_number(checkpoint, "held_objects"), json_number(checkpoint, "held_bytes"), where);
}

static void same_record(struct run *run, const json_t *reference)
{
    static const char *const keys[] = {"checksum", "allocated_objects", "allocated_bytes", "live_objects",
                                       "live_bytes"};
    const json_t *record = run->record;
    json_t *checkpoints = json_object_get(record, "checkpoints");
    json_t *references = json_object_get(reference, "checkpoints");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        same_value(run, reference, record, keys[i], "the end");
    same_number(run, (json_int_t)json_array_size(checkpoints), (json_int_t)json_array_size(references),
                "checkpoints", "the end");
    for (size_t i = 0; i < json_array_size(checkpoints) && i < json_array_size(references); i++)
        same_checkpoint(run, json_array_get(references, i), json_array_get(checkpoints, i), i);
    holds_what_it_may(run, record, json_object_get(reference, "truth"),
                      json_number(record, "allocated_objects") - json_number(record, "freed_objects"),
                      json_number(record, "allocated_bytes") - json_number(record, "freed_bytes"), "the end");
}

/* The census against the walk, which shares no code with it, and against itself. */
static void truth_is_true(struct run *run, const json_t *at, const char *where)
{
    const json_t *truth = json_object_get(at, "truth");
    same_value(run, at, truth, "live_objects", where);
    same_value(run, at, truth, "live_bytes", where);
    same_number(run, json_number(truth, "rc_held_objects") + json_number(truth, "rc_freed_objects"),
                json_number(at, "allocated_objects"), "objects that counting holds or freed", where);
    same_number(run, json_number(truth, "live_objects") + json_number(truth, "cyclic_objects"),
                json_number(truth, "rc_held_objects"), "objects that live or are cyclic garbage", where);
}

static void census_is_true(struct run *run)
{
    size_t i;
    json_t *checkpoint;
    json_array_foreach(json_object_get(run->record, "checkpoints"), i, checkpoint)
        truth_is_true(run, checkpoint, json_string_value(json_object_get(checkpoint, "label")));
    truth_is_true(run, run->record, "the end");
}

/* ---- the runs ---- */

/* The pair whose collector observes, or the first. */
static const struct pair *reference_of(const struct pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (pair_is(&pairs->pairs[i], "observes"))
            return &pairs->pairs[i];
    }
    return &pairs->pairs[0];
}

static void say(const struct run *run)
{
    tap_ok(run->complaints == 0, "%s is exact%s with %s, seed %s%s%s", run->pair->name,
           pair_is(run->pair, "conservative") ? " but for what it holds besides, being conservative," : "",
           *run->workload_options ? run->workload_options : "its defaults", run->seed,
           *run->collector_options ? ", collector " : "", run->collector_options);
    if (run->falsely_held > 0)
        tap_note("%lld objects were held that do not live", (long long)run->falsely_held);
}

/* How the collectors of one comparison are tuned. */
enum tuning {
    USUAL,        /* by their defaults */
    EAGER,        /* to put nothing off; a collector without options is left out, for USUAL runs it */
    EAGER_OR_NOT, /* to put nothing off where there are options, and by their defaults elsewhere */
};

/* Compares pairs with the reference, which has run. For place 0 it compares every pair; for other places only
 * the third that this build has. */
static void compare_pairs(const struct pairs *pairs, const struct run *reference, enum tuning tuning,
                          size_t place)
{
    for (size_t i = 0; i < pairs->count && reference->record; i++) {
        char collector_options[VARIANT_BYTES] = "";
        const struct pair *pair = &pairs->pairs[i];
        if (place > 0 && !tap_turn(i + place))
            continue;
        if (tuning != USUAL)
            variant_eager(json_object_get(json_object_get(pair->description, "collector"), "options"),
                          collector_options);
        if (pair == reference->pair || (tuning == EAGER && !*collector_options))
            continue;
        struct run run = {pair, reference->workload_options, collector_options, reference->seed, NULL, 0, 0};
        run_pair(&run);
        if (run.record)
            same_record(&run, reference->record);
        say(&run);
        json_decref(run.record);
    }
}

static struct run run_reference(const struct pairs *pairs, const char *options, const char *seed)
{
    struct run reference = {reference_of(pairs), options, "", seed, NULL, 0, 0};
    run_pair(&reference);
    if (reference.record && pair_is(reference.pair, "observes"))
        census_is_true(&reference);
    say(&reference);
    return reference;
}

/* Whether two runs of the reference did the same, so that their seeds changed nothing. */
static bool did_the_same(const struct run *a, const struct run *b)
{
    static const char *const keys[] = {"checksum", "allocated_objects", "allocated_bytes", "checkpoints",
                                       "truth"};
    bool same = a->record && b->record;
    for (size_t i = 0; same && i < sizeof keys / sizeof *keys; i++)
        same = json_equal(json_object_get(a->record, keys[i]), json_object_get(b->record, keys[i]));
    return same;
}

static void compare_seeds(const struct pairs *pairs, const char *options, const char *const *seeds)
{
    struct run first = run_reference(pairs, options, seeds[0]);
    compare_pairs(pairs, &first, USUAL, 0);
    compare_pairs(pairs, &first, EAGER, 0);
    for (size_t i = 1; seeds[i]; i++) {
        struct run other = run_reference(pairs, options, seeds[i]);
        if (did_the_same(&first, &other))
            tap_note("seed %s changes nothing", seeds[i]);
        else
            compare_pairs(pairs, &other, USUAL, i);
        json_decref(other.record);
    }
    json_decref(first.record);
}

static void compare_once(const struct pairs *pairs, const char *options, const char *seed, size_t place)
{
    struct run reference = run_reference(pairs, options, seed);
    compare_pairs(pairs, &reference, EAGER_OR_NOT, place);
    json_decref(reference.record);
}

int main(int argc, char **argv)
{
    static const char *const usual_seeds[] = {"1", "42", NULL};
    static struct variants variants;
    const char *const *seeds = argc > 6 ? (const char *const *)argv + 6 : usual_seeds;
    if (argc < 6) {
        fprintf(stderr, "usage: %s PAIRS_JSON WORKLOAD DIVISOR OPTIONS SHORT_OPTIONS [SEED...]\n", argv[0]);
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
    for (size_t i = 0; i < variants.count; i++) {
        if (i == 0 || tap_long())
            compare_seeds(&pairs, variants.texts[i], seeds);
        else
            compare_once(&pairs, variants.texts[i], seeds[0], i);
    }
    return tap_done();
}
