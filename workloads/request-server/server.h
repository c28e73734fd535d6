/* SPDX-License-Identifier: MIT */
/* The server of the workload request-server: its tables, and its way from one request to an answer. */
#ifndef WORKLOADS_REQUEST_SERVER_SERVER_H
#define WORKLOADS_REQUEST_SERVER_SERVER_H

#include "base/random.h"
#include "collectors/mutator.h"

struct server_options {
    uint64_t requests;
    double rate;
    uint64_t arrivals;
    uint64_t entries;
    uint64_t sessions;
    uint64_t history;
    uint64_t body;
    double opening;
    double renewal;
};

/* The state that every handler needs beside its arguments. */
struct server {
    struct gc_mutator *mutator;
    const struct server_options *options;
    struct random_state *random;
};

enum { SERVER_SHAPES = 9 };
extern const struct gc_shape server_shapes[SERVER_SHAPES];

enum { SERVER_CACHE, SERVER_SESSIONS, SERVER_HISTORY, SERVER_GLOBALS };

/* Fills the cache and opens the sessions. */
void server_build(const struct server *server);

/* Answers one request. Returns the checksum of the answer. */
uint64_t server_serve(const struct server *server, uint64_t number);

/* Folds the counts in the cache and in the sessions into a checksum. */
uint64_t server_read(const struct server *server, uint64_t checksum);

#endif
