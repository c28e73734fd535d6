/* SPDX-License-Identifier: MIT */
#include "workloads/replay/load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program/deaths.h"
#include "workloads/workload.h"

/* The limit for reading: room for the model of a program with some 100 million objects. */
enum { MEMORY_LIMIT_GIB = 8 };

/* The child passes this header to the parent. Operations, shapes, and names of a fixed length
 * each follow it. */
struct image {
    struct vm_program program; /* its pointers mean nothing in the parent */
    uint64_t says_deaths;
};
static_assert(sizeof(struct image) % _Alignof(struct program_op) == 0, "operations stand behind an image");

enum { NAME_BYTES = PROGRAM_NAME_MAX + 1 };

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
    if (deaths_plain(program, &plain) < 0 || deaths_find(&plain, &deaths) < 0)
        workload_fail("out of memory");
    for (uint32_t i = 0; i < deaths.count; i++)
        dies |= deaths.objects[i].death != DEATHS_NEVER;
    return !dies;
}

static void image_write(const struct program *program, const struct vm_program *loaded, FILE *stream)
{
    struct image image = {.program = *loaded, .says_deaths = says_deaths(program, loaded)};
    fwrite(&image, sizeof image, 1, stream);
    fwrite(loaded->ops, sizeof *loaded->ops, loaded->op_count + 1, stream);
    fwrite(loaded->shapes, sizeof *loaded->shapes, loaded->shape_count, stream);
    for (uint32_t i = 0; i < loaded->shape_count; i++) {
        char name[NAME_BYTES] = "";
        strncpy(name, loaded->shapes[i].name, PROGRAM_NAME_MAX);
        fwrite(name, sizeof name, 1, stream);
    }
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
    image_write(&program, &loaded, stream);
    if (ferror(stream) || fflush(stream) != 0)
        workload_fail("%s: out of memory: %s", file, strerror(errno));
    _exit(0);
}

/* ---- in the parent ---- */

/* Maps the image shared, so that there is one copy of the pages. */
static char *image_map(const char *file, int descriptor)
{
    struct stat status;
    if (fstat(descriptor, &status) < 0)
        workload_fail("%s: %s", file, strerror(errno));
    char *image =
        mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, descriptor, 0);
    if (image == MAP_FAILED)
        workload_fail("%s: out of memory", file);
    close(descriptor);
    return image;
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
    char *image = image_map(file, descriptor);
    const struct image *header = (struct image *)image;
    *ret_loaded = header->program;
    *ret_says_deaths = header->says_deaths;
    ret_loaded->ops = (struct program_op *)(image + sizeof *header);
    struct gc_shape *shapes = (struct gc_shape *)(ret_loaded->ops + ret_loaded->op_count + 1);
    char *names = (char *)(shapes + ret_loaded->shape_count);
    for (uint32_t i = 0; i < ret_loaded->shape_count; i++)
        shapes[i].name = names + (uint64_t)i * NAME_BYTES;
    ret_loaded->shapes = shapes;
}
