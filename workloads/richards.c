/* SPDX-License-Identifier: MIT */
/*
 * richards: the core of an operating system hands packets from task to task, as in the benchmark of that name. Martin
 * Richards wrote it in BCPL, at Cambridge. Deutsch brought it to Smalltalk, and Wolczko and others brought it
 * to many languages; the suites of Self and V8 have it. The tasks, their priorities and the idle task's
 * 10,000 rounds are those of V8's version, whose known answers are 23,246 packets queued and 9,297 tasks held.
 *
 * An idle task releases two devices in an irregular order. A worker fills packets with letters, and two handlers send
 * them to the devices letter by letter. Each waits until a packet comes or it is released. Blocks, tasks, packets and
 * their data are objects, and refer to each other by fields. A task refers to its scheduler, and the scheduler to its
 * blocks: when a round ends, all of it is one ring.
 *
 * Stresses reading and writing of fields, and binding of names, with hardly an allocation. It shows what an operation
 * costs by itself: a count, or a barrier.
 *
 * Some thirty objects live, so all of it is in the cache. Conclude nothing about allocation or collection. Tasks are
 * told apart by their kind and not by methods, so compare with no figure of another language.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

struct richards_options {
    uint64_t rounds;
    uint64_t count;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct richards_options, rounds, 800, 1, 1e9, "", "how often the system is made and run"),
    OPTION_INTEGER(struct richards_options, count, 10000, 1, 1e12, "", "rounds of the idle task in each"),
};
static const struct option_table options = OPTION_TABLE(struct richards_options, option_specs);

enum { KNOWN_COUNT = 10000, KNOWN_QUEUED = 23246, KNOWN_HELD = 9297 };

/* The numbers of the tasks, in the order in which they are made. */
enum task_number { IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B, TASKS };
enum task_kind { KIND_IDLE, KIND_WORKER, KIND_HANDLER, KIND_DEVICE };
enum packet_kind { PACKET_OF_DEVICE, PACKET_OF_WORK };
enum { LETTERS = 4, ALPHABET = 26 };

/* What may be true of a task. One of which nothing is true runs, or could. */
enum { HAS_PACKET = 1, IS_SUSPENDED = 2, IS_HELD = 4 };

struct scheduler_payload {
    uint64_t queued; /* packets handed to a task */
    uint64_t held;   /* times that a task was held */
};

struct block_payload {
    uint64_t number; /* enum task_number */
    uint64_t priority;
    uint64_t state;
};

/*
 * The numbers of a task:
 *
 *      kind        a                                   b
 *      idle        the state of its random numbers     rounds left
 *      worker      the handler that had the last one   the last letter
 */
struct task_payload {
    uint64_t kind; /* enum task_kind */
    uint64_t a, b;
};

struct packet_payload {
    uint64_t
        number;     /* of the task that it goes to, and in the queue of one, of the task that it comes from */
    uint64_t kind;  /* enum packet_kind */
    uint64_t place; /* of work: the next letter; of a device: the letter */
};

enum { SCHEDULER, TABLE, BLOCK, TASK, PACKET, DATA };
static const struct gc_shape shapes[] = {
    [SCHEDULER] = {.name = "scheduler",
                   .id = SCHEDULER,
                   .refs = 3,
                   .payload = sizeof(struct scheduler_payload)},
    [TABLE] = {.name = "table", .id = TABLE, .refs = TASKS},
    [BLOCK] = {.name = "block", .id = BLOCK, .refs = 3, .payload = sizeof(struct block_payload)},
    [TASK] = {.name = "task", .id = TASK, .refs = 3, .payload = sizeof(struct task_payload)},
    [PACKET] = {.name = "packet", .id = PACKET, .refs = 2, .payload = sizeof(struct packet_payload)},
    [DATA] = {.name = "data", .id = DATA, .flags = GC_SHAPE_ACYCLIC, .payload = LETTERS * sizeof(uint64_t)},
};
enum { SCHEDULER_TABLE, SCHEDULER_BLOCKS, SCHEDULER_CURRENT };
enum { BLOCK_NEXT, BLOCK_PACKETS, BLOCK_TASK };
enum {
    TASK_SCHEDULER,
    TASK_WORK,
    TASK_DEVICE
}; /* packets of a handler; a device keeps one under TASK_DEVICE */
enum { PACKET_NEXT, PACKET_DATA };

