/* SPDX-License-Identifier: MIT */
#include "harness/stress/dials.h"

#include <stdio.h>

static const struct option_spec dials_specs[] = {
    OPTION_INTEGER(struct dials, operations, 600, 1, 1e8, "operations", "length of a program"),
    OPTION_INTEGER(struct dials, globals, 6, 1, 1000, "names", "global names"),
    OPTION_INTEGER(struct dials, calls, 6, 1, 10000, "frames", "frames open at once, at most"),
    OPTION_INTEGER(struct dials, locals, 6, 4, 1000, "names", "local names of a frame, at most"),
    OPTION_INTEGER(struct dials, live, 200, 1, 1e7, "objects",
                   "objects made between two clearings of the names"),
    OPTION_INTEGER(struct dials, depth, 24, 2, 1e7, "objects", "length of a chain, at most"),
    OPTION_INTEGER(struct dials, ring, 5, 1, 1e6, "objects", "objects in a ring, at most"),
    OPTION_INTEGER(struct dials, fan_in, 16, 1, 1e7, "references", "references to a hub, at most"),
    OPTION_INTEGER(struct dials, array, 12, 0, 1e6, "references", "references in an array, at most"),
    OPTION_INTEGER(struct dials, bytes, 64, 0, 1e7, "bytes", "payload where it varies, at most"),
    OPTION_INTEGER(struct dials, shapes, 15, 1, 65534, "shapes", "shapes of a program"),
    OPTION_INTEGER(struct dials, largest, 1 << 12, 8, 1 << 23, "bytes",
                   "an object whose size is at a boundary, at most"),
    OPTION_INTEGER(struct dials, collects, 3, 0, 1e6, "", "collections in a program"),
    OPTION_INTEGER(struct dials, checkpoints, 2, 0, 1e6, "",
                   "checkpoints in a program, besides the one at its end"),
    OPTION_INTEGER(struct dials, counts, 6, 0, 1e6, "", "reference counts that a program asks for"),
    OPTION_REAL(struct dials, cyclic, 0.6, 0, 1, "", "share of structures that hold a ring"),
    OPTION_REAL(struct dials, acyclic, 0.3, 0, 1, "", "share of acyclic objects where there is a choice"),
    OPTION_REAL(struct dials, drops, 0.45, 0, 1, "", "share of single operations that drop a reference"),
    OPTION_REAL(struct dials, single, 0.4, 0, 1, "", "share of operations outside of a pattern"),
    OPTION_REAL(struct dials, edges, 0.04, 0, 1, "", "share of sizes and patterns at a boundary"),
    OPTION_REAL(struct dials, attended, 0, 0, 1, "",
                "share of single operations that are of finalisers or of weak references"),
    OPTION_REAL(struct dials, freezes, 0, 0, 1, "",
                "share of collections before which it freezes or unfreezes, and of frozen structures"),
    OPTION_REAL(struct dials, ranges, 0, 0, 1, "",
                "share of single operations that write a range of references"),
    OPTION_REAL(struct dials, external, 0, 0, 1, "",
                "share of the shapes of one size whose objects own external bytes"),
    OPTION_INTEGER(struct dials, omit, 0, 0, 4294967295, "", "patterns left out, a bit for each"),
    OPTION_INTEGER(struct dials, steady, 0, 0, 1e6, "structures",
                   "held at once, and replaced in phases; 0: a program of patterns"),
    OPTION_INTEGER(struct dials, waves, 0, 0, 1e6, "objects",
                   "that die together, and one takes their room; 0: a program of patterns"),
};
const struct option_table dials_table = OPTION_TABLE(struct dials, dials_specs);

static const char *const zeal_words[] = {"none", "every", "nth", "random", NULL};
static const char *const fault_words[] = {"none", "one", "from", "limit", "tables", "budget", NULL};

static const char *const vary_words[] = {"off", "on", "below", "switches", NULL};

