/* SPDX-License-Identifier: MIT */
/* The folders of base/writing.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "base/writing.h"

/* ---- folders that are there ---- */

int writing_folder_open(const char *path, struct writing_folder *ret_folder)
{
    *ret_folder = (struct writing_folder){.at = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (ret_folder->at < 0)
        return message_storage("%s: %s", path, strerror(errno));
    ret_folder->path = text_format("%s", path);
    writing_folder_sweep(ret_folder);
    return 0;
}

int writing_parents_make(const char *path)
{
    char *copy = text_format("%s", path);
    int status = 0;
    for (char *slash = strchr(copy + 1, '/'); slash && status == 0; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            status = writing_refuse(copy, errno);
        *slash = '/';
    }
    free(copy);
    return status;
}

static int folder_refuse(const struct writing_folder *parent, const char *name, int error)
{
    if (error == ENOTDIR || error == ELOOP)
        return message_storage(
            "%s/%s: a link or a file stands where a folder of results belongs; move it away", parent->path,
            name);
    return message_storage("%s/%s: %s", parent->path, name, strerror(error));
}

int writing_folder_make(const struct writing_folder *parent, const char *name,
                        struct writing_folder *ret_folder)
{
    *ret_folder = (struct writing_folder){.at = -1};
    if (mkdirat(parent->at, name, 0777) != 0 && errno != EEXIST)
        return folder_refuse(parent, name, errno);
    ret_folder->at = openat(parent->at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (ret_folder->at < 0)
        return folder_refuse(parent, name, errno);
    ret_folder->path = text_format("%s/%s", parent->path, name);
    writing_folder_sweep(ret_folder);
    return 0;
}

/* Whether an unfinished file is nobody's any more. Its lock goes with the last process that has it open. */
static bool part_is_left(int at, const char *name)
{
    struct stat about;
    int file = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool left = file >= 0 && fstat(file, &about) == 0 && S_ISREG(about.st_mode) &&
                flock(file, LOCK_EX | LOCK_NB) == 0;
    if (file >= 0)
        close(file);
    return left;
}

void writing_folder_sweep(const struct writing_folder *folder)
{
    int own = openat(folder->at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = own < 0 ? NULL : fdopendir(own);
    for (const struct dirent *entry; listing && (entry = readdir(listing));)
        if (writing_is_part(entry->d_name) && part_is_left(folder->at, entry->d_name))
            unlinkat(folder->at, entry->d_name, 0);
    if (listing)
        closedir(listing);
    else if (own >= 0)
        close(own);
}

void writing_folder_remove(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    while (folder && (entry = readdir(folder)))
        unlinkat(dirfd(folder), entry->d_name, 0); /* "." and ".." are refused */
    if (folder)
        closedir(folder);
    rmdir(path);
}

void writing_folder_close(struct writing_folder *folder)
{
    if (folder->path) {
        close(folder->at);
        free(folder->path);
    }
    *folder = (struct writing_folder){.at = -1};
}

/* ---- a folder that appears whole ---- */

static int there_refuse(const char *path)
{
    return message_bad_input("%s is there already; name another folder", path);
}

int writing_folder_begin(const char *path, struct writing_folder *ret_folder)
{
    struct stat about;
    *ret_folder = (struct writing_folder){.at = -1};
    if (lstat(path, &about) == 0)
        return there_refuse(path);
    int status = writing_parents_make(path);
    if (status != 0)
        return status;
    char *meanwhile = text_format("%s.unfinished-XXXXXX", path);
    mode_t mask = umask(0);
    umask(mask);
    if (!mkdtemp(meanwhile) || chmod(meanwhile, 0777 & ~mask) != 0)
        status = writing_refuse(path, errno);
    else
        status = writing_folder_open(meanwhile, ret_folder);
    free(meanwhile);
    return status;
}

int writing_folder_keep(const struct writing_folder *folder, const char *path)
{
    if (syncfs(folder->at) != 0)
        return message_storage("%s: %s", path, strerror(errno));
    int failed = renameat2(AT_FDCWD, folder->path, AT_FDCWD, path, RENAME_NOREPLACE);
    if (failed && errno == EINVAL) /* a file system without the flag; there an empty folder may be replaced */
        failed = rename(folder->path, path);
    if (failed && (errno == EEXIST || errno == ENOTEMPTY))
        return there_refuse(path);
    return failed ? message_storage("%s: %s", path, strerror(errno)) : 0;
}
