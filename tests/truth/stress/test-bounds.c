/* SPDX-License-Identifier: MIT */
/* A collector that breaks one of its bounds is told so, and one that keeps them all is not. The heap is made
 * of plain numbers here. */
#include <setjmp.h>

#include "collectors/collector-api.h"
#include "harness/stress/worker/bounds.h"
#include "tests/tap.h"

static struct gc_bounds stated;
static struct gc_traits traits;
static struct gc_mutator mutator;
static struct bounds bounds;
static struct reach lives;
static struct gc_slot names[4];
static jmp_buf failed;
static char said[200];
static int walks;

static void state(const void *options, struct gc_bounds *ret_bounds)
{
    (void)options;
    *ret_bounds = stated;
}

static const struct option_table no_options = OPTION_TABLE_EMPTY;
const struct gc_collector gc_collector = {
    .name = "numbers", .traits = &traits, .options = &no_options, .bounds = state};

__attribute__((noreturn)) static void on_failure(const char *line)
{
    strncpy(said, line, sizeof said - 1);
    longjmp(failed, 1);
}

static void on_measure(struct reach *ret_reach)
{
    walks++;
    *ret_reach = lives;
}

/* Begins with a heap that is empty, in a program of 1000 objects of 24 bytes. */
static void open(struct bounds_setup setup)
{
    static const struct gc_shape shape = {.name = "node", .refs = 2};
    static struct program_op ops[1000];
    static struct program program = {
        .shapes = (struct gc_shape *)&shape, .shape_count = 1, .ops = ops, .op_count = 1000};
    for (int i = 0; i < 1000; i++)
        ops[i] = (struct program_op){PROGRAM_NEW, 0, 0, 0};
    setup.failed = on_failure;
    setup.measure = on_measure;
    setup.program = &program;
    mutator = (struct gc_mutator){.roots = {.base = names, .top = names + 4}};
    lives = (struct reach){0};
    walks = 0;
    *said = '\0';
    bounds_open(&bounds, &setup);
}

static void heap(uint64_t allocated, uint64_t held, uint64_t live)
{
    mutator.clock.allocated_objects = allocated;
    mutator.clock.allocated_bytes = allocated * 24;
    mutator.account.freed_objects = allocated - held;
    mutator.account.freed_bytes = (allocated - held) * 24;
    lives = (struct reach){.objects = live, .bytes = live * 24};
}

/* Each of these returns whether nothing was said. */
static bool sample(uint64_t allocated, uint64_t held, uint64_t live)
{
    heap(allocated, held, live);
    if (setjmp(failed))
        return false;
    bounds_sample(&bounds, &mutator);
    return true;
}

static bool collect(enum gc_pause_kind kind, uint64_t allocated, uint64_t held, uint64_t live,
                    uint64_t visited)
{
    heap(allocated, held, live);
    if (setjmp(failed))
        return false;
    mutator.account.collecting = true;
    bounds_pause_begins(&bounds, &mutator, true);
    mutator.account.collecting = false;
    heap(allocated, kind == GC_PAUSE_FULL ? live : held, live);
    bounds_pause_ended(&bounds, &mutator, &(struct gc_pause){.kind = kind, .visited_objects = visited}, true);
    return true;
}

static bool ends(void)
{
    if (setjmp(failed))
        return false;
    bounds_end(&bounds, &mutator);
    return true;
}

