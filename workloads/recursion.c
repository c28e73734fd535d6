/* SPDX-License-Identifier: MIT */
/*
 * recursion: four functions that call themselves, on numbers that are objects. They are Takeuchi's function
 * (Gabriel, Performance and Evaluation of Lisp Systems, 1985), Ackermann's, Fibonacci's, and the queens
 * problem. The boards of the queens are persistent lists, and each solution shares its tail with others.
 *
 * Stresses the birth and death, in stack order, of very small objects to which only arguments, locals and
 * results refer. Stresses also frames of up to nine names and, with the queens, short-lived lists that share.
 * The shape of numbers is acyclic. The shape of pairs is not, because a language in which a pair can change
 * cannot promise it.
 *
 * Nothing lies on a cycle, and little is alive. Conclude nothing about tracing or cycle collection, except
 * the cost of a cycle collector that has nothing to do.
 *
 * Calls nest at most 1030 deep. Known answers: tak(18, 12, 6) = 7; fib(20) = 6765; ackermann(2, n) = 2n + 3;
 * 8 queens have 92 solutions, 9 have 352.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

enum { TAK, FIB, ACKERMANN, QUEENS, ALL };
static const char *const function_words[] = {"tak", "fib", "ackermann", "queens", "all", NULL};

struct recursion_options {
    uint64_t program;
    uint64_t rounds;
    uint64_t tak;
    uint64_t fib;
    uint64_t ackermann;
    uint64_t queens;
};

static const struct option_spec option_specs[] = {
    OPTION_CHOICE(struct recursion_options, program, ALL, function_words, "which function is called"),
    OPTION_INTEGER(struct recursion_options, rounds, 60, 1, 1e9, "", "how often"),
    OPTION_INTEGER(struct recursion_options, tak, 18, 3, 36, "", "x in tak(x, 2x/3, x/3)"),
    OPTION_INTEGER(struct recursion_options, fib, 21, 0, 40, "", "n in fib(n)"),
    OPTION_INTEGER(struct recursion_options, ackermann, 150, 0, 500, "", "n in ackermann(2, n)"),
    OPTION_INTEGER(struct recursion_options, queens, 9, 1, 12, "queens", "queens on the board"),
};
static const struct option_table options = OPTION_TABLE(struct recursion_options, option_specs);

enum { NUMBER, PAIR };
static const struct gc_shape shapes[] = {
    [NUMBER] = {.name = "number", .id = NUMBER, .flags = GC_SHAPE_ACYCLIC, .payload = 8},
    [PAIR] = {.name = "pair", .id = PAIR, .refs = 2},
};
enum { HEAD, TAIL };

/* Binds the arguments, which stand side by side in the caller's frame, to the callee's own names. */
static void arguments_bind(struct gc_mutator *mutator, struct gc_slot *locals,
                           const struct gc_slot *arguments, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        gc_local_set(mutator, &locals[i], gc_local_get(&arguments[i]));
}

/* ---- numbers and lists ---- */

static int64_t number_get(struct gc_ref number)
{
    return *(int64_t *)gc_payload(number, &shapes[NUMBER]);
}

static int64_t number_read(const struct gc_slot *slot)
{
    return number_get(gc_local_get(slot));
}

static void number_make(struct gc_mutator *mutator, struct gc_slot *slot, int64_t value)
{
    gc_local_new(mutator, slot, &shapes[NUMBER], 0);
    *(int64_t *)gc_payload(gc_local_get(slot), &shapes[NUMBER]) = value;
}

/* `result = (head . tail)`. `result` is a third name. */
static void pair_make(struct gc_mutator *mutator, struct gc_slot *result, const struct gc_slot *head,
                      const struct gc_slot *tail)
{
    gc_local_new(mutator, result, &shapes[PAIR], 0);
    gc_field_set(mutator, gc_local_get(result), HEAD, gc_local_get(head));
    gc_field_set(mutator, gc_local_get(result), TAIL, gc_local_get(tail));
}

/* ---- the functions: arguments and result are numbers or lists ---- */

