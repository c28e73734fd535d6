/* SPDX-License-Identifier: MIT */
#include "harness/teaching/parts.h"

#include <stdlib.h>

#include "base/text.h"

void parts_init(struct parts *parts)
{
    *parts = (struct parts){json_object(), json_object(), json_array()};
}

void parts_free(struct parts *parts)
{
    json_decref(parts->objects);
    json_decref(parts->links);
    json_decref(parts->frames);
    *parts = (struct parts){0};
}

/* Adds a link unless it leads to null. A field is -1 for the link of a name. */
static void link_add(struct parts *parts, const char *from, json_int_t to, int field)
{
    if (to == 0)
        return;
    char *node = text_format("o%lld", (long long)to), *name = text_format("%s_%d_%s", from, field, node);
    json_object_set_new(parts->links, name,
                        json_pack("{ss ss so}", "from", from, "to", node, "field",
                                  field < 0 ? json_null() : json_integer(field)));
    free(name);
    free(node);
}

static void object_add(struct parts *parts, json_t *object)
{
    char *node = text_format("o%lld", (long long)json_integer_value(json_object_get(object, "object")));
    size_t i;
    const json_t *to;
    json_object_set(parts->objects, node, object);
    json_array_foreach(json_object_get(object, "fields"), i, to)
        link_add(parts, node, json_integer_value(to), (int)i);
    free(node);
}

static void frame_add(struct parts *parts, size_t frame, const json_t *slots)
{
    size_t i;
    const json_t *to;
    json_int_t count = (json_int_t)json_array_size(slots);
    if (frame == json_array_size(parts->frames))
        json_array_append_new(parts->frames, json_integer(count));
    if (count > json_integer_value(json_array_get(parts->frames, frame)))
        json_array_set_new(parts->frames, frame, json_integer(count));
    json_array_foreach(slots, i, to) {
        char *node = text_format("f%zu:s%zu", frame, i);
        link_add(parts, node, json_integer_value(to), -1);
        free(node);
    }
}

void parts_add(struct parts *parts, const json_t *picture)
{
    size_t i;
    json_t *part;
    json_array_foreach(json_object_get(picture, "objects"), i, part)
        object_add(parts, part);
    json_array_foreach(json_object_get(picture, "frames"), i, part)
        frame_add(parts, i, part);
}

void parts_add_all(struct parts *parts, const json_t *document)
{
    size_t i;
    const json_t *picture;
    json_array_foreach(json_object_get(document, "pictures"), i, picture)
        parts_add(parts, picture);
}
