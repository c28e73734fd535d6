/* SPDX-License-Identifier: MIT */
#include "harness/campaign/machine/machine-checks.h"

#include <glob.h>
#include <linux/perf_event.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "harness/campaign/machine/machine-files.h"
#include "harness/campaign/machine/machine-limits.h"
#include "harness/campaign/machine/machine-usage.h"

static const double LOAD_MOST = 0.3, HOT = 80; /* degrees Celsius */
static const double MEMORY_LEAST = 2;          /* GiB */

bool machine_counters_work(void)
{
    struct perf_event_attr attribute = {.type = PERF_TYPE_HARDWARE,
                                        .size = sizeof(attribute),
                                        .config = PERF_COUNT_HW_INSTRUCTIONS,
                                        .exclude_kernel = 1,
                                        .exclude_hv = 1};
    long counter = syscall(SYS_perf_event_open, &attribute, 0, -1, -1, 0);
    if (counter >= 0)
        close((int)counter);
    return counter >= 0;
}

static struct machine_check check_make(const char *name, bool good, char *found, const char *remedy)
{
    return (struct machine_check){name, good, found, good ? NULL : text_format("%s", remedy)};
}

/* "0-3" or "0,2-3" of the processors that are on. */
static long cores_read(const char *root)
{
    char *line = machine_line(root, "/sys/devices/system/cpu/online"), *rest = line, *part;
    long count = 0, first, last;
    while (rest && (part = strsep(&rest, ","))) {
        int got = sscanf(part, "%ld-%ld", &first, &last);
        count += got == 2 ? last - first + 1 : got;
    }
    free(line);
    return count > 0 ? count : sysconf(_SC_NPROCESSORS_ONLN);
}

static struct machine_check load_check(const char *root)
{
    double load = machine_number(root, "/proc/loadavg");
    double cores = (double)cores_read(root);
    bool good = !(load >= LOAD_MOST && load >= 0.1 * cores);
    return check_make(
        "load", good, isnan(load) ? text_format("n/a") : text_format("%.2f", load),
        load >= cores
            ? "other programs keep every processor busy, so none is left for what is measured: stop them"
            : "other programs are running: stop them, or wait until the load falls below 0.3");
}

static struct machine_check cores_check(const char *root)
{
    long cores = cores_read(root);
    return check_make(
        "cores", cores >= 2, text_format("%ld", cores),
        "with one core the harness and the system share it with what is measured: use two or more");
}

/* Those that this process may run on, which may be fewer than there are. */
static struct machine_check processors_check(const char *root)
{
    char *list = machine_value(root, "/proc/self/status", "Cpus_allowed_list");
    bool one = strcmp(list, "n/a") != 0 && !strpbrk(list, "-,");
    return check_make(
        "processors", !one, list,
        "this process may use one processor only, so what is measured has none of its own: allow it "
        "two (taskset, docker --cpuset-cpus)");
}

static struct machine_check memory_check(const char *root)
{
    char *available = machine_value(root, "/proc/meminfo", "MemAvailable");
    double gibibytes = atof(available) / (1 << 20);
    free(available);
    return check_make("memory", gibibytes >= MEMORY_LEAST, text_format("%.1f GiB available", gibibytes),
                      "with less than 2 GiB available large heaps are swapped or killed");
}

static struct machine_check swap_check(const char *root)
{
    char *total = machine_value(root, "/proc/meminfo", "SwapTotal");
    char *left = machine_value(root, "/proc/meminfo", "SwapFree");
    long long used = atoll(total) - atoll(left);
    free(total);
    free(left);
    return check_make("swap", used < 64 << 10, text_format("%.1f MiB in use", (double)used / 1024),
                      "pages are swapped out: free memory, then swapoff -a && swapon -a");
}

