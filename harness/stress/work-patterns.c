/* SPDX-License-Identifier: MIT */
/*
 * THE list of patterns in which some collector, somewhere, did quadratic work: a scan for each root, a list walked
 * for each removal, a table of everything that ever was, a stack looked at for each allocation.
 */
#include "harness/stress/work.h"

const struct work_pattern work_patterns[] = {
    /* Names: a collection looks at all of them. */
    {"calls", "call:n; n*leaf,ring:2", NULL},
    {"names", "names:n; n*leaf,ring:2", NULL},
    {"null-names", "slots:n; n*leaf,ring:2", NULL},
    /* A heap that lives, and garbage that trickles. */
    {"trickle", "list:n; 2n*ring:3", NULL},
    {"trickle-beside-rings", "twoway:n; 2n*ring:3", NULL},
    {"growing-list", "list:4n", NULL},
    {"growing-rings", "table:n; n*rings:3", NULL},
    {"list-and-leaves", "list:n; names:n; 2n*leaf", NULL},
    /* Things that live long and change or go. */
    {"list-released", "list:2n; 2n*unlist,leaf", NULL},
    {"chains-released", "8*chain:n", NULL},
    {"cells-replaced", "table:n; fill:n; 4n*fill,leaf", NULL},
    {"old-mutated", "table:n; fill:n; 4n*age", NULL},
    {"old-touched", "table:n; fill:n; 4n*touch,leaf", NULL},
    {"rings-replaced", "table:n; n*rings:3; 2n*rings:3", NULL},
    {"rings-released", "table:n; n*rings:3; n*clear,leaf", NULL},
    {"list-walked", "list:n; 4n*walk,leaf", NULL},
    /* Peaks: what grew with them must not be gone through for ever. */
    {"after-a-peak", "list:8n; unlist:8n; n*ring:3", NULL},
    {"bytes-after-a-peak", "list:8n; unlist:8n; n*bytes:2000", NULL},
    {"after-a-peak-of-rings", "table:8n; 8n*rings:3; 8n*clear; 2n*ring:3", NULL},
    /* Rings that hold each other (Lins 1992; Bacon and Rajan 2001, section 4.5). */
    {"chained-rings", "chained:2n; unchain; collect; n*leaf", NULL},
    {"growing-chained-rings", "2n*chained,leaf", NULL},
    /* Kinds of objects. */
    {"shapes", "n*shape,leaf; n*ring:2", NULL},
    {"wide-released", "8*wide:n; n*leaf", NULL},
    {"wide-living", "array:4n; 2n*leaf,ring:2", NULL},
    {"hub", "hub:n; 4n*spoke", NULL},
    {"hubs-released", "8*hub:n", NULL},
    {"bytes", "n*bytes:64,ring:2", NULL},
    {"large-bytes", "64*bytes:64n; n*leaf", NULL},
    /* Tables that grow with the heap, and lists as long as it. */
    {"all-at-once", "wide:32n; collect", NULL},
    {"blocks-with-room", "table:n; n*stock:4000; n/8*clear,skip:7", NULL},
    {"blocks-emptied", "table:n; n*stock:4000; n*clear", NULL},
    /* Collections that the program asks for. */
    {"collects", "list:n; 8*collect", NULL},
    /* Peaks that leave no trace. */
    {"names-gone", "16n*leaf; 16n*leaf", "slots:8n; 4n*leaf; leave"},
    {"list-gone", "8n*ring:3; 8n*ring:3", "list:8n; unlist:8n"},
};
const size_t work_pattern_count = sizeof work_patterns / sizeof *work_patterns;
