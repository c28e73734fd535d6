/* SPDX-License-Identifier: MIT */
/*
 * The one way in which the harness writes a file.
 *
 * A file is there whole or not at all. It is written under a name of its own, `.gcmatrix-<16 digits>.part`,
 * in the folder where it belongs, and gets its name when all of it is on the disk. What stood there before
 * stays until then. The life of a file:
 *
 *      writing_begin()     makes the file of its own, exclusively; never opens what is there already
 *      writing_stream()    the caller writes there; no error need be looked at, as keeping looks at all
 *      writing_keep()      flushes, syncs, closes, renames, syncs the folder, and checks each of the five
 *      writing_drop()      instead of it: removes the file; what stood there before stays
 *
 * A folder is opened once, and all is done relative to its descriptor: who moves the folder, or puts a link
 * in its place, changes nothing. No name in a folder is followed where it is a link. The rename replaces a
 * link and not what it leads to. Only the path that a user gave may lead over links.
 *
 * Who writes a file holds a lock on it until it has its name. So a file that a killed process left unfinished
 * is told from one that is being written: whoever opens the folder for writing removes the former.
 *
 * A signal that ends the process by default (SIGINT, SIGTERM, SIGHUP, SIGPIPE) removes what is unfinished.
 * SIGXFSZ is ignored: a limit on the size of files is an error as a full disk is.
 */
#ifndef BASE_WRITING_H
#define BASE_WRITING_H

#include <stdbool.h>
#include <stdio.h>

struct writing_folder {
    int at;     /* descriptor, for openat() and its like; -1: closed */
    char *path; /* as messages name it */
};

/*
 * Opens the folder at `path`, over links if need be, and sweeps it. Returns 0, or MESSAGE_STORAGE after one
 * line. The caller closes it. O(names in it).
 */
int writing_folder_open(const char *path, struct writing_folder *ret_folder);

/*
 * Makes the folders above `path` that are missing. Returns 0, or MESSAGE_BAD_INPUT or MESSAGE_STORAGE after one
 * line. O(length of the path).
 */
int writing_parents_make(const char *path);

/*
 * Opens the folder `name` in `parent`, and makes it where it is missing; else sweeps it. Returns 0, or
 * MESSAGE_STORAGE after one line: a link or a file of that name is refused. The caller closes it. O(names in
 * it).
 */
int writing_folder_make(const struct writing_folder *parent, const char *name,
                        struct writing_folder *ret_folder);

/*
 * Removes from a folder what processes that were killed left unfinished: plain files with names of
 * writing_is_part() that nobody holds any more. Follows no link. O(names in it).
 */
void writing_folder_sweep(const struct writing_folder *folder);

/*
 * Removes a folder that this process made for itself, with the files in it, those too that a program which
 * was killed left unfinished there. Follows no link. O(files).
 */
void writing_folder_remove(const char *path);

/*
 * Makes a folder that is to appear at `path` as a whole, under another name beside it: `<path>.unfinished-` and six
 * letters. Nothing may be at `path`. Returns 0, or MESSAGE_BAD_INPUT or MESSAGE_STORAGE after one line. The caller
 * fills it, keeps it or removes it, and closes it.
 */
int writing_folder_begin(const char *path, struct writing_folder *ret_folder);

/*
 * Gives the folder its name, once all that its file system holds is on the disk. Returns 0; or a status after one
 * line, and the folder still has its other name.
 */
int writing_folder_keep(const struct writing_folder *folder, const char *path);

/* Closes a folder. Does nothing to one that is closed, or was refused. */
void writing_folder_close(struct writing_folder *folder);

/* The struct stays where it is while the file is written. */
struct writing {
    FILE *stream; /* for writing_stream() */
    char *path;   /* as messages name it; NULL: nothing is being written */
    char *part;   /* path of the file meanwhile, for a program that writes it; `path` itself for a device */
    char *name; /* in the folder, after the rename; NULL for a device or a pipe, which is written as it is */
    char part_name[40];
    int at; /* the folder of the part, and that of the name: descriptors of its own */
    int to;
    int hold; /* the lock on the part, which outlives its stream; -1: none */
};

/*
 * Begins the file `name` of a folder, which may be closed before the file is kept. Returns 0, or
 * MESSAGE_STORAGE after one line. The caller ends it by writing_keep() or writing_drop(), in either case.
 */
int writing_begin(const struct writing_folder *folder, const char *name, struct writing *ret_writing);

/*
 * The same, where the file is in the folder `work` until it gets its name, so that who owns that folder can
 * remove what a process that was killed left. Both are on one file system.
 */
int writing_begin_by(const struct writing_folder *work, const struct writing_folder *folder, const char *name,
                     struct writing *ret_writing);

/*
 * The same for a path that a user gave. A link at the path stays one, and what it leads to is replaced. A
 * device or a pipe is written as it is. Returns 0; or, after one line, MESSAGE_BAD_INPUT where the path is to
 * blame, and MESSAGE_STORAGE where the disk or the system is. Lines begin with `place`, such as "run:
 * --events".
 */
int writing_begin_path(const char *place, const char *path, struct writing *ret_writing);

/* Whether two files that were begun get one name, so that one of them would be lost. Devices and pipes get none. */
bool writing_is_same(const struct writing *one, const struct writing *other);

/* Returns the stream of a file that was begun; never NULL. The caller does not close it. A pipe that nobody
 * reads yet is waited for here. */
FILE *writing_stream(struct writing *writing) __attribute__((returns_nonnull));

/*
 * Gives the file its name, once all of it is on the disk. Returns 0; or MESSAGE_STORAGE after one line. Then
 * what stood there before is still there. Or the line says that only the folder was not synced, and the new
 * file stands there. Does nothing where nothing is being written.
 */
int writing_keep(struct writing *writing);

/* Removes what was written. Does nothing after writing_keep(). */
void writing_drop(struct writing *writing);

/*
 * Says that `path` cannot be made or opened, for the reason in `error`. Returns MESSAGE_BAD_INPUT where the
 * path is to blame, as with a folder that is missing, and MESSAGE_STORAGE where the disk or the system is.
 */
int writing_refuse(const char *path, int error);

/* Whether a name is one under which a file is written, as of a process that was killed meanwhile. */
bool writing_is_part(const char *name);

/* Writes `size` bytes as the file `name` of a folder. Returns 0, or MESSAGE_STORAGE after one line. */
int writing_text(const struct writing_folder *folder, const char *name, const char *text, size_t size);

/*
 * Copies a plain file of another folder, over no link, to a new file of the same name; does nothing where it is not
 * there. It is not synced: for a folder that gets its own name when all of it is on the disk. Returns 0 or an error
 * number. O(bytes).
 */
int writing_copy(int from_folder, const char *name, const struct writing_folder *folder);

#endif
