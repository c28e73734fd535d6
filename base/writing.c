/* SPDX-License-Identifier: MIT */
#include "base/writing.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"

int writing_refuse(const char *path, int error)
{
    static const int of_paths[] = {ENOENT, ENOTDIR, EISDIR, ELOOP, ENAMETOOLONG,
                                   EACCES, EPERM,   EEXIST, ENXIO};
    for (size_t i = 0; i < sizeof of_paths / sizeof *of_paths; i++)
        if (error == of_paths[i])
            return message_bad_input("%s: %s", path, strerror(error));
    return message_storage("%s: %s", path, strerror(error));
}

/* ---- what a signal removes ---- */

enum { UNFINISHED_MAX = 8 };
static struct writing *volatile unfinished[UNFINISHED_MAX];
static volatile pid_t unfinished_owner; /* a child that was forked meanwhile removes nothing */

/* Calls what a signal handler may call, and nothing else. */
static void on_signal(int number)
{
    for (int i = 0; i < UNFINISHED_MAX; i++)
        if (unfinished[i] && unfinished_owner == getpid())
            unlinkat(unfinished[i]->at, unfinished[i]->part_name, 0);
    raise(number); /* which ends the process: the action was reset */
}

static void signals_watch(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESETHAND | SA_NODEFER}, before;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
            sigaction(signals[i], &action, NULL);
    if (sigaction(SIGXFSZ, NULL, &before) == 0 && before.sa_handler == SIG_DFL)
        signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of write(), as a full disk is */
}

static void unfinished_add(struct writing *writing)
{
    signals_watch();
    unfinished_owner = getpid();
    for (int i = 0; i < UNFINISHED_MAX; i++)
        if (!unfinished[i]) {
            unfinished[i] = writing;
            return;
        }
}

static void unfinished_remove(const struct writing *writing)
{
    for (int i = 0; i < UNFINISHED_MAX; i++)
        if (unfinished[i] == writing)
            unfinished[i] = NULL;
}

/* ---- one file ---- */

static void name_draw(char ret_name[static 40])
{
    uint64_t drawn;
    if (getrandom(&drawn, sizeof drawn, 0) != (ssize_t)sizeof drawn)
        drawn = (uint64_t)getpid();
    snprintf(ret_name, 40, ".gcmatrix-%016" PRIx64 ".part", drawn);
}

bool writing_is_part(const char *name)
{
    static const char before[] = ".gcmatrix-", after[] = ".part";
    size_t length = strlen(name), digits = sizeof(before) - 1 + 16;
    return length == digits + sizeof(after) - 1 && strncmp(name, before, sizeof(before) - 1) == 0 &&
           sizeof(before) - 1 + strspn(name + sizeof(before) - 1, "0123456789abcdef") == digits &&
           strcmp(name + digits, after) == 0;
}

/*
 * Locks a file that was just made. False where somebody who swept the folder was faster, and has removed it.
 * A file system without locks has none to sweep by either.
 */
static bool part_lock(int file)
{
    struct stat about;
    return flock(file, LOCK_EX | LOCK_NB) == 0 ? fstat(file, &about) != 0 || about.st_nlink > 0
                                               : errno != EWOULDBLOCK;
}

