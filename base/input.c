/* SPDX-License-Identifier: MIT */
#include "base/input.h"

#include <errno.h>
#include <fcntl.h>
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

const char *input_open(const char *path, FILE **ret_file)
{
    struct stat about;
    const char *wrong = NULL;
    int file =
        open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); /* a pipe without a writer does not wait */
    if (file < 0)
        return strerror(errno);
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