static struct scheduler_payload *scheduler_payload(const struct gc_slot *scheduler)
{
    return gc_payload(gc_local_get(scheduler), &shapes[SCHEDULER]);
}

static struct block_payload *block_payload(struct gc_ref block)
{
    return gc_payload(block, &shapes[BLOCK]);
}

static struct task_payload *task_payload(const struct gc_slot *task)
{
    return gc_payload(gc_local_get(task), &shapes[TASK]);
}

static struct packet_payload *packet_payload(struct gc_ref packet)
{
    return gc_payload(packet, &shapes[PACKET]);
}

static uint64_t *packet_letters(struct gc_mutator *mutator, struct gc_ref packet)
{
    return gc_payload(gc_field_get(mutator, packet, PACKET_DATA), &shapes[DATA]);
}

/* ---- queues of packets: a field of their holder, and from there from packet to packet ---- */

static void queue_append(struct gc_mutator *mutator, const struct gc_slot *holder, uint64_t field,
                         const struct gc_slot *packet)
{
    gc_field_del(mutator, gc_local_get(packet), PACKET_NEXT);
    struct gc_ref last = gc_local_get(holder);
    for (struct gc_ref next; !gc_is_null(next = gc_field_get(mutator, last, field)); field = PACKET_NEXT)
        last = next;
    gc_field_set(mutator, last, field, gc_local_get(packet));
}

/* Takes the first packet of a queue that is not empty. */
static void queue_take(struct gc_mutator *mutator, const struct gc_slot *holder, uint64_t field,
                       struct gc_slot *packet)
{
    gc_local_set(mutator, packet, gc_field_get(mutator, gc_local_get(holder), field));
    gc_field_set(mutator, gc_local_get(holder), field,
                 gc_field_get(mutator, gc_local_get(packet), PACKET_NEXT));
}

/* ---- the scheduler: what a task may ask for; each binds `next` to the block that runs next ---- */

static struct gc_ref scheduler_current(struct gc_mutator *mutator, const struct gc_slot *scheduler)
{
    return gc_field_get(mutator, gc_local_get(scheduler), SCHEDULER_CURRENT);
}

static struct gc_ref scheduler_block(struct gc_mutator *mutator, const struct gc_slot *scheduler,
                                     uint64_t number)
{
    return gc_field_get(mutator, gc_field_get(mutator, gc_local_get(scheduler), SCHEDULER_TABLE), number);
}

/* The task waits for a packet. */
static void scheduler_suspend(struct gc_mutator *mutator, const struct gc_slot *scheduler,
                              struct gc_slot *next)
{
    struct gc_ref current = scheduler_current(mutator, scheduler);
    block_payload(current)->state |= IS_SUSPENDED;
    gc_local_set(mutator, next, current);
}

/* The task waits until it is released. */
static void scheduler_hold(struct gc_mutator *mutator, const struct gc_slot *scheduler, struct gc_slot *next)
{
    struct gc_ref current = scheduler_current(mutator, scheduler);
    scheduler_payload(scheduler)->held++;
    block_payload(current)->state |= IS_HELD;
    gc_local_set(mutator, next, gc_field_get(mutator, current, BLOCK_NEXT));
}

/* Releases another task, which runs next if it has the higher priority. */
static void scheduler_release(struct gc_mutator *mutator, const struct gc_slot *scheduler,
                              struct gc_slot *next, uint64_t number)
{
    struct gc_ref current = scheduler_current(mutator, scheduler);
    struct gc_ref released = scheduler_block(mutator, scheduler, number);
    block_payload(released)->state &= ~(uint64_t)IS_HELD;
    bool sooner = block_payload(released)->priority > block_payload(current)->priority;
    gc_local_set(mutator, next, sooner ? released : current);
}

