/* SPDX-License-Identifier: MIT */
#include "workloads/dom-tree/element.h"

#include <string.h>

#include "workloads/workload.h"

enum { FIRST_CHILDREN = 4 };

struct gc_ref element_next(struct gc_mutator *mutator, struct gc_ref element, struct gc_ref top)
{
    if (element_payload(element)->children > 0)
        return element_child(mutator, element, 0);
    while (!gc_is_same(element, top)) {
        struct gc_ref parent = gc_field_get(mutator, element, ELEMENT_PARENT);
        uint64_t index = element_payload(element)->index + 1;
        if (index < element_payload(parent)->children)
            return element_child(mutator, parent, index);
        element = parent;
    }
    return GC_NULL;
}

bool element_is_inside(struct gc_mutator *mutator, struct gc_ref element, struct gc_ref top)
{
    while (!gc_is_null(element) && !gc_is_same(element, top))
        element = gc_field_get(mutator, element, ELEMENT_PARENT);
    return !gc_is_null(element);
}

static uint64_t string_read(struct gc_ref string)
{
    const unsigned char *text = gc_payload(string, &dom_shapes[STRING]);
    uint64_t length = gc_length(string);
    return length << 16 | (uint64_t)text[0] << 8 | text[length - 1];
}

uint64_t element_read(struct gc_mutator *mutator, struct gc_ref element)
{
    const struct element_payload *payload = element_payload(element);
    uint64_t sum = checksum_add(payload->serial, payload->children);
    struct gc_ref attribute = gc_field_get(mutator, element, ELEMENT_ATTRIBUTES);
    for (; !gc_is_null(attribute); attribute = gc_field_get(mutator, attribute, ATTRIBUTE_NEXT))
        sum = 31 * sum + string_read(gc_field_get(mutator, attribute, ATTRIBUTE_VALUE));
    return sum;
}

uint64_t element_notify(struct gc_mutator *mutator, struct gc_ref element)
{
    uint64_t sum = 0;
    struct gc_ref listener = gc_field_get(mutator, element, ELEMENT_LISTENERS);
    for (; !gc_is_null(listener); listener = gc_field_get(mutator, listener, LISTENER_NEXT)) {
        struct gc_ref scope = gc_field_get(mutator, listener, LISTENER_SCOPE);
        uint64_t *events = gc_payload(scope, &dom_shapes[SCOPE]);
        sum = 31 * sum + ++*events;
        sum += element_payload(gc_field_get(mutator, scope, SCOPE_TARGET))->serial;
        sum += 3 * element_payload(gc_field_get(mutator, scope, SCOPE_RELATED))->serial;
    }
    return sum;
}

static void string_make(struct gc_mutator *mutator, struct gc_slot *result, uint64_t length, char letter)
{
    gc_local_new(mutator, result, &dom_shapes[STRING], length);
    memset(gc_payload(gc_local_get(result), &dom_shapes[STRING]), letter, length);
}

void attribute_add(struct gc_mutator *mutator, const struct gc_slot *element, uint64_t length, char letter)
{
    enum { ADDED, VALUE, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    string_make(mutator, &frame.slot[VALUE], length, letter);
    gc_local_new(mutator, &frame.slot[ADDED], &dom_shapes[ATTRIBUTE], 0);
    struct gc_ref first = gc_field_get(mutator, gc_local_get(element), ELEMENT_ATTRIBUTES);
    gc_field_set(mutator, gc_local_get(&frame.slot[ADDED]), ATTRIBUTE_NEXT, first);
    gc_field_set(mutator, gc_local_get(&frame.slot[ADDED]), ATTRIBUTE_VALUE,
                 gc_local_get(&frame.slot[VALUE]));
    gc_field_set(mutator, gc_local_get(element), ELEMENT_ATTRIBUTES, gc_local_get(&frame.slot[ADDED]));
    gc_frame_leave(mutator, frame);
}

void attribute_change(struct gc_mutator *mutator, const struct gc_slot *element, uint64_t length, char letter)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    string_make(mutator, &frame.slot[0], length, letter);
    struct gc_ref attribute = gc_field_get(mutator, gc_local_get(element), ELEMENT_ATTRIBUTES);
    if (!gc_is_null(attribute))
        gc_field_set(mutator, attribute, ATTRIBUTE_VALUE, gc_local_get(&frame.slot[0]));
    gc_frame_leave(mutator, frame);
}

