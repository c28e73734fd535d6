/* SPDX-License-Identifier: MIT */
/*
 * A small runtime that counts references, and marks and sweeps in full collections. A word on its command line
 * breaks it on purpose, in one of the ways of `bugs`. It speaks to gcmatrix through libgcmatrix-stress.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/stress/runtime/gcmatrix-stress.h"

enum bug {
    BUG_NONE,
    BUG_STORE_KEEPS, /* a store does not drop the field's old object */
    BUG_LAST_FIELD,  /* marking passes over the last of more than two fields */
    BUG_RINGS_KEPT,  /* a full collection does nothing */
    BUG_MOVE_COUNTS, /* a moved reference is counted once more */
    BUG_COUNT_LOW,   /* three references and more are told as three */
    BUG_READ_FIRST,  /* a read of field 1 reads field 0 */
    BUG_CRASH,       /* a collection that frees two objects or more ends in a bad access */
    BUG_HANG,        /* or it goes on for ever */
    BUG_SLEEP,       /* or it sleeps for ever */
    BUGS,
};
static const char *const bugs[BUGS] = {
    [BUG_NONE] = "none",
    [BUG_STORE_KEEPS] = "store-keeps",
    [BUG_LAST_FIELD] = "last-field",
    [BUG_RINGS_KEPT] = "rings-kept",
    [BUG_MOVE_COUNTS] = "move-counts",
    [BUG_COUNT_LOW] = "count-low",
    [BUG_READ_FIRST] = "read-first",
    [BUG_CRASH] = "crash",
    [BUG_HANG] = "hang",
    [BUG_SLEEP] = "sleep",
};

struct object {
    uint32_t number, count, fields;
    bool marked;
    struct object *next; /* in a list of objects to be freed, to be marked, or in the graveyard */
    struct object *field[];
};

static struct {
    enum bug bug;
    struct object **born; /* by number less one; NULL: freed */
    uint32_t objects, born_room;
    struct object **slots;
    uint32_t top, slot_room;
    uint32_t *frames;
    uint32_t frame_count, frame_room;
    struct object
        *graveyard; /* what was freed in this program: a bug then shows as itself, and not as a crash */
} toy;

/* Makes room for one more element, and the elements in between. */
static void *grow(void *memory, uint32_t *room, uint32_t count, size_t bytes)
{
    if (count <= *room)
        return memory;
    *room = count * 2 + 16;
    memory = realloc(memory, *room * bytes);
    if (!memory)
        abort();
    return memory;
}

static void bury(struct object *object)
{
    toy.born[object->number - 1] = NULL;
    object->next = toy.graveyard;
    toy.graveyard = object;
}

/* ---- counting ---- */

/* Frees a list of objects whose count is zero, and all that dies with them. */
static void free_list(struct object *dead)
{
    while (dead) {
        struct object *object = dead;
        dead = object->next;
        for (uint32_t i = 0; i < object->fields; i++) {
            struct object *child = object->field[i];
            if (child && --child->count == 0) {
                child->next = dead;
                dead = child;
            }
        }
        bury(object);
    }
}

static void drop(struct object *object)
{
    if (!object || --object->count > 0)
        return;
    object->next = NULL;
    free_list(object);
}

static void assign(struct object **place, struct object *value)
{
    struct object *old = *place;
    if (value)
        value->count++;
    *place = value;
    drop(old);
}

/* ---- collecting ---- */

static void mark_one(struct object *object, struct object **list)
{
    if (!object || object->marked)
        return;
    object->marked = true;
    object->next = *list;
    *list = object;
}

static void mark(void)
{
    struct object *list = NULL;
    for (uint32_t i = 0; i < toy.top; i++)
        mark_one(toy.slots[i], &list);
    while (list) {
        struct object *object = list;
        list = object->next;
        uint32_t fields = object->fields - (toy.bug == BUG_LAST_FIELD && object->fields > 2);
        for (uint32_t i = 0; i < fields; i++)
            mark_one(object->field[i], &list);
    }
}

static void go_wrong(uint32_t freed)
{
    if (freed < 2)
        return;
    if (toy.bug == BUG_CRASH) {
        signal(SIGSEGV, SIG_DFL); /* a sanitizer would end the process in its own way */
        raise(SIGSEGV);
    }
    while (toy.bug == BUG_HANG || toy.bug == BUG_SLEEP)
        if (toy.bug == BUG_SLEEP)
            pause();
}

