/* SPDX-License-Identifier: MIT */
#include "harness/stress/driver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/stress/coverage.h"
#include "harness/stress/same-build.h"
#include "harness/stress/watch.h"

enum {
    BATCHES = 4, /* batches open at once: while the slowest collector ends one, the others go on */
    WAIT_MS = 200,
};

#define OWN_COLLECTIONS                                                                                      \
    "operations=1200000,cyclic=1,collects=0,checkpoints=0,counts=0,drops=0.6,array=300,bytes=1000"

/* In programs of phases, nobody asks for a collection. Each is the collector's own. */
#define STEADY "collects=0,checkpoints=0,counts=0,"

/* Short programs, much zeal and drawn dials find most bugs. Each of the other mixes finds bugs that nothing
 * else does. */
const struct driver_mix driver_mixes[] = {
    {"swarm=on,vary=on", "", 100},
    {"zeal=every,swarm=on", "", 10},
    {"zeal=random,every=3,checks=9,vary=on", "operations=300", 60},
    {"fault=one,zeal=nth,every=5,swarm=on", "", 20},
    /* These hold thousands of objects over many collections. The collectors are held to their bounds. */
    {"bounds=on,structure=41", STEADY "steady=1000,ring=40,operations=1000000,cyclic=0.7", 1},
    {"bounds=on,structure=21,vary=below", STEADY "steady=200,ring=20,operations=150000,cyclic=0.7", 3},
    {"bounds=on,structure=21,vary=below",
     STEADY "steady=20,ring=20,operations=20000,cyclic=0.9,acyclic=0.9,bytes=200000", 2},
    /* Rings grow old by the hundred thousand, so that every trigger has to call for a full collection. */
    {"bounds=on,structure=11,leafless=on,least_full=1",
     STEADY "steady=20000,ring=10,operations=4000000,cyclic=1,acyclic=0", 1},
    {"bounds=on,ringless=on,vary=below", STEADY "steady=200,ring=20,operations=150000,cyclic=0", 2},
    {"fault=from,vary=on", "operations=200", 200},
    {"stuck=5,vary=on,zeal=random,every=9", "", 60},
    {"fault=limit,swarm=on", "", 100},
    {"fault=budget,vary=on", "operations=400", 100},
    {"fault=tables,vary=on", "operations=300", 60},
    {"vary=on",
     "operations=36000,depth=8000,live=8000,fan_in=3000,array=1200,bytes=4000,ring=200,globals=40,"
     "checkpoints=1",
     3},
    {"fault=one", "operations=60,bytes=40000,acyclic=1,single=0.9", 100},
    /* These programs collect nothing. All collections counted are the collector's own. */
    {"least=3,most=40", OWN_COLLECTIONS, 1},
    {"least=3,vary=below", OWN_COLLECTIONS, 1},
    /* These have arrays with heap blocks of their own, written to long after they were made. */
    {"zeal=random,every=3,checks=9,vary=on", "operations=400,live=1000,array=3000,fan_in=1000,single=0.8",
     30},
    /* Nothing here is on a ring, or leads to one: who waits for references to go waits for ever. */
    {"bounds=on,ringless=on,refless=on,vary=below",
     STEADY "steady=200,ring=1,operations=40000,cyclic=0,acyclic=0", 4},
    /* Many objects die, and one that is as large wants their room, where there is no other. */
    {"fault=budget,small=on,vary=on", "waves=200,operations=2500,bytes=4000,cyclic=0.5", 20},
    /* Objects own bytes outside of the heap, which weigh in triggers and are charged to limits, or not. */
    {"zeal=random,every=9,checks=9,vary=on", "external=0.6", 20},
    {"zeal=random,every=9,checks=9,vary=on", "external=0.6,attended=0.3,cyclic=0", 20},
    {"fault=limit,vary=on", "external=0.6", 20},
    {"vary=on", "external=0.6,attended=0.3,operations=3000", 10},
    /* Much is dead, and its memory waits for a sweep over several collections. */
    {"vary=on", "external=0.9,operations=9000,live=6000,ring=200,depth=2000,calls=3", 4},
    {"fault=budget,small=on,vary=on", "external=0.6,operations=400", 10},
    /* Finalisers are due, weak references lead somewhere, and much dies between two calls. */
    {"zeal=random,every=9,checks=9,vary=on", "attended=0.3", 60},
    /* What lives is left out of collections for a while, and some of it dies on rings. */
    {"zeal=random,every=9,checks=9,vary=on", "freezes=0.5,collects=20,checkpoints=6,cyclic=0.8", 40},
    {"checks=9,vary=on", "freezes=0.5,collects=20,checkpoints=6,attended=0.2,external=0.3", 40},
    {"small=on,vary=on", "freezes=0.4,operations=6000,live=4000,ring=200,edges=0.2,collects=30,checkpoints=9",
     2},
    /* Ranges are filled, cleared, and copied over themselves and others; what stood there dies. */
    {"zeal=random,every=9,checks=9,vary=on", "ranges=0.4,array=40", 40},
    {"checks=13,stuck=9", "ranges=0.4,array=200,edges=0.2,largest=65536", 20},
    {"checks=13,vary=on", "ranges=0.3,attended=0.2,array=60", 20},
    {"swarm=on,vary=on", "attended=0.8", 60},
    {"fault=one,zeal=nth,every=5,swarm=on", "attended=0.8", 20},
    /* Long chains and large flocks of them: the queue of finalisers grows, and moves. */
    {"vary=on", "attended=0.5,single=0.2,operations=9000,depth=2000,live=6000,calls=3", 4},
    /* Where no structure has a ring, collectors that find none take part. */
    {"zeal=random,every=9,checks=9,vary=on", "attended=0.3,cyclic=0", 30},
    {"fault=budget,small=on,vary=on", "waves=200,operations=2500,bytes=4000,attended=0.5", 10},
    /* Each switch of a collector is on in one program of two, and its triggers are at their defaults. */
    {"least=3,vary=switches", OWN_COLLECTIONS, 1},
};
const size_t driver_mix_count = sizeof driver_mixes / sizeof *driver_mixes;