/* Opens a file under a name that was free, with its lock. Returns -1 with errno set on failure. */
static int part_open(struct writing *writing)
{
    for (int tries = 0; tries < 100; tries++) {
        name_draw(writing->part_name);
        int file =
            openat(writing->at, writing->part_name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (file < 0 && errno != EEXIST)
            return -1;
        if (file >= 0 && part_lock(file))
            return file;
        if (file >= 0)
            close(file);
    }
    errno = EEXIST;
    return -1;
}

/* Makes a file of its own in the folder. Returns 0 or an error number. */
static int part_make(struct writing *writing)
{
    int file = part_open(writing);
    if (file < 0)
        return errno;
    writing->hold = fcntl(file, F_DUPFD_CLOEXEC, 3);
    writing->stream = writing->hold < 0 ? NULL : fdopen(file, "w");
    if (writing->stream) {
        unfinished_add(writing);
        return 0;
    }
    int error = errno;
    close(file);
    unlinkat(writing->at, writing->part_name, 0);
    return error;
}

/* Frees what a file holds that is no longer written. */
static void writing_end(struct writing *writing)
{
    unfinished_remove(writing);
    if (writing->at >= 0)
        close(writing->at);
    if (writing->to >= 0)
        close(writing->to);
    if (writing->hold >= 0)
        close(writing->hold);
    free(writing->path);
    free(writing->part);
    free(writing->name);
    *writing = (struct writing){.at = -1, .to = -1, .hold = -1};
}

int writing_begin(const struct writing_folder *folder, const char *name, struct writing *ret_writing)
{
    return writing_begin_by(folder, folder, name, ret_writing);
}

int writing_begin_by(const struct writing_folder *work, const struct writing_folder *folder, const char *name,
                     struct writing *ret_writing)
{
    *ret_writing = (struct writing){
        .at = fcntl(work->at, F_DUPFD_CLOEXEC, 3), .to = fcntl(folder->at, F_DUPFD_CLOEXEC, 3), .hold = -1};
    int error = ret_writing->at < 0 || ret_writing->to < 0 ? errno : part_make(ret_writing);
    if (error) {
        writing_end(ret_writing);
        return message_storage("%s/%s: %s", folder->path, name, strerror(error));
    }
    ret_writing->path = text_format("%s/%s", folder->path, name);
    ret_writing->part = text_format("%s/%s", work->path, ret_writing->part_name);
    ret_writing->name = text_format("%s", name);
    return 0;
}

/*
 * Whether the path is there and no plain file: a device, a pipe or a folder. A link leads to what it names.
 */
static bool is_special(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && !S_ISREG(about.st_mode);
}

/* Checks that a device can be written; a pipe is opened when it is written. Returns 0 or an error number. */
static int special_check(const char *path, struct writing *writing)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return errno;
    if (S_ISDIR(about.st_mode) || access(path, W_OK) != 0)
        return S_ISDIR(about.st_mode) ? EISDIR : errno;
    writing->part = text_format("%s", path);
    return 0;
}