static void held(void)
{
    traits = (struct gc_traits){.reclaims_cycles = true};
    stated = (struct gc_bounds){.held = {.in_objects = true, .times = 2, .least = 100, .structures = 10},
                                .full = {.operations = 1},
                                .visits = {.none = "not looked at"}};
    open((struct bounds_setup){.structure = 3});
    tap_ok(sample(131, 131, 0), "as much may be held as is stated, and one object more");
    tap_ok(!sample(132, 132, 0), "and no more, if nothing lives");
    open((struct bounds_setup){.structure = 3});
    tap_ok(sample(200, 200, 170), "what lives may be held besides");
    tap_equal(walks, 1, "a walk finds out what lives");
    tap_ok(sample(201, 201, 171) && walks == 1, "and not again for the next object");
    open((struct bounds_setup){.structure = 3});
    tap_ok(collect(GC_PAUSE_FULL, 131, 131, 80, 80), "a full collection leaves what lives");
    tap_ok(sample(300, 191, 0), "twice as much as it left may be held after it");
    tap_ok(!sample(301, 192, 0), "and no more");
    open((struct bounds_setup){.structure = 3});
    heap(131, 131, 80);
    bounds_pause_begins(&bounds, &mutator, true);
    bool kept = !setjmp(failed);
    if (kept)
        bounds_pause_ended(&bounds, &mutator, &(struct gc_pause){.kind = GC_PAUSE_FULL}, true);
    tap_ok(!kept, "a full collection that leaves garbage is found");
}

static void for_names(void)
{
    traits = (struct gc_traits){.reclaims_cycles = true};
    stated = (struct gc_bounds){.held = {.times = 2, .least = 2400, .for_name = 24},
                                .full = {.operations = 1},
                                .visits = {.none = "not looked at"}};
    open((struct bounds_setup){0});
    tap_ok(sample(105, 105, 0), "where names weigh, as much more may be held as four names weigh");
    tap_ok(!sample(106, 106, 0), "and no more");
}

static void families(void)
{
    traits = (struct gc_traits){.reclaims_cycles = true};
    stated = (struct gc_bounds){.held = {.in_objects = true, .times = 1, .families = 10, .grown = 0.5},
                                .full = {.operations = 1},
                                .visits = {.none = "of no interest"}};
    open((struct bounds_setup){0});
    /* An object has two references, so a family is of three. */
    tap_ok(sample(31, 31, 0), "objects that a trigger counts may keep others that it does not");
    tap_ok(!sample(32, 32, 0), "as many as they have references");
    open((struct bounds_setup){.leafless = true});
    tap_ok(sample(11, 11, 0) && !sample(12, 12, 0), "unless the program has none to keep");
    open((struct bounds_setup){0});
    tap_ok(collect(GC_PAUSE_FULL, 31, 31, 20, 20), "a share of what is left may come to it");
    tap_ok(sample(81, 81, 0), "with what these keep");
    tap_ok(!sample(82, 82, 0), "and no more");
    stated.held.left_weight = 12;
    open((struct bounds_setup){0});
    tap_ok(collect(GC_PAUSE_FULL, 31, 31, 20, 20), "where bytes of what is left count,");
    tap_ok(sample(111, 111, 0), "20 objects of 24 bytes count as 40");
    tap_ok(!sample(112, 112, 0), "and as no more");
}

static void weight(void)
{
    traits = (struct gc_traits){.reclaims_cycles = true};
    stated = (struct gc_bounds){.held = {.in_objects = true, .times = 2, .structures = 1000, .weight = 16},
                                .full = {.operations = 1},
                                .visits = {.none = "of no interest"}};
    open((struct bounds_setup){0});
    /* 1000 objects weigh 16,000 bytes, and a sixteenth more; an object has 24. */
    tap_ok(sample(709, 709, 0), "where bytes weigh, few objects may hold as many as are stated");
    tap_ok(sample(710, 710, 0) && sample(756, 710, 0), "more may be held until a look is due");
    tap_ok(!sample(757, 710, 0), "and no longer");
    open((struct bounds_setup){0});
    tap_ok(sample(800, 800, 790), "unless they live");
}

static void ringless(void)
{
    traits = (struct gc_traits){.frees_at_once = true};
    stated = (struct gc_bounds){.held = {.none = "rings stay"}};
    open((struct bounds_setup){.ringless = true});
    tap_ok(sample(100, 50, 50), "without rings, exactly what lives is held");
    tap_ok(!sample(10000, 51, 50), "and not one object more");
    open((struct bounds_setup){0});
    tap_ok(sample(10000, 51, 50), "with rings, it may be");
    traits.frees_at_once = false;
    open((struct bounds_setup){.ringless = true});
    tap_ok(sample(10000, 51, 50), "so it may be where nothing is freed at once");
}

