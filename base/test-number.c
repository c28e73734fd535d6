/* SPDX-License-Identifier: MIT */
#include "base/number.h"
#include "tests/tap.h"

static void test_integers(void)
{
    static const struct {
        const char *text;
        int64_t value; /* -1: refused */
    } cases[] = {
        {"0", 0},      {"64k", 64000}, {"64Ki", 65536}, {"1.5e3", 1500}, {"3Mi", 3145728}, {"2G", 2000000000},
        {"0x10", -1},  {" 1", -1},     {"1 ", -1},      {"", -1},        {"inf", -1},      {"1e400", -1},
        {"1e300", -1}, {"64KB", -1},   {".", -1},       {"010", -1},     {"00", -1},       {"+5", -1},
        {"-0", -1},    {".5e1", -1},   {"5.", -1},      {"1e", -1},      {"1e+3", 1000},   {"1E3", 1000},
        {"0.5k", 500}, {"1e-3", -1},   {"\t1", -1},     {"1\n", -1},     {"0X10", -1},     {"0b1", -1},
        {"1_000", -1}, {"1,000", -1},  {"1ki", -1},     {"1e99999", -1}, {"nan", -1},      {"infinity", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = 0;
        int result = number_integer_read(cases[i].text, UINT64_MAX, &value);
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
                 {"1e400MB", -1},
                 {"064MB", -1},
                 {"+64MB", -1},
                 {"0x40", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = 0;
        int result = number_bytes_read(cases[i].text, &value);
        tap_equal(result < 0 ? -1 : (int64_t)value, cases[i].value, cases[i].text);
    }
}

static void test_exact(void)
{
    uint64_t value;
    tap_ok(number_integer_read("18446744073709551615", UINT64_MAX, &value) == 0 && value == UINT64_MAX,
           "plain digits keep all 64 bits");
    tap_ok(number_integer_read("18446744073709551616", UINT64_MAX, &value) < 0, "and no more");
    tap_ok(number_integer_read("11", 10, &value) < 0, "what lies above the most is refused");
    tap_ok(number_integer_read("9e15", UINT64_MAX, &value) == 0 && value == 9000000000000000,
           "a number with an exponent is exact below 2^53");
    tap_ok(number_integer_read("1e16", UINT64_MAX, &value) < 0, "and refused above");
}

static void test_reals(void)
{
    static const struct {
        const char *text, *rest; /* NULL: no number */
        double value;
    } cases[] = {{"3%", "%", 3},   {"0.5", "", 0.5}, {"1.5h", "h", 1.5},  {"1e3s", "s", 1000},
                 {"2em", "em", 2}, {"", NULL, 0},    {"%", NULL, 0},      {" 3%", NULL, 0},
                 {"+3%", NULL, 0}, {"-3%", NULL, 0}, {"0x3%", NULL, 0},   {"03%", NULL, 0},
                 {"3.%", NULL, 0}, {".3%", NULL, 0}, {"1e400", NULL, 0},  {"1e-400", NULL, 0},
                 {"nan", NULL, 0}, {"inf", NULL, 0}, {"1.2.3", ".3", 1.2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = 0;
        const char *rest = number_real_read(cases[i].text, &value);
        bool right =
            cases[i].rest ? rest && strcmp(rest, cases[i].rest) == 0 && value == cases[i].value : !rest;
        tap_ok(right, "'%s' is %s", cases[i].text, cases[i].rest ? "read up to its end" : "no number");
    }
}

int main(void)
{
    test_integers();
    test_bytes();
    test_exact();
    test_reals();
    return tap_done();
}
