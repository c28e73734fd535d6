/* SPDX-License-Identifier: MIT */
#include "tests/support/variants.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* From here on a number says how much is done; below, what it is done with. */
enum { LARGE = 1000 };

/* What a collector puts off, it puts off for a thousandth of the usual time. */
enum { EAGER = 1000 };

static const char *text_of(const json_t *option, const char *key)
{
    return json_string_value(json_object_get(option, key));
}

static bool has_type(const json_t *option, const char *type)
{
    return strcmp(text_of(option, "type"), type) == 0;
}

static json_int_t integer_of(const json_t *option, const char *key)
{
    return json_integer_value(json_object_get(option, key));
}

/* Whether a list of options has this one. */
static bool text_has(const char *text, const json_t *option)
{
    size_t length = strlen(text_of(option, "name"));
    for (const char *at = text; at && *at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        if (strncmp(at, text_of(option, "name"), length) == 0 && at[length] == '=')
            return true;
    }
    return false;
}

bool variants_need_text(const json_t *options, const char *fixed)
{
    size_t i;
    json_t *option;
    json_array_foreach(options, i, option) {
        if (has_type(option, "text") && !text_has(fixed, option))
            return true;
    }
    return false;
}

static bool is_large(const json_t *option)
{
    return has_type(option, "integer") && integer_of(option, "default") >= LARGE;
}

/* Adds "name=value" to a list of options. */
__attribute__((format(printf, 3, 4))) static void text_add(char *text, const json_t *option,
                                                           const char *format, ...)
{
    size_t used = strlen(text);
    va_list values;
    used += (size_t)snprintf(text + used, VARIANT_BYTES - used, "%s%s=", used ? "," : "",
                             text_of(option, "name"));
    va_start(values, format);
    vsnprintf(text + used, VARIANT_BYTES - used, format, values);
    va_end(values);
}

static void text_add_small(char *text, const json_t *option, json_int_t divisor)
{
    json_int_t least = integer_of(option, "min");
    json_int_t small = integer_of(option, "default") / divisor;
    text_add(text, option, "%lld", (long long)(small > least ? small : least));
}

/* Returns a copy of the plain variant, to which the caller adds. When there are too many, overwrites the
 * last. */
static char *variant_new(struct variants *variants)
{
    char *text = variants->texts[variants->count < VARIANTS_MOST ? variants->count++ : VARIANTS_MOST - 1];
    strcpy(text, variants->texts[0]);
    return text;
}

static void vary_choice(const json_t *option, struct variants *variants)
{
    size_t i;
    json_t *word;
    json_array_foreach(json_object_get(option, "choices"), i, word) {
        if (strcmp(json_string_value(word), text_of(option, "default")) != 0)
            text_add(variant_new(variants), option, "%s", json_string_value(word));
    }
}

static void vary_share(const json_t *option, struct variants *variants)
{
    double least = json_number_value(json_object_get(option, "min"));
    double most = json_number_value(json_object_get(option, "max"));
    double standard = json_number_value(json_object_get(option, "default"));
    if (least < 0 || most > 1)
        return;
    if (standard != least)
        text_add(variant_new(variants), option, "%.17g", least);
    if (standard != most)
        text_add(variant_new(variants), option, "%.17g", most);
}

static void vary(const json_t *option, struct variants *variants)
{
    if (has_type(option, "choice"))
        vary_choice(option, variants);
    else if (has_type(option, "switch"))
        text_add(variant_new(variants), option, "%s",
                 json_is_true(json_object_get(option, "default")) ? "off" : "on");
    else if (has_type(option, "real"))
        vary_share(option, variants);
    else if (has_type(option, "integer") && integer_of(option, "default") > integer_of(option, "min"))
        text_add(variant_new(variants), option, "%lld", (long long)integer_of(option, "min"));
}

void variants_make(const json_t *options, json_int_t divisor, const char *fixed,
                   struct variants *ret_variants)
{
    size_t i;
    json_t *option;
    *ret_variants = (struct variants){.count = 1};
    snprintf(ret_variants->texts[0], VARIANT_BYTES, "%s", fixed);
    json_array_foreach(options, i, option) {
        if (is_large(option) && !text_has(fixed, option))
            text_add_small(ret_variants->texts[0], option, divisor);
    }
    json_array_foreach(options, i, option) {
        if (!text_has(ret_variants->texts[0], option))
            vary(option, ret_variants);
    }
}

void variant_eager(const json_t *options, char text[static VARIANT_BYTES])
{
    size_t i;
    json_t *option;
    *text = '\0';
    json_array_foreach(options, i, option) {
        if (has_type(option, "integer"))
            text_add_small(text, option, EAGER);
        else if (has_type(option, "real"))
            text_add(text, option, "%.17g", json_number_value(json_object_get(option, "min")));
        else if (has_type(option, "switch"))
            text_add(text, option, "%s", json_is_true(json_object_get(option, "default")) ? "off" : "on");
    }
}