static void tables(void)
{
    traits = (struct gc_traits){0};
    stated = (struct gc_bounds){.held = {.none = "of no interest"},
                                .tables = {.for_object = 8, .for_byte = 1, .for_name = 2, .besides = 64}};
    open((struct bounds_setup){0});
    /* 11 objects, 10 and one that is being made; 264 bytes of them; 4 names. */
    mutator.account.metadata_peak = 8 * 11 + 264 + 2 * 4 + 64;
    tap_ok(sample(10, 10, 0), "tables may be as large as is stated");
    mutator.account.metadata_peak++;
    tap_ok(!sample(10, 10, 0), "and not a byte larger");
    mutator.account.metadata_peak--;
    tap_ok(sample(20, 1, 0), "they may stay when the heap falls");
    open((struct bounds_setup){0});
    mutator.test.small_chunks = true;
    mutator.account.metadata_peak = 8 * 11 + 16 * (264 + 2 * 4) + 64;
    tap_ok(sample(10, 10, 0), "where chunks are small, 16 times as much for each byte and name");
    mutator.account.metadata_peak++;
    tap_ok(!sample(10, 10, 0), "and no more");
    mutator.test.small_chunks = false;
}

static void visits(void)
{
    traits = (struct gc_traits){.reclaims_cycles = true};
    stated = (struct gc_bounds){.held = {.none = "of no interest"},
                                .full = {.operations = 1},
                                .young = {.operations = 1},
                                .visits = {.for_object = 2, .for_name = 1, .for_live = 1}};
    open((struct bounds_setup){0});
    tap_ok(collect(GC_PAUSE_YOUNG, 10, 10, 5, 24), "a collection may visit as many objects as is stated");
    tap_ok(!collect(GC_PAUSE_YOUNG, 10, 10, 5, 25), "and no more");
    tap_ok(collect(GC_PAUSE_YOUNG, 10, 10, 5, 0), "one of the young may visit few");
    tap_ok(collect(GC_PAUSE_FULL, 10, 10, 5, 5), "a full one visits what lives");
    tap_ok(!collect(GC_PAUSE_FULL, 10, 10, 5, 4), "and no less");
}

static void pace(void)
{
    traits = (struct gc_traits){.reclaims_cycles = true};
    stated = (struct gc_bounds){
        .held = {.none = "of no interest"}, .visits = {.none = "of no interest"}, .full = {.objects = 100}};
    open((struct bounds_setup){0});
    tap_ok(collect(GC_PAUSE_FULL, 100, 100, 0, 0), "a collection comes after what is stated");
    tap_ok(!collect(GC_PAUSE_FULL, 198, 98, 0, 0), "the next one may not come early");
    tap_ok(!collect(GC_PAUSE_YOUNG, 300, 100, 0, 0), "a young one may not come where nothing calls for it");
    stated.full = (struct gc_pace_bound){.left = 1, .bytes = 240};
    open((struct bounds_setup){0});
    tap_ok(collect(GC_PAUSE_FULL, 10, 10, 10, 0) && collect(GC_PAUSE_FULL, 100, 100, 90, 0) &&
               collect(GC_PAUSE_FULL, 190, 180, 90, 0),
           "the distance grows with what the last one left");
    tap_ok(!collect(GC_PAUSE_FULL, 270, 170, 90, 0), "and what comes nearer is early");
    stated.full = (struct gc_pace_bound){.bytes = 2400, .early = 2};
    open((struct bounds_setup){0});
    tap_ok(collect(GC_PAUSE_FULL, 100, 100, 0, 0) && collect(GC_PAUSE_FULL, 110, 10, 0, 0) &&
               collect(GC_PAUSE_FULL, 120, 10, 0, 0),
           "two in a row may come early where that is stated");
    tap_ok(!collect(GC_PAUSE_FULL, 130, 10, 0, 0), "three may not");
    stated.full = (struct gc_pace_bound){.operations = 500};
    open((struct bounds_setup){0});
    bool kept = true;
    for (uint64_t i = 1; i <= 4; i++)
        kept &= collect(GC_PAUSE_FULL, 10 * i, 10, 0, 0);
    tap_ok(kept && ends(), "a thousand operations may call for four, at one for 500 and two besides");
    tap_ok(collect(GC_PAUSE_FULL, 50, 10, 0, 0) && !ends(), "and for no fifth");
}