/* Every core has its own: the first that is not "performance" speaks for all. */
static struct machine_check governor_check(const char *root)
{
    static const char pattern[] = "/sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor";
    static const char *const slow[] = {"powersave", "schedutil", "ondemand", "conservative", "userspace"};
    char *path = NULL;
    for (size_t i = 0; i < sizeof(slow) / sizeof(slow[0]) && !path; i++)
        path = machine_match(root, pattern, slow[i]);
    bool good = !path;
    if (!path)
        path = machine_match(root, pattern, NULL);
    char *governor = path ? machine_word(root, path) : text_format("n/a");
    free(path);
    return check_make("governor", good, governor,
                      "the clock follows the load: cpupower frequency-set -g performance");
}

/* Turbo is a knob of the driver: intel_pstate says no_turbo, the others boost. */
static struct machine_check turbo_check(const char *root)
{
    double no_turbo = machine_number(root, "/sys/devices/system/cpu/intel_pstate/no_turbo");
    double boost = machine_number(root, "/sys/devices/system/cpu/cpufreq/boost");
    const char *state = isnan(no_turbo) && isnan(boost) ? "n/a" : no_turbo == 0 || boost == 1 ? "on" : "off";
    return check_make(
        "turbo", strcmp(state, "on") != 0, text_format("%s", state),
        "the clock rises and falls with heat: echo 1 into intel_pstate/no_turbo, or 0 into cpufreq/boost");
}

static struct machine_check smt_check(const char *root)
{
    double active = machine_number(root, "/sys/devices/system/cpu/smt/active");
    const char *state = isnan(active) ? "n/a" : active == 1 ? "on" : "off";
    return check_make("smt", active != 1, text_format("%s", state),
                      "two threads share a core: echo off > /sys/devices/system/cpu/smt/control");
}

static struct machine_check temperature_check(const char *root)
{
    glob_t zones;
    char *pattern = text_format("%s/sys/class/thermal/thermal_zone*/temp", root);
    double hottest = NAN;
    if (glob(pattern, 0, NULL, &zones) == 0) {
        for (size_t i = 0; i < zones.gl_pathc; i++)
            hottest = fmax(hottest, machine_number("", zones.gl_pathv[i]) / 1000); /* fmax passes NaN over */
        globfree(&zones);
    }
    free(pattern);
    return check_make("temperature", !(hottest >= HOT),
                      isnan(hottest) ? text_format("n/a") : text_format("%.0f °C", hottest),
                      "a hot processor slows its clock down: let it cool below 80 °C, and clean its fan");
}

static struct machine_check power_check(const char *root)
{
    char *battery = machine_match(root, "/sys/class/power_supply/*/status", "Discharging");
    bool good = !battery;
    free(battery);
    return check_make("power", good, text_format(good ? "mains" : "battery"),
                      "on battery the clock is held down: plug it in");
}

static struct machine_check virtual_check(const char *root)
{
    char *flags = machine_value(root, "/proc/cpuinfo", "flags");
    bool guest = strstr(flags, " hypervisor") != NULL;
    free(flags);
    return check_make(
        "virtualisation", !guest, text_format(guest ? "a virtual machine" : "none"),
        "the host's other guests share caches, memory and the clock, unseen from here: measure on "
        "the metal, or run more blocks and trust no difference of a few per cent");
}

static struct machine_check steal_check(const char *root)
{
    double share = machine_stolen_share((struct machine_usage){0}, machine_usage_read(root));
    return check_make(
        "steal", share <= MACHINE_STOLEN_MOST, text_format("%.2f%% of busy time since boot", 100 * share),
        "the host gave this machine's processors to others while work was waiting: measure where "
        "processors are not shared, or ask for dedicated ones");
}

static struct machine_check thp_check(const char *root)
{
    char *thp = machine_choice(root, "/sys/kernel/mm/transparent_hugepage/enabled");
    return check_make("thp", strcmp(thp, "always") != 0, thp,
                      "huge pages come and go by chance and weigh on memory figures: "
                      "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled");
}