static const struct option_spec conditions_specs[] = {
    OPTION_CHOICE(struct conditions, zeal, ZEAL_NONE, zeal_words,
                  "collections beside those the program calls for"),
    OPTION_INTEGER(struct conditions, every, 7, 1, 1e9, "allocations", "between two of them, or about"),
    OPTION_INTEGER(struct conditions, checks, 0, 0, 1e9, "allocations",
                   "about so many between checks of the heap"),
    OPTION_CHOICE(struct conditions, fault, FAULT_NONE, fault_words, "what fails"),
    OPTION_INTEGER(struct conditions, at, 0, 0, 1e15, "",
                   "which allocation or mapping fails, or bytes of heap or of allocations; 0: drawn"),
    OPTION_INTEGER(struct conditions, stuck, 0, 0, 1e9, "objects",
                   "one in so many has a saturated count from birth"),
    OPTION_INTEGER(
        struct conditions, least, 0, 0, 1e15, "collections",
        "that the collector must begin by itself, if it collects cycles: for programs that collect nothing"),
    OPTION_INTEGER(struct conditions, least_full, 0, 0, 1e15, "collections",
                   "full ones among these, at least"),
    OPTION_INTEGER(struct conditions, most, 0, 0, 1e15, "collections",
                   "full ones that it may begin by itself; 0: any"),
    OPTION_SWITCH(struct conditions, bounds, false, "the collector is held to its bounds"),
    OPTION_SWITCH(struct conditions, ringless, false, "the program makes no ring"),
    OPTION_SWITCH(struct conditions, refless, false, "no object of the program ever holds a reference"),
    OPTION_SWITCH(struct conditions, leafless, false, "what a ring of the program keeps lies on that ring"),
    OPTION_SWITCH(struct conditions, small, false, "a collector with chunks of memory takes small ones"),
    OPTION_INTEGER(struct conditions, structure, 0, 0, 1e9, "objects",
                   "in the largest structure with a ring that the program drops at once"),
    OPTION_SWITCH(struct conditions, swarm, false, "the dials are drawn for each program"),
    OPTION_CHOICE(struct conditions, vary, VARY_OFF, vary_words,
                  "the collector's options are drawn for each program"),
};
const struct option_table conditions_table = OPTION_TABLE(struct conditions, conditions_specs);

/* ---- drawing ---- */

static unsigned bits_of(uint64_t number)
{
    return number ? 64 - (unsigned)__builtin_clzll(number) : 0;
}

/* Draws a number between the two. Each number of binary digits is as likely as the next. The arithmetic is
 * that of integers, so the result is the same everywhere. */
static uint64_t draw_scaled(struct random_state *random, uint64_t least, uint64_t most)
{
    unsigned bits = bits_of(least) + (unsigned)random_below(random, bits_of(most) - bits_of(least) + 1);
    uint64_t low = bits ? (uint64_t)1 << (bits - 1) : 0;
    uint64_t drawn = low + (bits ? random_below(random, low) : 0);
    return drawn < least ? least : drawn > most ? most : drawn;
}

/* Draws a share in [0, 1), in thousandths, which print and read back exactly. */
static double draw_share(struct random_state *random)
{
    return (double)random_below(random, 1000) / 1000;
}

void dials_draw(struct dials *dials, struct random_state *random)
{
    dials->operations = draw_scaled(random, 60, 1500);
    dials->globals = draw_scaled(random, 1, 40);
    dials->calls = draw_scaled(random, 1, 30);
    dials->locals = draw_scaled(random, 4, 24);
    dials->live = draw_scaled(random, 8, 800);
    dials->depth = draw_scaled(random, 2, 600);
    dials->ring = draw_scaled(random, 1, 40);
    dials->fan_in = draw_scaled(random, 1, 120);
    dials->array = draw_scaled(random, 0, 60);
    dials->bytes = draw_scaled(random, 0, 20000);
    /* One program in eight has few shapes. One in 32 has large objects, and one in 128 has some of megabytes:
     * to fill and to check them takes as long as many operations. */
    dials->shapes = random_below(random, 8) ? draw_scaled(random, 15, 24) : draw_scaled(random, 1, 12);
    dials->largest = random_below(random, 32)  ? draw_scaled(random, 256, 4096)
                     : random_below(random, 4) ? 1 << 16
                                               : 1 << 22;
    dials->collects = draw_scaled(random, 0, 20);
    dials->checkpoints = draw_scaled(random, 0, 6);
    dials->counts = draw_scaled(random, 0, 30);
    dials->cyclic = draw_share(random);
    dials->acyclic = draw_share(random) / 2;
    dials->drops = draw_share(random);
    dials->single = draw_share(random);
    dials->edges = (double)random_below(random, 100) / 1000;
    if (dials->attended > 0)
        dials->attended *= draw_share(random);
    /* One program in four omits no pattern. In the others each pattern is omitted with one
     * chance in three. */
    uint64_t mask = random_next(random);
    mask = (mask | mask >> 32) & random_next(random);
    dials->omit = random_below(random, 4) ? mask & random_next(random) & 0xffffffff : 0;
}

