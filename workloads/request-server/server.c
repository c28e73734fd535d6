/* SPDX-License-Identifier: MIT */
#include "workloads/request-server/server.h"

#include "collectors/gc.h"
#include "workloads/workload.h"

/*
 * The numbers that each kind of object carries:
 *
 *      kind                number        count
 *      entry, parameter    key           uses (entry only)
 *      session             its serial    requests answered in it
 *      request             its serial    parameters
 *      fragment            uses of its entry when it was found
 *      response            its request   checksum of the answer
 */
struct numbered_payload {
    uint64_t number;
    uint64_t count;
};

enum { TABLE, VALUE, ENTRY, SESSION, CONNECTION, PARAMETER, REQUEST, FRAGMENT, RESPONSE };
const struct gc_shape server_shapes[SERVER_SHAPES] = {
    [TABLE] = {.name = "table", .id = TABLE, .flags = GC_SHAPE_REFS_VARY},
    [VALUE] = {.name = "value", .id = VALUE, .flags = GC_SHAPE_BYTES_VARY | GC_SHAPE_ACYCLIC},
    [ENTRY] = {.name = "entry", .id = ENTRY, .refs = 1, .payload = sizeof(struct numbered_payload)},
    [SESSION] = {.name = "session", .id = SESSION, .refs = 2, .payload = sizeof(struct numbered_payload)},
    [CONNECTION] = {.name = "connection",
                    .id = CONNECTION,
                    .refs = 2,
                    .payload = sizeof(struct numbered_payload)},
    [PARAMETER] = {.name = "parameter",
                   .id = PARAMETER,
                   .refs = 2,
                   .payload = sizeof(struct numbered_payload)},
    [REQUEST] = {.name = "request", .id = REQUEST, .refs = 2, .payload = sizeof(struct numbered_payload)},
    [FRAGMENT] = {.name = "fragment", .id = FRAGMENT, .refs = 2, .payload = sizeof(struct numbered_payload)},
    [RESPONSE] = {.name = "response", .id = RESPONSE, .refs = 3, .payload = sizeof(struct numbered_payload)},
};
enum { ENTRY_VALUE };
enum { SESSION_CONNECTION, SESSION_USER };
enum { CONNECTION_SESSION, CONNECTION_BUFFER };
enum { NEXT, CONTENT }; /* of parameters and fragments */
enum { REQUEST_SESSION, REQUEST_PARAMETERS };
enum { RESPONSE_REQUEST, RESPONSE_FRAGMENTS, RESPONSE_BODY };
enum { FEWEST_PARAMETERS = 8, MOST_PARAMETERS = 24 };

static struct numbered_payload *payload_of(struct gc_ref object, uint16_t shape)
{
    return gc_payload(object, &server_shapes[shape]);
}

static struct gc_ref table_get(const struct server *server, uint64_t global, uint64_t index)
{
    return gc_field_get(server->mutator, gc_local_get(gc_global(server->mutator, global)), index);
}

static void table_set(const struct server *server, uint64_t global, uint64_t index,
                      const struct gc_slot *slot)
{
    gc_field_set(server->mutator, gc_local_get(gc_global(server->mutator, global)), index,
                 gc_local_get(slot));
}

/* Makes a text as if from outside. Its size lies between half the mean and one and a half, and its first word
 * is `number`. */
static void value_make(const struct server *server, struct gc_slot *result, uint64_t number)
{
    uint64_t mean = server->options->body;
    uint64_t bytes = 8 + (mean / 2 + random_below(server->random, mean + 1)) / 8 * 8;
    gc_local_new(server->mutator, result, &server_shapes[VALUE], bytes);
    uint64_t *words = gc_payload(gc_local_get(result), &server_shapes[VALUE]);
    for (uint64_t i = 0; i < bytes / 8; i++)
        words[i] = number + i;
}

static uint64_t value_read(struct gc_ref value)
{
    const uint64_t *words = gc_payload(value, &server_shapes[VALUE]);
    uint64_t sum = 0;
    for (uint64_t i = 0; i < gc_length(value) / 8; i++)
        sum += words[i];
    return sum;
}

static void entry_renew(const struct server *server, uint64_t key, uint64_t number)
{
    struct gc_frame frame = gc_frame_enter(server->mutator, 1);
    value_make(server, &frame.slot[0], number);
    gc_field_set(server->mutator, table_get(server, SERVER_CACHE, key), ENTRY_VALUE,
                 gc_local_get(&frame.slot[0]));
    gc_frame_leave(server->mutator, frame);
}