static struct machine_check aslr_check(const char *root)
{
    char *aslr = machine_word(root, "/proc/sys/kernel/randomize_va_space");
    return check_make("aslr", strcmp(aslr, "0") != 0, aslr,
                      "every process gets the same layout, and one lucky layout then looks like an effect: "
                      "echo 2 > /proc/sys/kernel/randomize_va_space");
}

static struct machine_check numa_check(const char *root)
{
    char *nodes = machine_word(root, "/sys/devices/system/node/online");
    bool good = strcmp(nodes, "n/a") == 0 || !strpbrk(nodes, "-,");
    char *found = good ? text_format("one node") : text_format("nodes %s", nodes);
    free(nodes);
    return check_make(
        "numa", good, found,
        "memory is near or far by chance: numactl --cpunodebind=0 --membind=0 in front of gcmatrix");
}

static struct machine_check clock_check(const char *root)
{
    char *source = machine_word(root, "/sys/devices/system/clocksource/clocksource0/current_clocksource");
    bool slow =
        strcmp(source, "hpet") == 0 || strcmp(source, "acpi_pm") == 0 || strcmp(source, "jiffies") == 0;
    return check_make(
        "clock", !slow, source,
        "reading this clock takes a microsecond or more, which short pauses drown in: boot with "
        "clocksource=tsc if the processor's is stable");
}

static struct machine_check cgroup_check(const char *root)
{
    struct machine_limits limits = machine_limits_read(root);
    bool tight_memory = limits.memory_bytes < MEMORY_LEAST * 0x1p30, tight_cpus = !isinf(limits.cpus);
    char *cpus =
        tight_cpus ? text_format("%.4g processors", limits.cpus) : text_format("no limit of processors");
    char *memory = isinf(limits.memory_bytes)
                       ? text_format("none of memory")
                       : text_format("%.1f GiB of memory", limits.memory_bytes / 0x1p30);
    char *found = text_format("%s, %s", cpus, memory);
    free(cpus);
    free(memory);
    return check_make(
        "cgroup", !tight_memory && !tight_cpus, found,
        tight_cpus ? "a process that has used its quota is stopped until the next period, which looks "
                     "like a pause: run without a limit of processors (docker --cpuset-cpus, not --cpus)"
                   : "with less than 2 GiB large heaps are killed: raise the container's limit");
}

static struct machine_check paranoid_check(const char *root)
{
    double level = machine_number(root, "/proc/sys/kernel/perf_event_paranoid");
    return check_make(
        "perf_event_paranoid", !(level > 2), isnan(level) ? text_format("n/a") : text_format("%.0f", level),
        "the kernel lets no process count its own instructions: sysctl kernel.perf_event_paranoid=2");
}

static struct machine_check counters_check(const char *root)
{
    bool work = machine_counters_work();
    return check_make(
        "counters", work, text_format(work ? "yes" : "no"),
        "no instruction counts by the processor: a virtual machine hides them, or perf_event_paranoid "
        "forbids them; `counter: instructions` counts with valgrind instead");
}

struct machine_check *machine_checks_make(const char *root, size_t *ret_count)
{
    static struct machine_check (*const makers[])(const char *) = {
        load_check,        cores_check,    processors_check, memory_check,  swap_check,
        cgroup_check,      governor_check, turbo_check,      smt_check,     power_check,
        temperature_check, virtual_check,  steal_check,      numa_check,    thp_check,
        aslr_check,        clock_check,    paranoid_check,   counters_check};
    *ret_count = sizeof(makers) / sizeof(makers[0]);
    struct machine_check *checks = memory_new(*ret_count, sizeof(*checks));
    for (size_t i = 0; i < *ret_count; i++)
        checks[i] = makers[i](root);
    return checks;
}

void machine_checks_free(struct machine_check *checks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(checks[i].found);
        free(checks[i].remedy);
    }
    free(checks);
}
