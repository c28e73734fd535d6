/* SPDX-License-Identifier: MIT */
/*
 * Links the executables of a build again, with their object files in another order. The command is the
 * build's own (`ninja -t commands`), and the object files are those that its linker took. So the code is the
 * same, and only its place differs.
 */
#ifndef HARNESS_CAMPAIGN_PLAN_RELINK_H
#define HARNESS_CAMPAIGN_PLAN_RELINK_H

#include <stddef.h>
#include <stdint.h>

struct relink {
    char *root;  /* the build's folder, with build.ninja in it */
    char *ninja; /* its path */
};

/*
 * Finds whether executables can be linked again: their build is there, it is up to date, and the first one
 * links. Returns the build, for relink_make() and relink_free(); or NULL and the reason, which the caller
 * frees. Takes half a second.
 */
struct relink *relink_find(char *const *pairs, size_t count, char **ret_reason);
void relink_free(struct relink *relink);

/*
 * Links `pair` into the file `to`, in an order shuffled from `seed`. Returns 0, or -1 and the reason, which
 * the caller frees. Takes about a tenth of a second.
 */
int relink_make(const struct relink *relink, const char *pair, uint64_t seed, const char *to,
                char **ret_reason);

#endif
