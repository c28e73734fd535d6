/* SPDX-License-Identifier: MIT */
/* What a person named and is not there: the message ends with the names that are, or with what to do. */
#ifndef BASE_MISSING_H
#define BASE_MISSING_H

/* A kind of file that a person names, or a kind of folder. All texts live as long as the kind. */
struct missing_kind {
    const char *nouns;  /* as in "matrix files" */
    const char *middle; /* what the names of its files have in them: ".yaml"; "" for any name */
    const char *holds;  /* a file that each folder of the kind holds; NULL for a kind of files */
    const char *home;   /* the folder in which such usually are, seen from the working folder */
    const char *remedy; /* what makes one, or names one: said where there is none to name */
};

/* Programs (program/program.h): several rooms read them. */
extern const struct missing_kind missing_programs;

/*
 * Returns what to do about a path at which nothing of this kind is, as the end of a message: the nearest name, or all
 * names, up to eight, or the kind's remedy. Looks in the path's own folder and in the kind's home. Where the path is a
 * folder that is none of the kind, looks in it too. The caller frees the text. O(names in these folders).
 */
char *missing_remedy(const char *path, const struct missing_kind *kind);

#endif
