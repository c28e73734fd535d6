/* SPDX-License-Identifier: MIT */
#include "base/options.h"
#include "tests/tap.h"

struct sample {
    uint64_t size;
    double share;
    bool adapt;
    uint64_t order;
    const char *file;
};

static const char *const orders[] = {"good", "bad", "random", NULL};
static const struct option_spec specs[] = {
    OPTION_INTEGER(struct sample, size, 2, 1, 1000000, "objects", "objects in a ring"),
    OPTION_REAL(struct sample, share, 0.5, 0, 1, "", "share that is cyclic"),
    OPTION_SWITCH(struct sample, adapt, true, "adapt the trigger"),
    OPTION_CHOICE(struct sample, order, 1, orders, "order of the roots"),
    OPTION_TEXT(struct sample, file, "file name", "program to run"),
};
static const struct option_table table = OPTION_TABLE(struct sample, specs);

static int parse(const char *text, struct sample *sample, char *error)
{
    option_table_defaults(&table, sample);
    error[0] = '\0';
    return option_table_parse(&table, text, sample, error);
}

static void test_good(void)
{
    struct sample sample;
    char error[OPTION_ERROR_BYTES];
    tap_equal(parse(NULL, &sample, error), 0, "no text leaves the defaults");
    tap_ok(sample.size == 2 && sample.share == 0.5 && sample.adapt && sample.order == 1,
           "and the defaults are there");
    tap_equal(parse("size=1e3,share=0.25,adapt=off,order=random,file=a/b=c", &sample, error), 0,
              "every type is read");
    tap_ok(sample.size == 1000 && sample.share == 0.25 && !sample.adapt && sample.order == 2,
           "with its value");
    tap_same(sample.file, "a/b=c", "a text is all that stands between its equals sign and the next comma");
}

static void test_bad(void)
{
    static const struct {
        const char *text;
        const char *error;
    } cases[] = {
        {"sise=3", "unknown option 'sise' (column 1); there are: size, share, adapt, order, file"},
        {"size=3,", "unknown option '' (column 8); there are: size, share, adapt, order, file"},
        {"size=0", "option 'size' (column 1) is '0'; it takes an integer from 1 to 1000000 objects"},
        {"size=2,size=1e9",
         "option 'size' (column 8) is '1e9'; it takes an integer from 1 to 1000000 objects"},
        {"size=2,share=1,size=3",
         "option 'size' (column 16) is given twice; it takes an integer from 1 to 1000000 objects"},
        {"size=64KB", "option 'size' (column 1) is '64KB'; it takes an integer from 1 to 1000000 objects"},
        {"size=1.5", "option 'size' (column 1) is '1.5'; it takes an integer from 1 to 1000000 objects"},
        {"size=-1", "option 'size' (column 1) is '-1'; it takes an integer from 1 to 1000000 objects"},
        {"size", "option 'size' (column 1) is ''; it takes an integer from 1 to 1000000 objects"},
        {"share=nan", "option 'share' (column 1) is 'nan'; it takes a number from 0 to 1"},
        {"share=0x1p-1", "option 'share' (column 1) is '0x1p-1'; it takes a number from 0 to 1"},
        {"share=-0", "option 'share' (column 1) is '-0'; it takes a number from 0 to 1"},
        {"share=.5", "option 'share' (column 1) is '.5'; it takes a number from 0 to 1"},
        {"size=+3", "option 'size' (column 1) is '+3'; it takes an integer from 1 to 1000000 objects"},
        {"size= 3", "option 'size' (column 1) is ' 3'; it takes an integer from 1 to 1000000 objects"},
        {"size=010", "option 'size' (column 1) is '010'; it takes an integer from 1 to 1000000 objects"},
        {"size=3\n4", "option 'size' (column 1) is '3?4'; it takes an integer from 1 to 1000000 objects"},
        {"si\x1b[2Jze=3", "unknown option 'si?[2Jze' (column 1); there are: size, share, adapt, order, file"},
        {"share=0.5x", "option 'share' (column 1) is '0.5x'; it takes a number from 0 to 1"},
        {"adapt=yes", "option 'adapt' (column 1) is 'yes'; it takes on or off"},
        {"file=", "option 'file' (column 1) is ''; it takes a file name"},
        {"order=worst", "option 'order' (column 1) is 'worst'; it takes good|bad|random"},
    };
    struct sample sample;
    char error[OPTION_ERROR_BYTES];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tap_equal(parse(cases[i].text, &sample, error), -1, "a bad option is refused");
        tap_same(error, cases[i].error, "in a line that names it, its place and what would be right");
    }
}

static void test_bytes_in_tables(void)
{
    struct {
        uint64_t room;
    } values;
    static const struct option_spec one[] = {
        {.name = "room", .type = OPTION_INTEGER, .max = 1e9, .unit = "bytes", .help = ""}};
    static const struct option_table rooms = {.options = one, .count = 1, .bytes = sizeof values};
    char error[OPTION_ERROR_BYTES];
    tap_equal(option_table_parse(&rooms, "room=4KiB", &values, error), 0, "an option in bytes takes a B");
    tap_equal((int64_t)values.room, 4096, "with its meaning");
}

int main(void)
{
    test_bytes_in_tables();
    test_good();
    test_bad();
    return tap_done();
}
