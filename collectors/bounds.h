/* SPDX-License-Identifier: MIT */
/*
 * What a collector can be held to, beside its traits: how much is held at most, how large its tables are,
 * what a collection looks at, and how often one begins by itself. A collector states it as a function of its
 * options. The stress suite holds it to that, its page says it in words, and docs/bounds.md has the worst
 * that was measured.
 *
 * Words of the formulas:
 *
 *      lives        what names reach now
 *      left         what lived when the last full collection ended; 0 before the first
 *      structure    the largest structure with a ring that the program drops at once; an object at least
 *      family       an object that may lie on a ring, and those that it keeps and that may not
 *      held         what is held, garbage included
 *
 * Each bound has a field `none`. It says why nothing can be stated, in a clause that follows "no bound: ". It
 * is NULL where there is a bound.
 */
#ifndef COLLECTORS_BOUNDS_H
#define COLLECTORS_BOUNDS_H

#include <stdbool.h>

/*
 * What is held is, but for one object, at most
 *
 *      max(times * left, least, lives) + (families + grown * left) * family + structures * structure
 *              + for_name * names
 *
 * in objects, or in bytes. `names` are the most that there were so far. In `grown * left`, `left_weight` bytes of
 * what was left count as an object, where that is more.
 *
 * A trigger that counts objects may weigh bytes, too. Then what is held is also, in bytes, but for one object and
 * a sixteenth, at most
 *
 *      max(left + weight * ((times - 1 + grown) * objects left + families + structures), lives)
 *
 * Floating garbage is what is held and does not live. While no ring is made, a collector with the trait
 * `frees_at_once` has none.
 */
struct gc_held_bound {
    const char *none;
    bool in_objects; /* else in bytes */
    double times;
    double least;
    double families;
    double grown;
    double left_weight; /* bytes; 0: objects count, and bytes do not */
    double structures;
    double for_name;
    double weight; /* bytes; 0: bytes weigh nothing */
};

/*
 * The collector's own tables take at most so many bytes for each object, and for each byte of objects, of the
 * most that were held so far; for each name; and besides.
 *
 * Side metadata lies at the front of a chunk, and a trace keeps its work in chunks: both are stated for each byte and
 * name. Tests with small chunks allow 16 times as much of them, as a small chunk has one block in 16. Tables that grow
 * with the objects, such as buffers and lists, are in no chunk. For them the tests allow what is stated.
 */
struct gc_table_bound {
    const char *none;
    double for_object;
    double for_byte;
    double for_name;
    double besides;
};

/*
 * A collection visits at most so many objects for each object held when it begins, for each byte of them, and
 * for each name. A full one visits at least so many for each object that lives when it ends; 0 where the algorithm
 * leaves objects out that live. The collector's page says which.
 */
struct gc_visit_bound {
    const char *none;
    double for_object;
    double for_byte;
    double for_name;
    double for_live; /* at least */
};

/*
 * Between a collection of a kind that begins by itself and the one before lie at least so many bytes or
 * objects allocated, or operations of the mutator. To write a range is an operation for each of its references. A measure of 0 never calls for a collection; where all are
 * 0, nothing does. Where several measures can call for one, their shares add up to 1 at least. With `early`,
 * so many collections in a row may come early: the distance is that from the last one before them.
 *
 * A trigger that counts births less deaths also says when a full collection has begun at the latest, in programs
 * that make no acyclic object: before `latest` objects have been made since the last one and not been freed by
 * counting. A heap that has not grown may wait longer. Then what is held is at most, in objects,
 *
 *      (1 + latest_grown) * left + latest_besides
 */
struct gc_pace_bound {
    const char *none;
    double left; /* or so many times the bytes in `left`, where those are more than `bytes` */
    double bytes;
    double objects;
    double operations;
    bool by_references; /* operations on objects that hold no reference call for none */
    unsigned early;     /* at most GC_PACE_EARLY */
    double latest;      /* objects; 0: nothing is promised */
    double latest_grown;
    double latest_besides;
};
enum { GC_PACE_EARLY = 2 };

struct gc_bounds {
    struct gc_held_bound held;
    struct gc_table_bound tables;
    struct gc_visit_bound visits;
    struct gc_pace_bound full;
    struct gc_pace_bound young;
};

#endif
