/* SPDX-License-Identifier: MIT */
#include "workloads/replay/load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program/deaths.h"
#include "workloads/replay/image.h"
#include "workloads/workload.h"

/* The limit for reading: room for the model of a program with some 100 million objects. */
enum { MEMORY_LIMIT_GIB = 8 };

/* ---- in the child ---- */

/* Returns whether the program says when each object dies. A program without FREEs does if all objects live to
 * its end. */
static bool says_deaths(const struct program *program, const struct vm_program *loaded)
{
    struct program plain;
    struct deaths deaths;
    bool dies = false;
    if (loaded->frees)
        return true;
    if (program_is_finalising(program))
        return false;
    if (deaths_plain(program, &plain) < 0 || deaths_find(&plain, &deaths) < 0)
        workload_fail("out of memory");
    for (uint32_t i = 0; i < deaths.count; i++)
        dies |= deaths.objects[i].death != DEATHS_NEVER;
    return !dies;
}

/* Ends without the exit handlers, because the child has a copy of the parent's buffers. */
__attribute__((noreturn)) static void child_run(const char *file, int descriptor)
{
    struct program program;
    struct vm_program loaded;
    char error[PROGRAM_ERROR_BYTES];
    if (program_read_file(file, (uint64_t)MEMORY_LIMIT_GIB << 30, &program, error) < 0)
        workload_fail("%s", error);
    FILE *stream = fdopen(descriptor, "wb");
    if (!stream || vm_load(&program, &loaded) < 0)
        workload_fail("%s: out of memory", file);
    image_write(&(struct image){.program = loaded, .says_deaths = says_deaths(&program, &loaded)}, stream);
    if (ferror(stream) || fflush(stream) != 0)
        workload_fail("%s: out of memory: %s", file, strerror(errno));
    _exit(0);
}

/* ---- in the parent ---- */

/* Maps an image shared, so that there is one copy of the pages. */
static void image_take(const char *file, int descriptor, struct vm_program *ret_loaded, bool *ret_says_deaths)
{
    struct image image;
    const char *wrong = image_map(descriptor, &image);
    if (wrong)
        workload_fail("%s: %s", file, wrong);
    close(descriptor);
    *ret_loaded = image.program;
    *ret_says_deaths = image.says_deaths;
}

void replay_map(const char *file, struct vm_program *ret_loaded, bool *ret_says_deaths)
{
    int descriptor = open(file, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        workload_fail("%s: %s", file, strerror(errno));
    image_take(file, descriptor, ret_loaded, ret_says_deaths);
}

void replay_load(const char *file, struct vm_program *ret_loaded, bool *ret_says_deaths)
{
    int status = 0;
    int descriptor = memfd_create("program", MFD_CLOEXEC);
    pid_t child = descriptor < 0 ? -1 : fork();
    if (child < 0)
        workload_fail("%s: %s", file, strerror(errno));
    if (child == 0)
        child_run(file, descriptor);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
        _exit(WEXITSTATUS(status)); /* the child has said why */
    if (!WIFEXITED(status))
        workload_fail("%s: killed by signal %d while it was read", file, WTERMSIG(status));
    image_take(file, descriptor, ret_loaded, ret_says_deaths);
}
