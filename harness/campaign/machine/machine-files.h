/* SPDX-License-Identifier: MIT */
/*
 * Small files that the kernel says things in, under a root that is "" but in tests. Each text is the caller's
 * to free; what is not there reads as "n/a" or a number that is NaN.
 */
#ifndef HARNESS_CAMPAIGN_MACHINE_MACHINE_FILES_H
#define HARNESS_CAMPAIGN_MACHINE_MACHINE_FILES_H

/* The first line; NULL when there is none. */
char *machine_line(const char *root, const char *path);

/* The first line; "n/a" when there is none. */
char *machine_word(const char *root, const char *path);

/* The choice in brackets of a line such as "always [madvise] never". */
char *machine_choice(const char *root, const char *path);

/* The value of the first "key : value" line. */
char *machine_value(const char *root, const char *path, const char *key);

/* The number that the first line begins with. */
double machine_number(const char *root, const char *path);

/* The first file that matches the pattern and whose first line is `line` (NULL: any), without the root; NULL
 * when none is. */
char *machine_match(const char *root, const char *pattern, const char *line);

#endif
