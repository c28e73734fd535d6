/* SPDX-License-Identifier: MIT */
#include "collectors/collector-api.h"
#include "harness/stress/worker/execute.h"
#include "harness/stress/worker/recount.h"
#include "harness/stress/worker/trial-state.h"

/* ---- the heap by itself ---- */

void trial_check_heap(void)
{
    const struct gc_mutator *mutator = trial.mutator;
    if (mutator->clock.event_at > mutator->clock.poll_at)
        trial_fail("trigger", "the collector wants to be asked at %llu bytes, and would be at %llu",
                   (unsigned long long)mutator->clock.poll_at, (unsigned long long)mutator->clock.event_at);
    gc_collector_check(trial.mutator);
    trial.result->checks++;
}

/* Returns a number that changes when a name refers to another address. */
static uint64_t addresses(const struct gc_mutator *mutator)
{
    uint64_t sum = 0;
    for (struct gc_slot *slot = mutator->roots.base; slot < mutator->roots.top; slot++)
        sum = sum * 31 + (uintptr_t)slot->ref.object;
    return sum;
}

void trial_collect(void)
{
    struct gc_mutator *mutator = trial.mutator;
    trial_check_heap();
    uint64_t before = addresses(mutator);
    uint64_t failed = guard_totals().failed;
    uint64_t collections = trial.result->collections;
    trial.asked = true;
    gc_collect(mutator, GC_COLLECT_FULL);
    trial.asked = false;
    trial.collects_fully = guard_totals().failed == failed;
    if (gc_collector.traits->reclaims_cycles && trial.result->collections == collections)
        trial_fail("books", "a full collection that was asked for is in no pause");
    bool moved = addresses(mutator) != before;
    if (moved && !gc_collector.traits->moves)
        trial_fail("moved", "a name refers to another address after a collection");
    trial.result->moved += moved;
    trial_check_heap();
}

/* ---- checkpoints ---- */

/* What is held of the frozen: the answer for the next of the program's checkpoints, or NULL where nothing is frozen. */
static const struct truth_frozen *frozen_here(const struct gc_mutator *mutator)
{
    if (!trial.frozen || !mutator->observer.checkpoint)
        return NULL;
    const struct truth_frozen *here = &trial.frozen[trial.frozen_next++];
    return here->frozen ? here : NULL;
}

/* A frozen object that dies by counting in a collection uncovers what it has held for the next one. */
static void collect_layers(const struct gc_mutator *mutator)
{
    uint64_t held;
    do {
        held = gc_held_objects(mutator);
        trial_collect();
    } while (gc_held_objects(mutator) < held);
}

static bool is_between(uint64_t number, uint64_t least, uint64_t most)
{
    return number >= least && number <= most;
}

/* While something is frozen, it is held with all that it holds, and collections do not look at it. Garbage that has been
 * left by a collection without memory may have been frozen, too. */
static void compare_frozen(const struct gc_mutator *mutator, const struct truth_frozen *frozen)
{
    const struct model_held *least = &frozen->least, *most = &frozen->most;
    bool exact = trial_is_exact() && guard_totals().failed == 0;
    uint64_t objects = gc_held_objects(mutator);
    uint64_t bytes = gc_held_bytes(mutator);
    uint64_t external = gc_external_held(mutator);
    if (!is_between(objects, least->objects, exact ? most->objects : UINT64_MAX) ||
        !is_between(bytes, least->bytes, exact ? most->bytes : UINT64_MAX))
        trial_fail(
            "held",
            "with what is frozen %llu to %llu objects of %llu to %llu bytes are held, not %llu of %llu",
            (unsigned long long)least->objects, (unsigned long long)most->objects,
            (unsigned long long)least->bytes, (unsigned long long)most->bytes, (unsigned long long)objects,
            (unsigned long long)bytes);
    if (!is_between(external, least->external, exact ? most->external : UINT64_MAX))
        trial_fail("external",
                   "with what is frozen %llu to %llu bytes outside of the heap are held, not %llu",
                   (unsigned long long)least->external, (unsigned long long)most->external,
                   (unsigned long long)external);
    if (trial.visited > objects - least->frozen)
        trial_fail("held",
                   "a full collection has looked at %llu objects: %llu are held, and %llu of them are frozen",
                   (unsigned long long)trial.visited, (unsigned long long)objects,
                   (unsigned long long)least->frozen);
}

