/* SPDX-License-Identifier: MIT */
/* SHA-256 in hexadecimal, by libnettle, of the specification and the executables of a run. */
#ifndef HARNESS_CAMPAIGN_PROCESS_HASH_H
#define HARNESS_CAMPAIGN_PROCESS_HASH_H

#include <stddef.h>

void hash_bytes(const void *bytes, size_t size, char ret_digits[static 65]);

/* Of a file's bytes. Returns 0, or -1 with errno set. */
int hash_file(const char *path, char ret_digits[static 65]);

#endif
