/* SPDX-License-Identifier: MIT */
/*
 * Options of collectors and workloads, as in `rings:size=2,count=1e6`. One table per set drives parsing,
 * checking, --help and the machine-readable description; values land in a struct of the owner's, read as
 * plain fields.
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_type {
    OPTION_INTEGER, /* uint64_t: 1000000, 1e6, 1.5e6, 64k, 64Ki, 3Mi */
    OPTION_REAL,    /* double */
    OPTION_SWITCH,  /* bool: on, off */
    OPTION_CHOICE,  /* uint64_t, the place of the word in `choices` */
    OPTION_TEXT,    /* const char *, not empty once given; "" by default; lives as long as the process */
};

struct option_spec {
    const char *name;
    enum option_type type;
    size_t offset;   /* of the value in the owner's struct */
    double standard; /* default; integers must be below 2^53 */
    double min;
    double max;
    const char *unit; /* "" for none */
    const char *help;
    const char *const *choices; /* OPTION_CHOICE: NULL-terminated */
};

struct option_table {
    const struct option_spec *options;
    size_t count;
    size_t bytes; /* of the owner's struct */
};

/* The values must fit where the table says: checked at compile time by the types of the fields. */
#define OPTION_INTEGER(owner, field, standard, min, max, unit, help)                                         \
    {                                                                                                        \
#field, OPTION_INTEGER, offsetof(owner, field) + 0 * sizeof((uint64_t *)0 == &((owner *)0)->field),  \
            (double)(standard), (double)(min), (double)(max), unit, help, NULL                               \
    }
#define OPTION_REAL(owner, field, standard, min, max, unit, help)                                            \
    {                                                                                                        \
#field, OPTION_REAL, offsetof(owner, field) + 0 * sizeof((double *)0 == &((owner *)0)->field),       \
            standard, min, max, unit, help, NULL                                                             \
    }
#define OPTION_SWITCH(owner, field, standard, help)                                                          \
    {                                                                                                        \
#field, OPTION_SWITCH, offsetof(owner, field) + 0 * sizeof((bool *)0 == &((owner *)0)->field),       \
            standard, 0, 1, "", help, NULL                                                                   \
    }
#define OPTION_CHOICE(owner, field, standard, words, help)                                                   \
    {                                                                                                        \
#field, OPTION_CHOICE, offsetof(owner, field) + 0 * sizeof((uint64_t *)0 == &((owner *)0)->field),   \
            standard, 0, sizeof words / sizeof *words - 2, "", help, words                                   \
    }

#define OPTION_TEXT(owner, field, unit, help)                                                                \
    {                                                                                                        \
#field, OPTION_TEXT, offsetof(owner, field) + 0 * sizeof((const char **)0 == &((owner *)0)->field),  \
            0, 0, 0, unit, help, NULL                                                                        \
    }

#define OPTION_TABLE(owner, specs)                                                                           \
    {                                                                                                        \
        specs, sizeof specs / sizeof *specs, sizeof(owner)                                                   \
    }
#define OPTION_TABLE_EMPTY                                                                                   \
    {                                                                                                        \
        NULL, 0, 0                                                                                           \
    }

enum { OPTION_ERROR_BYTES = 256 };

/* Sets every value in `values` (`table->bytes` of it) to its default. */
void option_table_defaults(const struct option_table *table, void *values);

/*
 * Reads `text` ("size=2,count=1e6"; empty and NULL are fine) into `values`, which hold their defaults before.
 * Returns 0, or -1 with one line in `ret_error` that names the option, the position in the text and what
 * would be right; `values` are then of no use.
 */
int option_table_parse(const struct option_table *table, const char *text, void *values,
                       char ret_error[static OPTION_ERROR_BYTES]);

/* Reads one integer in the notation above. Returns 0, or -1 when `text` is none or does not fit in 2^53. */
int option_integer_parse(const char *text, uint64_t *ret_value);

/* The value of one option, for printing. */
uint64_t option_integer_get(const struct option_spec *option, const void *values);
double option_real_get(const struct option_spec *option, const void *values);
bool option_switch_get(const struct option_spec *option, const void *values);
const char *option_text_get(const struct option_spec *option, const void *values);

#endif