enum part_state { PART_WAITING, PART_RUNNING, PART_DONE };

/* The part of a batch that one collector runs. */
struct part {
    enum part_state state;
    bool compared;
    struct worker_outcome outcome;
};

struct batch {
    const struct driver_mix *mix;
    uint64_t seed;
    uint64_t programs;
    struct part *parts; /* the truth's part, then one for each worker; NULL: the batch is not open */
};

struct driver {
    const struct driver_request *request;
    struct driver_result *result;
    struct batch batches[BATCHES];
    uint64_t opened; /* batches opened so far */
    uint64_t seeds;  /* seeds given out so far */
    struct watch watch;
    struct child *children; /* one child for each job */
    struct part **running;  /* the part that each job runs */
    struct batch **running_in;
    char *boundaries; /* the request's, as text */
};

/* ---- findings ---- */

static struct driver_finding *finding_add(struct driver *driver, size_t worker, const struct batch *batch,
                                          const char *kind)
{
    struct driver_result *result = driver->result;
    result->findings = memory_grow(result->findings, result->finding_count + 1, sizeof *result->findings);
    struct driver_finding *finding = &result->findings[result->finding_count++];
    *finding = (struct driver_finding){
        .worker = driver->request->workers[worker], .mix = batch->mix, .after_ns = watch_ns(&driver->watch)};
    strncpy(finding->kind, kind, KIND_BYTES - 1);
    result->tallies[worker].findings++;
    return finding;
}

static void take_own_finding(struct driver *driver, size_t worker, const struct batch *batch,
                             const struct worker_outcome *outcome)
{
    struct driver_finding *finding = finding_add(driver, worker, batch, outcome->kind);
    finding->line = (struct line){.seed = outcome->seed, .at = outcome->at};
    finding->options = text_format("%s", outcome->options);
    finding->text = text_format("%s", outcome->text);
    finding->detail = text_format("%s", outcome->detail);
}

static void take_difference(struct driver *driver, size_t worker, const struct batch *batch,
                            const struct line *line, const char *field)
{
    struct driver_finding *finding = finding_add(driver, worker, batch, field);
    finding->line = *line;
    finding->options = NULL; /* the seed draws them again when the program is shrunk */
    finding->text = text_format(
        strcmp(field, "digest") == 0    ? "what the program can reach is not what it is under %s"
        : strcmp(field, "counted") == 0 ? "what is held is not what counting alone would hold, by %s"
                                        : "the program ran out of memory here, or only under %s",
        WORKERS_TRUTH);
    finding->detail = text_format("%s", "");
}

static void tally_add(struct driver_tally *tally, const struct worker_outcome *outcome, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        tally->programs +=
            outcome->lines[i].operations > 0; /* else the collector does not run such programs */
#define SUM(name) tally->sums.name += outcome->lines[i].name;
        LINE_COLUMNS(SUM)
#undef SUM
    }
}

/* Adds what the first `count` programs reached. A program that ran out of memory may not have come so far. */
static void tally_hits(struct driver *driver, size_t worker, const struct worker_outcome *truth,
                       const struct worker_outcome *outcome, size_t count)
{
    for (size_t i = 0; i < count && i < truth->count; i++)
        if (truth->hits[i] && !outcome->lines[i].exhausted)
            coverage_read(truth->hits[i], driver->result->tallies[worker].hits,
                          driver->request->boundaries->count);
}

