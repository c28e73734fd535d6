/* SPDX-License-Identifier: MIT */
#include "harness/cli/cli.h"

#include <assert.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "base/nearest.h"
#include "base/number.h"

enum { OPTIONS_MAX = 64 };

static void complain_unknown(const char *command, const char *given, const struct option *options)
{
    const char *names[OPTIONS_MAX];
    size_t count = 0;
    char word[64];
    while (options[count].name && count < OPTIONS_MAX) {
        names[count] = options[count].name;
        count++;
    }
    strncpy(word, given + strspn(given, "-"), sizeof(word) - 1);
    word[sizeof(word) - 1] = 0;
    word[strcspn(word, "=")] = 0;
    const char *near = nearest_name(word, names, count);
    if (near)
        message_bad_input("%s: unknown option '%s'; did you mean '--%s'?", command, given, near);
    else
        message_bad_input("%s: unknown option '%s'; 'gcmatrix help %s' lists them", command, given, command);
}

static bool given[UCHAR_MAX + 1]; /* by letter, on the command line that was read last */

static const struct option *option_of(const struct option *options, int letter)
{
    while (options->name && options->val != letter)
        options++;
    return options->name ? options : NULL;
}

/* Returns '?' after one line when an option comes twice or its argument is empty, else `found`. */
static int option_check(const char *command, int found, const struct option *options, const char *lists)
{
    const struct option *option = option_of(options, found);
    if (!option || found <= 0 || found > UCHAR_MAX)
        return found;
    if (given[found] && !strchr(lists, found)) {
        message_bad_input("%s: --%s is given twice; it takes one %s", command, option->name,
                          option->has_arg == no_argument ? "place" : "value");
        return '?';
    }
    given[found] = true;
    if (option->has_arg != required_argument || *optarg)
        return found;
    message_bad_input("%s: --%s has an empty argument; leave the option out where it has none", command,
                      option->name);
    return '?';
}

bool cli_option_given(int letter)
{
    return given[letter];
}

int cli_option_next(int argc, char **argv, const char *shorts, const struct option *options)
{
    return cli_option_next_of(argc, argv, shorts, options, "");
}

int cli_option_next_of(int argc, char **argv, const char *shorts, const struct option *options,
                       const char *lists)
{
    opterr = 0;
    if (optind == 0)
        memset(given, 0, sizeof given);
    int before = optind ? optind : 1;
    int found = getopt_long(argc, argv, shorts, options, NULL);
    if (found == ':') {
        message_bad_input("%s: option '%s' needs an argument", argv[0], argv[optind - 1]);
        return '?';
    }
    if (found != '?')
        return option_check(argv[0], found, options, lists);
    char letter[3] = {'-', (char)optopt, 0};
    bool is_long = optind > before && strncmp(argv[optind - 1], "--", 2) == 0;
    if (is_long && optopt)
        message_bad_input("%s: option '%s' takes no argument", argv[0], argv[optind - 1]);
    else
        complain_unknown(argv[0], is_long ? argv[optind - 1] : letter, options);
    return '?';
}

/* The first letter of a set that was given; 0: none was. */
static int given_find(const char *letters)
{
    while (*letters && !given[(unsigned char)*letters])
        letters++;
    return (unsigned char)*letters;
}

int cli_exclusions_check(const char *command, const struct option *options,
                         const struct cli_exclusion *exclusions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int one = given_find(exclusions[i].these), other = given_find(exclusions[i].those);
        if (one && other)
            return message_bad_input("%s: --%s and --%s %s", command, option_of(options, one)->name,
                                     option_of(options, other)->name, exclusions[i].why);
    }
    return 0;
}

int cli_operands_check(int argc, char **argv, int least, int most, const char *needs)
{
    for (int i = optind; i < argc && i < optind + most; i++)
        if (!*argv[i])
            return message_bad_input("%s: a word is empty; %s", argv[0], needs);
    if (argc - optind > most && most == 0)
        return message_bad_input("%s: takes no operand such as '%s'", argv[0], argv[optind]);
    if (argc - optind > most)
        return message_bad_input("%s: '%s' is a word too many; %s", argv[0], argv[optind + most], needs);
    return argc - optind >= least ? 0 : message_bad_input("%s: %s", argv[0], needs);
}

int cli_integer_read(const char *name, const char *text, long long min, long long max, long long *ret_value)
{
    uint64_t value;
    if (number_integer_read(text, (uint64_t)max, &value) < 0 || value < (uint64_t)min)
        return message_bad_input("%s takes an integer from %lld to %lld, not '%s'", name, min, max, text);
    *ret_value = (long long)value;
    return 0;
}

const char *cli_earlier_find(const char *named)
{
    if (named)
        return named;
    return access(GCMATRIX_REFERENCE "/runs.csv", R_OK) == 0 ? GCMATRIX_REFERENCE : NULL;
}

void cli_json_print(json_t *answer, size_t digits)
{
    assert(answer); /* the library makes none of a text that is no UTF-8 */
    json_dumpf(answer, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(digits));
    putchar('\n');
    json_decref(answer);
}
