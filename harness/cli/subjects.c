/* SPDX-License-Identifier: MIT */
#include "harness/cli/subjects.h"

#include <stdint.h>
#include <string.h>

#include "base/message.h"
#include "harness/cli/cli.h"

int subjects_add(const char *command, const char *collector, struct subjects *subjects)
{
    if (subjects->count == SUBJECTS_MAX)
        return message_bad_input("%s: at most %d collectors", command, SUBJECTS_MAX);
    for (size_t i = 0; i < subjects->count; i++)
        if (strcmp(subjects->collectors[i], collector) == 0)
            return message_bad_input("%s: the collector '%s' is named twice", command, collector);
    subjects->collectors[subjects->count++] = collector;
    return 0;
}

int subjects_option_take(const char *command, int found, struct subjects *subjects)
{
    switch (found) {
    case 'c':
        return subjects_add(command, optarg, subjects);
    case 'a':
        subjects->allocator = optarg;
        return 0;
    case 's':
        return cli_integer_read("--seed", optarg, 0, INT64_MAX, &subjects->seed);
    case 'j':
        subjects->as_json = true;
        return 0;
    default:
        return MESSAGE_BAD_INPUT;
    }
}

int subjects_operand_check(int argc, char **argv, const struct subjects *subjects, size_t collectors,
                           const char *needs)
{
    int status = cli_operands_check(argc, argv, 1, 1, needs);
    if (status == 0 && subjects->count < collectors)
        status = message_bad_input("%s: %s", argv[0], needs);
    return status;
}
