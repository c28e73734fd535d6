/* SPDX-License-Identifier: MIT */
/* A showing process, show-<collector>: runs a small program under the one collector with which it is linked,
 * and prints pictures of the heap as JSON. `gcmatrix program trace` draws them. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/message.h"
#include "collectors/collector-api.h"
#include "harness/teaching/drawable.h"
#include "harness/teaching/show.h"

enum { MEMORY_LIMIT_MIB = 256 };

__attribute__((noreturn)) static void failed(const char *line)
{
    fprintf(stderr, "%s: %s\n", gc_collector.name, line);
    exit(MESSAGE_BAD_INPUT);
}

__attribute__((noreturn)) static void usage(void)
{
    fprintf(stderr, "usage: show-%s [--options TEXT] [--changes] FILE.gcp\n", gc_collector.name);
    exit(MESSAGE_BAD_INPUT);
}

/* The address sanitizer asks this function, where the process was built with it. Some collectors leak by
 * design. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

/* Ends the process without memory. The JSON library would leave a value out and report nothing. */
static void *json_memory_new(size_t bytes)
{
    return memory_need(malloc(bytes));
}

static void document_print(const struct program *program, const char *options, bool changes)
{
    json_t *document = show_program(program, options, changes, failed);
    if (json_dumpf(document, stdout, JSON_COMPACT) != 0 || fflush(stdout) != 0)
        exit(MESSAGE_STORAGE);
    putchar('\n');
    json_decref(document);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"options", required_argument, NULL, 'o'}, {"changes", no_argument, NULL, 'c'}, {NULL, 0, NULL, 0}};
    const char *collector_options = "";
    char error[PROGRAM_ERROR_BYTES];
    struct program program;
    bool changes = false;
    int found;
    json_set_alloc_funcs(json_memory_new, free);
    opterr = 0;
    while ((found = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (found == '?')
            usage();
        if (found == 'o')
            collector_options = optarg;
        else
            changes = true;
    }
    if (optind + 1 != argc)
        usage();
    if (program_read_file(argv[optind], (uint64_t)MEMORY_LIMIT_MIB << 20, &program, error) < 0)
        failed(error);
    if (drawable_check(gc_collector.name, argv[optind], &program) != 0)
        return MESSAGE_BAD_INPUT;
    document_print(&program, collector_options, changes);
    program_free(&program);
    return 0;
}
