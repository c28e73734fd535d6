/* SPDX-License-Identifier: MIT */
#include "harness/stress/line.h"

#include <stdio.h>
#include <stdlib.h>

void line_numbers_print(const uint64_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("%" PRIu64 " ", numbers[i]);
}

const char *line_numbers_read(const char *text, uint64_t *ret_numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *end;
        ret_numbers[i] = strtoull(text, &end, 10);
        if (end == text || *end != ' ')
            return NULL;
        text = end + 1;
    }
    return text;
}