static void compare_counts(const struct gc_mutator *mutator, bool garbage)
{
    struct recount_result result;
    bool exact = trial_is_exact() && trial.collects_fully && !gc_collector.traits->observes && !garbage;
    if (!gc_collector.traits->counts)
        return;
    if (recount(mutator, exact, &result) < 0)
        trial_fail("environment", "no memory to count references");
    if (result.wrong)
        trial_fail("count", "%llu of %llu objects: the first has %llu references, its count is %lld",
                   (unsigned long long)result.wrong, (unsigned long long)result.objects,
                   (unsigned long long)result.found, (long long)result.said);
}

static void compare_external(const struct gc_mutator *mutator, const struct reach *reach)
{
    uint64_t bytes = gc_external_held(mutator);
    bool right =
        trial_is_exact() && trial.collects_fully ? bytes == reach->external : bytes >= reach->external;
    if (!gc_collector.traits->reclaims)
        right = mutator->external.freed_bytes == 0 && right;
    if (!right)
        trial_fail(
            "external",
            "what lives owns %llu bytes outside of the heap, what is held %llu after a full collection",
            (unsigned long long)reach->external, (unsigned long long)bytes);
}

static void compare_held(const struct gc_mutator *mutator, const struct reach *reach)
{
    uint64_t objects = gc_held_objects(mutator);
    uint64_t bytes = gc_held_bytes(mutator);
    bool right = trial_is_exact() && trial.collects_fully
                     ? objects == reach->objects && bytes == reach->bytes
                     : objects >= reach->objects && bytes >= reach->bytes;
    if (!gc_collector.traits->reclaims)
        right = objects == mutator->clock.allocated_objects && right;
    compare_external(mutator, reach);
    if (!right)
        trial_fail("held", "%llu objects of %llu bytes live, %llu of %llu are held after a full collection",
                   (unsigned long long)reach->objects, (unsigned long long)reach->bytes,
                   (unsigned long long)objects, (unsigned long long)bytes);
}

static void compare_model(const struct reach *reach)
{
    if (!trial.live)
        return;
    uint64_t expected = trial.live[trial.live_next++];
    if (reach->objects != expected)
        trial_fail("model", "%llu objects live, by the model %llu", (unsigned long long)reach->objects,
                   (unsigned long long)expected);
}

static void fold_counted(struct gc_mutator *mutator)
{
    const struct gc_traits *traits = gc_collector.traits;
    uint64_t objects = gc_held_objects(mutator);
    uint64_t bytes = gc_held_bytes(mutator);
    /* Counts are saturated for the truth, and not where there are none. What counting alone would hold is not known where
     * a finaliser was due because of a ring that counting would not have found. */
    if ((trial.request->conditions->stuck && !traits->counts) || mutator->dues.finalises)
        return;
    if (gc_collector.counted)
        gc_collector.counted(mutator, &objects, &bytes);
    else if (!(traits->frees_at_once || traits->frees_late) || traits->reclaims_cycles)
        return;
    trial.result->counted = trial_fold(trial_fold(trial.result->counted, objects), bytes) | 1;
}

/* Calls what is due, until a collection finds nothing to call any more. Programs do so themselves before each of their
 * checkpoints. */
static void settle(struct gc_mutator *mutator)
{
    uint32_t calls;
    do {
        calls = mutator->dues.calls;
        execute_due(mutator);
        trial_collect();
    } while (mutator->dues.calls != calls);
}

