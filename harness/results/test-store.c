/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/results/manifest.h"
#include "harness/results/store.h"
#include "tests/tap.h"

static char *dir;

static void file_write(const char *name, const char *text)
{
    char *path = text_format("%s/%s", dir, name);
    FILE *file = fopen(path, "w");
    free(path);
    assert(file && fputs(text, file) >= 0);
    assert(fclose(file) == 0);
}

#define MANIFEST(schema, cells)                                                                              \
    "{\"schema\": " schema ", \"name\": \"n\", \"created\": \"c\", \"finished\": null, \"spec\": {},\n"      \
    "\"spec_sha256\": \"\", \"blocks\": 2, \"seed\": 1, \"cells\": " cells                                   \
    ", \"machine\": {}, \"warnings\": [],\n"                                                                 \
    "\"versions\": {}, \"binaries\": {}, \"allocators\": {}" LATER "}"
/* What the second version of the schema added. */
#define LATER                                                                                                \
    ", \"ended\": null, \"baseline\": null, \"sessions\": [], \"design\": {\"kind\": \"blocks\", "           \
    "\"precision\": 0.03,"                                                                                   \
    " \"minimum\": 0.01, \"alpha\": 0.05, \"first\": 2, \"blocks\": 2, \"looks\": [2], \"budget_seconds\": " \
    "null,"                                                                                                  \
    " \"family\": 1, \"method\": \"\"}"
#define CELL                                                                                                 \
    "{\"workload\": \"w\", \"workload_options\": \"\", \"collector\": \"c\", \"collector_options\": \"\","   \
    " \"allocator\": \"glibc\", \"tuning\": \"default\", \"pair\": \"w-c\", \"baseline\": false,"            \
    " \"memory\": \"cold\", \"build\": \"\"}"
#define GOOD MANIFEST("\"gcmatrix.results.2\"", "[" CELL "]")

static void check_refused(const char *manifest, const char *runs, const char *words, const char *sentence)
{
    struct store *store = NULL;
    file_write("manifest.json", manifest);
    file_write("runs.csv", runs);
    int status = store_open(dir, &store);
    if (!tap_ok(status == MESSAGE_BAD_INPUT && !store && strstr(message_last(), words), "%s", sentence))
        tap_note("status %d, said \"%s\", should hold \"%s\"", status, message_last(), words);
    store_close(store);
}

/* A good manifest without the words `lack`. */
static void check_lacking(const char *lack, const char *words, const char *sentence)
{
    char *manifest = text_format("%s", GOOD), *at = strstr(manifest, lack);
    assert(at);
    memmove(at, at + strlen(lack), strlen(at + strlen(lack)) + 1);
    check_refused(manifest, "", words, sentence);
    free(manifest);
}

/* A good manifest in which the words `from` are `to`. */
static void check_design(const char *from, const char *to, const char *words, const char *sentence)
{
    const char *at = strstr(GOOD, from);
    assert(at);
    char *manifest = text_format("%.*s%s%s", (int)(at - GOOD), GOOD, to, at + strlen(from));
    check_refused(manifest, "", words, sentence);
    free(manifest);
}

static void check_designs(void)
{
    check_design("\"first\": 2", "\"first\": -9", "\"first\" of its design", "a first look before a block");
    check_design("\"first\": 2", "\"first\": 3", "\"first\" of its design", "or after the last is refused");
    check_design("\"precision\": 0.03", "\"precision\": 0.0", "\"precision\" of its",
                 "so is a precision of 0");
    check_design("\"alpha\": 0.05", "\"alpha\": -1e300", "\"alpha\" of its", "and an alpha that is no share");
}

static void check_manifests(const char *header)
{
    check_refused("{}", header, "manifest.json: no \"schema\"", "a manifest without a schema is refused");
    check_refused(MANIFEST("\"gcmatrix.results.9\"", "[]"), header, "schema \"gcmatrix.results.9\"",
                  "a newer schema is refused by its name");
    check_refused(MANIFEST("7", "[]"), header, "no \"schema\"", "a schema that is not a text is refused");
    check_refused("{\"schema\": \"gcmatrix.results.2\",\n oops", header,
                  "manifest.json:2:", "damaged JSON is refused with its line");
    check_refused(MANIFEST("\"gcmatrix.results.2\"", "{}"), header, "\"cells\"",
                  "cells that are no list are refused");
    check_refused(MANIFEST("\"gcmatrix.results.2\"", "[" CELL ", {}]"), header, "\"workload\" of cell 1",
                  "a cell without its keys is refused");
    check_lacking("\"ended\": null,", "\"ended\" is missing", "so is a run that does not say how it ended");
    check_lacking("\"family\": 1,", "\"family\" is missing", "a design without its family");
    check_lacking("\"minimum\": 0.01,", "\"minimum\" is missing", "or without its minimum");
    check_lacking(", \"build\": \"\"", "\"build\" of cell 0 is missing", "and a cell without its build");
    check_refused(MANIFEST("\"gcmatrix.results.2\"", "[]"), header, "make no run",
                  "a run of no cells is refused");
}