void listener_add(struct gc_mutator *mutator, const struct gc_slot *element, const struct gc_slot *related)
{
    enum { ADDED, CLOSED_OVER, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *added = &frame.slot[ADDED], *scope = &frame.slot[CLOSED_OVER];
    gc_local_new(mutator, scope, &dom_shapes[SCOPE], 0);
    gc_field_set(mutator, gc_local_get(scope), SCOPE_TARGET, gc_local_get(element));
    gc_field_set(mutator, gc_local_get(scope), SCOPE_RELATED, gc_local_get(related));
    gc_local_new(mutator, added, &dom_shapes[LISTENER], 0);
    gc_field_set(mutator, gc_local_get(added), LISTENER_SCOPE, gc_local_get(scope));
    struct gc_ref first = gc_field_get(mutator, gc_local_get(element), ELEMENT_LISTENERS);
    gc_field_set(mutator, gc_local_get(added), LISTENER_NEXT, first);
    gc_field_set(mutator, gc_local_get(element), ELEMENT_LISTENERS, gc_local_get(added));
    gc_frame_leave(mutator, frame);
}

void listener_remove(struct gc_mutator *mutator, const struct gc_slot *element)
{
    struct gc_ref first = gc_field_get(mutator, gc_local_get(element), ELEMENT_LISTENERS);
    if (!gc_is_null(first))
        gc_field_set(mutator, gc_local_get(element), ELEMENT_LISTENERS,
                     gc_field_get(mutator, first, LISTENER_NEXT));
}

void element_make(struct gc_mutator *mutator, struct gc_slot *result, const struct gc_slot *document,
                  uint64_t serial)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *element = &frame.slot[0];
    gc_local_new(mutator, element, &dom_shapes[ELEMENT], 0);
    element_payload(gc_local_get(element))->serial = serial;
    gc_field_set(mutator, gc_local_get(element), ELEMENT_DOCUMENT, gc_local_get(document));
    gc_local_move(mutator, result, element);
    gc_frame_leave(mutator, frame);
}

/* Makes the array of children twice as long. The old array dies. */
static void children_grow(struct gc_mutator *mutator, const struct gc_slot *element, uint64_t taken)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *grown = &frame.slot[0];
    gc_local_new(mutator, grown, &dom_shapes[CHILDREN], taken ? 2 * taken : FIRST_CHILDREN);
    for (uint64_t i = 0; i < taken; i++)
        gc_field_set(mutator, gc_local_get(grown), i, element_child(mutator, gc_local_get(element), i));
    gc_field_set(mutator, gc_local_get(element), ELEMENT_CHILDREN, gc_local_get(grown));
    gc_frame_leave(mutator, frame);
}

void element_append(struct gc_mutator *mutator, const struct gc_slot *parent, const struct gc_slot *child)
{
    uint32_t taken = element_payload(gc_local_get(parent))->children;
    struct gc_ref children = gc_field_get(mutator, gc_local_get(parent), ELEMENT_CHILDREN);
    if (gc_is_null(children) || gc_length(children) == taken)
        children_grow(mutator, parent, taken);
    element_payload(gc_local_get(parent))->children = taken + 1;
    element_payload(gc_local_get(child))->index = taken;
    children = gc_field_get(mutator, gc_local_get(parent), ELEMENT_CHILDREN);
    gc_field_set(mutator, children, taken, gc_local_get(child));
    gc_field_set(mutator, gc_local_get(child), ELEMENT_PARENT, gc_local_get(parent));
}

void element_detach(struct gc_mutator *mutator, const struct gc_slot *element)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *parent = &frame.slot[0];
    gc_local_set(mutator, parent, gc_field_get(mutator, gc_local_get(element), ELEMENT_PARENT));
    uint32_t last = --element_payload(gc_local_get(parent))->children;
    for (uint32_t i = element_payload(gc_local_get(element))->index; i < last; i++) {
        struct gc_ref moved = element_child(mutator, gc_local_get(parent), i + 1);
        element_payload(moved)->index = i;
        gc_field_set(mutator, gc_field_get(mutator, gc_local_get(parent), ELEMENT_CHILDREN), i, moved);
    }
    gc_field_del(mutator, gc_field_get(mutator, gc_local_get(parent), ELEMENT_CHILDREN), last);
    gc_field_del(mutator, gc_local_get(element), ELEMENT_PARENT);
    gc_frame_leave(mutator, frame);
}

void subtree_dispose(struct gc_mutator *mutator, const struct gc_slot *top)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    struct gc_slot *element = &frame.slot[0], *parent = &frame.slot[1];
    gc_local_set(mutator, element, gc_local_get(top));
    for (;;) {
        uint32_t children = element_payload(gc_local_get(element))->children;
        if (children > 0) {
            gc_local_set(mutator, element, element_child(mutator, gc_local_get(element), children - 1));
            continue;
        }
        gc_field_del(mutator, gc_local_get(element), ELEMENT_LISTENERS);
        if (gc_is_same(gc_local_get(element), gc_local_get(top)))
            break;
        gc_local_set(mutator, parent, gc_field_get(mutator, gc_local_get(element), ELEMENT_PARENT));
        element_detach(mutator, element);
        gc_local_move(mutator, element, parent);
    }
    gc_frame_leave(mutator, frame);
}
