/* SPDX-License-Identifier: MIT */
/* Operations on ranges. A RANGE is kept for the next operation. What it refers to can be used there still: nothing has
 * been collected or dropped in between. */
#include "program/model-internal.h"

/* ---- validity ---- */

static bool is_in_object(const struct model *model, uint32_t object, uint32_t first, uint32_t count)
{
    uint32_t fields = model->objects[object].field_count;
    return first <= fields && count <= fields - first;
}

/* Whether a range has the value of an ephemeron, which is set and read with its key. */
static bool has_value(const struct model *model, uint32_t object, uint32_t first, uint32_t count)
{
    return model_shape(model, object)->flags & GC_SHAPE_EPHEMERON && first <= GC_EPHEMERON_VALUE && count > 0;
}

static const char *const value_objection =
    "the value of an ephemeron is set with its key, and is in no range";

static const char *fill_objection(const struct model *model, uint32_t value)
{
    const char *objection = value == PROGRAM_NULL ? NULL : model_object_objection(model, value);
    return objection ? objection : model_held_objection(model, model->range.object - 1, value);
}

static const char *copy_objection(const struct model *model, uint32_t from, uint32_t first)
{
    const struct model_range *range = &model->range;
    const char *objection = model_object_objection(model, from);
    if (!objection && !is_in_object(model, from - 1, first, range->count))
        objection = "the object has no such range to copy";
    if (!objection && has_value(model, from - 1, first, range->count))
        objection = value_objection;
    for (uint32_t i = 0; i < range->count && !objection; i++)
        objection = model_held_objection(model, range->object - 1, model_field(model, from - 1, first + i));
    return objection;
}

const char *model_range_objection(const struct model *model, const struct program_op *op)
{
    if (op->code == PROGRAM_RANGE) {
        const char *objection = model_object_objection(model, op->a);
        if (!objection && !is_in_object(model, op->a - 1, op->b, op->c))
            objection = "the object has no such range";
        if (!objection && has_value(model, op->a - 1, op->b, op->c))
            objection = value_objection;
        return objection;
    }
    if (!model->range.object)
        return "a 'range' stands in front of it, which says what it writes";
    return op->code == PROGRAM_FILL ? fill_objection(model, op->a) : copy_objection(model, op->a, op->b);
}

/* ---- meaning ---- */

static void copy(struct model *model, uint32_t from, uint32_t first)
{
    struct model_range range = model->range;
    bool backwards = from == range.object && range.first > first;
    for (uint32_t i = 0; i < range.count; i++) {
        uint32_t place = backwards ? range.count - 1 - i : i;
        model_store(model, range.object - 1, range.first + place,
                    model_field(model, from - 1, first + place));
    }
}

void model_range_apply(struct model *model, const struct program_op *op)
{
    struct model_range range = model->range;
    if (op->code == PROGRAM_RANGE) {
        model->range = (struct model_range){op->a, op->b, op->c};
    } else if (op->code == PROGRAM_COPY) {
        copy(model, op->a, op->b);
    } else {
        for (uint32_t i = 0; i < range.count; i++)
            model_store(model, range.object - 1, range.first + i, op->a);
    }
}
