/* SPDX-License-Identifier: MIT */
#include "workloads/replay/image.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { NAME_BYTES = PROGRAM_NAME_MAX + 1 };

static const char image_magic[16] = "gcmatrix image 2";

struct image_header {
    char magic[16];
    uint64_t bytes;            /* of the whole file */
    struct vm_program program; /* its pointers mean nothing */
    uint64_t says_deaths;
    uint64_t lives;     /* objects whose lives are here, or 0 */
    uint64_t plain_ops; /* length of the clock, or 0 */
};
static_assert(sizeof(struct image_header) % _Alignof(struct program_op) == 0, "operations stand behind it");
static_assert(sizeof(struct program_op) % _Alignof(struct gc_shape) == 0, "shapes stand behind operations");
static_assert(NAME_BYTES % _Alignof(struct deaths_object) == 0, "lives stand behind names");
static_assert((NAME_BYTES + sizeof(struct deaths_object)) % _Alignof(uint64_t) == 0, "sizes behind lives");

/* ---- writing ---- */

/* Returns the size of the file. Sums of parts that a damaged header makes too long do not matter: they are no
 * file's size. */
static uint64_t image_bytes(const struct image_header *header)
{
    const struct vm_program *program = &header->program;
    return sizeof *header + (program->op_count + 1) * sizeof(struct program_op) +
           (uint64_t)program->shape_count * (sizeof(struct gc_shape) + NAME_BYTES) +
           header->lives * (sizeof(struct deaths_object) + sizeof(uint64_t)) +
           header->plain_ops * sizeof(uint64_t);
}

static void names_write(const struct vm_program *program, FILE *stream)
{
    for (uint32_t i = 0; i < program->shape_count; i++) {
        char name[NAME_BYTES] = "";
        strncpy(name, program->shapes[i].name, PROGRAM_NAME_MAX);
        fwrite(name, sizeof name, 1, stream);
    }
}

void image_write(const struct image *image, FILE *stream)
{
    const struct vm_program *program = &image->program;
    struct image_header header;
    memset(&header, 0, sizeof header);
    memcpy(header.magic, image_magic, sizeof header.magic);
    header.program = *program;
    header.says_deaths = image->says_deaths;
    header.lives = image->deaths.objects ? image->deaths.count : 0;
    header.plain_ops = image->deaths.objects ? image->plain_ops : 0;
    header.bytes = image_bytes(&header);
    fwrite(&header, sizeof header, 1, stream);
    fwrite(program->ops, sizeof *program->ops, program->op_count + 1, stream);
    fwrite(program->shapes, sizeof *program->shapes, program->shape_count, stream);
    names_write(program, stream);
    if (!image->deaths.objects)
        return;
    fwrite(image->deaths.objects, sizeof *image->deaths.objects, header.lives, stream);
    fwrite(image->bytes, sizeof *image->bytes, header.lives, stream);
    fwrite(image->clock, sizeof *image->clock, header.plain_ops, stream);
}

/* ---- mapping ---- */

/* Copies the shapes, whose names must be pointers into this process. Returns NULL without memory. */
static struct gc_shape *shapes_copy(const struct gc_shape *shapes, const char *names, uint32_t count)
{
    size_t room = (count + 1) * sizeof *shapes;
    struct gc_shape *copy =
        mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (copy == MAP_FAILED)
        return NULL;
    memcpy(copy, shapes, count * sizeof *shapes);
    for (uint32_t i = 0; i < count; i++)
        copy[i].name = names + (size_t)i * NAME_BYTES;
    return copy;
}

