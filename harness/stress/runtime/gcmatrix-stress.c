/* SPDX-License-Identifier: MIT */
#include "harness/stress/runtime/gcmatrix-stress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* It uses nothing else of the tree, so that a runtime can compile it in. */

enum { VERSION = 1 };

struct server {
    const struct gcmatrix_stress_runtime *runtime;
    void *self;
    FILE *answers;
    char *rest;       /* of the request, behind what was read */
    bool wrong;       /* the request does not read as it should */
    uint32_t objects; /* made in this program */
};

/* A path in a request, with room for its fields. */
struct operand {
    struct gcmatrix_stress_path path;
    uint32_t *fields;
};

/* ---- reading ---- */

static uint64_t number_read(struct server *server)
{
    char *end;
    uint64_t number = strtoull(server->rest, &end, 10);
    server->wrong |= end == server->rest || (*end && !strchr(" .\n", *end));
    server->rest = end + (*end == ' ');
    return number;
}

/* Reads a path, or `null`. Returns the path, or NULL for null. */
static const struct gcmatrix_stress_path *path_read(struct server *server, struct operand *operand)
{
    *operand = (struct operand){0};
    if (strncmp(server->rest, "null", 4) == 0) {
        server->rest += 4;
        return NULL;
    }
    size_t room = 0;
    operand->path.slot = (uint32_t)number_read(server);
    while (*server->rest == '.' && !server->wrong) {
        if (operand->path.length == room) {
            room = room * 2 + 8;
            operand->fields = realloc(operand->fields, room * sizeof *operand->fields);
            if (!operand->fields)
                abort();
        }
        server->rest++;
        operand->fields[operand->path.length++] = (uint32_t)number_read(server);
    }
    operand->path.fields = operand->fields;
    return &operand->path;
}

/* Reads a path whose last field is no part of it. */
static uint32_t place_read(struct server *server, struct operand *holder)
{
    const struct gcmatrix_stress_path *path = path_read(server, holder);
    server->wrong |= !path || path->length == 0;
    return server->wrong ? 0 : holder->fields[--holder->path.length];
}

/* ---- requests ---- */

static void do_hello(struct server *server)
{
    if (number_read(server) == VERSION)
        fprintf(server->answers, "runtime %d %s %s\n", VERSION, server->runtime->name,
                server->runtime->promises);
    else
        fprintf(server->answers, "runtime %d\n", VERSION);
}

static void do_begin(struct server *server)
{
    uint32_t slots = (uint32_t)number_read(server);
    server->objects = 0;
    if (!server->wrong)
        server->runtime->begin(server->self, slots);
}

static void do_enter(struct server *server)
{
    uint32_t slots = (uint32_t)number_read(server);
    if (!server->wrong)
        server->runtime->enter(server->self, slots);
}

static void do_leave(struct server *server)
{
    server->runtime->leave(server->self);
}

static void do_new(struct server *server)
{
    uint32_t slot = (uint32_t)number_read(server);
    struct gcmatrix_stress_object object = {.number = (uint32_t)number_read(server)};
    object.fields = (uint32_t)number_read(server);
    object.payload = number_read(server);
    object.acyclic = number_read(server) != 0;
    server->objects = object.number;
    if (!server->wrong)
        server->runtime->make(server->self, slot, &object);
}

static void do_set(struct server *server)
{
    struct operand operand;
    uint32_t slot = (uint32_t)number_read(server);
    const struct gcmatrix_stress_path *value = path_read(server, &operand);
    if (!server->wrong)
        server->runtime->set(server->self, slot, value);
    free(operand.fields);
}

static void do_move(struct server *server)
{
    uint32_t to = (uint32_t)number_read(server);
    uint32_t from = (uint32_t)number_read(server);
    if (!server->wrong)
        server->runtime->move(server->self, to, from);
}

static void do_store(struct server *server)
{
    struct operand holder, operand;
    uint32_t field = place_read(server, &holder);
    const struct gcmatrix_stress_path *value = path_read(server, &operand);
    if (!server->wrong)
        server->runtime->store(server->self, &holder.path, field, value);
    free(holder.fields);
    free(operand.fields);
}

static void do_collect(struct server *server)
{
    bool full = strncmp(server->rest, "full", 4) == 0;
    server->wrong |= !full && strncmp(server->rest, "young", 5) != 0;
    if (!server->wrong)
        server->runtime->collect(server->self, full);
}

static void do_read(struct server *server)
{
    struct operand holder;
    uint32_t field = place_read(server, &holder);
    uint32_t found = server->wrong ? 0 : server->runtime->read(server->self, &holder.path, field);
    if (found)
        fprintf(server->answers, "object %" PRIu32 "\n", found);
    else if (!server->wrong)
        fputs("object null\n", server->answers);
    free(holder.fields);
}

static void do_count(struct server *server)
{
    struct operand operand;
    server->wrong |= !path_read(server, &operand) || !server->runtime->count;
    if (!server->wrong)
        fprintf(server->answers, "count %" PRIu32 "\n", server->runtime->count(server->self, &operand.path));
    free(operand.fields);
}

static void do_alive(struct server *server)
{
    fputs("alive", server->answers);
    for (uint32_t number = 1; number <= server->objects; number++)
        if (server->runtime->alive(server->self, number))
            fprintf(server->answers, " %" PRIu32, number);
    fputc('\n', server->answers);
}

/* THE list of requests. */
static const struct request {
    const char *word;
    void (*run)(struct server *server);
} requests[] = {
    {"gcmatrix-stress", do_hello},
    {"begin", do_begin},
    {"enter", do_enter},
    {"leave", do_leave},
    {"new", do_new},
    {"set", do_set},
    {"move", do_move},
    {"store", do_store},
    {"collect", do_collect},
    {"read", do_read},
    {"count", do_count},
    {"alive", do_alive},
};

/* Returns whether the line is a request, and has been carried out. */
static bool serve(struct server *server, char *line)
{
    size_t length = strcspn(line, " \n");
    server->rest = line + length + (line[length] == ' ');
    server->wrong = false;
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        if (strlen(requests[i].word) == length && strncmp(requests[i].word, line, length) == 0) {
            requests[i].run(server);
            fflush(server->answers);
            return !server->wrong;
        }
    }
    return false;
}

int gcmatrix_stress_serve(const struct gcmatrix_stress_runtime *runtime, void *self)
{
    struct server server = {.runtime = runtime, .self = self};
    char *line = NULL;
    size_t room = 0;
    int status = 0;
    fflush(stdout);
    server.answers = fdopen(dup(STDOUT_FILENO), "w");
    if (!server.answers || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return 2;
    while (status == 0 && getline(&line, &room, stdin) > 0) {
        if (serve(&server, line))
            continue;
        line[strcspn(line, "\n")] = '\0';
        fprintf(server.answers, "error this version of libgcmatrix-stress does not understand '%s'\n", line);
        status = 2;
    }
    fclose(server.answers);
    free(line);
    return status;
}
