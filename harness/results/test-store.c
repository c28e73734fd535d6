/* SPDX-License-Identifier: MIT */
#include "harness/results/test-store.h"

#include "base/message.h"
#include "harness/results/manifest.h"

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
    check_design("\"family\": 1", "\"spending\": \"odd\", \"family\": 1", "\"spending\" of its",
                 "and a rule of sharing it that this version does not know");
}

static void check_manifests(const char *header)
{
    check_refused("{}", header, "manifest.json: no \"schema\"", "a manifest without a schema is refused");
    check_refused(MANIFEST("\"gcmatrix.results.9\"", "[]"), header, "schema \"gcmatrix.results.9\"",
                  "a newer schema is refused by its name");
    check_refused(MANIFEST("7", "[]"), header, "no \"schema\"", "a schema that is not a text is refused");
    check_refused("{\"schema\": \"gcmatrix.results.3\",\n oops", header,
                  "manifest.json:2:", "damaged JSON is refused with its line");
    check_refused(MANIFEST("\"gcmatrix.results.3\"", "{}"), header, "\"cells\"",
                  "cells that are no list are refused");
    check_refused(MANIFEST("\"gcmatrix.results.3\"", "[" CELL ", {}]"), header, "\"workload\" of cell 1",
                  "a cell without its keys is refused");
    check_lacking("\"ended\": null,", "\"ended\" is missing", "so is a run that does not say how it ended");
    check_lacking("\"family\": 1,", "\"family\" is missing", "a design without its family");
    check_lacking("\"minimum\": 0.01,", "\"minimum\" is missing", "or without its minimum");
    check_lacking(", \"build\": \"\"", "\"build\" of cell 0 is missing", "and a cell without its build");
    check_refused(MANIFEST("\"gcmatrix.results.3\"", "[]"), header, "make no run",
                  "a run of no cells is refused");
}

/* `text` with `to` for every `from`; the caller frees it. */
static char *replaced(const char *text, const char *from, const char *to)
{
    char *result;
    size_t size;
    FILE *file = open_memstream(&result, &size);
    while (*text) {
        bool here = strncmp(text, from, strlen(from)) == 0;
        if (here)
            fputs(to, file);
        else
            putc(*text, file);
        text += here ? strlen(from) : 1;
    }
    fclose(file);
    return result;
}

static void check_replaced(const char *from, const char *to, const char *words, const char *sentence)
{
    char *manifest = replaced(GOOD, from, to);
    check_refused(manifest, "", words, sentence);
    free(manifest);
}

/* The header and a row; the caller frees the text. */
static char *file_make(const struct store_row *row)
{
    char *text;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    store_header_write(file);
    store_row_write(file, row);
    fclose(file);
    return text;
}

static void check_row_refused(const struct store_row *row, const char *words, const char *sentence)
{
    char *text = file_make(row);
    check_refused(GOOD, text, words, sentence);
    free(text);
}

/* Puts `to` in the place of `from` in the last line, and gives the line the check that fits it. */
static char *row_forge(const char *from, const char *to)
{
    struct store_row row = row_good();
    char *text = file_make(&row), check[STORE_CHECK_DIGITS + 1];
    char *forged = replaced(text, from, to), *line = strchr(forged, '\n') + 1;
    size_t size = strlen(line) - STORE_CHECK_DIGITS - 2;
    assert(strcmp(text, forged) != 0);
    store_check_write(line, size, check);
    memcpy(line + size + 1, check, STORE_CHECK_DIGITS);
    free(text);
    return forged;
}

static void check_forged(const char *from, const char *to, const char *words, const char *sentence)
{
    char *text = row_forge(from, to);
    check_refused(GOOD, text, words, sentence);
    free(text);
}