/* A session and its connection refer to each other. */
static void session_open(const struct server *server, uint64_t place, uint64_t number)
{
    struct gc_frame frame = gc_frame_enter(server->mutator, 3);
    struct gc_slot *session = &frame.slot[0], *connection = &frame.slot[1], *value = &frame.slot[2];
    gc_local_new(server->mutator, session, &server_shapes[SESSION], 0);
    payload_of(gc_local_get(session), SESSION)->number = number;
    gc_local_new(server->mutator, connection, &server_shapes[CONNECTION], 0);
    gc_field_set(server->mutator, gc_local_get(session), SESSION_CONNECTION, gc_local_get(connection));
    gc_field_set(server->mutator, gc_local_get(connection), CONNECTION_SESSION, gc_local_get(session));
    value_make(server, value, number);
    gc_field_set(server->mutator, gc_local_get(session), SESSION_USER, gc_local_get(value));
    value_make(server, value, ~number);
    gc_field_set(server->mutator, gc_local_get(connection), CONNECTION_BUFFER, gc_local_get(value));
    table_set(server, SERVER_SESSIONS, place, session);
    gc_frame_leave(server->mutator, frame);
}

/* ---- the way of a request: each function binds its arguments to names of its own ---- */

static void parse_parameter(const struct server *server, struct gc_ref request)
{
    struct gc_frame frame = gc_frame_enter(server->mutator, 3);
    struct gc_slot *parameter = &frame.slot[1], *value = &frame.slot[2];
    gc_local_set(server->mutator, &frame.slot[0], request);
    uint64_t key = random_below(server->random, server->options->entries);
    value_make(server, value, key);
    gc_local_new(server->mutator, parameter, &server_shapes[PARAMETER], 0);
    payload_of(gc_local_get(parameter), PARAMETER)->number = key;
    gc_field_set(server->mutator, gc_local_get(parameter), CONTENT, gc_local_get(value));
    gc_field_set(server->mutator, gc_local_get(parameter), NEXT,
                 gc_field_get(server->mutator, gc_local_get(&frame.slot[0]), REQUEST_PARAMETERS));
    gc_field_set(server->mutator, gc_local_get(&frame.slot[0]), REQUEST_PARAMETERS, gc_local_get(parameter));
    gc_frame_leave(server->mutator, frame);
}

static void parse(const struct server *server, struct gc_slot *result, uint64_t number)
{
    struct gc_frame frame = gc_frame_enter(server->mutator, 1);
    struct gc_slot *request = &frame.slot[0];
    gc_local_new(server->mutator, request, &server_shapes[REQUEST], 0);
    uint64_t parameters =
        FEWEST_PARAMETERS + random_below(server->random, MOST_PARAMETERS - FEWEST_PARAMETERS + 1);
    *payload_of(gc_local_get(request), REQUEST) =
        (struct numbered_payload){.number = number, .count = parameters};
    for (uint64_t i = 0; i < parameters; i++)
        parse_parameter(server, gc_local_get(request));
    gc_local_move(server->mutator, result, request);
    gc_frame_leave(server->mutator, frame);
}

static void authenticate(const struct server *server, struct gc_ref passed)
{
    struct gc_frame frame = gc_frame_enter(server->mutator, 1);
    struct gc_slot *request = &frame.slot[0];
    gc_local_set(server->mutator, request, passed);
    uint64_t place = random_below(server->random, server->options->sessions);
    if (random_real(server->random) < server->options->opening)
        session_open(server, place, payload_of(gc_local_get(request), REQUEST)->number);
    struct gc_ref session = table_get(server, SERVER_SESSIONS, place);
    payload_of(session, SESSION)->count++;
    gc_field_set(server->mutator, gc_local_get(request), REQUEST_SESSION, session);
    gc_frame_leave(server->mutator, frame);
}

/* Looks up one parameter. Its entry of the cache, perhaps renewed first, becomes a fragment of the answer. */
static void look_up(const struct server *server, struct gc_ref passed_response,
                    struct gc_ref passed_parameter)
{
    struct gc_frame frame = gc_frame_enter(server->mutator, 3);
    struct gc_slot *response = &frame.slot[0], *parameter = &frame.slot[1], *fragment = &frame.slot[2];
    gc_local_set(server->mutator, response, passed_response);
    gc_local_set(server->mutator, parameter, passed_parameter);
    uint64_t key = payload_of(gc_local_get(parameter), PARAMETER)->number;
    if (random_real(server->random) < server->options->renewal)
        entry_renew(server, key, key ^ payload_of(gc_local_get(response), RESPONSE)->number);
    gc_local_new(server->mutator, fragment, &server_shapes[FRAGMENT], 0);
    struct gc_ref entry = table_get(server, SERVER_CACHE, key);
    payload_of(gc_local_get(fragment), FRAGMENT)->number = ++payload_of(entry, ENTRY)->count;
    gc_field_set(server->mutator, gc_local_get(fragment), CONTENT,
                 gc_field_get(server->mutator, entry, ENTRY_VALUE));
    gc_field_set(server->mutator, gc_local_get(fragment), NEXT,
                 gc_field_get(server->mutator, gc_local_get(response), RESPONSE_FRAGMENTS));
    gc_field_set(server->mutator, gc_local_get(response), RESPONSE_FRAGMENTS, gc_local_get(fragment));
    gc_frame_leave(server->mutator, frame);
}