static const char *image_place(char *map, struct image *image)
{
    const struct image_header *header = (const struct image_header *)map;
    struct vm_program *program = &image->program;
    *program = header->program;
    program->ops = (struct program_op *)(map + sizeof *header);
    const struct gc_shape *shapes = (const struct gc_shape *)(program->ops + program->op_count + 1);
    const char *names = (const char *)(shapes + program->shape_count);
    program->shapes = shapes_copy(shapes, names, program->shape_count);
    if (!program->shapes)
        return "out of memory";
    image->says_deaths = header->says_deaths;
    image->plain_ops = header->plain_ops;
    if (header->lives || header->plain_ops) {
        struct deaths_object *objects =
            (struct deaths_object *)(names + (size_t)program->shape_count * NAME_BYTES);
        image->deaths = (struct deaths){.objects = objects, .count = (uint32_t)header->lives};
        image->bytes = (const uint64_t *)(objects + header->lives);
        image->clock = image->bytes + header->lives;
    }
    return NULL;
}

const char *image_map(int descriptor, struct image *ret_image)
{
    struct stat status;
    *ret_image = (struct image){0};
    if (fstat(descriptor, &status) < 0 || (size_t)status.st_size < sizeof(struct image_header))
        return "it is no image of a program";
    char *map = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED | MAP_POPULATE, descriptor, 0);
    if (map == MAP_FAILED)
        return "out of memory";
    const struct image_header *header = (const struct image_header *)map;
    bool is_image = memcmp(header->magic, image_magic, sizeof header->magic) == 0;
    const char *wrong = NULL;
    if (!is_image)
        wrong = "it is no image of a program";
    else if (header->bytes != (uint64_t)status.st_size || image_bytes(header) != header->bytes)
        wrong = "the image is cut short, or of another build";
    else
        wrong = image_place(map, ret_image);
    if (wrong)
        munmap(map, (size_t)status.st_size);
    return wrong;
}

/* ---- making ---- */

static void census_take(const struct program *plain, const struct deaths *deaths, struct image_census *census)
{
    *census = (struct image_census){.operations = plain->op_count, .objects = deaths->count};
    for (uint32_t i = 0; i < deaths->count; i++) {
        census->cyclic += deaths->objects[i].cyclic;
        census->survivors += deaths->objects[i].death == DEATHS_NEVER;
    }
}

/* The size of each object, for the caller to free; NULL without memory. */
static uint64_t *bytes_make(const struct program *plain, const struct deaths *deaths)
{
    uint64_t *bytes = malloc((deaths->count + 1) * sizeof *bytes);
    for (uint32_t i = 0; bytes && i < deaths->count; i++) {
        const struct program_op *op = &plain->ops[deaths->objects[i].birth];
        bytes[i] = gc_shape_bytes(&plain->shapes[op->b], op->c);
    }
    return bytes;
}

/* Writes the image of `marked`, with the lives of `image` where it has any. */
static int marked_write(const struct program *marked, struct image *image, FILE *stream)
{
    if (vm_load(marked, &image->program) < 0)
        return -1;
    image_write(image, stream);
    vm_unload(&image->program);
    return 0;
}

int image_make(struct program *program, bool lives, FILE *stream, struct image_census *ret_census)
{
    struct program plain, marked;
    struct deaths deaths;
    struct image image = {.says_deaths = true};
    int error = deaths_plain(program, &plain);
    program_free(program);
    if (error)
        return -1;
    error = deaths_find(&plain, &deaths);
    if (error) {
        program_free(&plain);
        return -1;
    }
    census_take(&plain, &deaths, ret_census);
    uint64_t *bytes = lives ? bytes_make(&plain, &deaths) : NULL;
    uint64_t *clock = lives ? deaths_clock(&plain) : NULL;
    image.plain_ops = plain.op_count;
    error = (lives && (!bytes || !clock)) || deaths_insert(&plain, &deaths, &marked) < 0 ? -1 : 0;
    program_free(&plain);
    if (lives)
        image = (struct image){.says_deaths = true,
                               .deaths = deaths,
                               .bytes = bytes,
                               .clock = clock,
                               .plain_ops = image.plain_ops};
    else
        deaths_free(&deaths);
    if (!error) {
        error = marked_write(&marked, &image, stream);
        program_free(&marked);
    }
    if (lives)
        deaths_free(&deaths);
    free(bytes);
    free(clock);
    return error;
}
