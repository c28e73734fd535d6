/* SPDX-License-Identifier: MIT */
/*
 * THE list of patterns in which some collector, somewhere, did quadratic work: a scan for each root, a list walked
 * for each removal, a table of everything that ever was, a stack looked at for each allocation.
 */
#include "harness/stress/work.h"

const struct work_pattern work_patterns[] = {
    /* Names: a collection looks at all of them. */
    {"calls", "call:n; n*leaf,ring:2"},
    {"names", "names:n; n*leaf,ring:2"},
    {"null-names", "slots:n; n*leaf,ring:2"},
    /* A heap that lives, and garbage that trickles. */
    {"trickle", "list:n; 2n*ring:3"},
    {"trickle-beside-rings", "twoway:n; 2n*ring:3"},
    {"growing-list", "list:4n"},
    {"growing-rings", "table:n; n*rings:3"},
    {"list-and-leaves", "list:n; names:n; 2n*leaf"},
    /* Things that live long and change or go. */
    {"list-released", "list:2n; 2n*unlist,leaf"},
    {"chains-released", "8*chain:n"},
    {"cells-replaced", "table:n; fill:n; 4n*fill,leaf"},
    {"old-mutated", "table:n; fill:n; 4n*age"},
    {"old-touched", "table:n; fill:n; 4n*touch,leaf"},
    {"rings-replaced", "table:n; n*rings:3; 2n*rings:3"},
    {"rings-released", "table:n; n*rings:3; n*clear,leaf"},
    {"list-walked", "list:n; 4n*walk,leaf"},
    /* Peaks: what grew with them must not be gone through for ever. */
    {"after-a-peak", "list:8n; unlist:8n; n*ring:3"},
    {"after-a-peak-of-rings", "table:8n; 8n*rings:3; 8n*clear; 2n*ring:3"},
    /* Rings that hold each other (Lins 1992; Bacon and Rajan 2001, section 4.5). */
    {"chained-rings", "chained:2n; unchain; collect; n*leaf"},
    {"growing-chained-rings", "2n*chained,leaf"},
    /* Kinds of objects. */
    {"shapes", "n*shape,leaf; n*ring:2"},
    {"wide-released", "8*wide:n; n*leaf"},
    {"wide-living", "array:4n; 2n*leaf,ring:2"},
    {"hub", "hub:n; 4n*spoke"},
    {"hubs-released", "8*hub:n"},
    {"bytes", "n*bytes:64,ring:2"},
    {"large-bytes", "64*bytes:64n; n*leaf"},
    /* Collections that the program asks for. */
    {"collects", "list:n; 8*collect"},
};
const size_t work_pattern_count = sizeof work_patterns / sizeof *work_patterns;
