/* SPDX-License-Identifier: MIT */
/*
 * One processor for all that is measured, and another for the harness.
 *
 * The processors of a shared machine are not alike: a neighbour may load one of them, and one was seen to take
 * twice as long as another. A process that moves between them has a time of both. So a session keeps what it
 * measures on the processor that is fastest as the session begins, and itself on another one.
 */
#ifndef HARNESS_CAMPAIGN_MACHINE_PROCESSOR_H
#define HARNESS_CAMPAIGN_MACHINE_PROCESSOR_H

#include <jansson.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What was found on a processor: the least time of a fixed work, and the share of all probes spent waiting. */
struct processor_probe {
    int processor;
    int64_t least_ns;
    double queued_share; /* above PROCESSOR_BUSY another program was running there */
};

/* From this share on a processor is busy. Two programs that want one processor wait half of the time each. */
#define PROCESSOR_BUSY 0.1

struct processors {
    bool kept;                      /* false: one processor alone, or the system cannot say or keep */
    int measured, orchestrator;     /* numbers; -1 where nothing is kept */
    struct processor_probe *probes; /* of each processor that this process may use */
    size_t count;
    cpu_set_t measured_set, allowed; /* what is measured; where this process was before */
};

/*
 * Probes the processors that this process may use, in turn, so that a short disturbance falls on all of them.
 * The fastest by its least time becomes the measured one. This process moves to another one: to one that is
 * no sibling of the measured one (two threads of a core share its caches), where there is such a one. With
 * one processor nothing is kept. `root` stands before paths under /sys: "" but in tests. About 50 ms for each
 * processor. The caller calls processors_release().
 */
void processors_keep(const char *root, struct processors *ret_processors);

/* Where the measured process and its children may run; NULL where nothing is kept. */
const cpu_set_t *processors_measured(const struct processors *processors);

/* Puts this process back where it was, and frees what was found. */
void processors_release(struct processors *processors);

/*
 * `{processor, orchestrator_processor, probes: [{processor, least_ns, queued_share}]}`; a new reference. The
 * first two are null where nothing is kept.
 */
json_t *processors_describe(const struct processors *processors);

/* What is wrong with these processors, as an array of sentences; a new reference. Empty where nothing is. */
json_t *processors_warnings(const struct processors *processors);

/* The choice alone, from what was found: sets `measured` and `orchestrator`. For two probes or more. */
void processors_choose(const char *root, struct processors *processors);

#endif
