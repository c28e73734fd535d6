/* SPDX-License-Identifier: MIT */
#include "harness/cli/effort.h"

#include <stdint.h>
#include <unistd.h>

#include "base/message.h"
#include "harness/cli/cli.h"

enum { SECONDS_MAX = 10000000, JOBS_MAX = 256 };

struct effort effort_standard(long long seed)
{
    return (struct effort){.seed = seed, .jobs = sysconf(_SC_NPROCESSORS_ONLN)};
}

int effort_option_take(int found, struct effort *effort)
{
    switch (found) {
    case 'p':
        return cli_integer_read("--programs", optarg, 1, INT64_MAX / 2, &effort->programs);
    case 't':
        return cli_integer_read("--seconds", optarg, 1, SECONDS_MAX, &effort->seconds);
    case 's':
        return cli_integer_read("--seed", optarg, 0, INT64_MAX / 2, &effort->seed);
    case 'J':
        return cli_integer_read("--jobs", optarg, 1, JOBS_MAX, &effort->jobs);
    case 'j':
        effort->as_json = true;
        return 0;
    default:
        return MESSAGE_BAD_INPUT;
    }
}

bool effort_shows(const struct effort *effort)
{
    return isatty(STDERR_FILENO) && !effort->as_json;
}
