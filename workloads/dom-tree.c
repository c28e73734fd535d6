/* SPDX-License-Identifier: MIT */
/*
 * dom-tree: documents of elements, as in a browser. An element refers to its document, its parent, its
 * children, its attributes and its listeners. A listener is a closure that refers back to its element and to
 * another one. Pages are loaded as a parser would load them, changed by a script for a while, and left.
 *
 * The models are Internet Explorer 6 and XPCOM, which both counted references. The first was known for its
 * leak ("Understanding and Solving Internet Explorer Leak Patterns", Microsoft, 2005). For the second Mozilla
 * built a cycle collector.
 *
 * Stresses cycle collection beside a live document. Every removed subtree is cyclic garbage (children and
 * parents, listeners and elements) with acyclic strings hanging off it. The live document is much larger, and
 * the garbage refers into it. A removed element that a live listener still names stays, with everything it
 * reaches.
 *
 * With `owner` each element refers to its document, a hub that gains and loses references all the time. Trial
 * deletion then scans the live document again and again. With `dispose` the script takes a subtree apart
 * before it drops the subtree, and counting frees it.
 *
 * The mix of changes is made up, strings are short, and styles and layout are left out. Conclude nothing
 * about the share of a browser's time that collection takes.
 */
#include "workloads/dom-tree/element.h"
#include "workloads/workload.h"

struct dom_options {
    uint64_t documents;
    uint64_t elements;
    uint64_t mutations;
    uint64_t attributes;
    uint64_t text;
    double listeners;
    bool owner;
    bool dispose;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct dom_options, documents, 20, 1, 1e9, "documents",
                   "documents loaded, one after the other"),
    OPTION_INTEGER(struct dom_options, elements, 2000, 1, 1e8, "elements",
                   "size about which a document stays"),
    OPTION_INTEGER(struct dom_options, mutations, 20e3, 0, 1e12, "changes", "changes made to each document"),
    OPTION_INTEGER(struct dom_options, attributes, 2, 0, 1000, "strings", "attributes of each element"),
    OPTION_INTEGER(struct dom_options, text, 24, 1, 1e6, "bytes", "longest value of an attribute"),
    OPTION_REAL(struct dom_options, listeners, 0.25, 0, 1, "", "share of elements born with a listener"),
    OPTION_SWITCH(struct dom_options, owner, true, "each element refers to its document"),
    OPTION_SWITCH(struct dom_options, dispose, false, "take a subtree apart by hand before dropping it"),
};
static const struct option_table options = OPTION_TABLE(struct dom_options, option_specs);

enum { DEEPEST = 64, LARGEST_FRAGMENT = 12 };

struct dom_state {
    const struct dom_options *chosen;
    struct random_state *random;
    uint64_t serial;   /* the next element's number */
    uint64_t elements; /* in the document now */
    uint64_t checksum;
};

/* The document is the module's one name. Its root is an element without attributes that is never removed. */
static struct gc_ref document_root(struct gc_mutator *mutator)
{
    return gc_field_get(mutator, gc_local_get(gc_global(mutator, 0)), DOCUMENT_ROOT);
}

/* Returns some element of the document. The walk down stops at one element in eight, or at a leaf. */
static struct gc_ref document_pick(struct gc_mutator *mutator, struct random_state *random)
{
    struct gc_ref element = document_root(mutator);
    uint64_t children;
    while ((children = element_payload(element)->children) > 0 && random_below(random, 8) > 0)
        element = element_child(mutator, element, random_below(random, children));
    return element;
}

/* Reads the subtree of `top` into the checksum. Returns its number of elements. */
static uint64_t subtree_read(struct gc_mutator *mutator, struct dom_state *state, struct gc_ref top)
{
    uint64_t count = 0, sum = 0;
    struct gc_ref element = top;
    for (; !gc_is_null(element); element = element_next(mutator, element, top), count++)
        sum = 31 * sum + element_read(mutator, element) + element_notify(mutator, element);
    state->checksum = checksum_add(checksum_add(state->checksum, sum), count);
    return count;
}

/* ---- making ---- */

/* The length and the letter of an attribute's value. One draw gives both, because the compiler chooses the
 * order in which it evaluates arguments. */
struct value {
    uint64_t length;
    char letter;
};

static struct value random_value(const struct dom_state *state)
{
    uint64_t draw = random_below(state->random, 26 * state->chosen->text);
    return (struct value){.length = 1 + draw / 26, .letter = (char)('a' + draw % 26)};
}

static void dom_listen(struct gc_mutator *mutator, const struct dom_state *state,
                       const struct gc_slot *element)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    gc_local_set(mutator, &frame.slot[0], document_pick(mutator, state->random));
    listener_add(mutator, element, &frame.slot[0]);
    gc_frame_leave(mutator, frame);
}

