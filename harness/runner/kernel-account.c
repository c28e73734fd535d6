/* SPDX-License-Identifier: MIT */
#include "harness/runner/kernel-account.h"

void kernel_account_begin(struct kernel_account *account, uint64_t now_ns,
                          const struct resources_usage *usage)
{
    *account = (struct kernel_account){.read_at_ns = now_ns, .read = *usage};
}

/* Divides `faults` and `sys_ns`, which came in `length_ns`, by the lengths of the sorts. */
static void divide(struct kernel_account *account, double length_ns, double faults, double sys_ns)
{
    double mutator_ns = length_ns;
    int sorts = 0;
    for (int sort = KERNEL_ACCOUNT_COLLECTING; sort < KERNEL_ACCOUNT_SORTS; sort++)
        mutator_ns -= (double)account->pauses_ns[sort];
    for (int sort = 0; sort < KERNEL_ACCOUNT_SORTS; sort++) {
        double ns = sort == KERNEL_ACCOUNT_MUTATOR ? mutator_ns : (double)account->pauses_ns[sort];
        if (ns <= 0)
            continue;
        sorts++;
        account->faults[sort] += faults * ns / length_ns;
        account->sys_ns[sort] += sys_ns * ns / length_ns;
    }
    if (sorts > 1) {
        account->estimated_faults += faults;
        account->estimated_sys_ns += sys_ns;
    }
}

void kernel_account_add(struct kernel_account *account, uint64_t now_ns, const struct resources_usage *usage)
{
    double length_ns = (double)(now_ns - account->read_at_ns);
    if (length_ns > 0)
        divide(account, length_ns, (double)(usage->minor_faults - account->read.minor_faults),
               (double)(usage->sys_ns - account->read.sys_ns));
    account->read_at_ns = now_ns;
    account->read = *usage;
    account->readings++;
    for (int sort = 0; sort < KERNEL_ACCOUNT_SORTS; sort++)
        account->pauses_ns[sort] = 0;
}

uint64_t kernel_account_sys_ns(const struct kernel_account *account, enum kernel_account_sort sort,
                               uint64_t sys_ns, uint64_t minor_faults)
{
    double faults = account->faults[KERNEL_ACCOUNT_MUTATOR] + account->faults[KERNEL_ACCOUNT_COLLECTING] +
                    account->faults[KERNEL_ACCOUNT_CASCADES];
    bool by_faults = minor_faults * KERNEL_ACCOUNT_FAULT_NS >= sys_ns && faults > 0;
    double part = by_faults ? (double)sys_ns * account->faults[sort] / faults : account->sys_ns[sort];
    return part < (double)sys_ns ? (uint64_t)(part + 0.5) : sys_ns;
}
