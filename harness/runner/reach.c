/* SPDX-License-Identifier: MIT */
#include "harness/runner/reach.h"

#include <string.h>
#include <sys/mman.h>

#include "collectors/ephemeron.h"
#include "harness/runner/resources.h"

/*
 * The objects found so far, in the order in which they were found. The order is also the walk's queue. An
 * open-addressing table gives an object's number, which is its place in the order plus one.
 */
struct found {
    uint64_t *table;   /* numbers; 0 is an empty place */
    uint64_t capacity; /* a power of two, at most half full */
    struct gc_object **order;
    uint64_t count;
};

enum { FIRST_CAPACITY = 4096, HUGE_FROM = 4 << 20 /* bytes */ };

/* Maps zeroed memory, in huge pages where it is large: the walk touches it in no order. NULL: no memory. */
static void *found_map(uint64_t bytes)
{
    void *memory = resources_map(bytes);
    if (memory && bytes >= HUGE_FROM)
        madvise(memory, bytes, MADV_HUGEPAGE); /* advice: a refusal costs time alone */
    return memory;
}

static int found_open(struct found *found, uint64_t capacity)
{
    *found = (struct found){.capacity = capacity};
    found->table = found_map(capacity * sizeof *found->table);
    found->order = found_map(capacity / 2 * sizeof *found->order);
    return found->table && found->order ? 0 : -1;
}

static void found_close(struct found *found)
{
    if (found->table)
        munmap(found->table, found->capacity * sizeof *found->table);
    if (found->order)
        munmap(found->order, found->capacity / 2 * sizeof *found->order);
}

/* The place of the number of `object` in the table, or the empty place where it belongs. */
static uint64_t *found_place(const struct found *found, const struct gc_object *object)
{
    uint64_t hash = (uint64_t)(uintptr_t)object * 0x9e3779b97f4a7c15u;
    uint64_t place = (hash ^ hash >> 32) & (found->capacity - 1);
    while (found->table[place] && found->order[found->table[place] - 1] != object)
        place = (place + 1) & (found->capacity - 1);
    return &found->table[place];
}

static int found_double(struct found *found)
{
    struct found larger;
    if (found_open(&larger, found->capacity * 2) < 0) {
        found_close(&larger);
        return -1;
    }
    memcpy(larger.order, found->order, found->count * sizeof *found->order);
    for (uint64_t i = 0; i < found->count; i++)
        *found_place(&larger, found->order[i]) = i + 1;
    larger.count = found->count;
    found_close(found);
    *found = larger;
    return 0;
}

/* The number of `object`. A new object joins the queue. 0 when there was no memory. */
static uint64_t found_number(struct found *found, struct gc_object *object)
{
    uint64_t *place = found_place(found, object);
    if (*place)
        return *place;
    if (found->count == found->capacity / 2) {
        if (found_double(found) < 0)
            return 0;
        place = found_place(found, object);
    }
    found->order[found->count++] = object;
    return *place = found->count;
}

static uint64_t digest_add(uint64_t digest, uint64_t number)
{
    uint64_t z = (digest ^ number) * 0x9e3779b97f4a7c15u;
    return z ^ z >> 32;
}

static uint64_t digest_add_bytes(uint64_t digest, const char *bytes, uint64_t count)
{
    uint64_t word;
    for (; count >= sizeof word; bytes += sizeof word, count -= sizeof word) {
        memcpy(&word, bytes, sizeof word);
        digest = digest_add(digest, word);
    }
    word = 0;
    memcpy(&word, bytes, count);
    return digest_add(digest, word);
}

static int walk_refs(struct found *found, const struct gc_ref *refs, uint64_t count, uint64_t *digest)
{
    for (uint64_t i = 0; i < count; i++) {
        uint64_t number = refs[i].object ? found_number(found, refs[i].object) : 0;
        if (refs[i].object && !number)
            return -1;
        *digest = digest_add(*digest, number);
    }
    return 0;
}

/* The walk at the object to which it has come. */
struct step {
    struct found *found;
    struct reach *reach;
    int error;
};

