/* SPDX-License-Identifier: MIT */
#include "harness/results/json-text.h"

#include <math.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/number.h"

enum { TEXT_MOST = 4000 }; /* characters */

json_t *json_text(const char *text)
{
    if (!text)
        return json_null();
    char *plain = escape_plain(text, TEXT_MOST);
    json_t *string = memory_need(json_string(plain));
    free(plain);
    return string;
}

json_t *json_number(double value)
{
    bool whole = value == floor(value) && fabs(value) < (double)NUMBER_DOUBLE_END;
    return memory_need(whole ? json_integer((json_int_t)value) : json_real(value));
}
