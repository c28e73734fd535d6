/* SPDX-License-Identifier: MIT */
#include "harness/runner/loaded-allocator.h"

#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int mallctl_function(const char *, void *, size_t *, void *, size_t);

static void version_glibc(char *version, size_t size)
{
    snprintf(version, size, "%s", gnu_get_libc_version());
}

static void version_jemalloc(char *version, size_t size)
{
    mallctl_function *mallctl = (mallctl_function *)dlsym(RTLD_DEFAULT, "mallctl");
    const char *text;
    size_t length = sizeof text;
    if (mallctl && mallctl("version", &text, &length, NULL, 0) == 0)
        snprintf(version, size, "%s", text);
}

static void version_mimalloc(char *version, size_t size)
{
    int (*mi_version)(void) = (int (*)(void))dlsym(RTLD_DEFAULT, "mi_version");
    int number = mi_version ? mi_version() : 0;
    if (number)
        snprintf(version, size, "%d.%d.%d", number / 100, number / 10 % 10, number % 10);
}

static void version_tcmalloc(char *version, size_t size)
{
    const char *(*tc_version)(int *, int *, const char **) =
        (const char *(*)(int *, int *, const char **))dlsym(RTLD_DEFAULT, "tc_version");
    const char *patch;
    int major;
    int minor;
    if (tc_version)
        snprintf(version, size, "%s", tc_version(&major, &minor, &patch));
}

/* The allocators, by the name of the file that owns malloc. */
static const struct known_allocator {
    const char *name;
    const char *file_prefix;
    void (*version)(char *version, size_t size);
} known_allocators[] = {
    {"glibc", "libc.so", version_glibc},           {"glibc", "libc-", version_glibc},
    {"jemalloc", "libjemalloc", version_jemalloc}, {"mimalloc", "libmimalloc", version_mimalloc},
    {"tcmalloc", "libtcmalloc", version_tcmalloc},
};

static const struct known_allocator *allocator_find(const char *object)
{
    const char *slash = strrchr(object, '/');
    const char *file = slash ? slash + 1 : object;
    for (size_t i = 0; i < sizeof known_allocators / sizeof *known_allocators; i++) {
        if (strncmp(file, known_allocators[i].file_prefix, strlen(known_allocators[i].file_prefix)) == 0)
            return &known_allocators[i];
    }
    return NULL;
}

void loaded_allocator_identify(struct loaded_allocator *ret_identity)
{
    Dl_info info = {0};
    void *owner = dlsym(RTLD_DEFAULT, "malloc");
    *ret_identity = (struct loaded_allocator){.name = "other"};
    if (dlsym(RTLD_DEFAULT, "__asan_init"))
        ret_identity->name = "sanitizer";
    if (!owner || !dladdr(owner, &info) || !info.dli_fname)
        return;
    if (!realpath(info.dli_fname, ret_identity->object))
        snprintf(ret_identity->object, sizeof ret_identity->object, "%s", info.dli_fname);
    const struct known_allocator *known = allocator_find(ret_identity->object);
    if (known) {
        ret_identity->name = known->name;
        known->version(ret_identity->version, sizeof ret_identity->version);
    }
}

int loaded_allocator_verify(const struct loaded_allocator *identity, const char *name, const char *object,
                            char *ret_error, size_t size)
{
    char resolved[PATH_MAX];
    if (object) {
        if (realpath(object, resolved) && strcmp(resolved, identity->object) == 0)
            return 0;
        snprintf(ret_error, size, "malloc belongs to %s, not to %s: the preload did not take",
                 identity->object, object);
        return -1;
    }
    /* A sanitizer's malloc stands in for glibc's: such a build is for correctness, and its record says so. */
    const char *stands_for = strcmp(identity->name, "sanitizer") == 0 ? "glibc" : identity->name;
    if (!name || strcmp(name, stands_for) == 0)
        return 0;
    snprintf(ret_error, size, "malloc belongs to %s (%s), not to %s: the preload did not take",
             identity->object, identity->name, name);
    return -1;
}
