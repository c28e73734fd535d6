/* SPDX-License-Identifier: MIT */
/*
 * The part of YAML that a matrix file may use: one document, in UTF-8, of plain mappings, lists and texts. The
 * rest is refused: it would be read in another sense than a person means it, or take time without end.
 */
#ifndef HARNESS_CAMPAIGN_PLAN_SPEC_SYNTAX_H
#define HARNESS_CAMPAIGN_PLAN_SPEC_SYNTAX_H

#include <stddef.h>

/* Lists and mappings inside one another, at most. A matrix has four: itself, cells, an entry, its lists. */
enum { SPEC_DEPTH_MAX = 8 };

/*
 * Checks the bytes of a matrix file. Refuses what is no YAML, a NUL byte, UTF-16, a second document, a tag,
 * an anchor, an alias, a control character in a text, and what is nested deeper than SPEC_DEPTH_MAX. Returns 0,
 * or MESSAGE_BAD_INPUT after one line with the place. O(size).
 */
int spec_syntax_check(const char *path, const char *text, size_t size);

#endif
