/* SPDX-License-Identifier: MIT */
/*
 * The executables of a build linked again with their object files in another order. The command is the one
 * that the build itself has for them (`ninja -t commands`), the object files are those that its linker took,
 * so that the code is the same and only its place differs.
 */
#ifndef HARNESS_CAMPAIGN_RELINK_H
#define HARNESS_CAMPAIGN_RELINK_H

#include <stddef.h>
#include <stdint.h>

struct relink {
    char *root;  /* the build's folder, with build.ninja in it */
    char *ninja; /* the program */
};

/*
 * Looks whether executables can be linked again: their build is there, up to date with its object files, and
 * the first one links. Returns what relink_make needs, for relink_free; or NULL, and why in words, the
 * caller's to free. Half a second.
 */
struct relink *relink_find(char *const *pairs, size_t count, char **ret_reason);
void relink_free(struct relink *relink);

/*
 * Links `pair` into the file `to`, in an order shuffled from `seed`. Returns 0, or -1 and why in words, the
 * caller's to free. About a tenth of a second.
 */
int relink_make(const struct relink *relink, const char *pair, uint64_t seed, const char *to,
                char **ret_reason);

#endif