void trial_look(struct gc_mutator *mutator)
{
    struct reach reach;
    const struct truth_frozen *frozen = frozen_here(mutator);
    trial_collect();
    if (frozen)
        collect_layers(mutator);
    if (mutator->dues.finalises && !mutator->observer.checkpoint)
        settle(mutator);
    guard_off();
    if (reach_count(mutator, &reach) < 0)
        trial_fail("environment", "no memory to walk what lives");
    if (frozen)
        compare_frozen(mutator, frozen);
    else
        compare_held(mutator, &reach);
    compare_counts(mutator, frozen != NULL);
    fold_counted(mutator);
    struct trial_result *result = trial.result;
    result->digest =
        trial_fold(trial_fold(trial_fold(result->digest, reach.digest), reach.objects), reach.bytes);
    guard_on();
    /* The model has no notion of memory. Its answers hold only at the program's own checkpoints. */
    if (mutator->observer.checkpoint)
        compare_model(&reach);
}

/* ---- where memory ran out ---- */

/* The external bytes that count against the limit: of what is held, and of one more object. */
static uint64_t external_needed(const struct gc_mutator *mutator)
{
    const struct program *program = trial.request->program;
    uint64_t most = 0;
    for (uint32_t i = 0; i < program->shape_count; i++)
        most = program->shapes[i].external > most ? program->shapes[i].external : most;
    return mutator->external.use == GC_EXTERNAL_CHARGED ? mutator->external.charged_bytes + most : 0;
}

void trial_look_exhausted(uint64_t limit)
{
    struct gc_mutator *mutator = trial.mutator;
    const struct conditions *conditions = trial.request->conditions;
    struct account *account = &trial.account;
    trial_look(mutator);
    /* The look has called what was due, and nothing is frozen any more: so less is held than when memory ran out. */
    if (gc_collector.traits->conservative || mutator->dues.finalises || trial.frozen)
        return;
    struct guard_totals totals = guard_totals();
    uint64_t needed = gc_held_bytes(mutator) + (gc_held_objects(mutator) + 1) * account->prefix_bytes +
                      account->largest + mutator->account.metadata_peak + external_needed(mutator);
    if (conditions->fault == FAULT_LIMIT && needed <= limit)
        trial_fail("limit", "memory ran out under a limit of %llu bytes, where %llu are enough",
                   (unsigned long long)limit, (unsigned long long)needed);
    if (conditions->fault == FAULT_BUDGET && trial.block_for_each &&
        totals.bytes + totals.refused <= trial_drawn.at)
        trial_fail("limit",
                   "memory ran out where %llu bytes may be outstanding, %llu are, and %llu were asked for",
                   (unsigned long long)trial_drawn.at, (unsigned long long)totals.bytes,
                   (unsigned long long)totals.refused);
}

const struct program_op *trial_op_exhausted(void)
{
    const struct program *program = trial.request->program;
    uint64_t made = 0;
    for (uint64_t i = 0; i < program->op_count; i++)
        if (program->ops[i].code == PROGRAM_NEW && made++ == trial.mutator->clock.allocated_objects)
            return &program->ops[i];
    return NULL;
}

void trial_try_again(void)
{
    struct gc_mutator *mutator = trial.mutator;
    const struct gc_traits *traits = gc_collector.traits;
    const struct program_op *op = trial_op_exhausted();
    if (trial.request->conditions->fault != FAULT_BUDGET || traits->moves || traits->conservative || !op)
        return;
    mutator->test.returns_memory = true;
    if (setjmp(trial.exhausted) != 0)
        return;
    trial_collect();
    execute_new(mutator, &mutator->shapes[op->b], op->c);
    trial_fail(
        "limit",
        "memory ran out where %llu bytes may be outstanding, and after one more full collection there is "
        "enough",
        (unsigned long long)trial_drawn.at);
}
