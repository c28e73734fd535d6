/* SPDX-License-Identifier: MIT */
/*
 * Files for parsers that read files. One input holds several: each begins behind a line `%% name`, and what
 * stands before the first such line is the file "first". They lie in memory where the system has such a
 * place.
 */
#ifndef TESTS_FUZZ_SCRATCH_H
#define TESTS_FUZZ_SCRATCH_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

/* Returns the folder for this process's files, which it makes at the first call, and removes at the end. */
const char *scratch_folder(void);

/*
 * Writes one file, in a folder within if its name has one. Returns its path, which the next call overwrites.
 */
const char *scratch_file(const char *name, const uint8_t *bytes, size_t count);

/*
 * Writes the files of an input; `names` (ended by NULL) are those that may be there, and the others of them
 * are removed.
 */
void scratch_files(const uint8_t *bytes, size_t count, const char *const *names);

/* Ends the process where a promise does not hold. */
#define FUZZ_EXPECT(holds)                                                                                   \
    do                                                                                                       \
        if (!(holds))                                                                                        \
            __builtin_trap();                                                                                \
    while (0)

#endif