/* Follows the edge from an ephemeron to its value, if the ephemeron and its key have been found. */
static void walk_pair(struct gc_mutator *mutator, void *context, struct gc_object *ephemeron)
{
    struct step *step = context;
    if (*found_place(step->found, ephemeron) && *found_place(step->found, gc_pair_key(mutator, ephemeron)))
        step->error |=
            walk_refs(step->found, &gc_object_fields(ephemeron)[GC_EPHEMERON_VALUE], 1, &step->reach->digest);
}

static int walk_object(struct found *found, const struct gc_mutator *mutator, struct gc_object *object,
                       struct reach *reach)
{
    const struct gc_shape *shapes = mutator->shapes;
    struct step step = {.found = found, .reach = reach};
    uint64_t first = gc_fields_first(shapes, object);
    uint64_t refs = gc_object_refs(shapes, object);
    uint64_t bytes = gc_object_bytes(shapes, object);
    const struct gc_shape *shape = gc_object_shape(shapes, object);
    uint64_t length = gc_shape_is_attended(shape) ? 0 : gc_object_length_or_zero(object);
    uint64_t body = gc_shape_body_bytes(shape, length) - (shape->flags & GC_SHAPE_WEAK ? GC_WEAK_BYTES : 0);
    struct gc_ref *fields = gc_object_fields(object);
    reach->bytes += bytes;
    reach->external += shape->external;
    reach->digest = digest_add(reach->digest, object->bits & GC_BITS_SHAPE);
    reach->digest = digest_add(reach->digest, length);
    reach->digest = digest_add_bytes(reach->digest, (char *)(fields + refs),
                                     body - sizeof *object - refs * sizeof *fields);
    step.error = walk_refs(found, fields + first, refs - first, &reach->digest);
    if (step.error == 0)
        gc_pairs_each((struct gc_mutator *)mutator, object, &step, walk_pair); /* which reads it only */
    return step.error;
}

int reach_count(const struct gc_mutator *mutator, struct reach *ret_reach)
{
    struct found found;
    *ret_reach = (struct reach){0};
    int error = found_open(&found, FIRST_CAPACITY);
    if (!error)
        error = walk_refs(&found, &mutator->roots.base->ref,
                          (uint64_t)(mutator->roots.top - mutator->roots.base), &ret_reach->digest);
    for (uint64_t next = 0; next < found.count && !error; next++)
        error = walk_object(&found, mutator, found.order[next], ret_reach);
    ret_reach->objects = found.count;
    found_close(&found);
    return error;
}

/* ---- the form of the graph: by the numbers that the walk gave, from 1 ---- */

struct node {
    uint64_t level; /* objects from a name, itself included */
    uint64_t fan_in;
    uint64_t index; /* Tarjan's: when the object was entered, from 1; 0 before */
    uint64_t low;   /* the smallest index known to be reached from the object, while it is on the stack */
    uint64_t field; /* the next reference to follow */
    bool on_stack;
    bool holds_itself;
};

struct forms {
    const struct gc_mutator *mutator;
    const struct found *found;
    struct node *nodes; /* by number; the first is unused */
    uint64_t *stack;    /* Tarjan's: objects that were entered, and whose component is not yet known */
    uint64_t *path;     /* objects being visited, each held by the one before */
    uint64_t stacked, length, entered;
    struct reach_graph *graph;
};

/* The number of the object that the field refers to; 0 if none. */
static uint64_t field_number(const struct forms *forms, uint64_t number, uint64_t field)
{
    struct gc_object *target = gc_object_fields(forms->found->order[number - 1])[field].object;
    return target ? *found_place(forms->found, target) : 0;
}

static uint64_t field_count(const struct forms *forms, uint64_t number)
{
    return gc_object_refs(forms->mutator->shapes, forms->found->order[number - 1]);
}

/*
 * Numbers are in the order of a breadth-first walk. So the first object that refers to another is the nearest
 * to a name.
 */
