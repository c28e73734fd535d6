/* SPDX-License-Identifier: MIT */
#include "harness/report/page-json.h"

#include <ctype.h>
#include <string.h>

#include "harness/results/json-text.h"

enum { JSON_DIGITS = 9 };

void page_json_add(json_t *array, const char *text)
{
    json_array_append_new(array, json_text(text));
}

/* Passes what the library writes on to the page. */
static int json_pass(const char *bytes, size_t size, void *page)
{
    for (size_t i = 0; i < size; i++)
        if (strchr("<>&", bytes[i]) && bytes[i])
            fprintf(page, "\\u%04x", (unsigned)bytes[i]);
        else
            putc(bytes[i], page);
    return 0;
}

void page_json_write(FILE *page, json_t *value)
{
    json_dump_callback(value, json_pass, page,
                       JSON_COMPACT | JSON_ENCODE_ANY | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(JSON_DIGITS));
    json_decref(value);
}

void page_json_write_text(FILE *page, const char *text)
{
    page_json_write(page, json_text(text));
}

/* Returns the text without a sign that says infinite; NULL where it is another one. */
static bool json_is_infinite(const char *text)
{
    return strcmp(text + (*text == '-'), "inf") == 0;
}

static const char *json_digits(const char *text)
{
    while (isdigit((unsigned char)*text))
        text++;
    return text;
}

bool page_json_is_number(const char *text)
{
    if (json_is_infinite(text))
        return true;
    const char *at = text + (*text == '-'), *past = json_digits(at);
    if (past == at || (*at == '0' && past > at + 1))
        return false;
    if (*past == '.') {
        at = past + 1;
        past = json_digits(at);
        if (past == at)
            return false;
    }
    if (*past == 'e' || *past == 'E') {
        at = past + 1 + (past[1] == '+' || past[1] == '-');
        past = json_digits(at);
        if (past == at)
            return false;
    }
    return *past == '\0';
}

void page_json_write_number(FILE *page, const char *text)
{
    if (json_is_infinite(text))
        fputs(*text == '-' ? "-1e999" : "1e999", page);
    else
        fputs(text, page);
}
