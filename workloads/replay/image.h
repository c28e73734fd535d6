/* SPDX-License-Identifier: MIT */
/*
 * An image is a program that has been read and checked, in the form in which it runs. One process makes it,
 * and any number of processes map it: none of them reads, checks or looks for deaths again.
 *
 *      header      what it is, and how long each part is
 *      operations  of the virtual machine, 16 bytes each; PROGRAM_END comes last
 *      shapes      and their names, 64 bytes each
 *      lives       only where asked for: the life and the size of each object, and the allocation clock
 *
 * An image is of one build and one machine, and is trusted: whoever maps it has made it, or had it made.
 */
#ifndef WORKLOADS_REPLAY_IMAGE_H
#define WORKLOADS_REPLAY_IMAGE_H

#include "program/deaths.h"
#include "workloads/replay/vm.h"

struct image {
    struct vm_program program;
    bool says_deaths;      /* the program says of each object when it dies */
    struct deaths deaths;  /* where the lives are left out, `objects` is NULL */
    const uint64_t *bytes; /* of each object, in the order of creation */
    const uint64_t *clock; /* bytes allocated after each operation of the plain program */
    uint64_t plain_ops;    /* operations of the plain program, whose places the lives name */
};

/* Writes an image. Errors stay in the stream. O(program). */
void image_write(const struct image *image, FILE *stream);

/*
 * Maps the image behind a descriptor, for reading, and touches every page. The operations and the lives are
 * shared with all who map it; the shapes are a copy. It lives as long as the process. Returns NULL, or what is
 * wrong: the file is no image, of another build, or cut short. O(pages).
 */
const char *image_map(int descriptor, struct image *ret_image);

/* How the objects of a program die. */
struct image_census {
    uint64_t operations; /* of the plain program */
    uint64_t objects;
    uint64_t cyclic;    /* die on a ring, or are held by one */
    uint64_t survivors; /* outlive the program */
};

/*
 * Finds the deaths in a valid program, and writes its image: with a FREE for each death, and with the lives if
 * asked for. Frees `program` as soon as that can be. Errors of writing stay in the stream. Returns 0, or -1
 * without memory. O(operations + references); some 45 bytes of memory
 * for each operation and 100 for each object.
 */
int image_make(struct program *program, bool lives, FILE *stream, struct image_census *ret_census);

#endif
