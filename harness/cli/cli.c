/* SPDX-License-Identifier: MIT */
#include "harness/cli/cli.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/nearest.h"

static void complain_unknown(const char *command, const char *given, const struct option *options)
{
    const char *names[64];
    size_t count = 0;
    char word[64];
    while (options[count].name && count < 64) {
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

int cli_option_next(int argc, char **argv, const char *shorts, const struct option *options)
{
    opterr = 0;
    int before = optind ? optind : 1;
    int found = getopt_long(argc, argv, shorts, options, NULL);
    if (found == ':') {
        message_bad_input("%s: option '%s' needs an argument", argv[0], argv[optind - 1]);
        return '?';
    }
    if (found != '?')
        return found;
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
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end || errno || value < min || value > max)
        return message_bad_input("%s takes an integer from %lld to %lld, not '%s'", name, min, max, text);
    *ret_value = value;
    return 0;
}
