/* SPDX-License-Identifier: MIT */
#include "harness/campaign/process/allocator.h"

#include <dlfcn.h>
#include <errno.h>
#include <gnu/libc-version.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/escape.h"
#include "base/message.h"
#include "base/nearest.h"
#include "base/text.h"

/*
 * `normalised` gives memory back to the system when it is freed, not when a clock or a heuristic says so.
 * Otherwise the resident size drifts with time, and with what was freed before.
 *
 *   glibc                starts with both thresholds at 128 KiB, and raises them when a large chunk is freed.
 *                        Naming either of them switches that off (mallopt(3), M_MMAP_THRESHOLD).
 *   jemalloc, mimalloc   purge on timers; a timer of 0 ms purges at once.
 *   tcmalloc             keeps free spans mapped; aggressive decommit returns each as it is freed.
 */
const struct allocator_kind allocator_kinds[] = {
    {
        .name = "glibc",
        .tunings =
            {
                {.name = "default"},
                {.name = "normalised",
                 .environment = {"GLIBC_TUNABLES=glibc.malloc.mmap_threshold=131072:"
                                 "glibc.malloc.trim_threshold=131072"}},
            },
    },
    {
        .name = "jemalloc",
        .package = "libjemalloc2",
        .sonames = {"libjemalloc.so.2"},
        .tunings =
            {
                {.name = "default", .counted = {"MALLOC_CONF=dirty_decay_ms:-1,muzzy_decay_ms:-1"}},
                {.name = "normalised", .environment = {"MALLOC_CONF=dirty_decay_ms:0,muzzy_decay_ms:0"}},
            },
    },
    {
        .name = "mimalloc",
        .package = "libmimalloc2.0",
        .sonames = {"libmimalloc.so.2", "libmimalloc.so.3"},
        .tunings =
            {
                {.name = "default", .counted = {"MIMALLOC_ALLOW_DECOMMIT=0"}},
                {.name = "normalised",
                 .environment = {"MIMALLOC_DECOMMIT_DELAY=0", "MIMALLOC_SEGMENT_DECOMMIT_DELAY=0"}},
            },
    },
    {
        .name = "tcmalloc",
        .package = "libtcmalloc-minimal4",
        .sonames = {"libtcmalloc_minimal.so.4", "libtcmalloc.so.4"},
        .tunings =
            {
                {.name = "default"},
                {.name = "normalised", .environment = {"TCMALLOC_AGGRESSIVE_DECOMMIT=1"}},
            },
    },
};

const size_t allocator_kind_count = sizeof(allocator_kinds) / sizeof(allocator_kinds[0]);

static const struct allocator_tuning by_path_tuning = {.name = "default"};

/* The folder of this process's own C library, where the distribution keeps shared objects. */
static char *library_folder(void)
{
    Dl_info info;
    if (!dladdr((void *)gnu_get_libc_version, &info) || !info.dli_fname)
        return NULL;
    char *path = realpath(info.dli_fname, NULL);
    char *slash = path ? strrchr(path, '/') : NULL;
    if (slash)
        *slash = '\0';
    return path;
}

static char *object_find_in(const char *folder, const struct allocator_kind *kind)
{
    for (size_t i = 0; folder && i < 3 && kind->sonames[i]; i++) {
        char *candidate = text_format("%s/%s", folder, kind->sonames[i]);
        char *object = realpath(candidate, NULL);
        free(candidate);
        if (object)
            return object;
    }
    return NULL;
}

char *allocator_object_find(const struct allocator_kind *kind)
{
    static const char *const folders[] = {"/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu",
                                          "/usr/local/lib", "/usr/lib64", "/usr/lib"};
    char *own = library_folder();
    char *object = object_find_in(own, kind);
    free(own);
    for (size_t i = 0; !object && i < sizeof(folders) / sizeof(folders[0]); i++)
        object = object_find_in(folders[i], kind);
    return object;
}

static int resolve_path(const char *place, const char *path, struct allocator *ret_allocator)
{
    struct stat about;
    char *object = realpath(path, NULL);
    if (!object || stat(object, &about) != 0) {
        free(object);
        return message_bad_input(
            "%s: allocator '%s': %s; give the path of a shared object, or the name of an "
            "allocator that `gcmatrix list` has",
            place, path, strerror(errno));
    }
    if (!escape_is_plain(object)) {
        free(object);
        return message_bad_input(
            "%s: allocator '%s' must have a real path of printable UTF-8: it stands in results", place, path);
    }
    if (!S_ISREG(about.st_mode) || strpbrk(object, " :")) {
        free(object);
        return message_bad_input(
            "%s: allocator '%s' must be a shared object whose real path has no blank and no colon "
            "(the loader splits LD_PRELOAD there)",
            place, path);
    }
    ret_allocator->object = object;
    ret_allocator->name = text_format("%s", strrchr(object, '/') + 1);
    ret_allocator->tuning = &by_path_tuning;
    return 0;
}

static const struct allocator_kind *kind_find(const char *name)
{
    for (size_t i = 0; i < allocator_kind_count; i++)
        if (strcmp(allocator_kinds[i].name, name) == 0)
            return &allocator_kinds[i];
    return NULL;
}

static int kind_unknown(const char *place, const char *name)
{
    const char *names[16];
    for (size_t i = 0; i < allocator_kind_count; i++)
        names[i] = allocator_kinds[i].name;
    const char *near = nearest_name(name, names, allocator_kind_count);
    if (near)
        return message_bad_input("%s: unknown allocator '%s'; did you mean '%s'?", place, name, near);
    return message_bad_input(
        "%s: unknown allocator '%s'; known are glibc, jemalloc, mimalloc and tcmalloc, and any "
        "shared object by its path",
        place, name);
}

static int resolve_kind(const char *place, const char *name, const char *tuning,
                        struct allocator *ret_allocator)
{
    const struct allocator_kind *kind = kind_find(name);
    if (!kind)
        return kind_unknown(place, name);
    for (size_t i = 0; i < 2; i++)
        if (strcmp(kind->tunings[i].name, tuning) == 0)
            ret_allocator->tuning = &kind->tunings[i];
    if (!ret_allocator->tuning)
        return message_bad_input("%s: unknown tuning '%s' of %s; there are 'default' and 'normalised'", place,
                                 tuning, name);
    if (kind->package && !(ret_allocator->object = allocator_object_find(kind)))
        return message_bad_input("%s: %s is not installed: no %s in the library folders; the package is %s",
                                 place, name, kind->sonames[0], kind->package);
    ret_allocator->name = text_format("%s", name);
    return 0;
}

int allocator_resolve(const char *place, const char *text, struct allocator *ret_allocator)
{
    size_t length = strcspn(text, ":");
    char *name = text_format("%.*s", (int)length, text);
    *ret_allocator = (struct allocator){0};
    int status = strchr(text, '/')
                     ? resolve_path(place, text, ret_allocator)
                     : resolve_kind(place, name, text[length] ? text + length + 1 : "default", ret_allocator);
    ret_allocator->place = status == 0 ? text_format("%s", place) : NULL;
    free(name);
    return status;
}

void allocator_free(struct allocator *allocator)
{
    free(allocator->name);
    free(allocator->object);
    free(allocator->place);
    *allocator = (struct allocator){0};
}