static void answer(const struct server *server, struct gc_slot *result, struct gc_ref passed)
{
    struct gc_frame frame = gc_frame_enter(server->mutator, 3);
    struct gc_slot *request = &frame.slot[0], *response = &frame.slot[1], *parameter = &frame.slot[2];
    gc_local_set(server->mutator, request, passed);
    gc_local_new(server->mutator, response, &server_shapes[RESPONSE], 0);
    payload_of(gc_local_get(response), RESPONSE)->number = payload_of(gc_local_get(request), REQUEST)->number;
    gc_field_set(server->mutator, gc_local_get(response), RESPONSE_REQUEST, gc_local_get(request));
    gc_local_set(server->mutator, parameter,
                 gc_field_get(server->mutator, gc_local_get(request), REQUEST_PARAMETERS));
    while (!gc_is_null(gc_local_get(parameter))) {
        look_up(server, gc_local_get(response), gc_local_get(parameter));
        gc_local_set(server->mutator, parameter,
                     gc_field_get(server->mutator, gc_local_get(parameter), NEXT));
    }
    gc_local_move(server->mutator, result, response);
    gc_frame_leave(server->mutator, frame);
}

/* Makes the body of the answer from all fragments. Returns their checksum, which the response
 * then carries. */
static uint64_t render(const struct server *server, struct gc_ref passed)
{
    struct gc_frame frame = gc_frame_enter(server->mutator, 2);
    struct gc_slot *response = &frame.slot[0], *body = &frame.slot[1];
    gc_local_set(server->mutator, response, passed);
    uint64_t sum = 0;
    struct gc_ref fragment = gc_field_get(server->mutator, gc_local_get(response), RESPONSE_FRAGMENTS);
    for (; !gc_is_null(fragment); fragment = gc_field_get(server->mutator, fragment, NEXT)) {
        sum = checksum_add(sum, payload_of(fragment, FRAGMENT)->number);
        sum = checksum_add(sum, value_read(gc_field_get(server->mutator, fragment, CONTENT)));
    }
    value_make(server, body, sum);
    gc_field_set(server->mutator, gc_local_get(response), RESPONSE_BODY, gc_local_get(body));
    payload_of(gc_local_get(response), RESPONSE)->count = sum;
    gc_frame_leave(server->mutator, frame);
    return sum;
}

uint64_t server_serve(const struct server *server, uint64_t number)
{
    struct gc_frame frame = gc_frame_enter(server->mutator, 2);
    struct gc_slot *request = &frame.slot[0], *response = &frame.slot[1];
    parse(server, request, number);
    authenticate(server, gc_local_get(request));
    answer(server, response, gc_local_get(request));
    uint64_t sum = render(server, gc_local_get(response));
    table_set(server, SERVER_HISTORY, number % server->options->history, response);
    gc_frame_leave(server->mutator, frame);
    return sum;
}

void server_build(const struct server *server)
{
    struct gc_frame frame = gc_frame_enter(server->mutator, 1);
    const uint64_t sizes[SERVER_GLOBALS] = {server->options->entries, server->options->sessions,
                                            server->options->history};
    for (uint64_t i = 0; i < SERVER_GLOBALS; i++)
        gc_local_new(server->mutator, gc_global(server->mutator, i), &server_shapes[TABLE], sizes[i]);
    for (uint64_t key = 0; key < server->options->entries; key++) {
        gc_local_new(server->mutator, &frame.slot[0], &server_shapes[ENTRY], 0);
        payload_of(gc_local_get(&frame.slot[0]), ENTRY)->number = key;
        table_set(server, SERVER_CACHE, key, &frame.slot[0]);
        entry_renew(server, key, key);
    }
    for (uint64_t place = 0; place < server->options->sessions; place++)
        session_open(server, place, place);
    gc_frame_leave(server->mutator, frame);
}

uint64_t server_read(const struct server *server, uint64_t checksum)
{
    for (uint64_t key = 0; key < server->options->entries; key++)
        checksum = checksum_add(checksum, payload_of(table_get(server, SERVER_CACHE, key), ENTRY)->count);
    for (uint64_t place = 0; place < server->options->sessions; place++)
        checksum =
            checksum_add(checksum, payload_of(table_get(server, SERVER_SESSIONS, place), SESSION)->count);
    return checksum;
}