/* Hands a packet to the task whose number it has. That one runs next if it had none and has the higher priority. */
static void scheduler_queue(struct gc_mutator *mutator, const struct gc_slot *scheduler, struct gc_slot *next,
                            const struct gc_slot *packet)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *receiver = &frame.slot[0];
    struct packet_payload *payload = packet_payload(gc_local_get(packet));
    gc_local_set(mutator, receiver, scheduler_block(mutator, scheduler, payload->number));
    scheduler_payload(scheduler)->queued++;
    packet_payload(gc_local_get(packet))->number =
        block_payload(scheduler_current(mutator, scheduler))->number;
    bool waited = gc_is_null(gc_field_get(mutator, gc_local_get(receiver), BLOCK_PACKETS));
    queue_append(mutator, receiver, BLOCK_PACKETS, packet);
    struct gc_ref current = scheduler_current(mutator, scheduler);
    if (waited) {
        block_payload(gc_local_get(receiver))->state |= HAS_PACKET;
        if (block_payload(gc_local_get(receiver))->priority > block_payload(current)->priority)
            current = gc_local_get(receiver);
    }
    gc_local_set(mutator, next, current);
    gc_frame_leave(mutator, frame);
}

/* ---- the tasks ---- */

/* The names of a call of a task: what it is, who runs it, and the packet that it was called with, or none. */
enum { CALL_TASK, CALL_SCHEDULER, CALL_PACKET, CALL_NAMES };

/* Releases one device or the other, by random numbers of a shift register. */
static void idle_run(struct gc_mutator *mutator, struct gc_slot *names, struct gc_slot *next)
{
    struct task_payload *task = task_payload(&names[CALL_TASK]);
    if (--task->b == 0) {
        scheduler_hold(mutator, &names[CALL_SCHEDULER], next);
        return;
    }
    bool odd = task->a & 1;
    task->a = task->a >> 1 ^ (odd ? 0xd008 : 0);
    scheduler_release(mutator, &names[CALL_SCHEDULER], next, odd ? DEVICE_B : DEVICE_A);
}

/* Fills a packet that comes with the next letters, and sends it to the handlers by turns. */
static void worker_run(struct gc_mutator *mutator, struct gc_slot *names, struct gc_slot *next)
{
    struct gc_ref packet = gc_local_get(&names[CALL_PACKET]);
    if (gc_is_null(packet)) {
        scheduler_suspend(mutator, &names[CALL_SCHEDULER], next);
        return;
    }
    struct task_payload *task = task_payload(&names[CALL_TASK]);
    task->a = task->a == HANDLER_A ? HANDLER_B : HANDLER_A;
    packet_payload(packet)->number = task->a;
    packet_payload(packet)->place = 0;
    uint64_t *letters = packet_letters(mutator, packet);
    for (uint64_t i = 0; i < LETTERS; i++) {
        task->b = task->b == ALPHABET ? 1 : task->b + 1;
        letters[i] = task->b;
    }
    scheduler_queue(mutator, &names[CALL_SCHEDULER], next, &names[CALL_PACKET]);
}

/* Queues what comes. Gives a device's packet the next letter of the first work, or sends work back that is done. */
static void handler_run(struct gc_mutator *mutator, struct gc_slot *names, struct gc_slot *next)
{
    struct gc_slot *task = &names[CALL_TASK], *packet = &names[CALL_PACKET];
    if (!gc_is_null(gc_local_get(packet))) {
        bool is_work = packet_payload(gc_local_get(packet))->kind == PACKET_OF_WORK;
        queue_append(mutator, task, is_work ? TASK_WORK : TASK_DEVICE, packet);
    }
    struct gc_ref work = gc_field_get(mutator, gc_local_get(task), TASK_WORK);
    struct gc_ref device = gc_field_get(mutator, gc_local_get(task), TASK_DEVICE);
    bool done = !gc_is_null(work) && packet_payload(work)->place == LETTERS;
    if (gc_is_null(work) || (gc_is_null(device) && !done)) {
        scheduler_suspend(mutator, &names[CALL_SCHEDULER], next);
        return;
    }
    if (!done)
        packet_payload(device)->place = packet_letters(mutator, work)[packet_payload(work)->place++];
    queue_take(mutator, task, done ? TASK_WORK : TASK_DEVICE, packet);
    scheduler_queue(mutator, &names[CALL_SCHEDULER], next, packet);
}