/* `return tak(tak(x-1, y, z), tak(y-1, z, x), tak(z-1, x, y)) if y < x else z` */
static void tak(struct gc_mutator *mutator, struct gc_slot *result, const struct gc_slot *arguments)
{
    enum { X, Y, Z, ARGUMENTS, RESULTS = ARGUMENTS + 3, SLOTS = RESULTS + 3 };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *slot = frame.slot;
    arguments_bind(mutator, slot, arguments, 3);
    if (number_read(&slot[Y]) >= number_read(&slot[X])) {
        gc_local_move(mutator, result, &slot[Z]);
    } else {
        for (uint64_t i = 0; i < 3; i++) {
            number_make(mutator, &slot[ARGUMENTS], number_read(&slot[X + i]) - 1);
            gc_local_set(mutator, &slot[ARGUMENTS + 1], gc_local_get(&slot[X + (i + 1) % 3]));
            gc_local_set(mutator, &slot[ARGUMENTS + 2], gc_local_get(&slot[X + (i + 2) % 3]));
            tak(mutator, &slot[RESULTS + i], &slot[ARGUMENTS]);
        }
        tak(mutator, result, &slot[RESULTS]);
    }
    gc_frame_leave(mutator, frame);
}

/* `return n if n < 2 else fib(n-1) + fib(n-2)` */
static void fib(struct gc_mutator *mutator, struct gc_slot *result, const struct gc_slot *arguments)
{
    enum { N, ARGUMENT, LEFT, RIGHT, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *slot = frame.slot;
    arguments_bind(mutator, slot, arguments, 1);
    if (number_read(&slot[N]) < 2) {
        gc_local_move(mutator, result, &slot[N]);
    } else {
        number_make(mutator, &slot[ARGUMENT], number_read(&slot[N]) - 1);
        fib(mutator, &slot[LEFT], &slot[ARGUMENT]);
        number_make(mutator, &slot[ARGUMENT], number_read(&slot[N]) - 2);
        fib(mutator, &slot[RIGHT], &slot[ARGUMENT]);
        number_make(mutator, result, number_read(&slot[LEFT]) + number_read(&slot[RIGHT]));
    }
    gc_frame_leave(mutator, frame);
}

/* `return n+1 if m == 0 else a(m-1, a(m, n-1) if n > 0 else 1)` */
static void ackermann(struct gc_mutator *mutator, struct gc_slot *result, const struct gc_slot *arguments)
{
    enum { M, N, OUTER_M, OUTER_N, INNER_M, INNER_N, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *slot = frame.slot;
    arguments_bind(mutator, slot, arguments, 2);
    if (number_read(&slot[M]) == 0) {
        number_make(mutator, result, number_read(&slot[N]) + 1);
    } else {
        number_make(mutator, &slot[OUTER_M], number_read(&slot[M]) - 1);
        if (number_read(&slot[N]) == 0) {
            number_make(mutator, &slot[OUTER_N], 1);
        } else {
            gc_local_set(mutator, &slot[INNER_M], gc_local_get(&slot[M]));
            number_make(mutator, &slot[INNER_N], number_read(&slot[N]) - 1);
            ackermann(mutator, &slot[OUTER_N], &slot[INNER_M]);
        }
        ackermann(mutator, result, &slot[OUTER_M]);
    }
    gc_frame_leave(mutator, frame);
}

/* Returns whether no queen on the board, latest row first, attacks one in `column` of the next row. */
static bool queen_is_safe(struct gc_mutator *mutator, struct gc_ref board, int64_t column)
{
    for (int64_t rows = 1; !gc_is_null(board); board = gc_field_get(mutator, board, TAIL), rows++) {
        int64_t other = number_get(gc_field_get(mutator, board, HEAD));
        if (other == column || other == column - rows || other == column + rows)
            return false;
    }
    return true;
}

/* The arguments are a board and the list of solutions found so far. The result is that list with every
 * solution to which the board leads in front. */
static void queens(struct gc_mutator *mutator, struct gc_slot *result, const struct gc_slot *arguments,
                   int64_t size, int64_t row)
{
    enum { BOARD, FOUND, NEXT_BOARD, NEXT_FOUND, COLUMN, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *slot = frame.slot;
    arguments_bind(mutator, slot, arguments, 2);
    for (int64_t column = 0; row < size && column < size; column++) {
        if (!queen_is_safe(mutator, gc_local_get(&slot[BOARD]), column))
            continue;
        number_make(mutator, &slot[COLUMN], column);
        pair_make(mutator, &slot[NEXT_BOARD], &slot[COLUMN], &slot[BOARD]);
        gc_local_move(mutator, &slot[NEXT_FOUND], &slot[FOUND]);
        queens(mutator, &slot[FOUND], &slot[NEXT_BOARD], size, row + 1);
    }
    if (row == size)
        pair_make(mutator, result, &slot[BOARD], &slot[FOUND]);
    else
        gc_local_move(mutator, result, &slot[FOUND]);
    gc_frame_leave(mutator, frame);
}

/* ---- the calls: each leaves its answer in `answer` and returns its checksum ---- */

static uint64_t tak_run(struct gc_mutator *mutator, struct gc_slot *answer, int64_t x)
{
    struct gc_frame frame = gc_frame_enter(mutator, 3);
    number_make(mutator, &frame.slot[0], x);
    number_make(mutator, &frame.slot[1], x * 2 / 3);
    number_make(mutator, &frame.slot[2], x / 3);
    tak(mutator, answer, frame.slot);
    gc_frame_leave(mutator, frame);
    return (uint64_t)number_read(answer);
}

static uint64_t fib_run(struct gc_mutator *mutator, struct gc_slot *answer, int64_t n)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    number_make(mutator, &frame.slot[0], n);
    fib(mutator, answer, frame.slot);
    gc_frame_leave(mutator, frame);
    return (uint64_t)number_read(answer);
}

static uint64_t ackermann_run(struct gc_mutator *mutator, struct gc_slot *answer, int64_t n)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    number_make(mutator, &frame.slot[0], 2);
    number_make(mutator, &frame.slot[1], n);
    ackermann(mutator, answer, frame.slot);
    gc_frame_leave(mutator, frame);
    return (uint64_t)number_read(answer);
}

/* Reads all the boards. Returns a checksum of them and of their number. */
static uint64_t queens_run(struct gc_mutator *mutator, struct gc_slot *answer, int64_t size)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    queens(mutator, answer, frame.slot, size, 0);
    gc_frame_leave(mutator, frame);
    uint64_t checksum = 1, count = 0;
    struct gc_ref list = gc_local_get(answer);
    for (; !gc_is_null(list); list = gc_field_get(mutator, list, TAIL), count++) {
        struct gc_ref board = gc_field_get(mutator, list, HEAD);
        for (; !gc_is_null(board); board = gc_field_get(mutator, board, TAIL))
            checksum = checksum_add(checksum, (uint64_t)number_get(gc_field_get(mutator, board, HEAD)));
    }
    return checksum_add(checksum, count);
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    (void)random;
    const struct recursion_options *chosen = values;
    const struct {
        uint64_t (*run)(struct gc_mutator *, struct gc_slot *, int64_t);
        uint64_t size;
    } calls[] = {[TAK] = {.run = tak_run, .size = chosen->tak},
                 [FIB] = {.run = fib_run, .size = chosen->fib},
                 [ACKERMANN] = {.run = ackermann_run, .size = chosen->ackermann},
                 [QUEENS] = {.run = queens_run, .size = chosen->queens}};
    uint64_t checksum = 1;
    for (uint64_t round = 0; round < chosen->rounds; round++)
        for (uint64_t program = 0; program < ALL; program++) {
            if (chosen->program != ALL && chosen->program != program)
                continue;
            uint64_t answer =
                calls[program].run(mutator, gc_global(mutator, 0), (int64_t)calls[program].size);
            checksum = checksum_add(checksum, answer);
            if (round == 0)
                gc_checkpoint(mutator, function_words[program]);
        }
    gc_checkpoint(mutator, "all rounds done");
    return checksum;
}

const struct workload workload = {
    .name = "recursion",
    .group = "pass",
    .summary = "tak, fib, ackermann and queens on numbers and lists that are objects",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 1,
    .run = run,
};
