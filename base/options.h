/* SPDX-License-Identifier: MIT */
/*
 * Options of collectors and workloads, as in `rings:size=2,count=1e6`. One table per set of options drives
 * parsing, checking, --help and the machine-readable description. The values land in a struct of the table's
 * owner, who reads them as plain fields.
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_type {
    OPTION_INTEGER, /* uint64_t: 1000000, 1e6, 64k, 3Mi (number.h); of the unit "bytes" 64KiB, too */
    OPTION_REAL,    /* double, from 0 */
    OPTION_SWITCH,  /* bool: on, off */
    OPTION_CHOICE,  /* uint64_t: the place of the word in `choices` */
    OPTION_TEXT,    /* const char *: "" by default, never empty when given; lives as long as the process */
};

struct option_spec {
    const char *name;
    enum option_type type;
    size_t offset;   /* offset of the value in the owner's struct, in bytes */
    double standard; /* the default; integers must be below 2^53 */
    double min;
    double max;
    const char *unit; /* "" when it has none */
    const char *help;
    const char *const *choices; /* only of OPTION_CHOICE; ends with NULL */
};

struct option_table {
    const struct option_spec *options;
    size_t count; /* 64 at most */
    size_t bytes; /* size of the owner's struct */
};

/* An entry of a table. The compiler checks that the field has the type of the option. */
#define OPTION_OFFSET(owner, field, type)                                                                    \
    (offsetof(owner, field) + 0 * sizeof((type *)0 == &((owner *)0)->field))

#define OPTION_INTEGER(owner, field, standard_, min_, max_, unit_, help_)                                    \
    {                                                                                                        \
        .name = #field, .type = OPTION_INTEGER, .offset = OPTION_OFFSET(owner, field, uint64_t),             \
        .standard = (double)(standard_), .min = (double)(min_), .max = (double)(max_), .unit = unit_,        \
        .help = help_                                                                                        \
    }
#define OPTION_REAL(owner, field, standard_, min_, max_, unit_, help_)                                       \
    {                                                                                                        \
        .name = #field, .type = OPTION_REAL, .offset = OPTION_OFFSET(owner, field, double),                  \
        .standard = standard_, .min = min_, .max = max_, .unit = unit_, .help = help_                        \
    }
#define OPTION_SWITCH(owner, field, standard_, help_)                                                        \
    {                                                                                                        \
        .name = #field, .type = OPTION_SWITCH, .offset = OPTION_OFFSET(owner, field, bool),                  \
        .standard = standard_, .max = 1, .unit = "", .help = help_                                           \
    }
#define OPTION_CHOICE(owner, field, standard_, words, help_)                                                 \
    {                                                                                                        \
        .name = #field, .type = OPTION_CHOICE, .offset = OPTION_OFFSET(owner, field, uint64_t),              \
        .standard = standard_, .max = sizeof words / sizeof *words - 2, .unit = "", .help = help_,           \
        .choices = words                                                                                     \
    }
#define OPTION_TEXT(owner, field, unit_, help_)                                                              \
    {                                                                                                        \
        .name = #field, .type = OPTION_TEXT, .offset = OPTION_OFFSET(owner, field, const char *),            \
        .unit = unit_, .help = help_                                                                         \
    }

#define OPTION_TABLE(owner, specs)                                                                           \
    {                                                                                                        \
        .options = specs, .count = sizeof specs / sizeof *specs, .bytes = sizeof(owner)                      \
    }
#define OPTION_TABLE_EMPTY                                                                                   \
    {                                                                                                        \
        .options = NULL                                                                                      \
    }

enum { OPTION_ERROR_BYTES = 256 };

/* Sets every value in `values` (`table->bytes` bytes) to its default. */
void option_table_defaults(const struct option_table *table, void *values);

/*
 * Reads `text` ("size=2,count=1e6"; empty or NULL is allowed) into `values`, which hold their defaults
 * before. Returns 0, or -1 with one line in `ret_error`. The line names the option, its position in the text
 * and the values that would be right, and has no control characters. An option that comes twice is an error.
 * After an error `values` are of no use.
 */
int option_table_parse(const struct option_table *table, const char *text, void *values,
                       char ret_error[static OPTION_ERROR_BYTES]);

/* Return the value of one option, for printing. */
uint64_t option_integer_get(const struct option_spec *option, const void *values);
double option_real_get(const struct option_spec *option, const void *values);
bool option_switch_get(const struct option_spec *option, const void *values);
const char *option_text_get(const struct option_spec *option, const void *values);

#endif