/* Keeps a packet that comes, and is held. Sends it back once it is released. */
static void device_run(struct gc_mutator *mutator, struct gc_slot *names, struct gc_slot *next)
{
    struct gc_slot *task = &names[CALL_TASK], *packet = &names[CALL_PACKET];
    if (!gc_is_null(gc_local_get(packet))) {
        gc_field_set(mutator, gc_local_get(task), TASK_DEVICE, gc_local_get(packet));
        scheduler_hold(mutator, &names[CALL_SCHEDULER], next);
        return;
    }
    gc_local_set(mutator, packet, gc_field_get(mutator, gc_local_get(task), TASK_DEVICE));
    if (gc_is_null(gc_local_get(packet))) {
        scheduler_suspend(mutator, &names[CALL_SCHEDULER], next);
        return;
    }
    gc_field_del(mutator, gc_local_get(task), TASK_DEVICE);
    scheduler_queue(mutator, &names[CALL_SCHEDULER], next, packet);
}

/* Runs a task that can run. One that was suspended gets the first of its packets. */
static void block_run(struct gc_mutator *mutator, const struct gc_slot *block, struct gc_slot *next)
{
    static void (*const run_kind[])(struct gc_mutator *, struct gc_slot *, struct gc_slot *) = {
        [KIND_IDLE] = idle_run,
        [KIND_WORKER] = worker_run,
        [KIND_HANDLER] = handler_run,
        [KIND_DEVICE] = device_run,
    };
    struct gc_frame frame = gc_frame_enter(mutator, CALL_NAMES);
    struct gc_slot *names = frame.slot;
    gc_local_set(mutator, &names[CALL_TASK], gc_field_get(mutator, gc_local_get(block), BLOCK_TASK));
    gc_local_set(mutator, &names[CALL_SCHEDULER],
                 gc_field_get(mutator, gc_local_get(&names[CALL_TASK]), TASK_SCHEDULER));
    if (block_payload(gc_local_get(block))->state == (IS_SUSPENDED | HAS_PACKET)) {
        queue_take(mutator, block, BLOCK_PACKETS, &names[CALL_PACKET]);
        bool more = !gc_is_null(gc_field_get(mutator, gc_local_get(block), BLOCK_PACKETS));
        block_payload(gc_local_get(block))->state = more ? HAS_PACKET : 0;
    }
    run_kind[task_payload(&names[CALL_TASK])->kind](mutator, names, next);
    gc_frame_leave(mutator, frame);
}

static bool block_waits(const struct gc_slot *block)
{
    uint64_t state = block_payload(gc_local_get(block))->state;
    return state & IS_HELD || state == IS_SUSPENDED;
}

/* Runs the tasks until all of them wait for good. */
static void scheduler_run(struct gc_mutator *mutator, const struct gc_slot *scheduler)
{
    enum { CURRENT, NEXT, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *current = &frame.slot[CURRENT], *next = &frame.slot[NEXT];
    gc_local_set(mutator, current, gc_field_get(mutator, gc_local_get(scheduler), SCHEDULER_BLOCKS));
    while (!gc_is_null(gc_local_get(current))) {
        gc_field_set(mutator, gc_local_get(scheduler), SCHEDULER_CURRENT, gc_local_get(current));
        if (block_waits(current))
            gc_local_set(mutator, next, gc_field_get(mutator, gc_local_get(current), BLOCK_NEXT));
        else
            block_run(mutator, current, next);
        gc_local_move(mutator, current, next);
    }
    gc_frame_leave(mutator, frame);
}

/* ---- making the system ---- */

struct task_plan {
    uint64_t kind, priority;
    uint64_t packets, packet_number, packet_kind; /* that it has at first, and which */
};

static const struct task_plan plans[TASKS] = {
    [IDLE] = {KIND_IDLE, 0, 0, 0, 0},
    [WORKER] = {KIND_WORKER, 1000, 2, WORKER, PACKET_OF_WORK},
    [HANDLER_A] = {KIND_HANDLER, 2000, 3, DEVICE_A, PACKET_OF_DEVICE},
    [HANDLER_B] = {KIND_HANDLER, 3000, 3, DEVICE_B, PACKET_OF_DEVICE},
    [DEVICE_A] = {KIND_DEVICE, 4000, 0, 0, 0},
    [DEVICE_B] = {KIND_DEVICE, 5000, 0, 0, 0},
};

/* Adds a new packet to the block's. */
static void packet_make(struct gc_mutator *mutator, const struct gc_slot *block, const struct task_plan *plan)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    struct gc_slot *packet = &frame.slot[0], *data = &frame.slot[1];
    gc_local_new(mutator, data, &shapes[DATA], 0);
    gc_local_new(mutator, packet, &shapes[PACKET], 0);
    gc_field_set(mutator, gc_local_get(packet), PACKET_DATA, gc_local_get(data));
    packet_payload(gc_local_get(packet))->number = plan->packet_number;
    packet_payload(gc_local_get(packet))->kind = plan->packet_kind;
    queue_append(mutator, block, BLOCK_PACKETS, packet);
    gc_frame_leave(mutator, frame);
}

