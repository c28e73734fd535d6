/* SPDX-License-Identifier: MIT */
/*
 * What a generated program looks like, and how it is run: two sets of options, each with the one table that
 * reads, checks, prints and describes it. A program is a pure function of its seed and its dials; what a
 * worker finds is one of those and the setting.
 */
#ifndef HARNESS_STRESS_DIALS_H
#define HARNESS_STRESS_DIALS_H

#include "base/options.h"
#include "base/random.h"

struct dials {
    uint64_t operations;
    uint64_t globals;
    uint64_t calls;       /* frames open at once, at most */
    uint64_t locals;      /* slots of a frame, at most */
    uint64_t live;        /* objects made between two clearings of the names */
    uint64_t depth;       /* of chains, at most */
    uint64_t ring;        /* objects in a ring, at most */
    uint64_t fan_in;      /* references to a hub, at most */
    uint64_t array;       /* references in an array, at most */
    uint64_t bytes;       /* of the objects whose payload varies, at most */
    uint64_t collects;    /* per program */
    uint64_t checkpoints; /* per program */
    uint64_t counts;      /* reference counts asked for, per program */
    double cyclic;        /* share of structures that hold a ring */
    double acyclic;       /* share of objects of an acyclic shape where there is a choice */
    double drops;         /* share of single operations that drop a reference */
    double single;        /* share of operations that stand by themselves, outside of a pattern */
    uint64_t omit;        /* patterns left out, a bit for each */
};
extern const struct option_table dials_table;

/* Each dial drawn anew between the ends of a range about its default; equal seeds give equal dials. */
void dials_draw(struct dials *dials, struct random_state *random);

enum setting_zeal { ZEAL_NONE, ZEAL_EVERY, ZEAL_NTH, ZEAL_RANDOM };
enum setting_fault { FAULT_NONE, FAULT_ONE, FAULT_FROM, FAULT_LIMIT, FAULT_TABLES };

struct setting {
    uint64_t
        zeal; /* enum setting_zeal: collections beside those that the program and the collector call for */
    uint64_t every;  /* nth: at each so many allocations; random: at one in so many */
    uint64_t checks; /* of the heap, at one in so many allocations; 0: at collections of zeal and checkpoints
                        only */
    uint64_t fault;  /* enum setting_fault */
    uint64_t
        at; /* the allocation or mapping that fails, or bytes the heap may hold; 0: drawn from the seed */
    uint64_t least; /* collections that a collector for cycles begins by itself, at least */
    uint64_t most;  /* and full ones, at most; 0: no matter */
    uint64_t stuck; /* one in so many objects is born with a saturated count; 0: none */
    bool swarm;     /* the dials are drawn for each program */
    bool vary;      /* the collector's options are drawn for each program */
};
extern const struct option_table setting_table;

enum { OPTIONS_TEXT_BYTES = 512 };

/* Writes `values` so that option_table_parse() reads them back; what is at its default is left out. "" if all
 * is. */
void options_print(const struct option_table *table, const void *values,
                   char ret_text[static OPTIONS_TEXT_BYTES]);

/* Draws values for any table: of each number about half keep the default, the rest lie between it and the
 * least. */
void options_draw(const struct option_table *table, void *values, struct random_state *random);

#endif
