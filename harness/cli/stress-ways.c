/* SPDX-License-Identifier: MIT */
#include "harness/cli/stress-ways.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/stress/runtimes.h"

enum { ONE_MIX_PROGRAMS = 50, SLOW_PROGRAMS = 20 }; /* of a batch */

/* ---- options ---- */

/* Reads "every", "nth=3" or "random=7". */
static int zeal_read(const char *text, struct stress_ways *ways)
{
    char error[OPTION_ERROR_BYTES];
    const char *equals = strchr(text, '=');
    char *conditions = equals ? text_format("zeal=%.*s,every=%s", (int)(equals - text), text, equals + 1)
                              : text_format("zeal=%s", text);
    option_table_defaults(&conditions_table, &ways->zeal);
    int status = option_table_parse(&conditions_table, conditions, &ways->zeal, error);
    free(conditions);
    ways->has_zeal = true;
    return status == 0
               ? 0
               : message_bad_input("stress: --zeal takes none, every, nth=N or random=N, not '%s'", text);
}

static int table_check(const struct option_table *table, const char *name, const char *text)
{
    char error[OPTION_ERROR_BYTES];
    void *values = memory_new(table->bytes, 1);
    option_table_defaults(table, values);
    int status = option_table_parse(table, text, values, error);
    free(values);
    return status == 0 ? 0 : message_bad_input("stress: %s: %s", name, error);
}

int stress_ways_option_take(int found, struct stress_ways *ways)
{
    switch (found) {
    case 'w':
        ways->swarm = true;
        return 0;
    case 'f':
        ways->faults = true;
        return 0;
    case 'z':
        return zeal_read(optarg, ways);
    case 'S':
        ways->conditions = optarg;
        return table_check(&conditions_table, "--setting", optarg);
    case 'd':
        ways->dials = optarg;
        return table_check(&dials_table, "--dials", optarg);
    default:
        return MESSAGE_BAD_INPUT;
    }
}

int stress_ways_check(const struct stress_ways *ways)
{
    char error[OPTION_ERROR_BYTES];
    struct conditions conditions;
    struct dials dials;
    option_table_defaults(&conditions_table, &conditions);
    option_table_defaults(&dials_table, &dials);
    option_table_parse(&conditions_table, ways->conditions ? ways->conditions : "", &conditions, error);
    option_table_parse(&dials_table, ways->dials ? ways->dials : "", &dials, error);
    bool counts_own = conditions.bounds || conditions.least || conditions.least_full || conditions.most;
    if (!counts_own || (!conditions.swarm && dials.collects == 0 && dials.checkpoints == 0))
        return 0;
    return message_bad_input("stress: --setting: '%s' counts collections that begin by themselves, and these "
                             "programs ask for some; %s",
                             conditions.bounds       ? "bounds"
                             : conditions.least      ? "least"
                             : conditions.least_full ? "least_full"
                                                     : "most",
                             conditions.swarm ? "leave out swarm, which draws how many"
                                              : "give --dials collects=0,checkpoints=0");
}

bool stress_ways_are_narrow(const struct stress_ways *ways)
{
    return ways->swarm || ways->faults || ways->has_zeal || ways->conditions || ways->dials;
}

/* ---- mixes ---- */

/* Runtimes have no finalisers, no weak references and no ranges: their programs have no words for them. */
static bool is_for_runtimes(const struct driver_mix *mix, const struct conditions *conditions)
{
    char error[OPTION_ERROR_BYTES];
    struct dials dials;
    option_table_defaults(&dials_table, &dials);
    option_table_parse(&dials_table, mix->dials, &dials, error);
    return dials.attended <= 0 && dials.ranges <= 0 && runtimes_take(conditions);
}

static bool is_wanted(const struct stress_ways *ways, bool runtimes, const struct driver_mix *mix,
                      const struct conditions *conditions)
{
    if (ways->faults && conditions->fault == FAULT_NONE)
        return false;
    if (runtimes && !is_for_runtimes(mix, conditions))
        return false;
    return !ways->swarm || conditions->swarm;
}

static struct driver_mix mix_make(const struct stress_ways *ways, const struct driver_mix *standard,
                                  struct conditions conditions)
{
    char text[OPTIONS_TEXT_BYTES];
    if (ways->has_zeal) {
        conditions.zeal = ways->zeal.zeal;
        conditions.every = ways->zeal.every;
    }
    /* A long program with a collection at every allocation would take quadratic time. */
    bool is_slow = ways->has_zeal && conditions.zeal != ZEAL_NONE;
    const char *dials = ways->dials ? ways->dials : is_slow ? "" : standard->dials;
    uint64_t programs = is_slow && standard->programs > SLOW_PROGRAMS ? SLOW_PROGRAMS : standard->programs;
    if (ways->dials ||
        is_slow) { /* what counts a collector's own collections is for programs that a mix makes for it */
        conditions.bounds = conditions.ringless = conditions.refless = false;
        conditions.least = conditions.least_full = conditions.most = 0;
    }
    options_print(&conditions_table, &conditions, text);
    return (struct driver_mix){.conditions = text_format("%s", text), .dials = dials, .programs = programs};
}

size_t stress_ways_mixes(const struct stress_ways *ways, bool runtimes, struct driver_mix *ret_mixes)
{
    char error[OPTION_ERROR_BYTES];
    size_t count = 0;
    if (ways->conditions) {
        ret_mixes[0] = (struct driver_mix){.conditions = text_format("%s", ways->conditions),
                                           .dials = ways->dials ? ways->dials : "",
                                           .programs = ONE_MIX_PROGRAMS};
        return 1;
    }
    for (size_t i = 0; i < driver_mix_count; i++) {
        struct conditions conditions;
        option_table_defaults(&conditions_table, &conditions);
        option_table_parse(&conditions_table, driver_mixes[i].conditions, &conditions, error);
        if (is_wanted(ways, runtimes, &driver_mixes[i], &conditions))
            ret_mixes[count++] = mix_make(ways, &driver_mixes[i], conditions);
    }
    return count;
}

void stress_ways_mixes_free(struct driver_mix *mixes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free((char *)mixes[i].conditions);
}

void stress_ways_conditions(const struct stress_ways *ways, char ret_text[static OPTIONS_TEXT_BYTES])
{
    char error[OPTION_ERROR_BYTES];
    struct conditions conditions = ways->zeal;
    if (!ways->has_zeal)
        option_table_defaults(&conditions_table, &conditions);
    option_table_parse(&conditions_table, ways->conditions, &conditions, error);
    options_print(&conditions_table, &conditions, ret_text);
}
