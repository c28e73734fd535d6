/* SPDX-License-Identifier: MIT */
/* usage: test-layout PAIR, an executable in its build's folder */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "harness/campaign/plan/layout.h"
#include "harness/campaign/process/command.h"
#include "harness/campaign/process/hash.h"
#include "harness/campaign/process/subprocess.h"
#include "tests/tap.h"

static char *folder;

static void check_numbers(void)
{
    struct layouts layouts = {.count = 100, .addresses = true};
    size_t paddings = 0, fixed = 0, odd_sizes = 0;
    bool seen[COMMAND_PADDING_MAX] = {false};
    struct layout first = layout_make(&layouts, 0);
    tap_ok(first.padding == 0 && !first.fixed_addresses, "layout 0 is what a user gets");
    for (uint64_t i = 1; i < 100; i++) {
        struct layout layout = layout_make(&layouts, i), again = layout_make(&layouts, i);
        odd_sizes += layout.padding % 16 != 0 || layout.padding == 0 ||
                     layout.padding >= COMMAND_PADDING_MAX || layout.padding != again.padding;
        paddings += !seen[layout.padding];
        seen[layout.padding] = true;
        fixed += layout.fixed_addresses;
    }
    tap_equal((int64_t)odd_sizes, 0,
              "each other one pads the environment by a number of its own, in steps of 16");
    tap_ok(paddings > 70, "of many different ones");
    tap_equal((int64_t)fixed, 50, "every second one has fixed addresses");
    layouts.addresses = false;
    tap_ok(!layout_make(&layouts, 1).fixed_addresses, "but none where the system forbids it");
}

/* Where the stack of a process begins, as it sees it. */
static char *stack_of_process(bool fixed)
{
    char *argv[] = {(char *)"/bin/sh", (char *)"-c", (char *)"grep stack /proc/self/maps", NULL},
         text[256] = "";
    int code, output = memfd_create("output", 0);
    struct subprocess_request request = {
        .argv = argv, .output = output, .error = -1, .fixed_addresses = fixed};
    subprocess_run(&request, &code);
    if (pread(output, text, sizeof(text) - 1, 0) < 0)
        text[0] = '\0';
    close(output);
    return text_format("%.*s", (int)strcspn(text, " "), text);
}

static void check_addresses(const struct layouts *layouts)
{
    char *first = stack_of_process(true), *second = stack_of_process(true), *loose = stack_of_process(false);
    char *other = stack_of_process(false);
    if (!layouts->addresses)
        tap_skip("addresses are the same for every process", "this system forbids it");
    else
        tap_ok(*first && strcmp(first, second) == 0, "fixed addresses are the same for every process");
    if (access("/proc/sys/kernel/randomize_va_space", R_OK) == 0 && strcmp(loose, other) != 0)
        tap_ok(strcmp(loose, first) != 0, "and the system's own choice where they are not fixed");
    char *texts[] = {first, second, loose, other};
    for (size_t i = 0; i < 4; i++)
        free(texts[i]);
}

static void linked_hash(const struct relink *relink, const char *pair, uint64_t seed, const char *name,
                        char digits[65])
{
    char *path = text_format("%s/%s", folder, name), *reason;
    digits[0] = '\0';
    if (relink_make(relink, pair, seed, path, &reason) != 0)
        tap_note("%s", reason);
    free(reason);
    hash_file(path, digits);
    free(path);
}

/* What the executable says of itself, the caller's to free. */
static char *description_of(const char *path)
{
    char *argv[] = {(char *)path, (char *)"--describe", NULL}, *output;
    int code;
    subprocess_capture(argv, NULL, SUBPROCESS_QUICK, &code, &output, NULL);
    return output;
}

static void check_relink(const struct layouts *layouts, const char *pair)
{
    char first[65], again[65], other[65], own[65];
    if (!layouts->relink) {
        tap_skip("executables are linked again", layouts->no_relink);
        return;
    }
    linked_hash(layouts->relink, pair, 1, "pair", first);
    linked_hash(layouts->relink, pair, 1, "pair", again);
    linked_hash(layouts->relink, pair, 2, "pair", other);
    hash_file(pair, own);
    tap_ok(*first && strcmp(first, again) == 0, "the same layout gives the same executable");
    tap_ok(*other && strcmp(first, other) != 0 && strcmp(first, own) != 0,
           "another one another, and none the build's own");
    char *path = text_format("%s/pair", folder), *said = description_of(path), *says = description_of(pair);
    tap_ok(*says && strcmp(said, says) == 0, "it is the same program");
    unlink(path);
    free(path);
    free(said);
    free(says);
}

static void check_without_build(const char *pair)
{
    char *path = text_format("%s/copy", folder), *reason = NULL;
    char *argv[] = {(char *)"/bin/cp", (char *)pair, path, NULL}, *output;
    int code;
    subprocess_capture(argv, NULL, SUBPROCESS_QUICK, &code, &output, NULL);
    struct relink *relink = relink_find(&path, 1, &reason);
    tap_ok(!relink && reason && strstr(reason, "no build.ninja"),
           "without its build an executable is not linked again, and why is said");
    relink_free(relink);
    free(reason);
    struct layouts layouts;
    layouts_find(2, &path, 1, NULL, &layouts);
    json_t *described = layouts_describe(&layouts);
    tap_ok(json_object_get(json_object_get(described, "not_varied"), "link order") != NULL,
           "the manifest says so too");
    json_decref(described);
    layouts_free(&layouts);
    unlink(path);
    free(path);
    free(output);
}

int main(int argc, char **argv)
{
    struct layouts layouts;
    folder = text_scratch("gcmatrix-layout");
    assert(argc == 2 && mkdtemp(folder));
    layouts_find(2, argv + 1, 1, NULL, &layouts);
    check_numbers();
    check_addresses(&layouts);
    check_relink(&layouts, argv[1]);
    check_without_build(argv[1]);
    layouts_free(&layouts);
    rmdir(folder);
    free(folder);
    return tap_done();
}
