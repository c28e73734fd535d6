/* SPDX-License-Identifier: MIT */
/* The audit of machines made up of files under a folder: one that is good, and one with everything wrong. */
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "harness/campaign/machine/machine-checks.h"
#include "harness/campaign/machine/machine-limits.h"
#include "harness/campaign/machine/machine-usage.h"
#include "tests/tap.h"

static char *root;

struct made_file {
    const char *path, *good, *bad; /* a bad text of NULL: the file is the same on both machines */
};

static const struct made_file files[] = {
    {"/proc/loadavg", "0.05 0.10 0.10 1/100 1\n", "1.75 1.10 1.10 3/100 1\n"},
    {"/sys/devices/system/cpu/online", "0-1,3\n", "0\n"},
    {"/proc/self/status", "Name:\tx\nCpus_allowed_list:\t0-1,3\n", "Name:\tx\nCpus_allowed_list:\t2\n"},
    {"/proc/meminfo",
     "MemTotal: 8000000 kB\nMemAvailable:    6291456 kB\nSwapTotal: 1000000 kB\nSwapFree: 1000000 kB\n",
     "MemTotal: 8000000 kB\nMemAvailable:    1048576 kB\nSwapTotal: 1000000 kB\nSwapFree: 10000 kB\n"},
    {"/proc/self/cgroup", "0::/user/shell\n", NULL},
    {"/sys/fs/cgroup/user/shell/cpu.max", "max 100000\n", NULL},
    {"/sys/fs/cgroup/user/cpu.max", "max 100000\n", "150000 100000\n"},
    {"/sys/fs/cgroup/user/memory.max", "max\n", "2147483648\n"},
    {"/sys/fs/cgroup/user/memory.high", "max\n", "1073741824\n"},
    {"/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n", NULL},
    {"/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "performance\n", "powersave\n"},
    {"/sys/devices/system/cpu/intel_pstate/no_turbo", "1\n", "0\n"},
    {"/sys/devices/system/cpu/smt/active", "0\n", "1\n"},
    {"/sys/class/power_supply/BAT0/status", "Full\n", "Discharging\n"},
    {"/sys/class/thermal/thermal_zone0/temp", "41000\n", NULL},
    {"/sys/class/thermal/thermal_zone1/temp", "45000\n", "91000\n"},
    {"/proc/cpuinfo", "model name : x\nflags\t\t: fpu vme avx2\n",
     "model name : x\nflags\t\t: fpu hypervisor avx2\n"},
    {"/proc/stat", "cpu  1000 0 1000 500000 10 0 0 0 0 0\n", "cpu  1000 0 900 500000 10 0 0 100 0 0\n"},
    {"/sys/devices/system/node/online", "0\n", "0-1\n"},
    {"/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n", "[always] madvise never\n"},
    {"/proc/sys/kernel/randomize_va_space", "2\n", "0\n"},
    {"/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n", "hpet\n"},
    {"/proc/sys/kernel/perf_event_paranoid", "2\n", "3\n"},
};

enum { FILES = sizeof(files) / sizeof(files[0]) };

/* The findings on each machine, in the order of the checks. Counters are left out: they are the real
 * machine's. */
static const struct {
    const char *name, *good, *bad;
} expected[] = {
    {"load", "0.05", "1.75"},
    {"cores", "3", "1"},
    {"processors", "0-1,3", "2"},
    {"memory", "6.0 GiB available", "1.0 GiB available"},
    {"swap", "0.0 MiB in use", "966.8 MiB in use"},
    {"cgroup", "no limit of processors, none of memory", "1.5 processors, 1.0 GiB of memory"},
    {"governor", "performance", "powersave"},
    {"turbo", "off", "on"},
    {"smt", "off", "on"},
    {"power", "mains", "battery"},
    {"temperature", "45 °C", "91 °C"},
    {"virtualisation", "none", "a virtual machine"},
    {"steal", "0.00% of busy time since boot", "5.00% of busy time since boot"},
    {"numa", "one node", "nodes 0-1"},
    {"thp", "madvise", "always"},
    {"aslr", "2", "0"},
    {"clock", "tsc", "hpet"},
    {"perf_event_paranoid", "2", "3"},
};

enum { EXPECTED = sizeof(expected) / sizeof(expected[0]) };

static void file_make(const char *path, const char *text)
{
    char *whole = text_format("%s%s", root, path);
    for (char *slash = strchr(whole + strlen(root) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(whole, 0777);
        *slash = '/';
    }
    FILE *file = fopen(whole, "w");
    assert(file && fputs(text, file) >= 0);
    fclose(file);
    free(whole);
}

static void machine_make(bool good)
{
    for (size_t i = 0; i < FILES; i++)
        file_make(files[i].path, good || !files[i].bad ? files[i].good : files[i].bad);
}

static void check_machine(bool good)
{
    size_t count;
    machine_make(good);
    struct machine_check *checks = machine_checks_make(root, &count);
    tap_equal((int64_t)count, EXPECTED + 1, "every check is tried here");
    for (size_t i = 0; i < EXPECTED && i < count; i++) {
        bool as_expected = strcmp(checks[i].name, expected[i].name) == 0 &&
                           strcmp(checks[i].found, good ? expected[i].good : expected[i].bad) == 0 &&
                           checks[i].good == good && (checks[i].remedy == NULL) == good;
        if (!tap_ok(as_expected, "%s is %s where it is %s", expected[i].name,
                    good ? "good" : "bad, with a remedy,", good ? expected[i].good : expected[i].bad))
            tap_note("%s: %s, %s", checks[i].name, checks[i].found, checks[i].good ? "good" : "bad");
    }
    if (!good)
        tap_ok(strstr(checks[0].remedy, "every processor busy") != NULL,
               "a load of as many as there are is said");
    machine_checks_free(checks, count);
}

/* Nothing is known of the machine: what is not known is no reason to warn. */
static void check_unknown(void)
{
    size_t count, bad = 0;
    struct machine_check *checks = machine_checks_make("/nonexistent", &count);
    for (size_t i = 0; i < count; i++)
        if (!checks[i].good && strcmp(checks[i].name, "counters") != 0 &&
            strcmp(checks[i].name, "memory") != 0 && strcmp(checks[i].name, "cores") != 0) {
            tap_note("%s: %s", checks[i].name, checks[i].found);
            bad++;
        }
    tap_equal((int64_t)bad, 0, "what a machine does not say is not held against it");
    machine_checks_free(checks, count);
}

static void check_limits(void)
{
    file_make("/proc/self/cgroup", "4:memory:/box\n2:cpu,cpuacct:/box\n0::/\n");
    file_make("/sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", "50000\n");
    file_make("/sys/fs/cgroup/cpu/box/cpu.cfs_period_us", "100000\n");
    file_make("/sys/fs/cgroup/memory/box/memory.limit_in_bytes", "9223372036854771712\n");
    struct machine_limits limits = machine_limits_read(root);
    tap_ok(limits.cpus == 0.5, "a quota of the old control groups is read too");
    tap_ok(isinf(limits.memory_bytes), "and their largest limit is none");
}

static void check_limits_described(void)
{
    file_make("/proc/self/cgroup", "1:cpu:/\n0::/box\n");
    file_make("/sys/fs/cgroup/unified/box/cpu.max", "25000 100000\n");
    file_make("/sys/fs/cgroup/unified/box/memory.max", "1048576\n");
    json_t *found = machine_limits_describe(root);
    json_t *expected = json_pack("{ss sf sI}", "processors", "2", "quota_processors", 0.25, "memory_bytes",
                                 (json_int_t)1 << 20);
    tap_ok(json_equal(found, expected), "groups of both versions, beside each other, are recorded");
    json_decref(found);
    found = machine_limits_describe("/nonexistent");
    tap_ok(json_is_null(json_object_get(found, "quota_processors")) &&
               json_is_null(json_object_get(found, "memory_bytes")),
           "and none where there is none");
    json_decref(found);
    json_decref(expected);
}

static void check_stolen(void)
{
    tap_ok(machine_stolen_share((struct machine_usage){1000, 10}, (struct machine_usage){1400, 50}) == 0.1,
           "time stolen between two readings is a share of what was busy");
    tap_ok(machine_stolen_share((struct machine_usage){1, 1}, (struct machine_usage){1, 1}) == 0,
           "and none of nothing");
}

int main(void)
{
    root = text_scratch("gcmatrix-machine");
    assert(mkdtemp(root));
    check_machine(true);
    check_machine(false);
    check_unknown();
    check_limits();
    check_limits_described();
    check_stolen();
    char *command = text_format("rm -rf %s", root);
    assert(system(command) == 0);
    free(command);
    free(root);
    return tap_done();
}