/* Makes a new element under `parent`, with its attributes and perhaps a listener. */
static void dom_create(struct gc_mutator *mutator, struct dom_state *state, struct gc_slot *result,
                       const struct gc_slot *parent)
{
    enum { CREATED, OWNER, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *created = &frame.slot[CREATED];
    if (state->chosen->owner)
        gc_local_set(mutator, &frame.slot[OWNER], gc_local_get(gc_global(mutator, 0)));
    element_make(mutator, created, &frame.slot[OWNER], state->serial++);
    for (uint64_t i = 0; i < state->chosen->attributes; i++) {
        struct value value = random_value(state);
        attribute_add(mutator, created, value.length, value.letter);
    }
    if (random_real(state->random) < state->chosen->listeners)
        dom_listen(mutator, state, created);
    element_append(mutator, parent, created);
    state->elements++;
    gc_local_move(mutator, result, created);
    gc_frame_leave(mutator, frame);
}

/* Makes elements in a parser's order: each is a child of the open one, and then one may be
 * opened or closed. */
static void dom_parse(struct gc_mutator *mutator, struct dom_state *state, const struct gc_slot *top,
                      uint64_t elements)
{
    enum { OPEN, CREATED, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *open = &frame.slot[OPEN], *created = &frame.slot[CREATED];
    uint64_t depth = 0;
    gc_local_set(mutator, open, gc_local_get(top));
    for (uint64_t i = 0; i < elements; i++) {
        dom_create(mutator, state, created, open);
        uint64_t choice = random_below(state->random, 3);
        if (choice == 0 && depth < DEEPEST) {
            gc_local_move(mutator, open, created);
            depth++;
        } else if (choice == 1 && depth > 0) {
            gc_local_set(mutator, open, gc_field_get(mutator, gc_local_get(open), ELEMENT_PARENT));
            depth--;
        }
    }
    gc_frame_leave(mutator, frame);
}

static void document_load(struct gc_mutator *mutator, struct dom_state *state)
{
    enum { ROOT, OWNER, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *root = &frame.slot[ROOT], *document = gc_global(mutator, 0);
    gc_local_new(mutator, document, &dom_shapes[DOCUMENT], 0);
    if (state->chosen->owner)
        gc_local_set(mutator, &frame.slot[OWNER], gc_local_get(document));
    element_make(mutator, root, &frame.slot[OWNER], state->serial++);
    gc_field_set(mutator, gc_local_get(document), DOCUMENT_ROOT, gc_local_get(root));
    state->elements = 1;
    dom_parse(mutator, state, root, state->chosen->elements - 1);
    gc_frame_leave(mutator, frame);
}

/* ---- changing: `element` is some element of the document, in a name of the caller's ---- */

static void change_fragment(struct gc_mutator *mutator, struct dom_state *state,
                            const struct gc_slot *element)
{
    dom_parse(mutator, state, element, 1 + random_below(state->random, LARGEST_FRAGMENT));
}

/* Detaches a subtree. It is garbage when the caller's name goes, because the script has no other
 * use for it. */
static void change_remove(struct gc_mutator *mutator, struct dom_state *state, const struct gc_slot *element)
{
    state->elements -= subtree_read(mutator, state, gc_local_get(element));
    element_detach(mutator, element);
    if (state->chosen->dispose)
        subtree_dispose(mutator, element);
}

static void change_move(struct gc_mutator *mutator, struct dom_state *state, const struct gc_slot *element)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *parent = &frame.slot[0];
    gc_local_set(mutator, parent, document_pick(mutator, state->random));
    if (!element_is_inside(mutator, gc_local_get(parent), gc_local_get(element))) {
        element_detach(mutator, element);
        element_append(mutator, parent, element);
    }
    gc_frame_leave(mutator, frame);
}

static void change_attribute(struct gc_mutator *mutator, struct dom_state *state,
                             const struct gc_slot *element)
{
    struct value value = random_value(state);
    attribute_change(mutator, element, value.length, value.letter);
}

/* Keeps the document near its size: above the size it loses a subtree where it would have gained one. */
static void change_size(struct gc_mutator *mutator, struct dom_state *state, const struct gc_slot *element)
{
    bool is_root = gc_is_same(gc_local_get(element), document_root(mutator));
    if (state->elements > state->chosen->elements && !is_root)
        change_remove(mutator, state, element);
    else
        change_fragment(mutator, state, element);
}

static void document_change(struct gc_mutator *mutator, struct dom_state *state)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *element = &frame.slot[0];
    gc_local_set(mutator, element, document_pick(mutator, state->random));
    switch (random_below(state->random, 8)) {
    case 0:
    case 1:
    case 2:
        change_size(mutator, state, element);
        break;
    case 3:
        change_move(mutator, state, element);
        break;
    case 4:
        dom_listen(mutator, state, element);
        break;
    case 5:
        listener_remove(mutator, element);
        break;
    case 6:
        change_attribute(mutator, state, element);
        break;
    case 7:
        subtree_read(mutator, state, gc_local_get(element));
        break;
    }
    gc_frame_leave(mutator, frame);
}

/* Leaves the document, as when another page is visited. */
static void document_leave(struct gc_mutator *mutator, struct dom_state *state)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    gc_local_set(mutator, &frame.slot[0], document_root(mutator));
    subtree_read(mutator, state, gc_local_get(&frame.slot[0]));
    if (state->chosen->dispose) {
        subtree_dispose(mutator, &frame.slot[0]);
        gc_field_del(mutator, gc_local_get(gc_global(mutator, 0)), DOCUMENT_ROOT);
    }
    gc_local_del(mutator, gc_global(mutator, 0));
    gc_frame_leave(mutator, frame);
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct dom_options *chosen = values;
    struct dom_state state = {.chosen = chosen, .random = random};
    for (uint64_t document = 0; document < chosen->documents; document++) {
        document_load(mutator, &state);
        if (document == 0)
            gc_checkpoint(mutator, "first document loaded");
        for (uint64_t change = 0; change < chosen->mutations; change++)
            document_change(mutator, &state);
        if (document == 0)
            gc_checkpoint(mutator, "first document changed");
        document_leave(mutator, &state);
        if (document == 0)
            gc_checkpoint(mutator, "first document left");
    }
    gc_checkpoint(mutator, "all documents left");
    return checksum_add(state.checksum, state.serial);
}

const struct workload workload = {
    .name = "dom-tree",
    .group = "cycle",
    .summary = "documents with parent pointers and listeners, changed and left",
    .options = &options,
    WORKLOAD_SHAPES(dom_shapes),
    .globals = 1,
    .run = run,
};
