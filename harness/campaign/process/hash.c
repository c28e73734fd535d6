/* SPDX-License-Identifier: MIT */
#include "harness/campaign/process/hash.h"

#include <nettle/sha2.h>
#include <stdio.h>

#include "base/input.h"

static void digits_write(struct sha256_ctx *context, char ret_digits[static 65])
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(context, sizeof(digest), digest);
    for (size_t i = 0; i < sizeof(digest); i++)
        sprintf(ret_digits + 2 * i, "%02x", digest[i]);
}

void hash_bytes(const void *bytes, size_t size, char ret_digits[static 65])
{
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, size, bytes);
    digits_write(&context, ret_digits);
}

int hash_file(const char *path, char ret_digits[static 65])
{
    unsigned char chunk[65536];
    size_t got;
    struct sha256_ctx context;
    FILE *file;
    if (input_open(path, &file))
        return -1;
    sha256_init(&context);
    while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0)
        sha256_update(&context, got, chunk);
    int status = ferror(file) ? -1 : 0;
    fclose(file);
    digits_write(&context, ret_digits);
    return status;
}
