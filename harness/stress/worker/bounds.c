/* SPDX-License-Identifier: MIT */
#include "harness/stress/worker/bounds.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "collectors/collector-api.h"

enum {
    WALK_BYTES = 64 << 10,  /* allocated between two walks of a program without rings, at least */
    SLOPE_BYTES = 16 << 20, /* a heap this small shows no slope */
    SMALL_CHUNKS = 16,      /* of a chunk, a small one has one block in so many, and tables as large */
};

struct bounds_worst bounds_worst = {
    .held = -1, .tables = -1, .visits = -1, .full = INFINITY, .young = INFINITY};

__attribute__((noreturn, format(printf, 2, 3))) static void fail(const struct bounds *bounds,
                                                                 const char *format, ...)
{
    char line[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    bounds->setup.failed(line);
}

static double greater(double a, double b)
{
    return a > b ? a : b;
}

static void note(double *worst, double share)
{
    *worst = greater(*worst, share);
}

void bounds_state(const void *options, struct gc_bounds *ret_bounds)
{
    *ret_bounds = (struct gc_bounds){0};
    if (gc_collector.bounds)
        gc_collector.bounds(options, ret_bounds);
    else
        ret_bounds->held.none = ret_bounds->tables.none = ret_bounds->visits.none = ret_bounds->full.none =
            ret_bounds->young.none = "";
}

void bounds_open(struct bounds *bounds, const struct bounds_setup *setup)
{
    uint64_t references = 0;
    *bounds = (struct bounds){.setup = *setup, .largest = {.objects = 1}};
    for (uint64_t i = 0; i < setup->program->op_count; i++) {
        const struct program_op *op = &setup->program->ops[i];
        bounds->ranged += op->code == PROGRAM_RANGE ? op->c : 0;
        if (op->code != PROGRAM_NEW)
            continue;
        const struct gc_shape *shape = &setup->program->shapes[op->b];
        uint64_t bytes = gc_shape_bytes(shape, op->c);
        uint64_t refs = gc_shape_refs(shape, op->c);
        bounds->program_bytes += bytes;
        bounds->largest.bytes = bytes > bounds->largest.bytes ? bytes : bounds->largest.bytes;
        references = refs > references ? refs : references;
        bounds->makes_acyclic |= (shape->flags & GC_SHAPE_ACYCLIC) != 0;
    }
    bounds->family = 1 + (setup->leafless ? 0 : references);
    bounds_state(setup->options, &bounds->stated);
}

/* ---- held ---- */

static struct bounds_amount held_now(const struct gc_mutator *mutator)
{
    return (struct bounds_amount){gc_held_objects(mutator), gc_held_bytes(mutator)};
}

static double in_unit(const struct gc_held_bound *bound, struct bounds_amount amount)
{
    return (double)(bound->in_objects ? amount.objects : amount.bytes);
}

/* What the last full collection left, in objects as `grown` takes them. */
static double left_weighed(const struct bounds *bounds)
{
    double weight = bounds->stated.held.left_weight;
    double objects = (double)bounds->left.objects;
    return weight > 0 ? greater(objects, (double)bounds->left.bytes / weight) : objects;
}

/* The most that may be held while `lives` lives, in the bound's unit. */
static double held_most(const struct bounds *bounds, struct bounds_amount lives)
{
    const struct gc_held_bound *bound = &bounds->stated.held;
    double size = in_unit(bound, bounds->largest);
    return greater(greater(bound->times * in_unit(bound, bounds->left), bound->least),
                   in_unit(bound, lives)) +
           (bound->families + bound->grown * left_weighed(bounds)) * (double)bounds->family * size +
           bound->structures * (double)(bounds->setup.structure + !bounds->setup.structure) * size +
           bound->for_name * (double)bounds->names + size;
}

static void held_refuse(const struct bounds *bounds, double held, double most, struct bounds_amount lives)
{
    const struct gc_held_bound *bound = &bounds->stated.held;
    fail(bounds,
         "%.0f %s are held where %.0f live and %.0f lived after the last full collection: %.0f at most", held,
         bound->in_objects ? "objects" : "bytes", in_unit(bound, lives), in_unit(bound, bounds->left), most);
}

static struct bounds_amount measure(const struct bounds *bounds)
{
    struct reach reach;
    bounds->setup.measure(&reach);
    return (struct bounds_amount){reach.objects, reach.bytes};
}

/* A walk only explains what the last full collection cannot. What it has explained is not walked again, until
 * an eighth more is held. */
static void held_check(struct bounds *bounds, const struct gc_mutator *mutator)
{
    const struct gc_held_bound *bound = &bounds->stated.held;
    double held = in_unit(bound, held_now(mutator));
    double most = held_most(bounds, (struct bounds_amount){0});
    if (bound->none)
        return;
    if (held <= most || held <= bounds->excused) {
        note(&bounds_worst.held, held / greater(most, bounds->excused));
        return;
    }
    struct bounds_amount lives = measure(bounds);
    most = held_most(bounds, lives);
    note(&bounds_worst.held, held / most);
    if (held > most)
        held_refuse(bounds, held, most, lives);
    bounds->excused = held + most / 8;
}

/* The most bytes that may be held while `lives` lives, of a collector that counts objects and weighs bytes.
 * */
static double weight_most(const struct bounds *bounds, struct bounds_amount lives)
{
    const struct gc_held_bound *bound = &bounds->stated.held;
    double objects = (bound->times - 1) * (double)bounds->left.objects + bound->grown * left_weighed(bounds) +
                     bound->families + bound->structures;
    double most = greater((double)bounds->left.bytes + bound->weight * objects, (double)lives.bytes);
    return most * 17 / 16 + (double)bounds->largest.bytes;
}

/* A collector looks at the bytes held now and then, and needs a possible root. So what lived a moment ago may be held
 * until a sixteenth of it has been allocated. */
static void weight_check(struct bounds *bounds, const struct gc_mutator *mutator)
{
    const struct gc_held_bound *bound = &bounds->stated.held;
    uint64_t clock = mutator->clock.allocated_bytes;
    uint64_t held = gc_held_bytes(mutator);
    if (bound->none || bound->weight <= 0)
        return;
    if ((double)held <= weight_most(bounds, (struct bounds_amount){0})) {
        bounds->weight_over_at = 0;
        return;
    }
    struct bounds_amount lives = measure(bounds);
    double most = weight_most(bounds, lives);
    if ((double)held <= most)
        bounds->weight_over_at = 0;
    else if (!bounds->weight_over_at)
        bounds->weight_over_at = clock;
    else if (clock - bounds->weight_over_at > held / 16 + 2 * bounds->largest.bytes)
        fail(
            bounds,
            "%llu bytes are held where %llu live and %llu lived after the last full collection: %.0f at most",
            (unsigned long long)held, (unsigned long long)lives.bytes, (unsigned long long)bounds->left.bytes,
            most);
}

/* Without rings, all that is dead and not freed is late. */
static void exact_check(struct bounds *bounds, const struct gc_mutator *mutator)
{
    struct bounds_amount held = held_now(mutator);
    if (!bounds->setup.ringless || !gc_collector.traits->frees_at_once ||
        mutator->clock.allocated_bytes < bounds->walk_at)
        return;
    struct bounds_amount lives = measure(bounds);
    if (held.objects != lives.objects || held.bytes != lives.bytes)
        fail(bounds, "%llu objects of %llu bytes are held, %llu of %llu live, and no ring was ever made",
             (unsigned long long)held.objects, (unsigned long long)held.bytes,
             (unsigned long long)lives.objects, (unsigned long long)lives.bytes);
    bounds->walk_at =
        mutator->clock.allocated_bytes + (lives.bytes > WALK_BYTES ? lives.bytes : (uint64_t)WALK_BYTES);
}

static void most_note(struct bounds *bounds, const struct gc_mutator *mutator)
{
    struct bounds_amount held = held_now(mutator);
    uint64_t names = (uint64_t)(mutator->roots.top - mutator->roots.base);
    bounds->most.objects = held.objects > bounds->most.objects ? held.objects : bounds->most.objects;
    bounds->most.bytes = held.bytes > bounds->most.bytes ? held.bytes : bounds->most.bytes;
    bounds->names = names > bounds->names ? names : bounds->names;
    if (mutator->clock.allocated_bytes <= bounds->program_bytes / 4)
        bounds->quarter_most = bounds->most.bytes;
}

/* ---- tables, visits ---- */

/* How many times as much side metadata and room for work there is for each byte and name, in tests with small chunks. */
static double chunk_times(const struct gc_mutator *mutator)
{
    return mutator->test.returns_memory || mutator->test.small_chunks ? SMALL_CHUNKS : 1;
}

/* The most that tables may take, in bytes. What there is for each object is in no chunk. */
static double tables_most(const struct bounds *bounds, double times)
{
    const struct gc_table_bound *bound = &bounds->stated.tables;
    return bound->for_object * (double)(bounds->most.objects + 1) +
           times * bound->for_byte * (double)(bounds->most.bytes + bounds->largest.bytes) +
           times * bound->for_name * (double)bounds->names + bound->besides;
}

static void tables_check(const struct bounds *bounds, const struct gc_mutator *mutator)
{
    const struct gc_table_bound *bound = &bounds->stated.tables;
    double most = tables_most(bounds, chunk_times(mutator));
    double took = (double)mutator->account.metadata_peak;
    if (bound->none)
        return;
    if (took > most)
        fail(bounds,
             "tables took %.0f bytes where %llu objects of %llu bytes were held at most: %.0f at most", took,
             (unsigned long long)bounds->most.objects, (unsigned long long)bounds->most.bytes, most);
    if (most > 0)
        note(&bounds_worst.tables, took / most);
}

static void visits_check(const struct bounds *bounds, const struct gc_pause *pause)
{
    const struct gc_visit_bound *bound = &bounds->stated.visits;
    double most = bound->for_object * (double)bounds->at_begin.objects +
                  bound->for_byte * (double)bounds->at_begin.bytes + bound->for_name * (double)bounds->names;
    double visited = (double)pause->visited_objects;
    if (bound->none)
        return;
    if (visited > most)
        fail(bounds, "a pause visited %.0f objects where %llu were held: %.0f at most", visited,
             (unsigned long long)bounds->at_begin.objects, most);
    if (pause->kind == GC_PAUSE_FULL && visited < bound->for_live * (double)bounds->left.objects)
        fail(bounds, "a full collection visited %.0f objects, and %llu live when it has ended", visited,
             (unsigned long long)bounds->left.objects);
    if (most > 0)
        note(&bounds_worst.visits, visited / most);
}

/* ---- pace ---- */

static bool calls_for_none(const struct bounds *bounds, const struct gc_pace_bound *bound)
{
    return (bound->bytes <= 0 && bound->objects <= 0 && bound->operations <= 0 && bound->left <= 0) ||
           (bound->by_references && bounds->setup.refless);
}

/*
 * The bytes that lie between a collection and the one before those that may come early. One of them came in time,
 * by what was left when the one before it had ended.
 */
static double pace_least_bytes(const struct bounds *bounds, const struct gc_pace_bound *bound,
                               const struct bounds_place *last)
{
    uint64_t left = bounds->left.bytes;
    for (unsigned i = 1; i <= bound->early; i++)
        left = last->left[i] < left ? last->left[i] : left;
    return greater(bound->bytes, bound->left * (double)left);
}

static void pace_check(const struct bounds *bounds, const struct gc_mutator *mutator,
                       const struct gc_pace_bound *bound, const struct bounds_place *last, const char *kind,
                       double *worst)
{
    const struct bounds_amount *before = &last->allocated[bound->early];
    uint64_t objects = mutator->clock.allocated_objects - before->objects;
    uint64_t bytes = mutator->clock.allocated_bytes - before->bytes;
    double least_bytes = pace_least_bytes(bounds, bound, last);
    double share = 0;
    if (bound->none)
        return;
    if (calls_for_none(bounds, bound))
        fail(bounds, "a %s collection begins by itself, and nothing calls for one", kind);
    if (bound->operations > 0 || last->count < bound->early)
        return;
    if (least_bytes <= 0 && bound->objects <= 0)
        return;
    if (least_bytes > 0)
        share += (double)(bytes + bounds->largest.bytes) / least_bytes;
    if (bound->objects > 0)
        share += (double)(objects + 1) / bound->objects;
    if (share < 1)
        fail(bounds,
             "a %s collection begins by itself, %llu objects of %llu bytes after the last: %.3f of the least",
             kind, (unsigned long long)objects, (unsigned long long)bytes, share);
    *worst = share < *worst ? share : *worst;
}

/* Over a whole program: where operations call for collections, they cannot be counted from one to the next.
 * */
static void pace_total_check(const struct bounds *bounds, const struct gc_mutator *mutator,
                             const struct gc_pace_bound *bound, uint64_t count, const char *kind,
                             double *worst)
{
    struct bounds_amount all = {mutator->clock.allocated_objects, mutator->clock.allocated_bytes};
    if (bound->none || bound->operations <= 0)
        return;
    uint64_t operations = bounds->setup.program->op_count + bounds->ranged;
    double most = 2 + (double)operations / bound->operations;
    most += bound->bytes > 0 ? (double)all.bytes / bound->bytes : 0;
    most += bound->objects > 0 ? (double)all.objects / bound->objects : 0;
    if ((double)count > most)
        fail(bounds, "%llu %s collections began by themselves in %llu operations: %.0f at most",
             (unsigned long long)count, kind, (unsigned long long)operations, most);
    if (count > 0 && most / (double)count < *worst)
        *worst = most / (double)count;
}

/* Objects made so far and not freed by counting. */
static uint64_t not_counted_dead(const struct bounds *bounds, const struct gc_mutator *mutator)
{
    return mutator->clock.allocated_objects - (mutator->account.freed_objects - bounds->freed_in_pauses);
}

/* A full collection may be due at the object that comes next. */
static void latest_check(const struct bounds *bounds, const struct gc_mutator *mutator)
{
    const struct gc_pace_bound *bound = &bounds->stated.full;
    double births = (double)not_counted_dead(bounds, mutator) - (double)bounds->counted_at_full;
    double held = (double)gc_held_objects(mutator);
    double rests = (1 + bound->latest_grown) * (double)bounds->left.objects + bound->latest_besides;
    if (bound->none || bound->latest <= 0 || bounds->makes_acyclic)
        return;
    if (births > bound->latest + 1 && held > rests + 1)
        fail(bounds,
             "%.0f objects, and %.0f made since the last full collection are not freed by counting: %.0f at "
             "most, where more than %.0f are held",
             held, births, bound->latest, rests);
}

/* ---- what the trial calls ---- */

void bounds_pause_begins(struct bounds *bounds, const struct gc_mutator *mutator, bool own)
{
    most_note(bounds, mutator);
    if (mutator->account.collecting && own) {
        held_check(bounds, mutator);
        weight_check(bounds, mutator);
        latest_check(bounds, mutator);
    }
    bounds->at_begin = held_now(mutator);
    bounds->freed_at_begin = mutator->account.freed_objects;
}

/* Finds out what a full collection has left. */
static void left_take(struct bounds *bounds, const struct gc_mutator *mutator)
{
    struct bounds_amount held = held_now(mutator);
    bounds->left = measure(bounds);
    bounds->excused = 0;
    bounds->weight_over_at = 0;
    if (gc_collector.traits->reclaims_cycles &&
        (held.objects != bounds->left.objects || held.bytes != bounds->left.bytes))
        fail(bounds, "a full collection leaves %llu objects of %llu bytes, and %llu of %llu live",
             (unsigned long long)held.objects, (unsigned long long)held.bytes,
             (unsigned long long)bounds->left.objects, (unsigned long long)bounds->left.bytes);
}

static void place_take(struct bounds_place *place, const struct gc_mutator *mutator, uint64_t left, bool own)
{
    place->count += own;
    memmove(&place->left[1], &place->left[0], sizeof place->left - sizeof *place->left);
    place->left[0] = left;
    memmove(&place->allocated[1], &place->allocated[0], sizeof place->allocated - sizeof *place->allocated);
    place->allocated[0] =
        (struct bounds_amount){mutator->clock.allocated_objects, mutator->clock.allocated_bytes};
}

void bounds_pause_ended(struct bounds *bounds, const struct gc_mutator *mutator, const struct gc_pause *pause,
                        bool own)
{
    if (pause->kind == GC_PAUSE_YOUNG && own)
        pace_check(bounds, mutator, &bounds->stated.young, &bounds->young, "young", &bounds_worst.young);
    if (pause->kind == GC_PAUSE_FULL && own)
        pace_check(bounds, mutator, &bounds->stated.full, &bounds->full, "full", &bounds_worst.full);
    if (pause->kind != GC_PAUSE_CASCADE)
        bounds->freed_in_pauses += mutator->account.freed_objects - bounds->freed_at_begin;
    if (pause->kind == GC_PAUSE_FULL) {
        left_take(bounds, mutator);
        bounds->counted_at_full = not_counted_dead(bounds, mutator);
    }
    if (pause->kind == GC_PAUSE_FULL || pause->kind == GC_PAUSE_YOUNG)
        place_take(pause->kind == GC_PAUSE_FULL ? &bounds->full : &bounds->young, mutator, bounds->left.bytes,
                   own);
    if (pause->kind != GC_PAUSE_CASCADE)
        visits_check(bounds, pause);
    tables_check(bounds, mutator);
}

void bounds_sample(struct bounds *bounds, const struct gc_mutator *mutator)
{
    most_note(bounds, mutator);
    held_check(bounds, mutator);
    weight_check(bounds, mutator);
    exact_check(bounds, mutator);
    tables_check(bounds, mutator);
}

void bounds_end(const struct bounds *bounds, const struct gc_mutator *mutator)
{
    const struct gc_traits *traits = gc_collector.traits;
    const char *none = bounds->stated.held.none;
    bool settles = traits->conservative || (none && !*none && traits->reclaims_cycles);
    latest_check(bounds, mutator);
    pace_total_check(bounds, mutator, &bounds->stated.full, bounds->full.count, "full", &bounds_worst.full);
    pace_total_check(bounds, mutator, &bounds->stated.young, bounds->young.count, "young",
                     &bounds_worst.young);
    if (settles && bounds->most.bytes > SLOPE_BYTES && bounds->most.bytes > 3 * bounds->quarter_most)
        fail(bounds,
             "%llu bytes are held at most in a program, and %llu in its first quarter, which was the same",
             (unsigned long long)bounds->most.bytes, (unsigned long long)bounds->quarter_most);
}