static void task_make(struct gc_mutator *mutator, const struct gc_slot *scheduler, struct gc_slot *result,
                      uint64_t kind, uint64_t count)
{
    gc_local_new(mutator, result, &shapes[TASK], 0);
    struct task_payload *payload = task_payload(result);
    payload->kind = kind;
    if (kind == KIND_IDLE) {
        payload->a = 1;
        payload->b = count;
    } else if (kind == KIND_WORKER) {
        payload->a = HANDLER_A;
    }
    gc_field_set(mutator, gc_local_get(result), TASK_SCHEDULER, gc_local_get(scheduler));
}

/* Makes a task with its block, which is the scheduler's first one. */
static void block_make(struct gc_mutator *mutator, const struct gc_slot *scheduler, uint64_t number,
                       uint64_t count)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    struct gc_slot *block = &frame.slot[0], *task = &frame.slot[1];
    const struct task_plan *plan = &plans[number];
    gc_local_new(mutator, block, &shapes[BLOCK], 0);
    uint64_t state = number == IDLE ? 0 : IS_SUSPENDED | (plan->packets ? HAS_PACKET : 0);
    *block_payload(gc_local_get(block)) = (struct block_payload){number, plan->priority, state};
    task_make(mutator, scheduler, task, plan->kind, count);
    gc_field_set(mutator, gc_local_get(block), BLOCK_TASK, gc_local_get(task));
    for (uint64_t i = 0; i < plan->packets; i++)
        packet_make(mutator, block, plan);
    gc_field_set(mutator, gc_local_get(block), BLOCK_NEXT,
                 gc_field_get(mutator, gc_local_get(scheduler), SCHEDULER_BLOCKS));
    gc_field_set(mutator, gc_local_get(scheduler), SCHEDULER_BLOCKS, gc_local_get(block));
    gc_field_set(mutator, gc_field_get(mutator, gc_local_get(scheduler), SCHEDULER_TABLE), number,
                 gc_local_get(block));
    gc_frame_leave(mutator, frame);
}

static void scheduler_make(struct gc_mutator *mutator, struct gc_slot *scheduler, uint64_t count)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    gc_local_new(mutator, scheduler, &shapes[SCHEDULER], 0);
    gc_local_new(mutator, &frame.slot[0], &shapes[TABLE], 0);
    gc_field_set(mutator, gc_local_get(scheduler), SCHEDULER_TABLE, gc_local_get(&frame.slot[0]));
    for (uint64_t number = IDLE; number < TASKS; number++)
        block_make(mutator, scheduler, number, count);
    gc_frame_leave(mutator, frame);
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct richards_options *chosen = values;
    struct gc_slot *scheduler = gc_global(mutator, 0);
    uint64_t checksum = 0;
    (void)random;
    for (uint64_t round = 0; round < chosen->rounds; round++) {
        scheduler_make(mutator, scheduler, chosen->count);
        scheduler_run(mutator, scheduler);
        struct scheduler_payload counts = *scheduler_payload(scheduler);
        if (chosen->count == KNOWN_COUNT && (counts.queued != KNOWN_QUEUED || counts.held != KNOWN_HELD))
            workload_fail("%llu packets were queued and %llu tasks held, not %d and %d",
                          (unsigned long long)counts.queued, (unsigned long long)counts.held, KNOWN_QUEUED,
                          KNOWN_HELD);
        checksum = checksum_add(checksum_add(checksum, counts.queued), counts.held);
        if (round == 0)
            gc_checkpoint(mutator, "first round done");
        gc_local_del(mutator, scheduler);
    }
    gc_checkpoint(mutator, "all rounds done");
    return checksum;
}

const struct workload workload = {
    .name = "richards",
    .group = "classic",
    .summary = "tasks hand packets to each other: fields and names, with hardly an allocation",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 1,
    .run = run,
};
