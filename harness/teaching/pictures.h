/* SPDX-License-Identifier: MIT */
/*
 * The pictures of a small program under a collector, as one document of JSON.
 *
 *      schema        "gcmatrix.pictures.1"
 *      program       the file's name
 *      collector     name, options, summary; counts: its objects have exact counts; number, number_means: a
 *                    number beside the count, or null; colours: each with its name and what it means; buffers:
 *                    their names
 *      operations    the program's lines, in order; behind them one for its end
 *      phases        what each phase does, by its name
 *      pictures      in order, each with
 *          operation     its place in `operations`
 *          phase         of a collection within the operation; null: the operation is complete
 *          within        the phase goes on
 *          reason        why the collection began, where there is a phase
 *          objects       those that are held: object (its number), shape, count and number (or null), colour
 *                        (or null), reachable (a name reaches it), fields (numbers of objects; 0 is null)
 *          freed         numbers of the objects that have been freed since the picture before
 *          frames        numbers of objects in the global names, then in each frame's
 *          buffers       numbers of objects in each of the collector's buffers
 *
 * A process of its own makes it, show-<collector>, and this adds what needs no collector.
 */
#ifndef HARNESS_TEACHING_PICTURES_H
#define HARNESS_TEACHING_PICTURES_H

#include <jansson.h>
#include <stdbool.h>

#include "program/program.h"

struct pictures_request {
    const char *command;   /* with which lines begin */
    const char *file;      /* the program's, as a person named it */
    const char *collector; /* NAME[:OPTIONS] */
    bool changes;          /* pictures within phases, too */
};

/*
 * Runs a valid program and makes the document, a new reference. Returns 0, or a status of message.h after one
 * line. Held signals (subprocess.h) interrupt it.
 */
int pictures_make(const struct pictures_request *request, const struct program *program,
                  json_t **ret_document);

/* Returns the heading of a picture, such as "picture 3 of 20: store #1 0 #2". The caller frees it. */
char *pictures_heading(const json_t *document, size_t picture);

/* Returns what a picture shows of a collection, such as "after grey: ..."; "" for one that
 * stands after an operation. The caller frees it. */
char *pictures_phase(const json_t *document, size_t picture);

#endif
