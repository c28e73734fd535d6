/* SPDX-License-Identifier: MIT */
/*
 * Two sets of options: the dials, which shape a generated program, and the conditions under which it is run
 * (`--setting` of the command). One table for each set reads, checks, prints and describes it. A program is a
 * pure function of its seed and its dials. Seed, dials and conditions name a finding.
 */
#ifndef HARNESS_STRESS_DIALS_H
#define HARNESS_STRESS_DIALS_H

#include "base/options.h"
#include "base/random.h"

struct dials {
    uint64_t operations;
    uint64_t globals;
    uint64_t calls;       /* the most frames open at once */
    uint64_t locals;      /* the most slots of a frame */
    uint64_t live;        /* objects made between two clearings of the names */
    uint64_t depth;       /* the greatest length of a chain */
    uint64_t ring;        /* the most objects in a ring */
    uint64_t fan_in;      /* the most references to a hub */
    uint64_t array;       /* the most references in an array */
    uint64_t bytes;       /* the greatest payload of an object whose payload varies */
    uint64_t shapes;      /* the number of shapes */
    uint64_t largest;     /* the bytes of the largest object whose size is at a boundary */
    uint64_t collects;    /* collections in a program */
    uint64_t checkpoints; /* checkpoints in a program */
    uint64_t counts;      /* reference counts for which a program asks */
    double cyclic;        /* share of structures that hold a ring */
    double acyclic;       /* share of objects of an acyclic shape where there is a choice */
    double drops;         /* share of single operations that drop a reference */
    double single;        /* share of operations outside of a pattern */
    double edges;         /* share of sizes and patterns that are at a boundary */
    uint64_t omit;        /* patterns left out, a bit for each */
    uint64_t steady;      /* structures held at once by a program of phases (steady.h); 0: one of patterns */
    double attended;      /* share of single operations that are of finalisers or of weak references */
    double freezes;  /* share of collections before which it freezes or unfreezes, and of frozen structures */
    double ranges;   /* share of single operations that write a range of references */
    double external; /* share of the shapes of one size whose objects own external bytes */
    uint64_t waves;  /* objects of a wave, at most, of a program of waves (waves.h); 0: one of patterns */
};
extern const struct option_table dials_table;

/* Draws each dial anew from a range about its default. Equal seeds give equal dials. */
void dials_draw(struct dials *dials, struct random_state *random);

enum conditions_zeal { ZEAL_NONE, ZEAL_EVERY, ZEAL_NTH, ZEAL_RANDOM };
/* From where options are drawn: up to their defaults, or from above them, too; or of the switches alone. */
enum conditions_vary { VARY_OFF, VARY_ON, VARY_BELOW, VARY_SWITCHES };
enum conditions_fault { FAULT_NONE, FAULT_ONE, FAULT_FROM, FAULT_LIMIT, FAULT_TABLES, FAULT_BUDGET };

struct conditions {
    uint64_t zeal;   /* enum conditions_zeal: collections that neither program nor collector calls for */
    uint64_t every;  /* nth: allocations from one collection to the next; random: one in so many collects */
    uint64_t checks; /* one in so many allocations checks the heap; 0: only zeal and checkpoints do */
    uint64_t fault;  /* enum conditions_fault */
    uint64_t at;     /* the allocation or mapping that fails, or the limit or budget in bytes; 0: drawn */
    uint64_t least;  /* the fewest collections that a collector of cycles must begin by itself */
    uint64_t least_full; /* the fewest full ones among these */
    uint64_t most;       /* the most full ones that it may begin by itself; 0: any number */
    uint64_t stuck;      /* one in so many objects is born with a saturated count; 0: none */
    uint64_t structure;  /* objects of the largest structure with a ring that the program drops at once */
    bool bounds;         /* the collector is held to its bounds: for programs of phases, under no fault */
    bool ringless;       /* the program makes no ring */
    bool refless;        /* no object of the program ever holds a reference */
    bool leafless;       /* what a ring of the program keeps lies on that ring */
    bool small;          /* collectors that take memory in chunks take small ones */
    bool swarm;          /* the dials are drawn for each program */
    uint64_t vary;       /* enum conditions_vary: the collector's options are drawn for each program */
};
extern const struct option_table conditions_table;

enum { OPTIONS_TEXT_BYTES = 512 };

/* Writes `values` so that option_table_parse() reads them back. Values at their defaults are left out. Writes
 * "" if all are. */
void options_print(const struct option_table *table, const void *values,
                   char ret_text[static OPTIONS_TEXT_BYTES]);

/* Draws values for any table. About half of the numbers keep their default. The rest lie between the default and
 * the least value, or where `vary` allows it, half of them above the default. VARY_SWITCHES draws the switches, each
 * on as often as off, and leaves the rest at their defaults. */
void options_draw(const struct option_table *table, void *values, enum conditions_vary vary,
                  struct random_state *random);

#endif