/* Compares a part with the truth's, both of which have run. A collector's first finding is its last. */
static void part_compare(struct driver *driver, struct batch *batch, size_t worker)
{
    struct part *part = &batch->parts[worker + 1];
    const char *field;
    part->compared = true;
    if (driver->result->tallies[worker].findings)
        return;
    size_t same = workers_outcome_compare(&batch->parts[0].outcome, &part->outcome, &field);
    tally_add(&driver->result->tallies[worker], &part->outcome, same);
    tally_hits(driver, worker, &batch->parts[0].outcome, &part->outcome, same);
    if (same < part->outcome.count)
        take_difference(driver, worker, batch, &part->outcome.lines[same], field);
    else if (part->outcome.found)
        take_own_finding(driver, worker, batch, &part->outcome);
}

/* ---- batches ---- */

static bool is_out(const struct driver *driver, size_t worker)
{
    return driver->result->tallies[worker].findings > 0;
}

static bool is_worker_truth(const struct driver *driver, size_t worker)
{
    return driver->request->workers[worker] == driver->request->truth;
}

static bool are_all_out(const struct driver *driver)
{
    for (size_t i = 0; i < driver->request->worker_count; i++)
        if (!is_out(driver, i))
            return false;
    return true;
}

static bool may_open(const struct driver *driver)
{
    const struct driver_request *request = driver->request;
    return !watch_interrupted() && !are_all_out(driver) &&
           (!request->programs || driver->seeds < request->programs) &&
           (request->seconds <= 0 || watch_seconds(&driver->watch) < request->seconds);
}

static void batch_open(struct driver *driver, struct batch *batch)
{
    const struct driver_request *request = driver->request;
    const struct driver_mix *mix = &request->mixes[driver->opened++ % request->mix_count];
    uint64_t left = request->programs ? request->programs - driver->seeds : UINT64_MAX;
    *batch = (struct batch){.mix = mix,
                            .seed = request->seed + driver->seeds,
                            .programs = mix->programs < left ? mix->programs : left,
                            .parts = memory_new(request->worker_count + 1, sizeof *batch->parts)};
    driver->seeds += batch->programs;
    /* The truth runs once, even where it is itself tested. Its own part is then the same. */
    for (size_t i = 0; i < request->worker_count; i++)
        if (is_out(driver, i) || is_worker_truth(driver, i))
            batch->parts[i + 1].state = PART_DONE;
}

static void batch_close(struct driver *driver, struct batch *batch)
{
    for (size_t i = 0; i <= driver->request->worker_count; i++)
        workers_outcome_free(&batch->parts[i].outcome);
    free(batch->parts);
    *batch = (struct batch){0};
}

/* Takes the truth's part as that of a worker, if the truth is one of the workers. */
static void truth_take(struct driver *driver, struct batch *batch)
{
    struct worker_outcome *outcome = &batch->parts[0].outcome;
    for (size_t i = 0; i < driver->request->worker_count; i++) {
        if (!is_worker_truth(driver, i) || is_out(driver, i))
            continue;
        tally_add(&driver->result->tallies[i], outcome, outcome->count);
        tally_hits(driver, i, outcome, outcome, outcome->count);
        batch->parts[i + 1].compared = true;
        if (outcome->found)
            take_own_finding(driver, i, batch, outcome);
    }
}

static void batch_look(struct driver *driver, struct batch *batch)
{
    bool done = batch->parts[0].state == PART_DONE;
    for (size_t i = 0; i < driver->request->worker_count; i++) {
        struct part *part = &batch->parts[i + 1];
        if (done && part->state == PART_DONE && !part->compared && !is_worker_truth(driver, i))
            part_compare(driver, batch, i);
        done &= part->state == PART_DONE;
    }
    if (done)
        batch_close(driver, batch);
}

/* Returns the next part that nobody runs, the truth's first. Opens a batch when there is none. */
static struct part *part_next(struct driver *driver, struct batch **ret_batch)
{
    struct batch *closed = NULL;
    for (size_t place = 0; place < BATCHES; place++) {
        struct batch *batch = &driver->batches[place];
        if (!batch->parts) {
            closed = batch;
            continue;
        }
        for (size_t i = 0; i <= driver->request->worker_count && !watch_interrupted(); i++) {
            *ret_batch = batch;
            if (batch->parts[i].state == PART_WAITING)
                return &batch->parts[i];
        }
    }
    if (!closed || !may_open(driver))
        return NULL;
    batch_open(driver, closed);
    *ret_batch = closed;
    return &closed->parts[0];
}

/* ---- processes ---- */

static const struct worker *worker_of(const struct driver *driver, const struct batch *batch,
                                      const struct part *part)
{
    size_t place = (size_t)(part - batch->parts);
    return place ? driver->request->workers[place - 1] : driver->request->truth;
}

