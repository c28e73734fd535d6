/* SPDX-License-Identifier: MIT */
#include "harness/campaign/machine/machine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/text.h"
#include "harness/campaign/machine/machine-checks.h"
#include "harness/campaign/machine/machine-files.h"
#include "harness/campaign/machine/machine-limits.h"
#include "harness/campaign/process/hash.h"

/* Tells two machines apart without naming them. */
static char *identity_make(void)
{
    char host[256] = "", digits[65];
    gethostname(host, sizeof(host) - 1);
    char *id = machine_word("", "/etc/machine-id");
    char *text = text_format("gcmatrix %s %s", host, id);
    hash_bytes(text, strlen(text), digits);
    free(id);
    free(text);
    return text_format("%.16s", digits);
}

/* Everything that was looked at, as found, good or bad. */
static json_t *audit_make(void)
{
    size_t count;
    json_t *audit = json_object();
    struct machine_check *checks = machine_checks_make("", &count);
    for (size_t i = 0; i < count; i++)
        json_object_set_new(audit, checks[i].name, json_string(checks[i].found));
    machine_checks_free(checks, count);
    return audit;
}

json_t *machine_describe(void)
{
    struct utsname system;
    uname(&system);
    char *identity = identity_make(), *cpu = machine_value("", "/proc/cpuinfo", "model name");
    char *kernel = text_format("%s %s %s", system.sysname, system.release, system.machine);
    char *thp = machine_choice("", "/sys/kernel/mm/transparent_hugepage/enabled");
    char *governor = machine_word("", "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    char *aslr = machine_word("", "/proc/sys/kernel/randomize_va_space");
    double load = machine_number("", "/proc/loadavg");
    json_t *machine = json_pack("{ss ss sI sI so ss ss ss ss sb so so}", "hostname_hash", identity, "cpu",
                                cpu, "cores", (json_int_t)sysconf(_SC_NPROCESSORS_ONLN), "memory_bytes",
                                (json_int_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE), "limits",
                                machine_limits_describe(""), "kernel", kernel, "thp", thp, "governor",
                                governor, "aslr", aslr, "counters", machine_counters_work(), "load1",
                                isnan(load) ? json_null() : json_real(load), "audit", audit_make());
    char *texts[] = {identity, cpu, kernel, thp, governor, aslr};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        free(texts[i]);
    return machine;
}
