/* SPDX-License-Identifier: MIT */
/*
 * Pictures as graphs in DOT, the language of graphviz.
 *
 * Names stand on the left, each frame a box. Objects have three lines: number and shape, count, colour.
 * What is not in a picture is in its graph all the same, and invisible. So the pictures of a program have one
 * layout.
 */
#ifndef HARNESS_TEACHING_PICTURES_DOT_H
#define HARNESS_TEACHING_PICTURES_DOT_H

#include <jansson.h>
#include <stdio.h>

/* Writes a graph for each picture, in order. Errors stay in the stream. O(pictures x parts). */
void pictures_dot_write(const json_t *document, FILE *stream);

/* Writes one graph with all parts of all pictures, visible and without colours. Its nodes and links have the
 * names of struct parts as `id`, and their kinds as `class`. */
void pictures_dot_write_whole(const json_t *document, FILE *stream);

#endif