/* Draws an integer from above the default: half of them up to sixteen times as large, the others of any size. */
static uint64_t draw_above(const struct option_spec *option, struct random_state *random)
{
    double most = option->standard * 16 + 16;
    bool is_near = random_next(random) & 1;
    most = is_near && most < option->max ? most : option->max;
    return draw_scaled(random, (uint64_t)option->standard, (uint64_t)most);
}

/* Draws a real up to the default: one in four is the least that there may be. */
static double draw_real_below(const struct option_spec *option, double share)
{
    return option->min + (share < 0.25 ? 0 : share) * (option->standard - option->min);
}

/* Draws a real from above the default, in thousandths. */
static double draw_real_above(const struct option_spec *option, struct random_state *random)
{
    uint64_t least = (uint64_t)(option->standard * 1000);
    return (double)(least + draw_scaled(random, 0, (uint64_t)(option->max * 1000) - least)) / 1000;
}

static void option_draw(const struct option_spec *option, void *place, bool may_be_above,
                        struct random_state *random)
{
    double share = draw_share(random);
    bool keeps = random_next(random) & 1;
    bool above = random_next(random) & 1 && may_be_above;
    if (keeps || option->type == OPTION_TEXT)
        return;
    if (option->type == OPTION_INTEGER)
        *(uint64_t *)place = above ? draw_above(option, random)
                                   : draw_scaled(random, (uint64_t)option->min, (uint64_t)option->standard);
    else if (option->type == OPTION_REAL)
        *(double *)place = above ? draw_real_above(option, random) : draw_real_below(option, share);
    else if (option->type == OPTION_SWITCH)
        *(bool *)place = share < 0.5;
    else
        *(uint64_t *)place = (uint64_t)(share * (option->max + 1));
}

void options_draw(const struct option_table *table, void *values, enum conditions_vary vary,
                  struct random_state *random)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct option_spec *option = &table->options[i];
        void *place = (char *)values + option->offset;
        if (vary != VARY_SWITCHES)
            option_draw(option, place, vary == VARY_ON, random);
        else if (option->type == OPTION_SWITCH)
            *(bool *)place = random_next(random) & 1;
    }
}

/* ---- printing ---- */

static bool is_standard(const struct option_spec *option, const void *values)
{
    switch (option->type) {
    case OPTION_INTEGER:
    case OPTION_CHOICE:
        return option_integer_get(option, values) == (uint64_t)option->standard;
    case OPTION_REAL:
        return option_real_get(option, values) == option->standard;
    case OPTION_SWITCH:
        return option_switch_get(option, values) == (option->standard != 0);
    case OPTION_TEXT:
        break;
    }
    return !*option_text_get(option, values);
}

static int option_print(const struct option_spec *option, const void *values, char *text, size_t room)
{
    switch (option->type) {
    case OPTION_INTEGER:
        return snprintf(text, room, "%s=%llu", option->name,
                        (unsigned long long)option_integer_get(option, values));
    case OPTION_REAL:
        return snprintf(text, room, "%s=%.15g", option->name, option_real_get(option, values));
    case OPTION_SWITCH:
        return snprintf(text, room, "%s=%s", option->name, option_switch_get(option, values) ? "on" : "off");
    case OPTION_CHOICE:
        return snprintf(text, room, "%s=%s", option->name,
                        option->choices[option_integer_get(option, values)]);
    case OPTION_TEXT:
        break;
    }
    return snprintf(text, room, "%s=%s", option->name, option_text_get(option, values));
}

void options_print(const struct option_table *table, const void *values,
                   char ret_text[static OPTIONS_TEXT_BYTES])
{
    size_t used = 0;
    ret_text[0] = '\0';
    for (size_t i = 0; i < table->count && used + 1 < OPTIONS_TEXT_BYTES; i++) {
        if (is_standard(&table->options[i], values))
            continue;
        if (used)
            ret_text[used++] = ',';
        used += (size_t)option_print(&table->options[i], values, ret_text + used, OPTIONS_TEXT_BYTES - used);
    }
}
