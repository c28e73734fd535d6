/* SPDX-License-Identifier: MIT */
/* What a campaign has not checked, for want of a promise: of collectors by their traits and bounds, of
 * runtimes by their answers. */
#ifndef HARNESS_CLI_UNCHECKED_H
#define HARNESS_CLI_UNCHECKED_H

#include <jansson.h>

#include "harness/stress/driver.h"
#include "harness/stress/runtimes.h"

struct unchecked {
    const struct driver_request *request;
    const struct runtimes *runtimes;
    struct text_list *lines; /* one list for each of the request's workers; those of runtimes are empty */
};

/* Asks the workers of all collectors of the request. The runtimes have said it before. The caller calls
 * unchecked_free(). */
void unchecked_read(const struct driver_request *request, const struct runtimes *runtimes,
                    struct unchecked *ret_unchecked);
void unchecked_free(struct unchecked *unchecked);

/* Prints a line for each thing, with the collectors of which it is not checked. */
void unchecked_print(const struct unchecked *unchecked);

/* Returns a new object: by the name of a collector or a runtime, an array of lines. */
json_t *unchecked_json(const struct unchecked *unchecked);

#endif