static void count_references(struct forms *forms, uint64_t named)
{
    struct reach_graph *graph = forms->graph;
    for (uint64_t number = 1; number <= forms->found->count; number++) {
        struct node *node = &forms->nodes[number];
        node->level = number <= named ? 1 : node->level;
        graph->depth_max = node->level > graph->depth_max ? node->level : graph->depth_max;
        for (uint64_t field = 0; field < field_count(forms, number); field++) {
            uint64_t target = field_number(forms, number, field);
            struct node *held = &forms->nodes[target];
            if (!target)
                continue;
            graph->references++;
            node->holds_itself |= target == number;
            held->level = held->level ? held->level : node->level + 1;
            if (++held->fan_in > graph->fan_in_max)
                graph->fan_in_max = held->fan_in;
        }
    }
}

static void enter(struct forms *forms, uint64_t number)
{
    struct node *node = &forms->nodes[number];
    node->index = node->low = ++forms->entered;
    node->on_stack = true;
    forms->stack[forms->stacked++] = number;
    forms->path[forms->length++] = number;
}

/* Takes a component off the stack; `number` is its first object. */
static void component_take(struct forms *forms, uint64_t number)
{
    uint64_t size = 0, member;
    do {
        member = forms->stack[--forms->stacked];
        forms->nodes[member].on_stack = false;
        size++;
    } while (member != number);
    if (size == 1 && !forms->nodes[number].holds_itself)
        return;
    forms->graph->rings++;
    forms->graph->ring_objects += size;
    forms->graph->ring_max = size > forms->graph->ring_max ? size : forms->graph->ring_max;
}

/* One step of the visit of the last object on the path: to the next object that it refers to, or back. */
static void visit(struct forms *forms)
{
    uint64_t number = forms->path[forms->length - 1];
    struct node *node = &forms->nodes[number];
    if (node->field < field_count(forms, number)) {
        uint64_t target = field_number(forms, number, node->field++);
        struct node *held = &forms->nodes[target];
        if (target && !held->index)
            enter(forms, target);
        else if (target && held->on_stack && held->index < node->low)
            node->low = held->index;
        return;
    }
    if (node->low == node->index)
        component_take(forms, number);
    if (--forms->length) {
        struct node *holder = &forms->nodes[forms->path[forms->length - 1]];
        holder->low = node->low < holder->low ? node->low : holder->low;
    }
}

/*
 * Finds the strongly connected components (Tarjan, SIAM Journal on Computing 1972), with an explicit path in
 * place of recursion.
 */
static void count_rings(struct forms *forms)
{
    for (uint64_t number = 1; number <= forms->found->count; number++) {
        if (forms->nodes[number].index)
            continue;
        enter(forms, number);
        while (forms->length)
            visit(forms);
    }
}

static int forms_count(const struct gc_mutator *mutator, const struct found *found, uint64_t named,
                       struct reach_graph *graph)
{
    uint64_t count = found->count + 1;
    struct forms forms = {.mutator = mutator, .found = found, .graph = graph};
    forms.nodes = resources_map(count * sizeof *forms.nodes);
    forms.stack = resources_map(count * sizeof *forms.stack);
    forms.path = resources_map(count * sizeof *forms.path);
    int error = forms.nodes && forms.stack && forms.path ? 0 : -1;
    if (!error) {
        count_references(&forms, named);
        count_rings(&forms);
    }
    if (forms.nodes)
        munmap(forms.nodes, count * sizeof *forms.nodes);
    if (forms.stack)
        munmap(forms.stack, count * sizeof *forms.stack);
    if (forms.path)
        munmap(forms.path, count * sizeof *forms.path);
    return error;
}

int reach_graph(const struct gc_mutator *mutator, struct reach_graph *ret_graph)
{
    struct found found;
    struct reach ignored = {0};
    *ret_graph = (struct reach_graph){0};
    int error = found_open(&found, FIRST_CAPACITY);
    if (!error)
        error = walk_refs(&found, &mutator->roots.base->ref,
                          (uint64_t)(mutator->roots.top - mutator->roots.base), &ignored.digest);
    uint64_t named = found.count;
    for (uint64_t next = 0; next < found.count && !error; next++)
        error = walk_object(&found, mutator, found.order[next], &ignored);
    if (!error)
        error = forms_count(mutator, &found, named, ret_graph);
    found_close(&found);
    return error;
}