static void check_rows(const char *header)
{
    char text[4096];
    check_refused(GOOD, "id,blcok\n", "runs.csv:1: column 2 should be 'block', not 'blcok'",
                  "a foreign header is refused");
    snprintf(text, sizeof(text), "%s1,2\n", header);
    check_refused(GOOD, text, "runs.csv:2: 2 fields", "a short row is refused");
    char commas[128] = {0}; /* as many as the header has after its third column */
    size_t columns = 1;
    for (const char *c = header; *c; c++)
        columns += *c == ',';
    memset(commas, ',', columns - 3);
    snprintf(text, sizeof(text), "%s0,0,x%s\n", header, commas);
    check_refused(GOOD, text, "runs.csv:2: column cell is 'x'", "a word in a number's place is refused");
    snprintf(text, sizeof(text), "%s0,0,1%s\n", header, commas);
    check_refused(GOOD, text, "cell 1 of block 0", "a cell outside the manifest is refused");
    snprintf(text, sizeof(text), "%s6,0,0%s\n", header, commas);
    check_refused(GOOD, text, "id 6 is not in the plan", "an id outside the plan is refused");
    snprintf(text, sizeof(text), "%s1,0,0%s\n", header, commas);
    check_refused(GOOD, text, "id 1 is not of block 0 and attempt 0", "an id of another block is refused");
    snprintf(text, sizeof(text), "%s0,0,0,9223372036854775807%s\n", header, commas + 1);
    check_refused(GOOD, text, "id 0 is not of block 0", "an attempt that no run has is refused");
    snprintf(text, sizeof(text), "%s0,0,0,-1%s\n", header, commas + 1);
    check_refused(GOOD, text, "column attempt is '-1'; nothing is below 0", "a negative number is refused");
    snprintf(text, sizeof(text), "%s0,0,0%s\n1,0,0%s\n", header, commas, commas);
    check_refused(MANIFEST("\"gcmatrix.results.2\"", "[" CELL ", " CELL "]"), text,
                  "runs.csv:3: cell 0 is there twice in block 0", "a cell with two ids is refused");
    snprintf(text, sizeof(text), "%s0,0,99999999999999999999%s\n", header, commas);
    check_refused(GOOD, text, "99999999999999999999", "a number beyond 64 bits is refused");
}

/* A folder of the first version of the schema has fewer columns, and is read. */
static void check_first_version(void)
{
    static const char manifest[] = MANIFEST("\"gcmatrix.results.1\"", "[" CELL "]");
    static const char header[] =
        "id,block,cell,workload,workload_options,collector,collector_options,allocator,tuning,seed,status,"
        "reason,exit_status,process_wall_ns,process_user_ns,process_sys_ns,wall_ns,user_ns,sys_ns,closing_ns,"
        "max_rss_bytes,baseline_rss_bytes,final_rss_bytes,allocated_objects,allocated_bytes,freed_objects,"
        "freed_bytes,live_objects,live_bytes,leaked_objects,leaked_bytes,collections,cascades,pause_count,"
        "pause_total_ns,pause_max_ns,pause_p50_ns,pause_p90_ns,pause_p99_ns,pause_p999_ns,instructions,"
        "cycles,"
        "layout,checksum\n";
    char rows[2048];
    struct store *store = NULL;
    snprintf(rows, sizeof(rows), "%s1,1,0,w,,c,,glibc,default,1,ok,,0,9,9,9,77,6,5%s,0,abc\n", header,
             ",,,,,,,,,,,,,,,,,,,,,,,");
    file_write("manifest.json", manifest);
    file_write("runs.csv", rows);
    int status = store_open(dir, &store);
    tap_ok(status == 0 && store->row_count == 1, "a folder of the first version is read: %s", message_last());
    if (!store)
        return;
    const struct store_row *row = &store->rows[0];
    tap_ok(row->wall_ns == 77 && row->sys_ns == 5 && row->layout == 0 && strcmp(row->checksum, "abc") == 0,
           "each value is in its column");
    tap_ok(row->attempt == STORE_MISSING && row->minor_faults == STORE_MISSING && *row->memory == '\0',
           "and the later columns are empty");
    store_close(store);
}

int main(void)
{
    char *header;
    size_t size;
    dir = text_scratch("gcmatrix-store");
    assert(mkdtemp(dir));
    FILE *file = open_memstream(&header, &size);
    store_header_write(file);
    fclose(file);
    check_manifests(header);
    check_designs();
    check_rows(header);
    check_first_version();
    struct store_row row = store_row_empty();
    tap_ok(store_integer_set(&row, "collections", 7) && row.collections == 7, "a column is set by its name");
    tap_ok(!store_integer_set(&row, "reason", 7), "a text column takes no integer");
    json_t *record = json_pack("{si}", "wall_ns", -5);
    store_row_fill(&row, record);
    json_decref(record);
    tap_ok(row.wall_ns == STORE_MISSING, "a negative figure of a record is none");
    free(header);
    char *command = text_format("rm -r %s", dir);
    int status = system(command);
    free(command);
    free(dir);
    return status != 0 || tap_done();
}
