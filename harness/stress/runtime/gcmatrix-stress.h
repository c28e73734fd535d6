/* SPDX-License-Identifier: MIT */
/*
 * libgcmatrix-stress: the programs of `gcmatrix stress`, for a runtime with an interface in C. The library
 * reads the requests of the protocol (README.md) and calls one function for each.
 *
 *      int main(void)
 *      {
 *          struct my_state state = ...;
 *          return gcmatrix_stress_serve(&my_runtime, &state);
 *      }
 *
 * The program's names are slots, numbered from 0: first the global names, then the names of each call that is
 * open. A slot is a root. It holds an object or null, and is null at first. An object has so many fields, null
 * at first, and a number, by which the runtime tells it apart in its answers. A table of objects by number must
 * not keep any of them alive.
 *
 * All that is promised to the runtime: slots and fields exist, a path leads to an object, and nobody stores an
 * object that is not acyclic in one that is.
 */
#ifndef HARNESS_STRESS_RUNTIME_GCMATRIX_STRESS_H
#define HARNESS_STRESS_RUNTIME_GCMATRIX_STRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where an object is found: in a slot, then in a field of what is there, and so on. It holds during the call. */
struct gcmatrix_stress_path {
    uint32_t slot;
    size_t length;          /* fields to follow */
    const uint32_t *fields; /* the outermost first */
};

struct gcmatrix_stress_object {
    uint32_t number;  /* from 1, in the order of creation in one program */
    uint32_t fields;  /* references in it */
    uint64_t payload; /* bytes of its own */
    bool acyclic;     /* it never lies on a cycle; a runtime may ignore this */
};

/* The functions of a runtime. Each gets the `self` of gcmatrix_stress_serve(). A value that is NULL is null. */
struct gcmatrix_stress_runtime {
    const char *name;     /* letters, digits, '.', '_' and '-' */
    const char *promises; /* words with a blank between: counts, frees_at_once, frees_late, reclaims_cycles */

    /* A new program with so many globals. What the program before left is of no interest any more. */
    void (*begin)(void *self, uint32_t slots);
    /* A call with so many locals, and its end, which drops them. */
    void (*enter)(void *self, uint32_t slots);
    void (*leave)(void *self);
    /* Makes an object in a slot, in the place of what is there. */
    void (*make)(void *self, uint32_t slot, const struct gcmatrix_stress_object *object);
    /* Binds a slot to a value, which may be reached by the slot's old one. */
    void (*set)(void *self, uint32_t slot, const struct gcmatrix_stress_path *value);
    /* Moves the reference in the slot `from`, which is null afterwards, to the slot `to`. */
    void (*move)(void *self, uint32_t to, uint32_t from);
    /* Stores a value in a field of the object at `holder`. */
    void (*store)(void *self, const struct gcmatrix_stress_path *holder, uint32_t field,
                  const struct gcmatrix_stress_path *value);
    /* Collects: all there is, or what is young, if the runtime has such collections. */
    void (*collect)(void *self, bool full);

    /* Returns the number of the object in a field of the object at `holder`; 0 for null. */
    uint32_t (*read)(void *self, const struct gcmatrix_stress_path *holder, uint32_t field);
    /* Returns the references to the object at `object`. NULL: the runtime does not promise `counts`. */
    uint32_t (*count)(void *self, const struct gcmatrix_stress_path *object);
    /* Whether an object is alive: not freed, and not found dead by a collection. */
    bool (*alive)(void *self, uint32_t number);
};

/*
 * Reads requests from standard input until its end, and answers them. What the runtime itself writes to
 * standard output goes to standard error meanwhile. Returns the exit status for main(): 0, or 2 after an
 * answer `error ...` to a request that it does not understand. O(requests), and each `alive` takes O(objects
 * made).
 */
int gcmatrix_stress_serve(const struct gcmatrix_stress_runtime *runtime, void *self);

#ifdef __cplusplus
}
#endif

#endif
