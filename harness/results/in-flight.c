/* SPDX-License-Identifier: MIT */
#include "harness/results/in-flight.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/results/listing.h"
#include "harness/results/manifest.h"

static const char writer[] = "writer", mark[] = "gcmatrix ";

/* ---- who writes ---- */

/* Reads the mark, as text. Returns false where there is none. */
static bool mark_read(int folder, char ret_text[static 64])
{
    int file = openat(folder, writer, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    ssize_t got = file < 0 ? -1 : read(file, ret_text, 63);
    if (file >= 0)
        close(file);
    ret_text[got < 0 ? 0 : got] = '\0';
    ret_text[strcspn(ret_text, "\n")] = '\0';
    return strncmp(ret_text, mark, sizeof(mark) - 1) == 0;
}

static int mark_write(const struct writing_folder *folder)
{
    char now[32];
    time_t at = time(NULL);
    struct tm utc;
    strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&at, &utc));
    char *text = text_format("%s%d %s\n", mark, (int)getpid(), now);
    int status = writing_text(folder, writer, text, strlen(text));
    free(text);
    return status;
}

static int folder_open(const struct writing_folder *run)
{
    return openat(run->at, IN_FLIGHT, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Says who has the lock, where that process says so itself and is there. */
static int locked_refuse(const struct writing_folder *run)
{
    char text[64], since[32];
    int process = 0, folder = folder_open(run);
    bool known = folder >= 0 && mark_read(folder, text) &&
                 sscanf(text, "gcmatrix %d %31s", &process, since) == 2 && process > 0 &&
                 (kill(process, 0) == 0 || errno == EPERM);
    if (folder >= 0)
        close(folder);
    if (known)
        return message_bad_input(
            "%s: another gcmatrix is writing to this folder: process %d, since %s; wait for "
            "its end, or stop it",
            run->path, process, since);
    return message_bad_input("%s: another gcmatrix is writing to this folder; wait for its end, or stop it",
                             run->path);
}

int in_flight_lock(const char *dir, int flags, struct writing_folder *ret_run)
{
    struct stat about;
    *ret_run = (struct writing_folder){.at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags)};
    if (ret_run->at < 0)
        return errno == ENOENT ? manifest_refuse_missing(dir, dir) : writing_refuse(dir, errno);
    ret_run->path = text_format("%s", dir);
    int status = 0;
    if (flock(ret_run->at, LOCK_EX | LOCK_NB) != 0)
        status = errno == EWOULDBLOCK ? locked_refuse(ret_run)
                                      : message_storage("%s: cannot be locked: %s", dir, strerror(errno));
    else if (fstat(ret_run->at, &about) != 0 || about.st_nlink == 0)
        status = message_bad_input("%s: another gcmatrix has just removed it; begin again", dir);
    if (status != 0)
        writing_folder_close(ret_run);
    return status;
}

/* ---- what is in flight ---- */

/* Returns the first name in the folder that gcmatrix did not put there, for the caller to free, or NULL. */
static char *foreign_find(int folder)
{
    char text[64];
    bool marked = mark_read(folder, text);
    char *foreign = NULL;
    DIR *listing = listing_open(folder);
    for (const char *name; !foreign && listing && (name = listing_next(listing));)
        if (!listing_is_plain(folder, name) || !(marked || writing_is_part(name)))
            foreign = text_format("%s", name);
    if (listing)
        closedir(listing);
    return foreign;
}

int in_flight_check(const struct writing_folder *run)
{
    int folder = folder_open(run), status = 0;
    if (folder < 0 && errno == ENOENT)
        return 0;
    if (folder < 0)
        return message_bad_input(
            "%s/" IN_FLIGHT ": a link or a file that gcmatrix did not make; move it away", run->path);
    char *foreign = foreign_find(folder);
    if (foreign)
        status = message_bad_input("%s/" IN_FLIGHT "/%s: gcmatrix did not make it; move the folder away",
                                   run->path, foreign);
    close(folder);
    free(foreign);
    return status;
}

/* Removes the files of the folder, the mark last: while any of them stays, it says whose they are. */
static void files_remove(int folder)
{
    DIR *listing = listing_open(folder);
    bool empty = listing;
    for (const char *name; listing && (name = listing_next(listing));)
        if (strcmp(name, writer) != 0 && unlinkat(folder, name, 0) != 0)
            empty = false;
    if (listing)
        closedir(listing);
    if (empty)
        unlinkat(folder, writer, 0);
}

int in_flight_make(const struct writing_folder *run, struct writing_folder *ret_folder)
{
    *ret_folder = (struct writing_folder){.at = -1};
    int status = in_flight_check(run), old = status == 0 ? folder_open(run) : -1;
    if (status != 0)
        return status;
    if (old >= 0) {
        files_remove(old);
        close(old);
        unlinkat(run->at, IN_FLIGHT, AT_REMOVEDIR);
    }
    if (mkdirat(run->at, IN_FLIGHT, 0777) != 0)
        return message_storage("%s/" IN_FLIGHT ": %s", run->path, strerror(errno));
    status = writing_folder_make(run, IN_FLIGHT, ret_folder);
    if (status == 0)
        status = mark_write(ret_folder);
    if (status != 0)
        in_flight_remove(run, ret_folder);
    return status;
}

void in_flight_remove(const struct writing_folder *run, struct writing_folder *folder)
{
    if (!folder->path)
        return;
    files_remove(folder->at);
    unlinkat(run->at, IN_FLIGHT, AT_REMOVEDIR);
    writing_folder_close(folder);
}
