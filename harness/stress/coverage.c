/* SPDX-License-Identifier: MIT */
#include "harness/stress/coverage.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
    NOTED_NUMBERS = 1 << 17,
    OBJECTS_MOST = 50000000, /* two operations each in the longest program (dials.c) */
};

const char *const coverage_words[COVERAGE_PLACES] = {"below", "at", "above", "multiples"};

void coverage_open(struct coverage *coverage, const struct boundaries *boundaries)
{
    *coverage = (struct coverage){.boundaries = boundaries, .hits = memory_new(boundaries->count + 1, 1)};
    for (int kind = 0; kind < GC_BOUNDARY_KIND_COUNT; kind++)
        coverage->noted[kind] = memory_new(NOTED_NUMBERS / 8, 1);
}

void coverage_close(struct coverage *coverage)
{
    for (int kind = 0; kind < GC_BOUNDARY_KIND_COUNT; kind++)
        free(coverage->noted[kind]);
    free(coverage->hits);
    *coverage = (struct coverage){0};
}

/* Returns the place that a number has of a boundary, or COVERAGE_PLACES. */
static enum coverage_place place_of(uint64_t value, uint64_t number)
{
    if (number + 1 == value)
        return COVERAGE_BELOW;
    if (number == value)
        return COVERAGE_AT;
    if (number == value + 1)
        return COVERAGE_ABOVE;
    uint64_t rest = number % value;
    bool is_near = value > 2 && number > value && (rest <= 1 || rest == value - 1);
    return is_near ? COVERAGE_MULTIPLE : COVERAGE_PLACES;
}

void coverage_note(struct coverage *coverage, enum gc_boundary_kind kind, uint64_t number)
{
    if (!coverage)
        return;
    if (number < NOTED_NUMBERS) {
        uint8_t bit = (uint8_t)(1 << number % 8);
        if (coverage->noted[kind][number / 8] & bit)
            return;
        coverage->noted[kind][number / 8] |= bit;
    }
    for (size_t i = 0; i < coverage->boundaries->count; i++) {
        const struct boundary *boundary = &coverage->boundaries->items[i];
        enum coverage_place place =
            boundary->kind == kind ? place_of(boundary->value, number) : COVERAGE_PLACES;
        if (place != COVERAGE_PLACES)
            coverage->hits[i] |= (uint8_t)(1 << place);
    }
}

void coverage_note_place(struct coverage *coverage, enum gc_boundary_kind kind, uint64_t value,
                         enum coverage_place place)
{
    for (size_t i = 0; coverage && i < coverage->boundaries->count; i++) {
        const struct boundary *boundary = &coverage->boundaries->items[i];
        if (boundary->kind == kind && boundary->value == value)
            coverage->hits[i] |= (uint8_t)(1 << place);
    }
}

/* The least and the largest number of each kind that programs have, and the largest of short ones. */
static const struct {
    uint64_t least, most, most_of_short;
} limits[GC_BOUNDARY_KIND_COUNT] = {
    [GC_BOUNDARY_BYTES] = {GC_HEADER_BYTES, UINT64_MAX, 66000},
    [GC_BOUNDARY_REFERENCES] = {0, UINT64_MAX, 512},
    [GC_BOUNDARY_FAN_IN] = {0, UINT64_MAX, 300},
    [GC_BOUNDARY_OBJECTS] = {1, OBJECTS_MOST, 300},
    [GC_BOUNDARY_FILL] = {0, COVERAGE_FILL_MOST, 200000},
    [GC_BOUNDARY_ROOTS] = {0, UINT64_MAX, 300},
    [GC_BOUNDARY_SLOTS] = {0, UINT64_MAX, 300},
    [GC_BOUNDARY_FRAMES] = {0, UINT64_MAX, 300},
    [GC_BOUNDARY_GLOBALS] = {0, UINT64_MAX, 300},
    [GC_BOUNDARY_SHAPES] = {1, 65534, 300},
};

bool coverage_is_possible(const struct boundary *boundary, enum coverage_place place)
{
    uint64_t number = boundary->value + (uint64_t)place - COVERAGE_AT;
    return place < COVERAGE_MULTIPLE && number >= limits[boundary->kind].least &&
           number <= limits[boundary->kind].most;
}

bool coverage_is_small(const struct boundary *boundary)
{
    return boundary->value <= limits[boundary->kind].most_of_short;
}

char *coverage_text(const uint8_t *hits, size_t count)
{
    char *text = memory_new(count + 1, 1);
    for (size_t i = 0; i < count; i++)
        text[i] = "0123456789abcdef"[hits[i]];
    return text;
}

int coverage_read(const char *text, uint8_t *hits, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < count; i++) {
        const char *digit = text[i] ? strchr(digits, text[i]) : NULL;
        if (!digit)
            return -1;
        hits[i] |= (uint8_t)(digit - digits);
    }
    return text[count] ? -1 : 0;
}
