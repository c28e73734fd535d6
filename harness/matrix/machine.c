/* SPDX-License-Identifier: MIT */
#include "harness/matrix/machine.h"

#include "harness/base/text.h"
#include "harness/matrix/hash.h"

#include <ctype.h>
#include <inttypes.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

/* The first line of a file, the caller's to free; NULL when there is none. */
static char *line_read(const char *path)
{
    char line[512];
    FILE *file = fopen(path, "re");
    char *got = file ? fgets(line, sizeof(line), file) : NULL;
    if (file)
        fclose(file);
    if (!got)
        return NULL;
    line[strcspn(line, "\n")] = '\0';
    return text_format("%s", line);
}

/* The choice in brackets of a file such as "always [madvise] never"; "n/a" when there is none. */
static char *choice_read(const char *path)
{
    char *line = line_read(path), *open = line ? strchr(line, '[') : NULL;
    char *choice = open ? text_format("%.*s", (int)strcspn(open + 1, "]"), open + 1) : text_format("n/a");
    free(line);
    return choice;
}

static char *word_read(const char *path)
{
    char *line = line_read(path);
    return line ? line : text_format("n/a");
}

/* The value of the first "key : value" line of a /proc file. */
static char *value_read(const char *path, const char *key)
{
    char line[1024];
    char *value = NULL;
    FILE *file = fopen(path, "re");
    while (file && !value && fgets(line, sizeof(line), file)) {
        char *colon = strchr(line, ':');
        if (strncmp(line, key, strlen(key)) != 0 || !colon)
            continue;
        colon += 1 + strspn(colon + 1, " \t");
        colon[strcspn(colon, "\n")] = '\0';
        value = text_format("%s", colon);
    }
    if (file)
        fclose(file);
    return value ? value : text_format("n/a");
}

static double load_read(void)
{
    double load = 0;
    return getloadavg(&load, 1) == 1 ? load : 0;
}

static bool counters_work(void)
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

static struct machine_check load_check(void)
{
    double load = load_read();
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return check_make("load", load < 0.3 || load < 0.1 * (double)cores, text_format("%.2f", load),
                      "other programs are running: stop them, or wait until the load falls below 0.3");
}

static struct machine_check cores_check(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return check_make(
        "cores", cores >= 2, text_format("%ld", cores),
        "with one core the harness and the system share it with what is measured: use two or more");
}

static struct machine_check governor_check(void)
{
    char *governor = word_read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    bool good = strcmp(governor, "performance") == 0 || strcmp(governor, "n/a") == 0;
    return check_make("governor", good, governor,
                      "the clock follows the load: cpupower frequency-set -g performance");
}

/* Turbo is a knob of the driver: intel_pstate says no_turbo, the others boost. */
static struct machine_check turbo_check(void)
{
    char *no_turbo = line_read("/sys/devices/system/cpu/intel_pstate/no_turbo");
    char *boost = line_read("/sys/devices/system/cpu/cpufreq/boost");
    const char *state = no_turbo ? (*no_turbo == '0' ? "on" : "off")
                        : boost  ? (*boost == '1' ? "on" : "off")
                                 : "n/a";
    free(no_turbo);
    free(boost);
    return check_make(
        "turbo", strcmp(state, "on") != 0, text_format("%s", state),
        "the clock rises and falls with heat: echo 1 into intel_pstate/no_turbo, or 0 into cpufreq/boost");
}

static struct machine_check smt_check(void)
{
    char *active = line_read("/sys/devices/system/cpu/smt/active");
    const char *state = !active ? "n/a" : *active == '1' ? "on" : "off";
    free(active);
    return check_make("smt", strcmp(state, "on") != 0, text_format("%s", state),
                      "two threads share a core: echo off > /sys/devices/system/cpu/smt/control");
}

static struct machine_check thp_check(void)
{
    char *thp = choice_read("/sys/kernel/mm/transparent_hugepage/enabled");
    return check_make("thp", strcmp(thp, "always") != 0, thp,
                      "huge pages come and go by chance and weigh on memory figures: "
                      "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled");
}

static struct machine_check aslr_check(void)
{
    char *aslr = word_read("/proc/sys/kernel/randomize_va_space");
    return check_make("aslr", strcmp(aslr, "0") != 0, aslr,
                      "every process gets the same layout, and one lucky layout then looks like an effect: "
                      "echo 2 > /proc/sys/kernel/randomize_va_space");
}

static struct machine_check counters_check(void)
{
    return check_make(
        "counters", counters_work(), text_format(counters_work() ? "yes" : "no"),
        "no instruction counts: a virtual machine hides them, or sysctl kernel.perf_event_paranoid=1");
}

static struct machine_check memory_check(void)
{
    char *available = value_read("/proc/meminfo", "MemAvailable");
    long long kilobytes = atoll(available);
    free(available);
    return check_make("memory", kilobytes >= 2 << 20,
                      text_format("%.1f GiB available", (double)kilobytes / (1 << 20)),
                      "with less than 2 GiB available large heaps are swapped or killed");
}

static struct machine_check swap_check(void)
{
    char *total = value_read("/proc/meminfo", "SwapTotal"), *left = value_read("/proc/meminfo", "SwapFree");
    long long used = atoll(total) - atoll(left);
    free(total);
    free(left);
    return check_make("swap", used < 64 << 10, text_format("%.1f MiB in use", (double)used / 1024),
                      "pages are swapped out: free memory, then swapoff -a && swapon -a");
}

struct machine_check *machine_checks_make(size_t *ret_count)
{
    static struct machine_check (*const makers[])(void) = {
        load_check,  cores_check, memory_check, swap_check, governor_check,
        turbo_check, smt_check,   thp_check,    aslr_check, counters_check};
    *ret_count = sizeof(makers) / sizeof(makers[0]);
    struct machine_check *checks = text_zeroed(*ret_count * sizeof(*checks));
    for (size_t i = 0; i < *ret_count; i++)
        checks[i] = makers[i]();
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

/* Tells two machines apart without naming them. */
static char *identity_make(void)
{
    char host[256] = "", digits[65];
    gethostname(host, sizeof(host) - 1);
    char *id = word_read("/etc/machine-id");
    char *text = text_format("gcmatrix %s %s", host, id);
    hash_bytes(text, strlen(text), digits);
    free(id);
    free(text);
    return text_format("%.16s", digits);
}

json_t *machine_describe(void)
{
    struct utsname system;
    uname(&system);
    char *identity = identity_make(), *cpu = value_read("/proc/cpuinfo", "model name");
    char *kernel = text_format("%s %s %s", system.sysname, system.release, system.machine);
    char *thp = choice_read("/sys/kernel/mm/transparent_hugepage/enabled");
    char *governor = word_read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    char *aslr = word_read("/proc/sys/kernel/randomize_va_space");
    json_t *machine =
        json_pack("{ss ss sI sI ss ss ss ss sb sf}", "hostname_hash", identity, "cpu", cpu, "cores",
                  (json_int_t)sysconf(_SC_NPROCESSORS_ONLN), "memory_bytes",
                  (json_int_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE), "kernel", kernel, "thp", thp,
                  "governor", governor, "aslr", aslr, "counters", counters_work(), "load1", load_read());
    char *texts[] = {identity, cpu, kernel, thp, governor, aslr};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        free(texts[i]);
    return machine;
}