/* Where no object holds a reference, a collector that waits for references to go waits for ever. */
static void refless(void)
{
    traits = (struct gc_traits){.reclaims_cycles = true};
    stated = (struct gc_bounds){.held = {.none = "of no interest"},
                                .visits = {.none = "of no interest"},
                                .full = {.operations = 100, .bytes = 100, .by_references = true}};
    open((struct bounds_setup){0});
    tap_ok(collect(GC_PAUSE_FULL, 100, 100, 0, 0), "operations may call for a collection");
    open((struct bounds_setup){.refless = true});
    tap_ok(!collect(GC_PAUSE_FULL, 100, 100, 0, 0), "unless those on references do, and there are none");
    stated.full.by_references = false;
    open((struct bounds_setup){.refless = true});
    tap_ok(collect(GC_PAUSE_FULL, 100, 100, 0, 0), "where it does not matter, they may");
}

/* A trigger by births says when a full collection has begun at the latest, if anything has stayed. */
static void latest(void)
{
    traits = (struct gc_traits){.reclaims_cycles = true};
    stated = (struct gc_bounds){
        .held = {.none = "of no interest"},
        .visits = {.none = "of no interest"},
        .young = {.objects = 1},
        .full = {.objects = 100, .latest = 100, .latest_grown = 0.5, .latest_besides = 20}};
    open((struct bounds_setup){0});
    tap_ok(collect(GC_PAUSE_FULL, 101, 60, 10, 60), "a full collection begins after so many births");
    tap_ok(collect(GC_PAUSE_YOUNG, 202, 111, 111, 0), "the births count from there");
    tap_ok(!collect(GC_PAUSE_YOUNG, 203, 112, 112, 0), "one birth more, and it is late");
    open((struct bounds_setup){0});
    tap_ok(collect(GC_PAUSE_FULL, 101, 60, 10, 60), "a second heap begins like the first");
    tap_ok(collect(GC_PAUSE_YOUNG, 300, 36, 36, 0), "what counting has freed was not born");
    heap(500, 36, 36);
    mutator.account.freed_objects = 500 - 36;
    bounds.freed_in_pauses += 200;
    tap_ok(ends(), "nothing is late while no more is held than what was left, its share and what is young");
    heap(501, 37, 37);
    tap_ok(!ends(), "the end of a program is looked at, too");
    bounds.makes_acyclic = true;
    tap_ok(ends(), "where acyclic objects were made, births are not known");
}

static void slope(void)
{
    enum { MILLION = 1000000 };
    traits = (struct gc_traits){.conservative = true};
    stated = (struct gc_bounds){.held = {.none = "nobody knows"}};
    open((struct bounds_setup){0});
    bounds.program_bytes = 24 * 4 * (uint64_t)MILLION;
    sample(MILLION, MILLION, 0);
    sample(4 * MILLION, 3 * MILLION, 0);
    tap_ok(ends(), "a heap that grows no more than its collector lets it has no slope");
    sample(4 * MILLION, 3 * MILLION + 1, 0);
    tap_ok(!ends(), "one that holds more than three times what its first quarter held has one");
}

int main(void)
{
    held();
    for_names();
    families();
    weight();
    ringless();
    tables();
    visits();
    pace();
    refless();
    latest();
    slope();
    return tap_done();
}
