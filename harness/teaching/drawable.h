/* SPDX-License-Identifier: MIT */
/* What is small enough to be drawn, so that a class can read it. */
#ifndef HARNESS_TEACHING_DRAWABLE_H
#define HARNESS_TEACHING_DRAWABLE_H

#include "program/program.h"

enum {
    DRAWABLE_OPERATIONS = 500,
    DRAWABLE_OBJECTS = 64,    /* made in all */
    DRAWABLE_FIELDS = 256,    /* of all objects together */
    DRAWABLE_SLOTS = 64,      /* at the same time */
    DRAWABLE_PICTURES = 2000, /* of one program; a collection may have many */
};

/*
 * Checks that a valid program is small enough. Returns 0, or MESSAGE_BAD_INPUT after one line that begins
 * with `command`, names the file and says the limits. O(operations).
 */
int drawable_check(const char *command, const char *file, const struct program *program);

#endif