/* Begins a plain file at a path that leads over no link any more. Returns 0 or an error number. */
static int plain_open(const char *path, struct writing *writing)
{
    const char *slash = strrchr(path, '/');
    writing->name = text_format("%s", slash ? slash + 1 : path);
    char *folder = slash ? text_format("%.*s", slash == path ? 1 : (int)(slash - path), path) : NULL;
    writing->at = open(folder ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    writing->to = writing->at < 0 ? -1 : fcntl(writing->at, F_DUPFD_CLOEXEC, 3);
    int error = writing->to < 0 ? errno : part_make(writing);
    if (!error)
        writing->part = text_format("%s/%s", folder ? folder : ".", writing->part_name);
    free(folder);
    return error;
}

int writing_begin_path(const char *place, const char *path, struct writing *ret_writing)
{
    *ret_writing = (struct writing){.at = -1, .to = -1, .hold = -1};
    if (!*path)
        return message_bad_input("%s: it takes the name of a file, not an empty one", place);
    char *real = is_special(path) ? NULL : realpath(path, NULL);
    int error =
        is_special(path) ? special_check(path, ret_writing) : plain_open(real ? real : path, ret_writing);
    free(real);
    char *named = text_format("%s: %s", place, path);
    if (!error) {
        ret_writing->path = named;
        return 0;
    }
    writing_end(ret_writing);
    int status = writing_refuse(named, error);
    free(named);
    return status;
}

bool writing_is_same(const struct writing *one, const struct writing *other)
{
    struct stat here, there;
    return one->name && other->name && strcmp(one->name, other->name) == 0 && fstat(one->to, &here) == 0 &&
           fstat(other->to, &there) == 0 && here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

/* A stream on which every write fails, so that keeping finds it. */
static FILE *stream_broken(void)
{
    FILE *stream = fopen("/dev/null", "re");
    return memory_need(stream);
}

FILE *writing_stream(struct writing *writing)
{
    if (!writing->stream) {
        int file = open(writing->part, O_WRONLY | O_CLOEXEC);
        writing->stream = file < 0 ? stream_broken() : memory_need(fdopen(file, "w"));
    }
    return writing->stream;
}

/* Whether an error of fsync() only says that there is nothing to sync, as with a pipe. */
static bool sync_needless(int error)
{
    return error == EINVAL || error == EROFS || error == ENOTSUP || error == EBADF;
}

/* Why an earlier write failed, of which the stream keeps no reason. The file is of no use any more, and takes
 * the byte that finds out. */
static int error_find(int file)
{
    return write(file, "", 1) < 0 ? errno : EIO;
}

/* Puts all of it on the disk, and closes it. Returns 0 or an error number. */
static int stream_finish(FILE *stream)
{
    int error = fflush(stream) != 0 ? errno : 0;
    if (!error && ferror(stream))
        error = error_find(fileno(stream));
    if (!error && fsync(fileno(stream)) != 0 && !sync_needless(errno))
        error = errno;
    if (fclose(stream) != 0 && !error)
        error = errno;
    return error;
}

/* Gives the whole file its name, and says whether it has it. Returns 0 or an error number. */
static int part_rename(const struct writing *writing, bool *ret_placed)
{
    *ret_placed = renameat(writing->at, writing->part_name, writing->to, writing->name) == 0;
    if (!*ret_placed)
        return errno;
    return fsync(writing->to) != 0 && !sync_needless(errno) ? errno : 0;
}

/* What is there of a file that was not kept for good. */
static const char *what_is_there(const struct writing *writing, bool placed)
{
    if (!writing->name)
        return "";
    return placed ? "; the file is there and whole, but the system may lose it when it fails"
                  : "; what stood there before is kept";
}

int writing_keep(struct writing *writing)
{
    if (!writing->path)
        return 0;
    int error = writing->stream ? stream_finish(writing->stream) : 0, status = 0;
    bool placed = false;
    if (!error && writing->name)
        error = part_rename(writing, &placed);
    if (error) {
        status = message_storage("%s: %s%s", writing->path, strerror(error), what_is_there(writing, placed));
        if (writing->name && !placed)
            unlinkat(writing->at, writing->part_name, 0);
    }
    writing_end(writing);
    return status;
}

void writing_drop(struct writing *writing)
{
    if (!writing->path)
        return;
    if (writing->stream)
        fclose(writing->stream);
    if (writing->name)
        unlinkat(writing->at, writing->part_name, 0);
    writing_end(writing);
}

int writing_text(const struct writing_folder *folder, const char *name, const char *text, size_t size)
{
    struct writing writing;
    int status = writing_begin(folder, name, &writing);
    if (status != 0)
        return status;
    fwrite(text, 1, size, writing_stream(&writing));
    return writing_keep(&writing);
}

/* ---- copies ---- */

/* Copies what is left of one file to another. Returns 0 or an error number. */
static int bytes_copy(int from, int to)
{
    char bytes[1 << 16];
    for (ssize_t got; (got = read(from, bytes, sizeof(bytes))) != 0;) {
        if (got < 0)
            return errno;
        for (ssize_t at = 0, put; at < got; at += put)
            if ((put = write(to, bytes + at, (size_t)(got - at))) < 0)
                return errno;
    }
    return 0;
}

int writing_copy(int from_folder, const char *name, const struct writing_folder *folder)
{
    struct stat about;
    int from = openat(from_folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (from < 0)
        return errno == ENOENT ? 0 : errno;
    int error = fstat(from, &about) != 0 ? errno : S_ISREG(about.st_mode) ? 0 : EINVAL;
    int to =
        error ? -1 : openat(folder->at, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (!error)
        error = to < 0 ? errno : bytes_copy(from, to);
    if (to >= 0 && close(to) != 0 && !error)
        error = errno;
    close(from);
    return error;
}