/* Gives every idle job a part to run. Returns 0, or -1 with errno set. */
static int jobs_fill(struct driver *driver)
{
    for (size_t job = 0; job < driver->request->jobs; job++) {
        struct batch *batch;
        struct part *part = driver->children[job].pid ? NULL : part_next(driver, &batch);
        if (!part)
            continue;
        struct worker_task task = {.seed = batch->seed,
                                   .programs = batch->programs,
                                   .conditions = batch->mix->conditions,
                                   .dials = batch->mix->dials,
                                   .boundaries = driver->boundaries,
                                   .coverage = part == batch->parts};
        if (workers_start(worker_of(driver, batch, part), &task, &driver->children[job]) < 0)
            return -1;
        part->state = PART_RUNNING;
        driver->running[job] = part;
        driver->running_in[job] = batch;
    }
    return 0;
}

static bool is_busy(const struct driver *driver)
{
    for (size_t job = 0; job < driver->request->jobs; job++)
        if (driver->children[job].pid)
            return true;
    return false;
}

static void child_take(struct driver *driver, struct child *child)
{
    size_t job = (size_t)(child - driver->children);
    struct part *part = driver->running[job];
    struct batch *batch = driver->running_in[job];
    workers_outcome_read(child, batch->seed, &part->outcome);
    child_close(child);
    part->state = PART_DONE;
    if (part == batch->parts)
        truth_take(driver, batch);
    batch_look(driver, batch);
}

int driver_check(const struct driver_request *request)
{
    int status = same_build_check("stress", request->truth->path);
    for (size_t i = 0; i < request->worker_count && status == 0; i++)
        if (request->workers[i] != request->truth && !request->workers[i]->runtime)
            status = same_build_check("stress", request->workers[i]->path);
    return status;
}

/* A finding says something only while the worker and the truth are of this program's build. They may have been built
 * anew since the campaign began. */
static int findings_check(const struct driver *driver, size_t before)
{
    const struct driver_result *result = driver->result;
    int status = 0;
    if (result->finding_count > before)
        status = same_build_check("stress", driver->request->truth->path);
    for (size_t i = before; i < result->finding_count && status == 0; i++)
        status = same_build_check("stress", result->findings[i].worker->path);
    return status;
}

static int campaign_run(struct driver *driver, driver_progress progress)
{
    while (!watch_interrupted() && !are_all_out(driver)) {
        if (jobs_fill(driver) < 0)
            return message_bad_input("stress: a worker cannot be started: %s", strerror(errno));
        if (!is_busy(driver))
            return 0;
        struct child *child =
            child_wait(driver->children, driver->request->jobs, WAIT_MS, WORKERS_SILENCE_NS);
        size_t findings = driver->result->finding_count;
        if (child)
            child_take(driver, child);
        int status = findings_check(driver, findings);
        if (status != 0)
            return status;
        driver->result->elapsed_ns = watch_ns(&driver->watch);
        if (progress)
            progress(driver->request, driver->result);
    }
    return 0;
}

static void driver_close(struct driver *driver)
{
    for (size_t job = 0; job < driver->request->jobs; job++)
        child_close(&driver->children[job]);
    for (size_t b = 0; b < BATCHES; b++)
        if (driver->batches[b].parts)
            batch_close(driver, &driver->batches[b]);
    free(driver->children);
    free(driver->running);
    free(driver->running_in);
    free(driver->boundaries);
}

int driver_run(const struct driver_request *request, driver_progress progress,
               struct driver_result *ret_result)
{
    struct driver driver = {.request = request, .result = ret_result};
    *ret_result =
        (struct driver_result){.tallies = memory_new(request->worker_count, sizeof *ret_result->tallies)};
    for (size_t i = 0; i < request->worker_count; i++)
        ret_result->tallies[i].hits = memory_new(request->boundaries->count + 1, 1);
    driver.boundaries = boundaries_text(request->boundaries);
    driver.children = memory_new(request->jobs, sizeof *driver.children);
    driver.running = memory_new(request->jobs, sizeof *driver.running);
    driver.running_in = memory_new(request->jobs, sizeof *driver.running_in);
    watch_begin(&driver.watch);
    int status = campaign_run(&driver, progress);
    ret_result->interrupted = watch_interrupted();
    driver_close(&driver);
    watch_end(&driver.watch);
    return status;
}

void driver_result_free(const struct driver_request *request, struct driver_result *result)
{
    for (size_t i = 0; i < request->worker_count; i++)
        free(result->tallies[i].hits);
    for (size_t i = 0; i < result->finding_count; i++) {
        free(result->findings[i].options);
        free(result->findings[i].text);
        free(result->findings[i].detail);
    }
    free(result->findings);
    free(result->tallies);
    *result = (struct driver_result){0};
}
