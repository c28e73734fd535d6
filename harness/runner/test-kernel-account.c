/* SPDX-License-Identifier: MIT */
#include "harness/runner/kernel-account.h"
#include "tests/tap.h"

#define MUTATOR KERNEL_ACCOUNT_MUTATOR
#define COLLECTING KERNEL_ACCOUNT_COLLECTING
#define CASCADES KERNEL_ACCOUNT_CASCADES

static struct kernel_account account;

static void begin(void)
{
    kernel_account_begin(&account, 1000, &(struct resources_usage){.minor_faults = 7, .sys_ns = 70});
}

static void reading(uint64_t now_ns, uint64_t faults, uint64_t sys_ns)
{
    kernel_account_add(&account, now_ns,
                       &(struct resources_usage){.minor_faults = 7 + faults, .sys_ns = 70 + sys_ns});
}

static void faults_are(int64_t mutator, int64_t collecting, int64_t cascades, int64_t estimated,
                       const char *sentence)
{
    int64_t found[] = {(int64_t)account.faults[MUTATOR], (int64_t)account.faults[COLLECTING],
                       (int64_t)account.faults[CASCADES], (int64_t)account.estimated_faults};
    if (!tap_ok(found[0] == mutator && found[1] == collecting && found[2] == cascades &&
                    found[3] == estimated,
                "%s", sentence))
        tap_note("%lld, %lld, %lld, %lld", (long long)found[0], (long long)found[1], (long long)found[2],
                 (long long)found[3]);
}

static void check_division(void)
{
    begin();
    reading(201000, 10, 1000);
    faults_are(10, 0, 0, 0, "what came before the first pause is the mutator's");
    kernel_account_pause(&account, COLLECTING, 300000);
    reading(501000, 40, 4000);
    faults_are(10, 30, 0, 0, "what came between the readings of a pause is the pause's");
    kernel_account_pause(&account, CASCADES, 20000);
    kernel_account_pause(&account, COLLECTING, 20000);
    kernel_account_pause(&account, CASCADES, 20000);
    reading(601000, 90, 9000);
    faults_are(30, 40, 20, 50, "several sorts between two readings share by their lengths, and that is said");
    reading(601000, 90, 9000);
    reading(701000, 91, 9000);
    faults_are(31, 40, 20, 50, "the next stretch begins without pauses");
    tap_equal((int64_t)account.readings, 5, "readings are counted");
}

static void check_due(void)
{
    begin();
    tap_ok(!kernel_account_due(&account, 1000 + KERNEL_ACCOUNT_INTERVAL_NS - 1) &&
               kernel_account_due(&account, 1000 + KERNEL_ACCOUNT_INTERVAL_NS),
           "a reading is due when the interval has passed");
}

static void check_system_time(void)
{
    begin();
    reading(101000, 30, 4000000);
    kernel_account_pause(&account, COLLECTING, 100000);
    reading(201000, 40, 4000000);
    kernel_account_pause(&account, CASCADES, 100000);
    reading(301000, 40, 8000000);
    tap_equal((int64_t)kernel_account_sys_ns(&account, COLLECTING, 8000000, 40), 2000000,
              "system time is divided as the faults are");
    tap_equal((int64_t)kernel_account_sys_ns(&account, CASCADES, 8000000, 40), 0, "whatever its ticks say");
    tap_equal((int64_t)kernel_account_sys_ns(&account, CASCADES, 8000000, 7), 4000000,
              "by its ticks where the faults are too few for it");
    begin();
    tap_equal((int64_t)kernel_account_sys_ns(&account, COLLECTING, 0, 0), 0, "and nothing of nothing");
}

int main(void)
{
    check_division();
    check_due();
    check_system_time();
    return tap_done();
}
