/* SPDX-License-Identifier: MIT */
/* The parts of a document, and the operations on them. A returned `struct gc_ref` is borrowed. A slot passed
 * as an argument is a name of the caller's, and keeps its reference. */
#ifndef WORKLOADS_DOM_TREE_ELEMENT_H
#define WORKLOADS_DOM_TREE_ELEMENT_H

#include "collectors/gc.h"

enum { DOCUMENT, ELEMENT, CHILDREN, ATTRIBUTE, STRING, LISTENER, SCOPE };

struct element_payload {
    uint64_t serial;
    uint32_t children; /* places taken in its array of children */
    uint32_t index;    /* its place among its parent's children */
};

static const struct gc_shape dom_shapes[] = {
    [DOCUMENT] = {.name = "document", .id = DOCUMENT, .refs = 1},
    [ELEMENT] = {.name = "element", .id = ELEMENT, .refs = 5, .payload = sizeof(struct element_payload)},
    [CHILDREN] = {.name = "children", .id = CHILDREN, .flags = GC_SHAPE_REFS_VARY},
    [ATTRIBUTE] = {.name = "attribute", .id = ATTRIBUTE, .flags = GC_SHAPE_ACYCLIC, .refs = 2},
    [STRING] = {.name = "string", .id = STRING, .flags = GC_SHAPE_ACYCLIC | GC_SHAPE_BYTES_VARY},
    [LISTENER] = {.name = "listener", .id = LISTENER, .refs = 2},
    [SCOPE] = {.name = "scope", .id = SCOPE, .refs = 2, .payload = 8},
};
/* The fields of each shape, in their order. */
enum { DOCUMENT_ROOT };
enum { ELEMENT_DOCUMENT, ELEMENT_PARENT, ELEMENT_CHILDREN, ELEMENT_ATTRIBUTES, ELEMENT_LISTENERS };
enum { ATTRIBUTE_NEXT, ATTRIBUTE_VALUE };
enum { LISTENER_NEXT, LISTENER_SCOPE };
enum { SCOPE_TARGET, SCOPE_RELATED };

static inline struct element_payload *element_payload(struct gc_ref element)
{
    return gc_payload(element, &dom_shapes[ELEMENT]);
}

static inline struct gc_ref element_child(struct gc_mutator *mutator, struct gc_ref element, uint64_t index)
{
    return gc_field_get(mutator, gc_field_get(mutator, element, ELEMENT_CHILDREN), index);
}

/* Returns the element after `element` in document order inside the subtree of `top`, or null. O(depth). */
struct gc_ref element_next(struct gc_mutator *mutator, struct gc_ref element, struct gc_ref top);

/* Returns whether `element` is `top` or lies below it. O(depth). */
bool element_is_inside(struct gc_mutator *mutator, struct gc_ref element, struct gc_ref top);

/* Returns a digest of the element's own bytes and of its attributes. */
uint64_t element_read(struct gc_mutator *mutator, struct gc_ref element);

/* Sends an event to each listener. The closure counts the event and reads the elements to which it refers.
 * Returns a digest of all that. */
uint64_t element_notify(struct gc_mutator *mutator, struct gc_ref element);

/* Makes an element outside of any tree. When `document` holds null, the element refers to none. [collects]
 * [drops] */
void element_make(struct gc_mutator *mutator, struct gc_slot *result, const struct gc_slot *document,
                  uint64_t serial);

/* Puts `child`, which has no parent, after the last child of `parent`. O(1) amortised. [collects] [drops] */
void element_append(struct gc_mutator *mutator, const struct gc_slot *parent, const struct gc_slot *child);

/* Takes the element out of its parent. The siblings after it move up by one place. O(siblings). [drops] */
void element_detach(struct gc_mutator *mutator, const struct gc_slot *element);

/* The first function adds an attribute, the second gives the first attribute a new value. The value is
 * `length` times `letter`. [collects] [drops] */
void attribute_add(struct gc_mutator *mutator, const struct gc_slot *element, uint64_t length, char letter);
void attribute_change(struct gc_mutator *mutator, const struct gc_slot *element, uint64_t length,
                      char letter);

/* The first function is `element.listen(() => { element ... related ... })`, the second forgets the latest
 * listener. [collects] [drops] */
void listener_add(struct gc_mutator *mutator, const struct gc_slot *element, const struct gc_slot *related);
void listener_remove(struct gc_mutator *mutator, const struct gc_slot *element);

/* Takes a subtree apart as a careful script does: leaf by leaf, the listeners go and the leaf leaves its
 * parent. Afterwards nothing in the subtree lies on a cycle. [drops] */
void subtree_dispose(struct gc_mutator *mutator, const struct gc_slot *top);

#endif