static void check_rows(void)
{
    struct store_row row = row_good();
    char *short_row = text_format("runs.csv:2: %d fields where", STORE_COLUMN_COUNT - 1);
    check_forged(",w,", ",", short_row, "a short row is refused");
    free(short_row);
    check_forged("1,1,0,0,w", "1,1,x,0,w", "runs.csv:2: column cell is 'x'",
                 "a word in a number's place is refused");
    check_forged("1,1,0,0,w", "1,1,0,-1,w", "column attempt is '-1'", "so is a negative number");
    check_forged("1,1,0,0,w", "1,1,0,+0,w", "column attempt is '+0'", "one with a sign");
    check_forged("1,1,0,0,w", "1,1,0, 0,w", "column attempt is ' 0'", "one with a blank in front");
    check_forged("1,1,0,0,w", "1,1,0,0 ,w", "column attempt is '0 '", "or after it");
    check_forged("1,1,0,0,w", "1,1,0,0x0,w", "column attempt is '0x0'", "one of another base");
    check_forged("1,1,0,0,w", "1,1,0,99999999999999999999,w", "99999999999999999999", "one beyond 64 bits");
    check_forged("1,1,0,0,w", "1,1,0,1152921504606846977,w", "1152921504606846977",
                 "and one whose sums are beyond 64 bits");
    row.cell = 1;
    check_row_refused(&row, "cell 1 of block 1", "a cell outside the manifest is refused");
    row = row_good();
    row.id = 6;
    check_row_refused(&row, "id 6 is not in the plan", "an id outside the plan is refused");
    row.id = 0;
    check_row_refused(&row, "id 0 is not of block 1 and attempt 0", "an id of another block is refused");
    row.id = 1;
    row.attempt = STORE_ATTEMPTS;
    check_row_refused(&row, "id 1 is not of block 1", "an attempt that no run has is refused");
}

/* Two cells, of which the row's is the first: at one of the two ids of block 1 the plan has the second. */
static void check_order(void)
{
    static const char two[] = MANIFEST("\"gcmatrix.results.3\"", "[" CELL ", " CELL "]");
    struct store_row row = row_good();
    size_t refused = 0;
    file_write("manifest.json", two);
    for (row.id = 2; row.id < 4; row.id++) {
        struct store *store = NULL;
        char *text = file_make(&row);
        file_write("runs.csv", text);
        refused += store_open(dir, &store) == MESSAGE_BAD_INPUT &&
                   strstr(message_last(), "is of cell 1 in the manifest's plan, not of cell 0");
        store_close(store);
        free(text);
    }
    tap_equal((int64_t)refused, 1, "a row whose id is another cell's in the plan is refused");
    check_replaced("\"seed\": 1,", "\"seed\": 1, \"order\": \"sorted\",", "does not know its \"order\"",
                   "so is a run in an order that is not known");
}

/* Every text that names the cell, the seed and the layout are the manifest's. */
static void check_contradictions(void)
{
    struct store_row row = row_good();
    const char **texts[] = {&row.workload,  &row.workload_options, &row.collector, &row.collector_options,
                            &row.allocator, &row.tuning,           &row.memory,    &row.build};
    static const char *const names[] = {"workload",  "workload_options", "collector", "collector_options",
                                        "allocator", "tuning",           "memory",    "build"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        row = row_good();
        *texts[i] = "another";
        char *words = text_format("runs.csv:2: %s is 'another', but cell 0 of the manifest has", names[i]);
        char *sentence = text_format("a row with another %s than its cell is refused", names[i]);
        check_row_refused(&row, words, sentence);
        free(words);
        free(sentence);
    }
    row = row_good();
    row.seed = 1;
    check_row_refused(&row, "seed is 1, but the manifest makes it 2", "so is one with another seed");
    row.seed = STORE_MISSING;
    check_row_refused(&row, "seed is empty, but", "or with none");
    row = row_good();
    row.layout = 0;
    check_row_refused(&row, "layout is 0, but the manifest makes it 1", "and one with another layout");
}

/* Before any memory is taken for its processes. */
static void check_sizes(void)
{
    enum { MANY = 101 };
    char cells[(MANY + 1) * sizeof(CELL ",")] = "[";
    for (size_t i = 0; i < MANY; i++)
        strcat(cells, i ? "," CELL : CELL);
    strcat(cells, "]");
    check_replaced("\"blocks\": 2,", "\"blocks\": 10001,", "10001 blocks of 1 cells make no run",
                   "a run of more blocks than a plan has is refused");
    char *many = replaced(GOOD, "[" CELL "]", cells),
         *most = replaced(many, "\"blocks\": 2,", "\"blocks\": 10000,");
    check_refused(most, "", "10000 blocks of 101 cells make no run", "and one of more processes");
    free(many);
    free(most);
    check_replaced("\"seed\": 1,", "\"seed\": -1,", "the seed -1 is none", "a seed below 0 is refused");
    check_replaced("\"seed\": 1,", "\"seed\": 9223372036854775807,", "is none that a specification takes",
                   "and one that a block would take beyond 64 bits");
    check_replaced("\"count\": 2", "\"count\": 0", "\"count\" is missing",
                   "a run without a layout is refused");
    check_replaced("\"vary_seed\": true", "\"vary_seed\": 1", "\"vary_seed\" is missing",
                   "and one that does not say whether seeds vary");
}

