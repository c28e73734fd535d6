/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as options, numbers and sizes. What is taken lies within its bounds; what is refused is refused in
 * one line; and a text that is quoted for a shell is one word of it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/options.h"
#include "base/text.h"
#include "tests/measuring/fuzz/scratch.h"

struct values {
    uint64_t count, bytes, kind;
    double share;
    bool on;
    const char *file;
};

static const char *const kinds[] = {"full", "young", NULL};

static const struct option_spec specs[] = {
    OPTION_INTEGER(struct values, count, 3, 1, 1000000, "", "an integer"),
    OPTION_INTEGER(struct values, bytes, 4096, 0, 1e12, "bytes", "a size"),
    OPTION_CHOICE(struct values, kind, 0, kinds, "a choice"),
    OPTION_REAL(struct values, share, 0.5, 0, 1, "", "a real number"),
    OPTION_SWITCH(struct values, on, false, "a switch"),
    OPTION_TEXT(struct values, file, "path", "a text"),
};
static const struct option_table table = OPTION_TABLE(struct values, specs);

static void options_read(const char *text)
{
    char error[OPTION_ERROR_BYTES] = "";
    struct values values;
    option_table_defaults(&table, &values);
    if (option_table_parse(&table, text, &values, error) != 0) {
        FUZZ_EXPECT(error[0]);
    } else {
        FUZZ_EXPECT(values.count >= 1 && values.count <= 1000000 && values.kind <= 1);
        FUZZ_EXPECT(values.share >= 0 && values.share <= 1 && values.bytes <= 1e12);
    }
    if (*values.file) /* the default is no memory of the parser's */
        free((char *)values.file);
}

static void numbers_read(const char *text)
{
    uint64_t value;
    double real;
    if (number_integer_read(text, 1000, &value) == 0)
        FUZZ_EXPECT(value <= 1000);
    if (number_bytes_read(text, &value) == 0)
        FUZZ_EXPECT(value < NUMBER_DOUBLE_END);
    const char *rest = number_real_read(text, &real);
    if (rest)
        FUZZ_EXPECT(isfinite(real) && rest > text && rest <= text + strlen(text));
}

/* A word that is quoted holds no quote that ends it, but for those that are written as '\''. */
static void text_quote(const char *text)
{
    char *quoted = text_shell_quote(text);
    FUZZ_EXPECT(strlen(quoted) >= strlen(text));
    free(quoted);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    char *text = strndup((const char *)bytes, count);
    options_read(text);
    numbers_read(text);
    text_quote(text);
    free(text);
    return 0;
}
