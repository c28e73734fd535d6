/* SPDX-License-Identifier: MIT */
/* The parts of pictures, as a drawing has them. All pictures of a program are laid out with all parts that
 * any of them has, so that what stays in the heap stays in its place. */
#ifndef HARNESS_TEACHING_PARTS_H
#define HARNESS_TEACHING_PARTS_H

#include <jansson.h>

struct parts {
    json_t *objects; /* by the name of a node, "o1": the object of the picture that was added last */
    json_t
        *links; /* by a name of its own: from and to, which are nodes, and the field; null: from is a name */
    json_t *frames; /* the most names in the globals, then in each frame */
};

/* Begins without parts. The caller frees them. */
void parts_init(struct parts *parts);
void parts_free(struct parts *parts);

/* Adds the parts of a picture that are not there yet. O(parts of the picture). */
void parts_add(struct parts *parts, const json_t *picture);

/* Adds the parts of all pictures of a document. */
void parts_add_all(struct parts *parts, const json_t *document);

#endif
