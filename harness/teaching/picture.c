/* SPDX-License-Identifier: MIT */
#include "harness/teaching/picture.h"

#include "collectors/collector-api.h"
#include "collectors/show.h"

#define REASON_NAME(word, name, does) [GC_REASON_##word] = name,
static const char *const reason_names[] = {GC_REASONS(REASON_NAME)};
#undef REASON_NAME

static json_t *integer_or_null(int64_t value)
{
    return value < 0 ? json_null() : json_integer(value);
}

/* ---- objects ---- */

static json_t *fields_of(const struct view_object *object)
{
    json_t *fields = json_array();
    for (uint32_t i = 0; i < object->field_count; i++)
        json_array_append_new(fields, json_integer(object->fields[i]));
    return fields;
}

static json_t *object_of(const struct view *view, uint32_t place, const struct view_state *state)
{
    const struct view_object *object = &view->objects[place];
    const struct gc_shape *shape = &view->model.shapes[view->model.objects[place].shape];
    json_t *colour = state->colour < 0 ? json_null() : json_string(gc_show.colours[state->colour].name);
    return json_pack("{si ss so so so sb so}", "object", (int)place + 1, "shape", shape->name, "count",
                     integer_or_null(state->count), "number", integer_or_null(state->number), "colour",
                     colour, "reachable", (int)object->reachable, "fields", fields_of(object));
}

static json_t *objects_of(const struct view *view, const struct view_state *states)
{
    json_t *objects = json_array();
    for (uint32_t i = 0; i < view->count; i++)
        if (states[i].held)
            json_array_append_new(objects, object_of(view, i, &states[i]));
    return objects;
}

static json_t *freed_of(const struct view_state *states, const struct view_state *before, uint32_t count)
{
    json_t *freed = json_array();
    for (uint32_t i = 0; i < count; i++)
        if (before[i].held && !states[i].held)
            json_array_append_new(freed, json_integer(i + 1));
    return freed;
}

/* ---- names and buffers ---- */

static json_t *slots_of(const struct model *model, uint32_t from, uint32_t to)
{
    json_t *slots = json_array();
    for (uint32_t slot = from; slot < to; slot++)
        json_array_append_new(slots, json_integer(model->slots[slot].object));
    return slots;
}

/* The global names, then each frame's. */
static json_t *frames_of(const struct model *model)
{
    json_t *frames = json_array();
    for (uint32_t frame = 0; frame <= model->frame_count; frame++) {
        uint32_t from = frame == 0 ? 0 : model->frames[frame - 1];
        uint32_t to = frame == model->frame_count ? model->top : model->frames[frame];
        json_array_append_new(frames, slots_of(model, from, to));
    }
    return frames;
}

struct entries {
    const struct view *view;
    json_t *numbers;
};

static void entry_add(void *context, const struct gc_object *object)
{
    struct entries *entries = context;
    uint32_t number = view_number(entries->view, object);
    if (number)
        json_array_append_new(entries->numbers, json_integer(number));
}

static json_t *buffers_of(const struct view *view)
{
    json_t *buffers = json_array();
    for (unsigned i = 0; gc_show.buffers && gc_show.buffers[i]; i++) {
        struct entries entries = {view, json_array()};
        gc_show.buffer_each(view->mutator, i, entry_add, &entries);
        json_array_append_new(buffers, entries.numbers);
    }
    return buffers;
}

/* ---- the whole ---- */

json_t *picture_make(const struct view *view, const struct picture_moment *moment,
                     const struct view_state *states, const struct view_state *before, uint32_t before_count)
{
    return json_pack("{sI ss? sb ss? so so so so}", "operation", (json_int_t)moment->operation, "phase",
                     moment->phase, "within", (int)moment->within, "reason",
                     moment->phase ? reason_names[moment->reason] : NULL, "objects", objects_of(view, states),
                     "freed", freed_of(states, before, before_count), "frames", frames_of(&view->model),
                     "buffers", buffers_of(view));
}

static json_t *colours_of(void)
{
    json_t *colours = json_array();
    for (const struct gc_show_colour *colour = gc_show.colours; colour && colour->name; colour++)
        json_array_append_new(colours, json_pack("{ss ss}", "name", colour->name, "means", colour->means));
    return colours;
}

json_t *picture_collector(void)
{
    json_t *buffers = json_array();
    for (unsigned i = 0; gc_show.buffers && gc_show.buffers[i]; i++)
        json_array_append_new(buffers, json_string(gc_show.buffers[i]));
    return json_pack("{ss ss sb ss? ss? so so}", "name", gc_collector.name, "summary", gc_collector.summary,
                     "counts", (int)gc_collector.traits->counts, "number", gc_show.number, "number_means",
                     gc_show.number_means, "colours", colours_of(), "buffers", buffers);
}
