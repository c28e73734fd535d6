/* SPDX-License-Identifier: MIT */
#include "harness/stress/worker/account.h"

#include <stdarg.h>
#include <stdio.h>

#include "collectors/collector-api.h"

__attribute__((noreturn, format(printf, 2, 3))) static void fail(const struct account *account,
                                                                 const char *format, ...)
{
    char line[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    account->failed(line);
}

/* The bytes of the object that `op` makes; 0 of one that makes none. */
static uint64_t op_bytes(const struct program *program, const struct program_op *op)
{
    return op->code == PROGRAM_NEW ? gc_shape_bytes(&program->shapes[op->b], op->c) : 0;
}

/* The external bytes of that object. */
static uint64_t op_external(const struct program *program, const struct program_op *op)
{
    return op->code == PROGRAM_NEW ? program->shapes[op->b].external : 0;
}

void account_open(struct account *account, const struct program *program, uint64_t limit,
                  uint64_t sample_bytes, account_failure failed)
{
    const struct gc_traits *traits = gc_collector.traits;
    uint64_t largest = 0;
    for (uint64_t i = 0; i < program->op_count; i++) {
        uint64_t bytes = op_bytes(program, &program->ops[i]);
        largest = bytes > largest ? bytes : largest;
    }
    *account = (struct account){.failed = failed,
                                .limit = limit,
                                .largest = largest,
                                .prefix_bytes = traits->header_bytes > sizeof(struct gc_object)
                                                    ? traits->header_bytes - sizeof(struct gc_object)
                                                    : 0,
                                .between = traits->counts || traits->defers || traits->frees_late,
                                .sample_bytes = sample_bytes,
                                .sample_at = sample_bytes};
}

static void most_note(struct account *account, const struct gc_mutator *mutator)
{
    uint64_t objects = gc_held_objects(mutator);
    uint64_t bytes = gc_held_bytes(mutator);
    account->most_objects = objects > account->most_objects ? objects : account->most_objects;
    account->most_bytes = bytes > account->most_bytes ? bytes : account->most_bytes;
}

/* ---- pauses ---- */

/* External bytes: what is held of them is within what was made and the peak, and counts as it was said that it does. A
 * conservative collector may find objects of the program before. */
static void external_check(const struct account *account, const struct gc_mutator *mutator)
{
    const struct gc_external *external = &mutator->external;
    uint64_t held = gc_external_held(mutator);
    uint64_t weighed = external->use == GC_EXTERNAL_NOTED ? 0 : held;
    uint64_t charged = external->use == GC_EXTERNAL_CHARGED ? held : 0;
    bool stray = held > external->allocated_bytes && !gc_collector.traits->conservative;
    if (stray || held > external->peak_bytes)
        fail(account, "%lld external bytes are held of %llu, and the peak is %llu", (long long)held,
             (unsigned long long)external->allocated_bytes, (unsigned long long)external->peak_bytes);
    if (external->weighed_bytes != weighed || external->charged_bytes != charged)
        fail(account, "of %llu external bytes %llu weigh and %llu are charged, not %llu and %llu",
             (unsigned long long)held, (unsigned long long)external->weighed_bytes,
             (unsigned long long)external->charged_bytes, (unsigned long long)weighed,
             (unsigned long long)charged);
}

/* The tables and the peaks: rules that hold whenever the collector is not in the middle of something. */
static void standing_check(const struct account *account, const struct gc_mutator *mutator)
{
    const struct gc_account *books = &mutator->account;
    if ((int64_t)books->metadata_bytes < 0)
        fail(account, "the tables take %lld bytes", (long long)books->metadata_bytes);
    if (books->metadata_peak < books->metadata_bytes)
        fail(account, "the tables took %llu bytes at most, and take %llu",
             (unsigned long long)books->metadata_peak, (unsigned long long)books->metadata_bytes);
    external_check(account, mutator);
}

void account_pause_begins(struct account *account, const struct gc_mutator *mutator)
{
    const struct gc_account *books = &mutator->account;
    if (account->open)
        fail(account, "a pause begins inside another one");
    standing_check(account, mutator);
    most_note(account, mutator);
    if (books->collecting && books->charged_peak < gc_charged_bytes(mutator))
        fail(account, "%llu bytes are charged where a collection begins, and the peak is %llu",
             (unsigned long long)gc_charged_bytes(mutator), (unsigned long long)books->charged_peak);
    if (!account->between && books->freed_objects != account->freed_after)
        fail(account, "%llu objects were freed outside of any pause",
             (unsigned long long)(books->freed_objects - account->freed_after));
    account->open = true;
    account->freed_objects = books->freed_objects;
    account->freed_bytes = books->freed_bytes;
    account->held = gc_held_objects(mutator) + (uint64_t)(mutator->roots.top - mutator->roots.base);
    account->held_bytes = gc_held_bytes(mutator);
    account->examined = mutator->observer.possible_roots_examined;
    account->dead = mutator->observer.possible_roots_dead;
    account->logged = gc_collector.traits->defers ? gc_held_bytes(mutator) / sizeof(struct gc_ref) : 0;
}

/* What a pause has freed, where so much was freed as it began, and `now` as it has ended. A conservative collector may have
 * fewer then, and frees what is above the most there ever were. */
static uint64_t freed_since(uint64_t begun, uint64_t now, uint64_t *most)
{
    if (!gc_collector.traits->conservative)
        return now - begun;
    if ((int64_t)now <= (int64_t)*most)
        return 0;
    uint64_t before = *most;
    *most = now;
    return now - before;
}

static void collection_check(struct account *account, const struct gc_mutator *mutator,
                             const struct gc_pause *pause)
{
    const struct gc_account *books = &mutator->account;
    uint64_t objects =
        freed_since(account->freed_objects, books->freed_objects, &account->most_freed.objects);
    uint64_t bytes = freed_since(account->freed_bytes, books->freed_bytes, &account->most_freed.bytes);
    if (pause->freed_objects != objects || pause->freed_bytes != bytes)
        fail(account, "a pause freed %llu objects of %llu bytes, and says %llu of %llu",
             (unsigned long long)objects, (unsigned long long)bytes, (unsigned long long)pause->freed_objects,
             (unsigned long long)pause->freed_bytes);
    if (pause->visited_objects > ACCOUNT_VISITS * (account->held + 1) + account->logged &&
        !gc_collector.traits->conservative)
        fail(account, "a pause visited %llu objects where %llu and names were held",
             (unsigned long long)pause->visited_objects, (unsigned long long)account->held);
}

static void roots_check(const struct account *account, const struct gc_mutator *mutator,
                        const struct gc_pause *pause)
{
    uint64_t examined = mutator->observer.possible_roots_examined - account->examined;
    uint64_t dead = mutator->observer.possible_roots_dead - account->dead;
    if (examined > pause->visited_objects || dead > pause->freed_objects)
        fail(account,
             "a pause visited %llu objects and freed %llu, of %llu possible roots and %llu dead ones",
             (unsigned long long)pause->visited_objects, (unsigned long long)pause->freed_objects,
             (unsigned long long)examined, (unsigned long long)dead);
}

/* The peak where a collection has ended. One that had no room for copies has visited nothing. */
static void pause_peak_check(const struct account *account, const struct gc_mutator *mutator,
                             const struct gc_pause *pause)
{
    const struct gc_account *books = &mutator->account;
    uint64_t held = account->held_bytes + gc_held_bytes(mutator);
    if (gc_collector.traits->moves && pause->visited_objects > 0 && books->charged_peak < held)
        fail(account, "%llu bytes are held with the copies of what lives, and the peak is %llu",
             (unsigned long long)held, (unsigned long long)books->charged_peak);
    if (account->limit < UINT64_MAX && !gc_collector.traits->conservative &&
        books->charged_peak > account->limit + books->metadata_peak)
        fail(account, "%llu bytes were charged at most under a limit of %llu, tables of %llu among them",
             (unsigned long long)books->charged_peak, (unsigned long long)account->limit,
             (unsigned long long)books->metadata_peak);
}

void account_pause_ended(struct account *account, const struct gc_mutator *mutator,
                         const struct gc_pause *pause)
{
    if (!account->open)
        fail(account, "a pause is reported that did not begin, or twice");
    if (pause->begin_ns < account->last_end_ns || pause->end_ns < pause->begin_ns)
        fail(account, "a pause lies from %llu to %llu ns, and the one before ended at %llu",
             (unsigned long long)pause->begin_ns, (unsigned long long)pause->end_ns,
             (unsigned long long)account->last_end_ns);
    if (pause->kind == GC_PAUSE_CASCADE)
        account->freed_in_cascades += pause->freed_objects;
    else
        collection_check(account, mutator, pause);
    if (pause->kind != GC_PAUSE_CASCADE)
        roots_check(account, mutator, pause);
    pause_peak_check(account, mutator, pause);
    if (mutator->account.freed_in_cascades != account->freed_in_cascades)
        fail(account, "cascades freed %llu objects by their pauses, and %llu by the account",
             (unsigned long long)account->freed_in_cascades,
             (unsigned long long)mutator->account.freed_in_cascades);
    standing_check(account, mutator);
    account->open = false;
    account->pauses++;
    account->last_end_ns = pause->end_ns;
    account->freed_after = mutator->account.freed_objects;
}

/* ---- samples, the limit ---- */

/* The peaks where a sample is due. A conservative collector may have found objects of the program before. */
static void sample_peak_check(const struct account *account, const struct gc_mutator *mutator)
{
    const struct gc_account *books = &mutator->account;
    uint64_t held = gc_held_objects(mutator);
    uint64_t charged = gc_charged_bytes(mutator);
    if ((books->held_peak < held || books->charged_peak < charged) && !gc_collector.traits->conservative)
        fail(account, "%llu objects are held and %llu bytes charged, and the peaks are %llu and %llu",
             (unsigned long long)held, (unsigned long long)charged, (unsigned long long)books->held_peak,
             (unsigned long long)books->charged_peak);
}

uint64_t account_sample(struct account *account, const struct gc_mutator *mutator)
{
    uint64_t clock = mutator->clock.allocated_bytes;
    uint64_t held = gc_held_bytes(mutator) + gc_held_objects(mutator) * account->prefix_bytes;
    if (clock > account->sample_at + account->largest)
        fail(account, "a sample that was due at %llu bytes comes at %llu",
             (unsigned long long)account->sample_at, (unsigned long long)clock);
    if (held > account->limit && !gc_collector.traits->conservative)
        fail(account, "objects take %llu bytes under a limit of %llu", (unsigned long long)held,
             (unsigned long long)account->limit);
    sample_peak_check(account, mutator);
    most_note(account, mutator);
    account->sample_at = clock + account->sample_bytes;
    return account->sample_at;
}

/* Tables shrink where objects are freed and in pauses. Without either they took as much when the limit was looked at,
 * and counted. */
void account_born(struct account *account, const struct gc_mutator *mutator)
{
    const struct gc_account *books = &mutator->account;
    uint64_t held = gc_held_bytes(mutator) + gc_held_objects(mutator) * account->prefix_bytes;
    uint64_t external = mutator->external.charged_bytes;
    bool stood =
        account->born.pauses == account->pauses && account->born.freed_objects == books->freed_objects;
    if (stood && held + external + account->born.table_bytes > account->limit)
        fail(account, "objects take %llu bytes, external bytes %llu and tables %llu under a limit of %llu",
             (unsigned long long)held, (unsigned long long)external,
             (unsigned long long)account->born.table_bytes, (unsigned long long)account->limit);
    account->born.pauses = account->pauses;
    account->born.freed_objects = books->freed_objects;
    account->born.table_bytes = books->metadata_bytes;
}

/* ---- the end ---- */

/* The peaks of a program against what was seen at samples, and what was made from the last one on. */
static void peaks_check(struct account *account, const struct gc_mutator *mutator)
{
    const struct gc_account *books = &mutator->account;
    most_note(account, mutator);
    uint64_t made = account->sample_bytes + account->largest;
    uint64_t objects = account->most_objects + account->sample_bytes / sizeof(struct gc_object) + 1;
    uint64_t bytes = account->most_bytes + made;
    uint64_t charged = bytes + objects * account->prefix_bytes + books->metadata_peak;
    charged += gc_collector.traits->moves ? bytes : 0;
    charged += mutator->external.use == GC_EXTERNAL_CHARGED ? mutator->external.peak_bytes : 0;
    if (books->held_peak > objects || books->charged_peak > charged)
        fail(account, "the peaks are %llu objects and %llu bytes charged, where %llu and %llu are the most",
             (unsigned long long)books->held_peak, (unsigned long long)books->charged_peak,
             (unsigned long long)objects, (unsigned long long)charged);
}

void account_clock(struct account *account, const struct gc_mutator *mutator, const struct program *program)
{
    uint64_t objects = 0;
    uint64_t bytes = 0;
    uint64_t external = 0;
    for (uint64_t i = 0; i < program->op_count; i++) {
        objects += program->ops[i].code == PROGRAM_NEW;
        bytes += op_bytes(program, &program->ops[i]);
        external += op_external(program, &program->ops[i]);
    }
    if (mutator->external.allocated_bytes != external)
        fail(account, "objects with %llu external bytes were made, and the account says %llu",
             (unsigned long long)external, (unsigned long long)mutator->external.allocated_bytes);
    if (mutator->clock.allocated_objects != objects || mutator->clock.allocated_bytes != bytes)
        fail(account, "%llu objects of %llu bytes were made, and the clock says %llu of %llu",
             (unsigned long long)objects, (unsigned long long)bytes,
             (unsigned long long)mutator->clock.allocated_objects,
             (unsigned long long)mutator->clock.allocated_bytes);
    if (bytes > account->sample_at + account->largest)
        fail(account, "a sample that was due at %llu bytes never came",
             (unsigned long long)account->sample_at);
    peaks_check(account, mutator);
}

void account_close(const struct account *account, const struct gc_mutator *mutator, int64_t mapped_bytes)
{
    if (account->open)
        fail(account, "a pause never ended");
    if (mutator->account.metadata_bytes)
        fail(account, "tables of %lld bytes are charged after the end",
             (long long)mutator->account.metadata_bytes);
    if (mapped_bytes)
        fail(account, "mappings of %lld bytes are left after the end", (long long)mapped_bytes);
}
