/* SPDX-License-Identifier: MIT */
/* Runs graphviz, which draws graphs that are written in DOT. */
#ifndef HARNESS_TEACHING_GRAPHVIZ_H
#define HARNESS_TEACHING_GRAPHVIZ_H

#include <stddef.h>

#include "base/text.h"

/* Returns the path of `dot`, which the caller frees; NULL where it is not installed. */
char *graphviz_find(void);

/* Says in one line that begins with `command` how to install it. Returns MESSAGE_BAD_INPUT. */
int graphviz_missing(const char *command);

/*
 * Draws every graph of a text, in order. Appends each drawing as SVG, from its element on. Returns 0, or a
 * status of message.h after one line that begins with `command`.
 */
int graphviz_draw(const char *command, const char *dot, const char *graphs, size_t size,
                  struct text_list *drawings);

#endif
