/* SPDX-License-Identifier: MIT */
/* Compares a runtime's answer with the right one. */
#ifndef HARNESS_STRESS_RUNTIME_ANSWERS_H
#define HARNESS_STRESS_RUNTIME_ANSWERS_H

#include "harness/stress/runtime/script.h"

/* What is wrong with an answer. */
struct wrong {
    const char *kind; /* a word: freed, kept, read, count, refused, protocol; NULL: nothing is */
    char *text;       /* one line, which the caller frees */
};

/* Looks at the answer to a question of the script. O(answer + objects). */
struct wrong answer_check(const struct script *script, const struct question *question,
                          const struct promises *promises, const char *answer);

/* The objects that a right answer to ALIVE says are gone. */
struct freed {
    uint64_t on_cycles; /* counting alone frees none of these */
    uint64_t others;
};
struct freed answer_freed(const struct question *question, const char *answer);

/* Returns where a question stands, as in "operation 31, 'read 3.1'". The caller frees it. O(1). */
char *question_place(const struct script *script, const struct question *question);

#endif
