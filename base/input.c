/* SPDX-License-Identifier: MIT */
#include "base/input.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What stands in the place of a file. */
static const char *kind_words(mode_t mode)
{
    if (S_ISDIR(mode))
        return "it is a folder, and a file is needed";
    if (S_ISFIFO(mode))
        return "it is a pipe, and a regular file is needed";
    return "it is a device, and a regular file is needed";
}

/* A pipe without a writer does not wait. */
enum { READING = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY };

/* Where the last `own` names of a path begin. */
static const char *names_find(const char *path, unsigned own)
{
    const char *names = path + strlen(path);
    while (names > path && !(names[-1] == '/' && --own == 0))
        names--;
    return names;
}

/* Opens the folder in which the names stand, over links if need be. Returns -1 with errno set on failure. */
static int folder_open(const char *path, const char *names)
{
    char folder[PATH_MAX];
    if ((size_t)(names - path) >= sizeof(folder)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(folder, path, (size_t)(names - path));
    folder[names - path] = '\0';
    return open(*folder ? folder : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* Opens the folder of the first name in `at`, which it closes, over no link. */
static int folder_enter(int at, const char *names, size_t length)
{
    char name[NAME_MAX + 1] = "";
    int next = -1, error = ENAMETOOLONG;
    if (length <= NAME_MAX) {
        memcpy(name, names, length);
        next = openat(at, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        error = errno;
    }
    close(at);
    errno = error;
    return next;
}

/* Opens the folder that holds the last name of a path, of whose names `own` are the results folder's. */
static int holder_open(const char *path, unsigned own, const char **ret_name)
{
    const char *names = names_find(path, own), *slash;
    int at = folder_open(path, names);
    for (; at >= 0 && (slash = strchr(names, '/')); names = slash + 1)
        at = folder_enter(at, names, (size_t)(slash - names));
    *ret_name = names;
    return at;
}

static int own_open(const char *path, unsigned own)
{
    const char *name;
    int at = holder_open(path, own, &name);
    if (at < 0)
        return -1;
    int file = openat(at, name, READING | O_NOFOLLOW), error = errno;
    close(at);
    errno = error;
    return file;
}

/* Why a file could not be opened, by errno. */
static const char *error_words(unsigned own)
{
    if (own && errno == ELOOP)
        return "it is a link, and none is followed in a folder of results; put the file itself there";
    if (own > 1 && errno == ENOTDIR)
        return "a link or a file stands where a folder of results belongs; put the folder itself there";
    return strerror(errno);
}

/* Makes a stream of a file that was opened for reading, or says why not. */
static const char *stream_make(int file, unsigned own, FILE **ret_file)
{
    struct stat about;
    const char *wrong = NULL;
    if (file < 0)
        return error_words(own);
    if (fstat(file, &about) != 0)
        wrong = strerror(errno);
    else if (!S_ISREG(about.st_mode)) {
        errno = EINVAL;
        wrong = kind_words(about.st_mode);
    } else if (!(*ret_file = fdopen(file, "r")))
        wrong = strerror(errno);
    if (wrong) {
        int reason = errno;
        close(file);
        errno = reason;
    }
    return wrong;
}

const char *input_open_own(const char *path, unsigned own, FILE **ret_file)
{
    return stream_make(own ? own_open(path, own) : open(path, READING), own, ret_file);
}

const char *input_open(const char *path, FILE **ret_file)
{
    return input_open_own(path, 0, ret_file);
}

const char *input_folder_open(const char *path, unsigned own, int *ret_folder)
{
    const char *name;
    int at = holder_open(path, own, &name);
    *ret_folder = at < 0 ? -1 : folder_enter(at, name, strlen(name));
    return *ret_folder < 0 ? error_words(own + 1) : NULL;
}

const char *input_open_within(int folder, const char *name, FILE **ret_file)
{
    return stream_make(openat(folder, name, READING | O_NOFOLLOW), 1, ret_file);
}
