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

static void test_integers(void)
{
    static const struct {
        const char *text;
        int64_t value; /* -1: refused */
    } cases[] = {{"0", 0},           {"64k", 64000}, {"64Ki", 65536}, {"1.5e3", 1500}, {"3Mi", 3145728},
                 {"2G", 2000000000}, {"0x10", -1},   {" 1", -1},      {"1 ", -1},      {"", -1},
                 {"inf", -1},        {"1e400", -1},  {"1e300", -1},   {"64KB", -1},    {".", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = 0;
        int result = option_integer_parse(cases[i].text, &value);
        tap_equal(result < 0 ? -1 : (int64_t)value, cases[i].value, cases[i].text);
    }
}

static void test_bytes(void)
{
    static const struct {
        const char *text;
        int64_t value; /* -1: refused */
    } cases[] = {{"64", 64},
                 {"64B", 64},
                 {"64M", 64000000},
                 {"64MB", 64000000},
                 {"64Mi", 67108864},
                 {"64MiB", 67108864},
                 {"64kB", 64000},
                 {"64KB", 64000},
                 {"64KiB", 65536},
                 {"1.5GiB", 1610612736},
                 {"1.1KiB", 1126},
                 {"2e3", 2000},
                 {"1.5", -1},
                 {"64mb", -1},
                 {"64 MB", -1},
                 {"64MBB", -1},
                 {"MB", -1},
                 {"-1MB", -1},
                 {"", -1},
                 {"64iB", -1},
                 {"9007199254740992", -1},
                 {"9e6GB", 9000000000000000},
                 {"1e400MB", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = 0;
        int result = option_bytes_parse(cases[i].text, &value);
        tap_equal(result < 0 ? -1 : (int64_t)value, cases[i].value, cases[i].text);
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
    test_bytes();
    test_bytes_in_tables();
    test_good();
    test_bad();
    test_integers();
    return tap_done();
}