#define COMMAS ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"

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
    snprintf(rows, sizeof(rows), "%s1,1,0,w,,c,,glibc,default,2,ok,,0,9,9,9,77,6,5%s,1,abc\n", header,
             ",,,,,,,,,,,,,,,,,,,,,,,");
    file_write("manifest.json", manifest);
    file_write("runs.csv", rows);
    int status = store_open(dir, &store);
    tap_ok(status == 0 && store->row_count == 1, "a folder of the first version is read: %s", message_last());
    if (!store)
        return;
    const struct store_row *row = &store->rows[0];
    tap_ok(row->wall_ns == 77 && row->sys_ns == 5 && row->layout == 1 && strcmp(row->checksum, "abc") == 0,
           "each value is in its column");
    tap_ok(row->attempt == STORE_MISSING && row->minor_faults == STORE_MISSING && *row->memory == '\0',
           "and the later columns are empty");
    store_close(store);
    snprintf(rows, sizeof(rows), "%s1,1,0,w,,c,,glibc,default,1,ok,\"no,0,9,9,9,77,6,5%s,0,abc\n0,0,0",
             header, ",,,,,,,,,,,,,,,,,,,,,,,");
    check_refused(manifest, rows, "runs.csv:2: a quote that nothing closes",
                  "a tail that holds a line feed is damage, and not torn");
    check_refused(manifest, "id,blcok\n",
                  "runs.csv:1: column 2 should be 'block', not 'blcok', by the schema that ",
                  "a foreign header is refused: its rows have no checks");
    snprintf(rows, sizeof(rows), "%s1,1,0,other,,c,,glibc,default,1,ok,,0,9,9,9,77,6,5%s,0,abc\n", header,
             ",,,,,,,,,,,,,,,,,,,,,,,");
    check_refused(manifest, rows, "workload is 'other', but cell 0", "its rows agree with its manifest");
    snprintf(rows, sizeof(rows),
             "%s0,0,0,w,,c,,glibc,default,1,ok,,%s0,abc\n1,0,0,w,,c,,glibc,default,1,ok,,%s0,abc\n", header,
             COMMAS, COMMAS);
    check_refused(MANIFEST("\"gcmatrix.results.1\"", "[" CELL ", " CELL "]"), rows,
                  "runs.csv:3: cell 0 is there twice in block 0", "a cell with two ids is refused");
    snprintf(rows, sizeof(rows), "%s1,0,0,w,,c,,glibc,default,1,ok,,%s0,abc\n", header, COMMAS);
    check_refused(MANIFEST("\"gcmatrix.results.1\"", "[" CELL ", " CELL "]"), rows,
                  "runs.csv:2: id 1 is of cell 1 in the manifest's plan, not of cell 0",
                  "so is a cell at an id that its order has for another");
}

int main(void)
{
    char *header;
    size_t size;
    folder_make();
    FILE *file = open_memstream(&header, &size);
    store_header_write(file);
    fclose(file);
    check_manifests(header);
    check_designs();
    check_rows();
    check_order();
    check_contradictions();
    check_sizes();
    check_first_version();
    struct store_row row = store_row_empty();
    tap_ok(store_integer_set(&row, "collections", 7) && row.collections == 7, "a column is set by its name");
    tap_ok(!store_integer_set(&row, "reason", 7), "a text column takes no integer");
    json_t *record = json_pack("{si}", "wall_ns", -5);
    store_row_fill(&row, record);
    json_decref(record);
    tap_ok(row.wall_ns == STORE_MISSING, "a negative figure of a record is none");
    free(header);
    int status = folder_remove();
    return status != 0 || tap_done();
}
