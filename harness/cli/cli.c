/* SPDX-License-Identifier: MIT */
#include "harness/cli/cli.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

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

/* Returns '?' after one line when an option with an argument comes for the second time, else `found`. */
static int repeat_refuse(const char *command, int found, const struct option *options, const char *lists,
                         bool *given)
{
    const struct option *option = options;
    while (option->name && option->val != found)
        option++;
    if (!option->name || option->has_arg == no_argument || strchr(lists, found))
        return found;
    if (!given[option - options]) {
        given[option - options] = true;
        return found;
    }
    message_bad_input("%s: --%s is given twice; it takes one value", command, option->name);
    return '?';
}

int cli_option_next(int argc, char **argv, const char *shorts, const struct option *options)
{
    return cli_option_next_of(argc, argv, shorts, options, "");
}

int cli_option_next_of(int argc, char **argv, const char *shorts, const struct option *options,
                       const char *lists)
{
    static bool given[OPTIONS_MAX]; /* of the command line that is being read */
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
        return repeat_refuse(argv[0], found, options, lists, given);
    char letter[3] = {'-', (char)optopt, 0};
    bool is_long = optind > before && strncmp(argv[optind - 1], "--", 2) == 0;
    if (is_long && optopt)
        message_bad_input("%s: option '%s' takes no argument", argv[0], argv[optind - 1]);
    else
        complain_unknown(argv[0], is_long ? argv[optind - 1] : letter, options);
    return '?';
}

int cli_integer_read(const char *name, const char *text, long long min, long long max, long long *ret_value)
{
    uint64_t value;
    if (number_integer_read(text, (uint64_t)max, &value) < 0 || value < (uint64_t)min)
        return message_bad_input("%s takes an integer from %lld to %lld, not '%s'", name, min, max, text);
    *ret_value = (long long)value;
    return 0;
}
