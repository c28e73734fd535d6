/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "harness/campaign/process/hash.h"
#include "tests/tap.h"

int main(void)
{
    char digits[65], *path = text_scratch("gcmatrix-hash"), million[1000];
    /* The examples of FIPS 180-4's publisher. */
    hash_bytes("abc", 3, digits);
    tap_same(digits, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
             "\"abc\" has the published hash");
    hash_bytes("", 0, digits);
    tap_same(digits, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
             "nothing has the published hash");
    int file = mkstemp(path);
    memset(million, 'a', sizeof(million));
    for (int i = 0; i < 1000; i++)
        assert(write(file, million, sizeof(million)) == sizeof(million));
    close(file);
    tap_equal(hash_file(path, digits), 0, "a file is hashed");
    tap_same(digits, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
             "a million times \"a\", read in pieces, has the published hash");
    unlink(path);
    tap_equal(hash_file(path, digits), -1, "a file that is not there is an error");
    free(path);
    return tap_done();
}
