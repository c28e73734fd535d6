/* SPDX-License-Identifier: MIT */
#include "harness/stress/ranges.h"

#include "harness/stress/patterns.h"

/* Names that are looked at for an object with many references. */
enum { LOOKS = 8 };

static uint32_t fields_of(const struct generator *generator, operand_t object)
{
    return object ? generator->model.objects[object - 1].field_count : 0;
}

/* Returns the object with the most references that a few looks find; 0 if none has any. */
static operand_t find_wide(struct generator *generator)
{
    operand_t widest = 0;
    for (int look = 0; look < LOOKS; look++) {
        operand_t object = object_in(generator, find_slot(generator));
        if (fields_of(generator, object) > fields_of(generator, widest))
            widest = object;
    }
    return widest;
}

/* Draws how long a range is: often all that there is, seldom nothing. */
static uint32_t draw_length(struct generator *generator, uint32_t most)
{
    return chance(generator, 0.3) ? most : below(generator, most + 1u);
}

/* Fills a range with some object, or clears it. */
static void emit_fill(struct generator *generator, operand_t to)
{
    operand_t value = chance(generator, 0.3) ? PROGRAM_NULL : find_object(generator);
    uint32_t count = draw_length(generator, fields_of(generator, to));
    uint32_t first = below(generator, fields_of(generator, to) - count + 1u);
    if (emit(generator, PROGRAM_RANGE, to, first, count))
        emit(generator, PROGRAM_FILL, value, 0, 0);
}

/* Copies a range over another one: of the same object, of one that a name holds, or of one that only fields may hold. */
static void emit_copy(struct generator *generator, operand_t to)
{
    uint32_t drawn = below(generator, 4);
    operand_t from = drawn < 2 ? to : drawn == 2 ? find_wide(generator) : find_object(generator);
    uint32_t most = fields_of(generator, from) < fields_of(generator, to) ? fields_of(generator, from)
                                                                          : fields_of(generator, to);
    uint32_t count = draw_length(generator, from == to ? most - most / 4 : most);
    uint32_t first = below(generator, fields_of(generator, to) - count + 1u);
    uint32_t begin = below(generator, fields_of(generator, from) - count + 1u);
    if (from && emit(generator, PROGRAM_RANGE, to, first, count))
        emit(generator, PROGRAM_COPY, from, begin, 0);
}

void ranges_emit(struct generator *generator)
{
    operand_t to = find_wide(generator);
    if (!to) {
        slot_t slot = below(generator, generator->model.top);
        emit_new(generator, slot, 1 + below(generator, 8));
    } else if (chance(generator, 0.5)) {
        emit_fill(generator, to);
    } else {
        emit_copy(generator, to);
    }
}