/* Frees what is not marked. References from the dead to the living are dropped. */
static void sweep(void)
{
    uint32_t freed = 0;
    for (uint32_t i = 0; i < toy.objects; i++) {
        struct object *object = toy.born[i];
        if (!object || object->marked)
            continue;
        for (uint32_t j = 0; j < object->fields; j++)
            if (object->field[j] && object->field[j]->marked)
                object->field[j]->count--;
    }
    for (uint32_t i = 0; i < toy.objects; i++) {
        struct object *object = toy.born[i];
        if (object && !object->marked) {
            bury(object);
            freed++;
        } else if (object) {
            object->marked = false;
        }
    }
    go_wrong(freed);
}

static void do_collect(void *self, bool full)
{
    (void)self;
    if (!full || toy.bug == BUG_RINGS_KEPT)
        return;
    mark();
    sweep();
}

/* ---- names ---- */

static void names_add(uint32_t count)
{
    toy.slots = grow(toy.slots, &toy.slot_room, toy.top + count, sizeof *toy.slots);
    for (uint32_t i = 0; i < count; i++)
        toy.slots[toy.top++] = NULL;
}

static void do_begin(void *self, uint32_t slots)
{
    (void)self;
    for (uint32_t i = 0; i < toy.objects; i++)
        if (toy.born[i])
            bury(toy.born[i]);
    while (toy.graveyard) {
        struct object *object = toy.graveyard;
        toy.graveyard = object->next;
        free(object);
    }
    toy.objects = toy.top = toy.frame_count = 0;
    puts("what a runtime prints is no answer");
    names_add(slots);
}

static void do_enter(void *self, uint32_t slots)
{
    (void)self;
    toy.frames = grow(toy.frames, &toy.frame_room, toy.frame_count + 1, sizeof *toy.frames);
    toy.frames[toy.frame_count++] = toy.top;
    names_add(slots);
}

static void do_leave(void *self)
{
    (void)self;
    uint32_t begin = toy.frames[--toy.frame_count];
    while (toy.top > begin)
        drop(toy.slots[--toy.top]);
}

/* ---- objects ---- */

static struct object *find(const struct gcmatrix_stress_path *path)
{
    struct object *found = path ? toy.slots[path->slot] : NULL;
    for (size_t i = 0; path && i < path->length; i++)
        found = found->field[path->fields[i]];
    return found;
}

static void do_make(void *self, uint32_t slot, const struct gcmatrix_stress_object *made)
{
    (void)self;
    struct object *object = calloc(1, sizeof *object + made->fields * sizeof *object->field);
    toy.born = grow(toy.born, &toy.born_room, toy.objects + 1, sizeof *toy.born);
    if (!object)
        abort();
    object->number = made->number;
    object->fields = made->fields;
    toy.born[toy.objects++] = object;
    assign(&toy.slots[slot], object);
}

static void do_set(void *self, uint32_t slot, const struct gcmatrix_stress_path *value)
{
    (void)self;
    assign(&toy.slots[slot], find(value));
}

static void do_move(void *self, uint32_t to, uint32_t from)
{
    (void)self;
    struct object *moved = toy.slots[from];
    struct object *old = toy.slots[to];
    toy.slots[from] = NULL;
    toy.slots[to] = moved;
    if (moved && toy.bug == BUG_MOVE_COUNTS)
        moved->count++;
    if (to != from)
        drop(old);
}

static void do_store(void *self, const struct gcmatrix_stress_path *holder, uint32_t field,
                     const struct gcmatrix_stress_path *value)
{
    (void)self;
    struct object **place = &find(holder)->field[field];
    struct object *stored = find(value);
    if (toy.bug == BUG_STORE_KEEPS)
        *place = NULL;
    assign(place, stored);
}

static uint32_t do_read(void *self, const struct gcmatrix_stress_path *holder, uint32_t field)
{
    (void)self;
    const struct object *found = find(holder)->field[toy.bug == BUG_READ_FIRST && field == 1 ? 0 : field];
    return found ? found->number : 0;
}

static uint32_t do_count(void *self, const struct gcmatrix_stress_path *object)
{
    (void)self;
    uint32_t count = find(object)->count;
    return toy.bug == BUG_COUNT_LOW && count > 3 ? 3 : count;
}

static bool do_alive(void *self, uint32_t number)
{
    (void)self;
    return toy.born[number - 1] != NULL;
}

static const struct gcmatrix_stress_runtime runtime = {
    .name = "toy",
    .promises = "counts frees_at_once reclaims_cycles",
    .begin = do_begin,
    .enter = do_enter,
    .leave = do_leave,
    .make = do_make,
    .set = do_set,
    .move = do_move,
    .store = do_store,
    .collect = do_collect,
    .read = do_read,
    .count = do_count,
    .alive = do_alive,
};

int main(int argc, char **argv)
{
    for (enum bug bug = BUG_NONE; argc > 1 && bug < BUGS; bug++)
        if (strcmp(argv[1], bugs[bug]) == 0)
            toy.bug = bug;
    return gcmatrix_stress_serve(&runtime, NULL);
}
